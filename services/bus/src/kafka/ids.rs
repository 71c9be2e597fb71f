//! Which ids a partition has, so that nothing is stored twice.
//!
//! Kafka cannot tell. Before the first record with an id goes to a partition, and again after every change
//! of who has what, the end of the partition is read back: the last [`IDS_MAX`] records. From then on, this
//! process's own records are remembered. That is enough where one process at a time writes a site's outcomes,
//! which is what groups are for, and where no rewind reaches further back than that many outcomes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::bus::{Reader as _, Start};
use crate::error::BusError;
use crate::kafka::reader::KafkaReader;
use crate::kafka::shared::Shared;
use crate::limits::{READ_BYTES_MAX, READ_RECORDS_MAX};
use crate::partition::Partition;
use crate::record::Offset;
use crate::topic::Topic;

/// Records of a partition whose ids are known.
pub const IDS_MAX: usize = 50_000;

type Of = Arc<Mutex<Known>>;

#[derive(Debug, Default)]
pub(super) struct Ids {
    partitions: Mutex<BTreeMap<(Topic, Partition), Of>>,
}

#[derive(Debug, Default)]
struct Known {
    ids: BTreeSet<Arc<str>>,
    order: VecDeque<Arc<str>>,
    /// Everything before it was read.
    read_to: Offset,
    /// Nobody else has written since.
    fresh: bool,
}

impl Known {
    fn insert(&mut self, id: &str) -> bool {
        if self.ids.contains(id) {
            return false;
        }
        let id: Arc<str> = id.into();
        self.ids.insert(Arc::clone(&id));
        self.order.push_back(id);
        while self.order.len() > IDS_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.ids.remove(&oldest);
            }
        }
        true
    }

    /// Reads what was written since, up to the end as it is now. What another process has written and not
    /// yet committed or aborted is waited for: it may be ours.
    fn catch_up(
        &mut self,
        shared: &Shared,
        topic: Topic,
        partition: Partition,
    ) -> Result<(), BusError> {
        let (begin, end) = shared.bounds(topic, partition)?;
        let tail = Offset(end.0.saturating_sub(IDS_MAX as u64));
        let from = begin.max(tail).max(self.read_to.min(end));
        if from < end {
            let patience = shared.options.transaction_timeout + shared.options.request_timeout;
            let started = Instant::now();
            let mut reader = KafkaReader::open(shared, topic, partition, Start::At(from))?;
            reader.end()?;
            while reader.next() < end {
                let wait = Duration::from_millis(200);
                let records = reader.read(READ_RECORDS_MAX, READ_BYTES_MAX, wait)?;
                for id in records.iter().filter_map(|record| record.id.as_deref()) {
                    self.insert(id);
                }
                if reader.next() < end && started.elapsed() > patience {
                    return Err(BusError::Silent {
                        place: shared.options.place(),
                        topic,
                        partition,
                        waited_ms: started.elapsed().as_millis() as u64,
                    });
                }
            }
        }
        (self.read_to, self.fresh) = (end, true);
        Ok(())
    }
}

impl Ids {
    fn of(&self, topic: Topic, partition: Partition) -> Of {
        let mut all = self.partitions.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry((topic, partition)).or_default())
    }

    /// Takes an id for a record that is to be stored; false where the partition has it.
    pub(super) fn claim(
        &self,
        shared: &Shared,
        topic: Topic,
        partition: Partition,
        id: &str,
    ) -> Result<bool, BusError> {
        let of = self.of(topic, partition);
        let mut known = lock(&of);
        if !known.fresh {
            known.catch_up(shared, topic, partition)?;
        }
        Ok(known.insert(id))
    }

    /// Gives ids back whose records were not stored, as far as is known.
    pub(super) fn disclaim(&self, topic: Topic, claimed: &[(Partition, String)]) {
        for (partition, id) in claimed {
            let of = self.of(topic, *partition);
            let mut known = lock(&of);
            known.ids.remove(id.as_str());
            known.order.retain(|other| **other != **id);
            known.fresh = false;
        }
    }

    /// Somebody else may have written.
    pub(super) fn doubt(&self) {
        let all = self.partitions.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().for_each(|known| lock(known).fresh = false);
    }
}

fn lock(known: &Of) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}
