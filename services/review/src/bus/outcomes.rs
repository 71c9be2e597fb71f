//! Violations that evidence may be about: read off the bus beside the evidence, and kept in memory until
//! their evidence comes.
//!
//! The bus is the store: whatever memory has let go is found again by reading from the time of the
//! evidence on.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Reader, Start, Topic};
use wayside_proto::convert::Message as _;
use wayside_proto::{Evidence, Outcome, OutcomeId, Verdict};

/// Violations of one partition that are kept.
const KEPT_MAX: usize = 50_000;
/// Records of one read, and their bytes.
const READ_RECORDS_MAX: usize = 1_000;
const READ_BYTES_MAX: usize = 8 << 20;
/// Records are in order of time for one camera alone: how far before the evidence to begin, microseconds.
const MARGIN_US: i64 = 3_600_000_000;

/// The violations of one partition.
struct Tail {
    reader: Box<dyn Reader>,
    kept: BTreeMap<OutcomeId, Outcome>,
    /// In the order in which they came.
    order: VecDeque<OutcomeId>,
}

/// The violations of all partitions that were asked for.
#[derive(Default)]
pub(super) struct Outcomes {
    tails: BTreeMap<Partition, Tail>,
}

impl Outcomes {
    /// The violation of this evidence; none where the bus does not have it (yet).
    pub(super) fn take(
        &mut self,
        bus: &dyn Bus,
        evidence: &Evidence,
        first_look: bool,
    ) -> Result<Option<Outcome>, BusError> {
        let partition = Partition::of(evidence.site.as_str(), bus.partitions(Topic::Violations)?);
        let from = Start::Time(evidence.event_time.0.saturating_sub(MARGIN_US));
        let tail = match self.tails.entry(partition) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let reader = bus.read_from(Topic::Violations, partition, from)?;
                entry.insert(Tail { reader, kept: BTreeMap::new(), order: VecDeque::new() })
            }
        };
        if let Some(found) = tail.take(&evidence.violation) {
            return Ok(Some(found));
        }
        tail.read()?;
        if let Some(found) = tail.take(&evidence.violation) {
            return Ok(Some(found));
        }
        if !first_look {
            return Ok(None);
        }
        // It may lie before where reading began, or may have been let go.
        let reader = bus.read_from(Topic::Violations, partition, from)?;
        let mut again = Tail { reader, kept: BTreeMap::new(), order: VecDeque::new() };
        again.read()?;
        Ok(again.take(&evidence.violation))
    }

    /// Nothing of these partitions is looked at any more.
    pub(super) fn forget(&mut self) {
        self.tails.clear();
    }
}

impl Tail {
    fn take(&mut self, id: &OutcomeId) -> Option<Outcome> {
        self.kept.remove(id)
    }

    /// Reads what is there now.
    fn read(&mut self) -> Result<(), BusError> {
        let end = self.reader.end()?;
        while self.reader.next() < end {
            let records = self.reader.read(READ_RECORDS_MAX, READ_BYTES_MAX, Duration::ZERO)?;
            if records.is_empty() {
                return Ok(());
            }
            for stored in records {
                // What cannot be read here is told by whoever wrote it for the judges of that topic.
                let Ok(outcome) = Outcome::from_bytes(&stored.value) else { continue };
                if outcome.verdict == Verdict::Violation {
                    self.order.push_back(outcome.id.clone());
                    self.kept.insert(outcome.id.clone(), outcome);
                }
            }
            while self.order.len() > KEPT_MAX {
                if let Some(oldest) = self.order.pop_front() {
                    self.kept.remove(&oldest);
                }
            }
        }
        Ok(())
    }
}
