//! Receipts of deletions, chained (PV-2).
//!
//! A deletion is first counted and receipted, then carried out. After a crash in between, it is carried
//! out up to the limit of the last receipt, without another one: so no deletion is without a receipt, and
//! none is counted twice.

use std::collections::BTreeMap;
use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Record, Start, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{Deletion, EventTime, Receipt};

/// Records read at once.
const RECORDS_MAX: usize = 1_000;
/// Bytes read at once.
const BYTES_MAX: usize = 4 << 20;
/// How long records are waited for that are known to be there.
const WAIT: Duration = Duration::from_secs(5);

/// The last receipt of every chain.
#[derive(Debug, Default)]
pub(crate) struct Chains {
    last: BTreeMap<String, Receipt>,
}

impl Chains {
    /// Reads what the bus has. A receipt that cannot be read is told of and left to `receipts verify`.
    pub(crate) fn read(bus: &dyn Bus) -> Result<Self, BusError> {
        let mut chains = Self::default();
        for number in 0..bus.partitions(Topic::Receipts)? {
            let mut reader = bus.read_from(Topic::Receipts, Partition(number), Start::Begin)?;
            let end = reader.end()?;
            while reader.next() < end {
                let records = reader.read(RECORDS_MAX, BYTES_MAX, WAIT)?;
                if records.is_empty() && reader.next() < end {
                    return Err(BusError::Silent {
                        place: bus.place(),
                        topic: Topic::Receipts,
                        partition: Partition(number),
                        waited_ms: WAIT.as_millis() as u64,
                    });
                }
                for stored in records {
                    if let Ok(receipt) = Receipt::from_bytes(&stored.value) {
                        chains.keep(receipt);
                    }
                }
            }
        }
        Ok(chains)
    }

    fn keep(&mut self, receipt: Receipt) {
        let last = self.last.get(&receipt.what);
        if last.is_none_or(|last| receipt.number > last.number) {
            self.last.insert(receipt.what.clone(), receipt);
        }
    }

    /// Up to where a chain has receipted: nothing of an earlier expiry is to come back.
    pub(crate) fn limit(&self, what: &str) -> Option<EventTime> {
        self.last.get(what).map(|receipt| receipt.deletion.limit)
    }

    /// The next receipt of a chain, and its record. It counts once [`Chains::stored`] is called.
    pub(crate) fn next(&self, what: &str, deletion: Deletion) -> Option<(Receipt, Record)> {
        let receipt = Receipt::next(self.last.get(what), what, deletion);
        let value = receipt.to_bytes().ok()?;
        let record = Record {
            key: what.to_owned(),
            time: receipt.deletion.when.0,
            id: Some(format!("{what}/{}", receipt.number)),
            value,
        };
        Some((receipt, record))
    }

    /// The receipt is durable.
    pub(crate) fn stored(&mut self, receipt: Receipt) {
        self.keep(receipt);
    }
}

/// What is deleted from where a section's vectors are.
pub(crate) fn index_of(section: &str) -> String {
    format!("index/{section}")
}

/// What is deleted from a partition of a topic.
pub(crate) fn topic_of(topic: Topic, partition: Partition) -> String {
    format!("topic/{topic}/{partition}")
}
