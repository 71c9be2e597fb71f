//! The thread that reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_bus::{Bus, BusError, Topic};
use wayside_proto::{EventTime, SiteId};

use super::decode::decode;
use super::pause::Pauses;
use super::source::{FOLLOWED, LookBack, Source, wanted};
use crate::shapes::FeedCondition;
use crate::shared::Shared;
use crate::sites::Sites;
use crate::state::{Heard, When};

/// Records of one partition that are read at once: the state is locked for as many.
const RECORDS_MAX: usize = 500;
/// Bytes of them.
const BYTES_MAX: usize = 4 << 20;
/// How long to wait where nothing has come.
const IDLE: Duration = Duration::from_millis(20);
/// How long records of the past are waited for, which are known to be there.
const WAIT: Duration = Duration::from_millis(200);
/// How often an unreadable record is told of.
const TELL: Duration = Duration::from_secs(60);

pub(super) struct Follower {
    bus: Arc<dyn Bus>,
    sites: Arc<Sites>,
    shared: Arc<Shared>,
    look_back: LookBack,
    version: u64,
    sources: Vec<Source>,
    /// Whether everything is open that is worth reading.
    open: bool,
    present: bool,
    pauses: Pauses,
    told: Option<Instant>,
}

impl Follower {
    pub(super) fn new(
        bus: Arc<dyn Bus>,
        sites: Arc<Sites>,
        shared: Arc<Shared>,
        look_back: LookBack,
    ) -> Self {
        let version = sites.version();
        Self {
            bus,
            sites,
            shared,
            look_back,
            version,
            sources: Vec::new(),
            open: false,
            present: false,
            pauses: Pauses::default(),
            told: None,
        }
    }

    /// Reads until it is told to stop.
    pub(super) fn run(&mut self, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            match self.turn() {
                Ok(read) => {
                    self.pauses.worked();
                    self.is_well();
                    if read == 0 {
                        std::thread::sleep(IDLE);
                    }
                }
                Err(error) => self.is_away(&error, stop),
            }
        }
    }

    /// Reads a little of everything. How many records.
    fn turn(&mut self) -> Result<usize, BusError> {
        self.look_at_sites();
        self.open()?;
        let mut read = 0;
        for place in 0..self.sources.len() {
            read += self.read(place)?;
        }
        Ok(read)
    }

    /// Opens what is not open yet. A site that comes to a partition which is read already begins with what comes
    /// next: reading the past again would count others twice.
    fn open(&mut self) -> Result<(), BusError> {
        if self.open {
            return Ok(());
        }
        let sites: Vec<SiteId> = self.sites.all().iter().map(|entry| entry.site.id()).collect();
        for topic in FOLLOWED {
            for partition in wanted(&*self.bus, topic, &sites)? {
                let same = |source: &Source| source.topic == topic && source.partition == partition;
                if self.sources.iter().any(same) {
                    continue;
                }
                let now = self.shared.now();
                let source = Source::open(&*self.bus, topic, partition, &self.look_back, now)?;
                self.sources.push(source);
                self.present = false;
            }
        }
        // What explains is read before what is explained by it.
        let order = |topic: Topic| FOLLOWED.iter().position(|other| *other == topic);
        self.sources.sort_by_key(|source| (order(source.topic), source.partition));
        self.open = true;
        Ok(())
    }

    /// Where the sites have changed, so has what is worth reading.
    fn look_at_sites(&mut self) {
        let version = self.sites.version();
        if version == self.version {
            return;
        }
        self.version = version;
        let entries = self.sites.all();
        let known = |id: &SiteId| entries.iter().any(|entry| entry.site.id() == *id);
        let mut state = self.shared.change();
        state.keep_sites(known);
        for entry in &entries {
            state.put_site(Arc::clone(&entry.site), Arc::clone(&entry.logged));
        }
        self.shared.hub().keep_sites(known);
        self.shared.hub().reset(self.shared.now());
        drop(state);
        self.open = false;
    }

    fn read(&mut self, place: usize) -> Result<usize, BusError> {
        let Some(source) = self.sources.get_mut(place) else { return Ok(0) };
        let wait = if source.is_present() { Duration::ZERO } else { WAIT };
        let records = source.read(RECORDS_MAX, BYTES_MAX, wait)?;
        if records.is_empty() {
            return Ok(0);
        }
        let (topic, now) = (source.topic, self.shared.now());
        let mut unreadable = 0;
        let mut heard: Vec<(Heard, When, bool)> = Vec::with_capacity(records.len());
        for (stored, past) in &records {
            let when = if *past {
                When { now: EventTime(stored.time).min(now), live: false }
            } else {
                When { now, live: true }
            };
            match decode(topic, stored, now) {
                Ok(record) => heard.push((record, when, *past)),
                Err(why) => {
                    unreadable += 1;
                    self.tell(topic, stored.offset.0, &why);
                }
            }
        }
        if unreadable > 0 {
            self.shared.feed(|feed| feed.unreadable += unreadable);
        }
        self.take(heard, now);
        Ok(records.len())
    }

    /// Changes the state and tells of it while nobody can ask in between.
    fn take(&self, heard: Vec<(Heard, When, bool)>, now: EventTime) {
        let (mut changes, mut past_changes, mut moved) = (Vec::new(), Vec::new(), Vec::new());
        let mut state = self.shared.change();
        for (record, when, past) in heard {
            let told = if past { &mut past_changes } else { &mut changes };
            let newer = state.take(record, when, told);
            moved.extend(newer.filter(|_| !past));
            past_changes.clear();
        }
        self.shared.hub().publish(&changes, now);
        self.shared.hub().moved(moved);
    }

    fn is_well(&mut self) {
        if !self.present && self.sources.iter().all(Source::is_present) {
            self.present = true;
            // What was folded so far was not told.
            self.shared.hub().reset(self.shared.now());
        }
        let condition =
            if self.present { FeedCondition::Reading } else { FeedCondition::CatchingUp };
        self.shared.feed(|feed| (feed.condition, feed.why) = (condition, None));
    }

    fn is_away(&mut self, error: &BusError, stop: &AtomicBool) {
        let pause = self.pauses.failed(self.shared.now().0.unsigned_abs());
        tracing::error!("the bus cannot be read, next try in {} ms: {error}", pause.as_millis());
        let why = error.to_string();
        let why = why.split("\n  hint: ").next().unwrap_or_default().to_owned();
        self.shared.feed(|feed| (feed.condition, feed.why) = (FeedCondition::Away, Some(why)));
        let until = Instant::now() + pause;
        while Instant::now() < until && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(IDLE);
        }
    }

    fn tell(&mut self, topic: Topic, offset: u64, why: &str) {
        if self.told.is_none_or(|told| told.elapsed() > TELL) {
            self.told = Some(Instant::now());
            tracing::warn!(
                "record {offset} of {topic} is not shown: {why}; more are counted and not told of for a minute"
            );
        }
    }
}
