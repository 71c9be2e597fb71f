//! Receipts of this crate on the bus: one chain of packages and one of cases for each site.

use std::collections::BTreeMap;
use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Record, Start, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{Deletion, Receipt, SiteId};

use crate::error::RetentionError;

/// Records read at once.
const RECORDS_MAX: usize = 1_000;
/// Bytes read at once.
const BYTES_MAX: usize = 4 << 20;
/// How long records are waited for that are known to be there.
const WAIT: Duration = Duration::from_secs(5);
/// Bytes of a site in the name of a chain, which has at most 128. Longer sites that begin alike share one.
const SITE_BYTES_MAX: usize = 110;

/// The chain of a site's packages.
pub(crate) fn packages_of(site: &SiteId) -> String {
    format!("evidence/{}", short(site))
}

/// The chain of a site's cases.
pub(crate) fn cases_of(site: &SiteId) -> String {
    format!("cases/{}", short(site))
}

fn short(site: &SiteId) -> &str {
    site.as_str().get(..SITE_BYTES_MAX).unwrap_or(site.as_str())
}

/// The last receipt of every chain.
#[derive(Debug)]
pub(crate) struct Chains {
    last: BTreeMap<String, Receipt>,
}

impl Chains {
    /// Reads what the bus has. A receipt that cannot be read is left to `wayside receipts verify`.
    pub(crate) fn read(bus: &dyn Bus) -> Result<Self, BusError> {
        let mut chains = Self { last: BTreeMap::new() };
        for number in 0..bus.partitions(Topic::Receipts)? {
            let partition = Partition(number);
            let mut reader = bus.read_from(Topic::Receipts, partition, Start::Begin)?;
            let end = reader.end()?;
            while reader.next() < end {
                let records = reader.read(RECORDS_MAX, BYTES_MAX, WAIT)?;
                if records.is_empty() && reader.next() < end {
                    return Err(BusError::Silent {
                        place: bus.place(),
                        topic: Topic::Receipts,
                        partition,
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

    /// The next receipt of a chain.
    pub(crate) fn next(&self, what: &str, deletion: Deletion) -> Receipt {
        Receipt::next(self.last.get(what), what, deletion)
    }

    /// Appends what is not there yet. `uri` is the order that holds them.
    pub(crate) fn append(
        &mut self,
        bus: &dyn Bus,
        receipts: &[Receipt],
        uri: &str,
    ) -> Result<(), RetentionError> {
        let mut records = Vec::new();
        for receipt in receipts {
            let (what, number) = (&receipt.what, receipt.number);
            match self.last.get(what) {
                Some(last) if last.number > number => continue,
                Some(last) if last.number == number && last.hash == receipt.hash => continue,
                Some(last) if last.number == number => {
                    let (what, uri) = (what.clone(), uri.to_owned());
                    return Err(RetentionError::Foreign { what, number, uri });
                }
                _ => {}
            }
            let value = receipt.to_bytes().map_err(|error| RetentionError::Receipt {
                what: what.clone(),
                problem: error.to_string(),
            })?;
            let (key, id) = (what.clone(), Some(format!("{what}/{number}")));
            records.push(Record { key, time: receipt.deletion.when.0, id, value });
        }
        if !records.is_empty() {
            bus.append(Topic::Receipts, records)?;
        }
        receipts.iter().for_each(|receipt| self.keep(receipt.clone()));
        Ok(())
    }
}
