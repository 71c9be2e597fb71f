//! Tells of outcomes, once they are durable.

use std::io::Write;
use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Reader, Start, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{Outcome, Verdict, json};

/// Records read at once.
const RECORDS_MAX: usize = 256;
/// Bytes read at once.
const BYTES_MAX: usize = 4 << 20;

/// What is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Telling {
    /// Each outcome is printed as a JSON line.
    pub(crate) json: bool,
    /// Each is counted, and violations are logged. Of a fleet one process may say of all what each
    /// has counted of its own.
    pub(crate) count: bool,
}

/// Follows the outcomes of the bus from its end.
pub(crate) struct Teller {
    readers: Vec<Box<dyn Reader>>,
    telling: Telling,
}

impl Teller {
    pub(crate) fn new(bus: &dyn Bus, telling: Telling) -> Result<Self, BusError> {
        let partitions =
            if telling.json || telling.count { bus.partitions(Topic::Violations)? } else { 0 };
        let readers = (0..partitions)
            .map(|number| bus.read_from(Topic::Violations, Partition(number), Start::End))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { readers, telling })
    }

    /// Tells what is new.
    pub(crate) fn tell(&mut self) {
        for reader in &mut self.readers {
            loop {
                let records = match reader.read(RECORDS_MAX, BYTES_MAX, Duration::ZERO) {
                    Ok(records) => records,
                    Err(error) => {
                        tracing::error!("outcomes cannot be told: {error}");
                        break;
                    }
                };
                if records.is_empty() {
                    break;
                }
                for stored in &records {
                    match Outcome::from_bytes(&stored.value) {
                        Ok(outcome) => self.telling.outcome(&outcome),
                        Err(error) => tracing::error!("outcome {}: {error}", stored.offset.0),
                    }
                }
            }
        }
    }
}

impl Telling {
    fn outcome(self, outcome: &Outcome) {
        if self.count {
            count(outcome);
        }
        if self.json {
            let line = match outcome.verdict {
                Verdict::Violation => json::violation_line(outcome),
                Verdict::Void { .. } => json::void_line(outcome),
            };
            let mut out = std::io::stdout().lock();
            // Whoever closed standard output does not want the lines; the bus has them.
            let _ = writeln!(out, "{line}").and_then(|()| out.flush());
        }
    }
}

/// Counts an outcome, and logs a violation.
pub(crate) fn count(outcome: &Outcome) {
    wayside_telemetry::outcome(outcome);
    if outcome.verdict == Verdict::Violation {
        let Outcome { rule, site, camera, track, event_time, place, .. } = outcome;
        tracing::info!(
            "violation {rule} at {place}, {event_time}, camera {site}/{camera}, track {track}"
        );
    }
}
