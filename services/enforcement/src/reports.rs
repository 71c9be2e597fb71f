//! Signal reports from the bus.

use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Reader, Start, Stored, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{ReportSource, SignalReport};
use wayside_rules::signals::{SignalRecord, SignalSource};

/// Records read at once.
const RECORDS_MAX: usize = 1_000;
/// Bytes read at once.
const BYTES_MAX: usize = 1024 * 1024;
/// How long records are waited for that are known to be there.
const WAIT: Duration = Duration::from_secs(5);

/// Reads the signal reports of a partition. It begins with the first that the bus has: what a group
/// shows may have been said long ago.
pub(crate) struct Reports {
    reader: Box<dyn Reader>,
    partition: Partition,
    pub(crate) taken: u64,
}

impl Reports {
    pub(crate) fn open(bus: &dyn Bus, partition: Partition) -> Result<Self, BusError> {
        let reader = bus.read_from(Topic::Signals, partition, Start::Begin)?;
        Ok(Self { reader, partition, taken: 0 })
    }

    /// Hands over every report that is there now; `take` says whether it was of use.
    pub(crate) fn take(
        &mut self,
        bus: &dyn Bus,
        mut take: impl FnMut(&Stored, Result<SignalReport, String>) -> bool,
    ) -> Result<(), BusError> {
        let end = self.reader.end()?;
        while self.reader.next() < end {
            let records = self.reader.read(RECORDS_MAX, BYTES_MAX, WAIT)?;
            if records.is_empty() && self.reader.next() < end {
                return Err(BusError::Silent {
                    place: bus.place(),
                    topic: Topic::Signals,
                    partition: self.partition,
                    waited_ms: WAIT.as_millis() as u64,
                });
            }
            for stored in &records {
                let report =
                    SignalReport::from_bytes(&stored.value).map_err(|error| error.to_string());
                self.taken += u64::from(take(stored, report));
            }
        }
        Ok(())
    }
}

pub(crate) fn record(report: SignalReport) -> SignalRecord {
    let source = match report.source {
        ReportSource::Log => SignalSource::Log,
        ReportSource::Lamp(_) => SignalSource::Lamp,
    };
    SignalRecord { time: report.time, group: report.group, state: report.state, source }
}
