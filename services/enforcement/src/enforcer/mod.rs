//! The consumer: a member of a group that shares the partitions of the bus.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use wayside_bus::{Bus, BusError, Consumer, Event, Partition, Topic};
use wayside_proto::{EventTime, SiteId};
use wayside_rules::signals::{SignalHistory, SignalRecord};
use wayside_site::Site;

use crate::error::EnforceError;
use crate::lane::Lane;
use crate::options::Options;
use crate::progress::{Progress, Totals};
use crate::sites::Sites;

/// Name of the group.
pub const GROUP: &str = "enforcement";
/// Outputs stored in one transaction.
const COMMIT_RECORDS_MAX: usize = 2_000;

/// Runs the rules of many sites over the partitions that this process has.
///
/// Every process of the fleet has one with the same site files; the group shares the partitions
/// between them, and when one goes, the others take up where it stood.
pub struct Enforcer {
    bus: Arc<dyn Bus>,
    consumer: Box<dyn Consumer>,
    options: Options,
    sites: Sites,
    lanes: BTreeMap<Partition, Lane>,
    /// What the bus said and was not worked on yet.
    events: VecDeque<Event>,
    /// Counted in partitions that are another's now.
    left: Totals,
}

impl Enforcer {
    /// Joins the group. `sites` are site files with records of their signals that do not come over
    /// the bus.
    ///
    /// # Errors
    /// Where the bus cannot be reached.
    pub fn join(
        bus: Arc<dyn Bus>,
        sites: impl IntoIterator<Item = (Site, SignalHistory)>,
        options: Options,
    ) -> Result<Self, EnforceError> {
        let consumer = bus.consume(GROUP, Topic::Observations).map_err(EnforceError)?;
        let mut known = Sites::default();
        for (site, signals) in sites {
            known.insert(site, signals);
        }
        Ok(Self {
            bus,
            consumer,
            options: options.sound(),
            sites: known,
            lanes: BTreeMap::new(),
            events: VecDeque::new(),
            left: Totals::default(),
        })
    }

    /// Adds what is known of a site's signals, beside what comes over the bus.
    pub fn signals(&mut self, site: &SiteId, records: impl IntoIterator<Item = SignalRecord>) {
        for record in records {
            if let Some((_, signals)) = self.sites.get_mut(site) {
                signals.push(record.clone());
            }
            for core in self.lanes.values_mut().filter_map(|lane| lane.core_of(site)) {
                core.signals.push(record.clone());
            }
        }
    }

    /// Takes another site file from here on, or a new site. Cameras that it changes begin anew: their
    /// living tracks end as those of a recording that ends. Returns how many cameras; what ended is
    /// stored by the next [`Enforcer::run_once`].
    pub fn replace_site(&mut self, site: Site) -> usize {
        let renewed = self.lanes.values_mut().map(|lane| lane.replace_site(&site)).sum();
        match self.sites.get_mut(&site.id()) {
            Some((known, _)) => *known = site,
            None => {
                let signals = SignalHistory::new(&site.file().signals);
                self.sites.insert(site, signals);
            }
        }
        renewed
    }

    /// What it has done so far, over all partitions that it has or had.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = self.left.clone();
        self.lanes.values().for_each(|lane| totals.add(&lane.totals()));
        totals
    }

    /// Takes what is there, up to [`Options::records_max`] records, waiting for the first one up to
    /// `wait`; judges it, and commits positions and outcomes in one step; a position without outcomes
    /// only every [`Options::commit_records`] records. `now` is the time by the clock of this machine:
    /// what claims to be later by more than [`Options::ahead_s_max`] is not believed.
    ///
    /// # Errors
    /// Where the bus cannot be read or written; the next call goes on where this one stopped.
    pub fn run_once(&mut self, now: EventTime, wait: Duration) -> Result<Progress, EnforceError> {
        self.step(now, wait).map_err(EnforceError)
    }

    /// Judges and stores what waits for the allowed lateness, as before a stop. Tracks do not end: a
    /// restart goes on with them.
    ///
    /// # Errors
    /// As [`Enforcer::run_once`].
    pub fn finish(&mut self, now: EventTime) -> Result<Progress, EnforceError> {
        let mut read = 0;
        while let Some(count) = self.work(now).map_err(EnforceError)? {
            read += count;
        }
        self.lanes.values_mut().for_each(Lane::finish);
        let committed = self.commit(true).map_err(EnforceError)?;
        Ok(self.progress(read, committed))
    }

    fn step(&mut self, now: EventTime, wait: Duration) -> Result<Progress, BusError> {
        // What could not be committed the last time comes first.
        let mut committed = self.commit(false)?;
        if self.events.is_empty() {
            let (records_max, bytes_max) = (self.options.records_max, self.options.bytes_max);
            self.events.extend(self.consumer.poll(records_max, bytes_max, wait)?);
        }
        let mut read = 0;
        while let Some(count) = self.work(now)? {
            read += count;
        }
        for (partition, lane) in &mut self.lanes {
            if let Some(end) = self.consumer.end(*partition).filter(|_| read == 0) {
                lane.catch_up_at_end(end);
            }
        }
        let now = self.commit(read < self.options.records_max as u64 / 2)?;
        committed.0 += now.0;
        committed.1 += now.1;
        Ok(self.progress(read, committed))
    }

    /// Works on the oldest event; returns how many records it had, none where there is no event.
    fn work(&mut self, now: EventTime) -> Result<Option<u64>, BusError> {
        let Some(event) = self.events.front() else { return Ok(None) };
        let mut read = 0;
        match event {
            Event::Assigned { partition, position, begin, end } => {
                let place = (*begin, *end);
                let bus = &*self.bus;
                let (lane, from) = Lane::begin(bus, GROUP, *partition, *position, place)?;
                self.consumer.start(*partition, from)?;
                self.lanes.insert(*partition, lane);
            }
            Event::Revoked { partition } => {
                if let Some(lane) = self.lanes.remove(partition) {
                    self.left.add_past(&lane.totals());
                }
            }
            Event::Records { partition, .. } => {
                if let Some(lane) = self.lanes.get_mut(partition) {
                    lane.take_stand_downs(&*self.bus)?;
                    if self.options.read_signals {
                        lane.take_signals(&*self.bus, &self.sites, &self.options, now)?;
                    }
                }
            }
        }
        // Only now, since what fails is tried again.
        if let Some(Event::Records { partition, records }) = self.events.pop_front()
            && let Some(lane) = self.lanes.get_mut(&partition)
        {
            read = records.len() as u64;
            lane.observe(records, &self.sites, &self.options, now);
        }
        Ok(Some(read))
    }

    /// Commits what is due. Returns how many records were stored and how many were known.
    fn commit(&mut self, idle: bool) -> Result<(u64, u64), BusError> {
        let mut committed = (0, 0);
        let mut due: Vec<&mut Lane> =
            self.lanes.values_mut().filter(|lane| lane.is_due(&self.options, idle)).collect();
        if due.is_empty() {
            return Ok(committed);
        }
        let (mut positions, mut outputs) = (Vec::new(), Vec::new());
        for lane in &mut due {
            while let Some(ahead) = lane.ahead(COMMIT_RECORDS_MAX) {
                let count = ahead.len();
                let done = self.consumer.commit(&[], ahead)?;
                lane.went_ahead(count);
                committed.0 += done.stored;
                committed.1 += done.duplicates;
            }
            let (position, of_lane) = lane.due();
            positions.push(position);
            outputs.extend_from_slice(of_lane);
        }
        match self.consumer.commit(&positions, outputs) {
            Ok(done) => {
                due.into_iter().for_each(Lane::committed);
                Ok((committed.0 + done.stored, committed.1 + done.duplicates))
            }
            // The bus says next what is still this consumer's.
            Err(BusError::Lost { .. }) => {
                self.left.lost += 1;
                Ok(committed)
            }
            Err(error) => Err(error),
        }
    }

    fn progress(&mut self, read: u64, committed: (u64, u64)) -> Progress {
        let lag = self.lanes.iter().map(|(partition, lane)| {
            let end = self.consumer.end(*partition).unwrap_or_else(|| lane.next());
            end.0.saturating_sub(lane.next().0)
        });
        Progress {
            read,
            partitions: self.lanes.len(),
            lag: lag.sum(),
            catching_up: self.lanes.values().any(Lane::is_catching_up),
            stored: committed.0,
            duplicates: committed.1,
        }
    }

    /// For each partition that this process has: the next record to be read, and the first that a
    /// restart would read.
    pub fn positions(&mut self) -> Vec<(Partition, wayside_bus::Position)> {
        let lanes = self.lanes.iter_mut();
        lanes
            .map(|(partition, lane)| {
                let position = wayside_bus::Position { next: lane.next(), rewind: lane.rewind() };
                (*partition, position)
            })
            .collect()
    }
}
