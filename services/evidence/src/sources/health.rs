//! Where workers serve clips, by what they say of their cameras.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Reader, Start, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{CameraHealth, CameraId, EventTime, RunId, SiteId};

/// A worker tells of a camera every few seconds: what it said so long ago is not asked for.
const BACK_US: i64 = 120_000_000;
/// Records read at once.
const RECORDS_MAX: usize = 2_000;
/// Bytes read at once.
const BYTES_MAX: usize = 4 << 20;
/// Runs that are remembered; the ones heard of longest ago go first.
const RUNS_MAX: usize = 20_000;

type Key = (SiteId, CameraId, RunId);

/// Follows the health of the cameras.
pub(super) struct Workers {
    readers: BTreeMap<Partition, Box<dyn Reader>>,
    known: BTreeMap<Key, (u64, String)>,
    heard: u64,
}

impl Workers {
    pub(super) fn new() -> Self {
        Self { readers: BTreeMap::new(), known: BTreeMap::new(), heard: 0 }
    }

    /// Where the clips of a run are, by the last word of the worker that is on the bus now.
    pub(super) fn find(
        &mut self,
        bus: &dyn Bus,
        key: &Key,
        now: EventTime,
    ) -> Result<Option<String>, BusError> {
        let partition = Partition::of(key.0.as_str(), bus.partitions(Topic::Health)?);
        let reader = match self.readers.entry(partition) {
            Entry::Occupied(reader) => reader.into_mut(),
            Entry::Vacant(place) => {
                let since = Start::Time(now.0.saturating_sub(BACK_US));
                place.insert(bus.read_from(Topic::Health, partition, since)?)
            }
        };
        let end = reader.end()?;
        while reader.next() < end {
            let records = reader.read(RECORDS_MAX, BYTES_MAX, Duration::from_secs(2))?;
            if records.is_empty() {
                break;
            }
            for stored in records {
                // What cannot be read is a matter of whoever shows health.
                let Ok(health) = CameraHealth::from_bytes(&stored.value) else { continue };
                let Some(url) = health.clips_url else { continue };
                self.heard += 1;
                let key = (health.site, health.camera, health.run);
                self.known.insert(key, (self.heard, url));
            }
        }
        self.forget();
        Ok(self.known.get(key).map(|(_, url)| url.clone()))
    }

    fn forget(&mut self) {
        if self.known.len() > RUNS_MAX {
            let oldest = self.heard.saturating_sub(RUNS_MAX as u64);
            self.known.retain(|_, (heard, _)| *heard > oldest);
        }
    }
}
