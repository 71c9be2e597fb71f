//! Signal reports from the log.

use wayside_bus::{BusError, Log, Offset, Record, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{ReportSource, SignalReport, SiteId};
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};

use crate::letters;

/// Records read at once.
const RECORDS_MAX: usize = 1_000;
/// Bytes read at once.
const BYTES_MAX: usize = 1024 * 1024;

/// Reads the signal reports of a site. After a restart it begins with the first that the log has:
/// what a group shows may have been said long ago.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    next: Offset,
    pub(crate) taken: u64,
}

impl Reports {
    /// Takes every report that is there. What cannot be read goes to `letters`.
    pub(crate) fn take(
        &mut self,
        log: &Log,
        site: &SiteId,
        signals: &mut SignalHistory,
        consumer: &str,
        letters: &mut Vec<(Topic, Record)>,
    ) -> Result<(), BusError> {
        loop {
            let records = log.read(Topic::Signals, self.next, RECORDS_MAX, BYTES_MAX)?;
            let Some(last) = records.last().map(|record| record.offset) else { return Ok(()) };
            for stored in &records {
                match SignalReport::from_bytes(&stored.value) {
                    Ok(report) if report.site == *site => {
                        self.taken += 1;
                        signals.push(record(report));
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let error = error.to_string();
                        letters.push(letters::unreadable(Topic::Signals, stored, error, consumer));
                    }
                }
            }
            self.next = last.next();
        }
    }
}

fn record(report: SignalReport) -> SignalRecord {
    let source = match report.source {
        ReportSource::Log => SignalSource::Log,
        ReportSource::Lamp(_) => SignalSource::Lamp,
    };
    SignalRecord { time: report.time, group: report.group, state: report.state, source }
}
