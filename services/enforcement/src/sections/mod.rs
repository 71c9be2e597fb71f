//! Sections over the bus: passages in; violations, travel times and receipts out.
//!
//! Consumes `wayside.passages.v1` as the group `sections`. The vectors of passages go into the index
//! while they may be needed; when they expire they are deleted, from the index and from the topic, and
//! a receipt is appended to `wayside.receipts.v1` (PV-2). What a vehicle did on its trip is told only
//! where it broke the limit; travel times are sums over vehicles.

mod lane;
mod map;
mod receipts;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use wayside_bus::{Bus, BusError, Consumer, Event, Partition, Topic};
use wayside_index::{Index, IndexError};
use wayside_proto::{Deletion, EventTime, SectionId};
use wayside_site::Site;

use crate::options::Options;
use crate::standdowns::StandDowns;
use lane::{SectionLane, Tools};
use map::SectionMap;
use receipts::{Chains, index_of, topic_of};

/// Name of the group.
pub const SECTIONS_GROUP: &str = GROUP;
const GROUP: &str = "sections";
/// Numbers in the vector of a passage: those of the vehicle embedding.
pub const VECTOR_DIMENSION: usize = 64;
/// Outputs of one commit.
const COMMIT_RECORDS_MAX: usize = 2_000;
/// The policy that a receipt names.
const POLICY: &str = "expiry";

/// Why sections could not go on; the next call takes up where this one stopped.
#[derive(Debug, thiserror::Error)]
pub enum SectionsError {
    /// The bus.
    #[error("sections cannot go on: {0}")]
    Bus(#[from] BusError),
    /// The vector index.
    #[error("sections cannot go on: {0}")]
    Index(#[from] IndexError),
    /// Two site files disagree.
    #[error("{0}")]
    Sites(String),
}

/// Counters since the start, over the partitions that this process has or had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionTotals {
    /// Messages of section ends taken.
    pub passages: u64,
    /// Those of sections that no site file names.
    pub other_sections: u64,
    /// Those that were not taken: duplicates, strangers, too late.
    pub refused: u64,
    /// Records that could not be read.
    pub dead_letters: u64,
    /// Records that retention had deleted before they were read.
    pub missed: u64,
    /// Vectors stored in the index.
    pub stored: u64,
    /// Look-ups in the index.
    pub lookups: u64,
    /// Vehicles matched.
    pub matched: u64,
    /// Vehicles at an exit that were not matched.
    pub abstained: u64,
    /// Violations.
    pub violations: u64,
    /// Voids.
    pub voids: u64,
    /// Vectors deleted from the index, each counted in a receipt.
    pub deleted: u64,
}

/// What one call did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SectionsProgress {
    /// Records read.
    pub read: u64,
    /// Partitions that this process has.
    pub partitions: usize,
    /// Records of these that are still to be read, as far as is known.
    pub lag: u64,
    /// It is still reading again what was decided before.
    pub catching_up: bool,
    /// Records stored.
    pub stored: u64,
}

/// Measures the sections of many sites over the partitions that this process has.
pub struct Sections {
    bus: Arc<dyn Bus>,
    consumer: Box<dyn Consumer>,
    index: Arc<dyn Index>,
    options: Options,
    map: SectionMap,
    chains: Chains,
    stand_downs: StandDowns,
    lanes: BTreeMap<Partition, SectionLane>,
    events: VecDeque<Event>,
    totals: SectionTotals,
}

/// Whether a site file names a section.
#[must_use]
pub fn has_sections(sites: &[&Site]) -> bool {
    sites.iter().any(|site| !site.file().sections.is_empty())
}

impl Sections {
    /// Joins the group.
    ///
    /// # Errors
    /// Where two site files disagree about a section, or the bus cannot be reached.
    pub fn join(
        bus: Arc<dyn Bus>,
        index: Arc<dyn Index>,
        sites: &[&Site],
        options: Options,
    ) -> Result<Self, SectionsError> {
        let map = SectionMap::of(sites).map_err(SectionsError::Sites)?;
        let consumer = bus.consume(GROUP, Topic::Passages)?;
        let stand_downs = StandDowns::of_all(&*bus)?;
        Ok(Self {
            bus,
            consumer,
            index,
            options: options.sound(),
            map,
            chains: Chains::default(),
            stand_downs,
            lanes: BTreeMap::new(),
            events: VecDeque::new(),
            totals: SectionTotals::default(),
        })
    }

    /// Takes other site files from here on: sections that they change begin anew.
    ///
    /// # Errors
    /// Where two of them disagree about a section; those before hold.
    pub fn replace_sites(&mut self, sites: &[&Site]) -> Result<(), SectionsError> {
        let map = SectionMap::of(sites).map_err(SectionsError::Sites)?;
        for lane in self.lanes.values_mut() {
            lane.cores.retain(|id, _| map.get(id) == self.map.get(id));
        }
        self.map = map;
        Ok(())
    }

    /// What was counted.
    #[must_use]
    pub fn totals(&self) -> SectionTotals {
        let mut totals = self.totals.clone();
        self.lanes.values().for_each(|lane| totals.add(&lane.totals));
        totals
    }

    /// Takes what is there, waiting for the first message up to `wait`, decides what can be decided, and
    /// commits positions, outcomes and travel times in one step.
    ///
    /// # Errors
    /// Where the bus or the index fails; the next call goes on where this one stopped.
    pub fn run_once(
        &mut self,
        now: EventTime,
        wait: Duration,
    ) -> Result<SectionsProgress, SectionsError> {
        let mut stored = self.commit()?;
        if self.events.is_empty() {
            let (records_max, bytes_max) = (self.options.records_max, self.options.bytes_max);
            self.events.extend(self.consumer.poll(records_max, bytes_max, wait)?);
        }
        let mut read = 0;
        while !self.events.is_empty() {
            read += self.work(now)?;
        }
        stored += self.commit()?;
        let lag = self.lanes.iter().map(|(partition, lane)| {
            let end = self.consumer.end(*partition).unwrap_or(lane.next);
            end.0.saturating_sub(lane.next.0)
        });
        Ok(SectionsProgress {
            read,
            partitions: self.lanes.len(),
            lag: lag.sum(),
            catching_up: self.lanes.values().any(SectionLane::is_catching_up),
            stored,
        })
    }

    /// Deletes what has expired by `now`, from the index and from the topic, with receipts; and lets the
    /// index tidy up. To be called every few seconds.
    ///
    /// # Errors
    /// As [`Sections::run_once`].
    pub fn expire(&mut self, now: EventTime) -> Result<(), SectionsError> {
        let partitions = self.bus.partitions(Topic::Passages)?;
        for lane in self.lanes.values_mut() {
            lane.flush(&*self.index)?;
            let Some(limit) = lane.event_now(now) else { continue };
            lane.cores.values_mut().for_each(|core| core.expire(limit));
            let here = |id: &&SectionId| Partition::of(id.as_str(), partitions) == lane.partition;
            for section in self.map.ids().filter(here).map(|id| id.0.clone()) {
                let what = index_of(&section);
                // What the process before had receipted and perhaps not deleted any more.
                if let Some(limit) = self.chains.limit(&what) {
                    self.index.delete_before(Some(&section), limit.0)?;
                }
                let due = self.index.due(Some(&section), limit.0)?;
                if due.count == 0 {
                    continue;
                }
                let span = due.first_time.zip(due.last_time);
                let deletion = Deletion {
                    deleted: due.count,
                    span: span.map(|(first, last)| (EventTime(first), EventTime(last))),
                    limit,
                    when: now,
                    policy: POLICY.to_owned(),
                };
                let Some((receipt, record)) = self.chains.next(&what, deletion) else { continue };
                self.consumer.commit(&[], vec![(Topic::Receipts, record)])?;
                self.chains.stored(receipt);
                let deleted = self.index.delete_before(Some(&section), limit.0)?;
                lane.totals.deleted += deleted.count;
            }
        }
        self.expire_topic(now)?;
        self.index.maintain()?;
        Ok(())
    }

    /// The topic holds vectors, too.
    fn expire_topic(&mut self, now: EventTime) -> Result<(), SectionsError> {
        if self.map.is_empty() {
            return Ok(());
        }
        let expiry_us = self.map.expiry_us_max();
        let due: Vec<(Partition, EventTime)> = self
            .lanes
            .iter()
            .filter_map(|(partition, lane)| Some((*partition, lane.event_now(now)?)))
            .collect();
        for (partition, event_now) in due {
            let limit = EventTime(event_now.0.saturating_sub(expiry_us));
            let deleted = self.bus.delete_before(Topic::Passages, partition, limit.0)?;
            if deleted.records == 0 {
                continue;
            }
            let deletion = Deletion {
                deleted: deleted.records,
                span: None,
                limit,
                when: now,
                policy: POLICY.to_owned(),
            };
            let what = topic_of(Topic::Passages, partition);
            if let Some((receipt, record)) = self.chains.next(&what, deletion) {
                self.consumer.commit(&[], vec![(Topic::Receipts, record)])?;
                self.chains.stored(receipt);
            }
        }
        Ok(())
    }

    /// Works on the oldest event; returns how many records it had.
    fn work(&mut self, now: EventTime) -> Result<u64, SectionsError> {
        let Some(event) = self.events.front() else { return Ok(0) };
        let mut read = 0;
        match event {
            Event::Assigned { partition, position, begin, .. } => {
                // What others have receipted of these sections meanwhile.
                self.chains = Chains::read(&*self.bus)?;
                let lane = SectionLane::begin(GROUP, *partition, *position, *begin, now);
                self.consumer.start(*partition, lane.next)?;
                self.lanes.insert(*partition, lane);
            }
            Event::Revoked { partition } => {
                if let Some(lane) = self.lanes.remove(partition) {
                    self.totals.add(&lane.totals);
                }
            }
            Event::Records { partition, records } => {
                if let Some(lane) = self.lanes.get_mut(partition) {
                    self.stand_downs.take(&*self.bus, GROUP, &mut lane.outbox)?;
                    let tools = Tools {
                        map: &self.map,
                        index: &*self.index,
                        chains: &self.chains,
                        stand_downs: &self.stand_downs,
                        options: &self.options,
                        now,
                    };
                    // A record that was taken is not taken again where this is tried again.
                    for stored in records {
                        lane.take(stored, &tools)?;
                    }
                    lane.flush(&*self.index)?;
                    read = records.len() as u64;
                }
            }
        }
        self.events.pop_front();
        Ok(read)
    }

    fn commit(&mut self) -> Result<u64, BusError> {
        let commit_records = self.options.commit_records;
        let mut due: Vec<&mut SectionLane> = self
            .lanes
            .values_mut()
            .filter(|lane| !lane.is_catching_up())
            .filter(|lane| !lane.outbox.is_empty() || lane.unsaved >= commit_records)
            .collect();
        if due.is_empty() {
            return Ok(0);
        }
        let (mut positions, mut outputs, mut stored) = (Vec::new(), Vec::new(), 0);
        for lane in &mut due {
            while lane.outbox.len() > COMMIT_RECORDS_MAX {
                let ahead = lane.outbox.get(..COMMIT_RECORDS_MAX).unwrap_or_default().to_vec();
                stored += self.consumer.commit(&[], ahead)?.stored;
                lane.outbox.drain(..COMMIT_RECORDS_MAX);
            }
            positions.push((lane.partition, lane.position()));
            outputs.extend_from_slice(&lane.outbox);
        }
        match self.consumer.commit(&positions, outputs) {
            Ok(done) => {
                for lane in due {
                    lane.outbox.clear();
                    lane.unsaved = 0;
                }
                Ok(stored + done.stored)
            }
            // The bus says next what is still this consumer's.
            Err(BusError::Lost { .. }) => Ok(stored),
            Err(error) => Err(error),
        }
    }
}

impl SectionTotals {
    fn add(&mut self, other: &Self) {
        self.passages += other.passages;
        self.other_sections += other.other_sections;
        self.refused += other.refused;
        self.dead_letters += other.dead_letters;
        self.missed += other.missed;
        self.stored += other.stored;
        self.lookups += other.lookups;
        self.matched += other.matched;
        self.abstained += other.abstained;
        self.violations += other.violations;
        self.voids += other.voids;
        self.deleted += other.deleted;
    }
}
