//! One partition of the bus: its sites, how far it was read, and what waits to be committed.

mod commit;
mod read;

use std::collections::{BTreeMap, VecDeque};

use wayside_bus::{Bus, BusError, Offset, Partition, Position, Record, Topic};
use wayside_proto::{EventTime, SiteId};

use crate::core::{Core, Decided};
use crate::options::Options;
use crate::progress::Totals;
use crate::reports::Reports;
use crate::sites::Sites;
use crate::standdowns::StandDowns;

pub(crate) struct Lane {
    partition: Partition,
    consumer: String,
    cores: BTreeMap<SiteId, Core>,
    reports: Reports,
    stand_downs: StandDowns,
    /// The next record to be read.
    next: Offset,
    /// After a restart: what was read before it. Nothing before this is stored without need.
    known: Option<Known>,
    /// What waits to be committed; emptied before more is read.
    outbox: Vec<(Topic, Record)>,
    /// Records read since the last commit.
    unsaved: u64,
    totals: Totals,
}

/// What a restart decides again.
struct Known {
    until: Offset,
    again: VecDeque<(SiteId, Decided)>,
}

impl Lane {
    /// A partition that was assigned. Returns it, and from where it is to be read.
    pub(crate) fn begin(
        bus: &dyn Bus,
        consumer: &str,
        partition: Partition,
        position: Option<Position>,
        (begin, end): (Offset, Offset),
    ) -> Result<(Self, Offset), BusError> {
        let (next, known) = match position {
            None => (begin, None),
            Some(Position { next, rewind }) => {
                let known = Known { until: next, again: VecDeque::new() };
                (rewind.max(begin).min(next), Some(known))
            }
        };
        let mut lane = Self {
            partition,
            consumer: consumer.to_owned(),
            cores: BTreeMap::new(),
            reports: Reports::open(bus, Topic::Signals, partition)?,
            stand_downs: StandDowns::of(bus, partition)?,
            next,
            known,
            outbox: Vec::new(),
            // The first commit says at once that this consumer exists.
            unsaved: u64::MAX,
            totals: Totals::default(),
        };
        lane.catch_up_at_end(end);
        Ok((lane, next))
    }

    /// The rules of a site; none where no site file is known.
    fn core<'a>(
        cores: &'a mut BTreeMap<SiteId, Core>,
        sites: &Sites,
        options: &Options,
        id: &SiteId,
    ) -> Option<&'a mut Core> {
        if !cores.contains_key(id) {
            let (site, signals) = sites.get(id)?;
            cores.insert(id.clone(), Core::new(site, signals, options.clone()));
        }
        cores.get_mut(id)
    }

    /// Adds records of a site's signals that did not come over the bus.
    pub(crate) fn core_of(&mut self, id: &SiteId) -> Option<&mut Core> {
        self.cores.get_mut(id)
    }

    /// Takes another site file; returns how many cameras begin anew.
    pub(crate) fn replace_site(&mut self, site: &wayside_site::Site) -> usize {
        let id = site.id();
        let Some(core) = self.cores.get_mut(&id) else { return 0 };
        let (renewed, decided) = core.replace_site(site.clone());
        self.take(&id, decided);
        renewed
    }

    /// Judges and keeps what waits for the allowed lateness, unless it is reading again.
    pub(crate) fn finish(&mut self) {
        if self.known.is_some() {
            return;
        }
        let sites: Vec<SiteId> = self.cores.keys().cloned().collect();
        for id in sites {
            let decided = self.cores.get_mut(&id).map(Core::flush).unwrap_or_default();
            self.take(&id, decided);
        }
        self.unsaved = u64::MAX;
    }

    pub(crate) fn next(&self) -> Offset {
        self.next
    }

    pub(crate) fn is_catching_up(&self) -> bool {
        self.known.is_some()
    }

    /// The first record that a restart must read.
    pub(crate) fn rewind(&mut self) -> Offset {
        let needs = self.cores.values_mut().filter_map(Core::needs).min();
        needs.unwrap_or(self.next).min(self.next)
    }

    /// Cameras that are judged here.
    pub(crate) fn cameras(&self) -> usize {
        self.cores.values().map(Core::cameras).sum()
    }

    /// The last instant of a site's cameras that was judged everywhere; for what can be forgotten.
    pub(crate) fn totals(&self) -> Totals {
        let mut totals = self.totals.clone();
        totals.signals = self.reports.taken;
        for core in self.cores.values() {
            totals.add(&core.totals());
        }
        totals
    }
}

/// Whether an event time is later than any clock can be believed.
pub(crate) fn is_ahead(time: EventTime, now: EventTime, options: &Options) -> bool {
    time.0.saturating_sub(now.0) as f64 > options.ahead_s_max * 1e6
}
