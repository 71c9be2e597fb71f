//! Tells of outcomes, once they are durable.

use std::io::Write;

use wayside_bus::{Log, Offset, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{Outcome, Verdict, json};

/// Records read at once.
const RECORDS_MAX: usize = 256;
/// Bytes read at once.
const BYTES_MAX: usize = 4 << 20;

/// Follows the log of outcomes from its end.
pub(super) struct Teller {
    next: Offset,
    json: bool,
}

impl Teller {
    pub(super) fn new(log: &Log, json: bool) -> Self {
        Self { next: log.end(Topic::Violations), json }
    }

    /// Tells what is new: counts it, prints it, logs violations.
    pub(super) fn tell(&mut self, log: &Log) {
        loop {
            let read = log.read(Topic::Violations, self.next, RECORDS_MAX, BYTES_MAX);
            let records = match read {
                Ok(records) => records,
                Err(error) => {
                    tracing::error!("outcomes cannot be told: {error}");
                    return;
                }
            };
            let Some(last) = records.last() else { return };
            self.next = last.offset.next();
            for stored in &records {
                let outcome = Outcome::from_bytes(&stored.value);
                match outcome {
                    Ok(outcome) => self.outcome(&outcome),
                    Err(error) => tracing::error!("outcome {}: {error}", stored.offset.0),
                }
            }
        }
    }

    fn outcome(&self, outcome: &Outcome) {
        wayside_telemetry::outcome(outcome);
        let violation = outcome.verdict == Verdict::Violation;
        if violation {
            let Outcome { rule, camera, track, event_time, place, .. } = outcome;
            tracing::info!(
                "violation {rule} at {place}, {event_time}, camera {camera}, track {track}"
            );
        }
        if self.json {
            let line =
                if violation { json::violation_line(outcome) } else { json::void_line(outcome) };
            let mut out = std::io::stdout().lock();
            // Whoever closed standard output does not want the lines; the log has them.
            let _ = writeln!(out, "{line}").and_then(|()| out.flush());
        }
    }
}
