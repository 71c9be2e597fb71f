//! People who step on a crossing on red, counted as the rules count them: of what cameras saw, and of the
//! signals. Anonymous: a crossing and a time come out.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use wayside_bus::{Bus, BusError, Topic};
use wayside_proto::{CameraId, EventTime, Observation, ReportSource, SignalReport, SiteId};
use wayside_rules::Engine;
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};
use wayside_signs::Stimulus;
use wayside_site::Site;

use crate::tail::Tail;

/// How long an observation waits for signals that come a little late, seconds of event time.
const LATENESS_S: f64 = 0.5;
/// How long it waits at most when the camera says nothing further, seconds of the clock.
const WAIT_S: f64 = 1.0;
/// Observations that wait, of one camera; beyond, the oldest is judged at once.
const WAITING_MAX: usize = 500;
/// Cameras of a site.
const CAMERAS_MAX: usize = 1_000;
/// Signals older than that are let go, seconds.
const SIGNALS_S: f64 = 600.0;

pub(super) struct People {
    observations: Tail,
    signals: Tail,
    sites: BTreeMap<SiteId, Junction>,
}

struct Junction {
    site: Arc<Site>,
    signals: SignalHistory,
    cameras: BTreeMap<CameraId, Camera>,
}

struct Camera {
    engine: Engine,
    waiting: VecDeque<(EventTime, Observation)>,
}

impl People {
    pub(super) fn open(
        bus: &dyn Bus,
        sites: &[Arc<Site>],
        now: EventTime,
    ) -> Result<Self, BusError> {
        let junction = |site: &Arc<Site>| Junction {
            site: Arc::clone(site),
            signals: SignalHistory::new(&site.file().signals),
            cameras: BTreeMap::new(),
        };
        Ok(Self {
            observations: Tail::open(bus, Topic::Observations, None)?,
            signals: Tail::open(bus, Topic::Signals, Some(now.plus_s(-SIGNALS_S)))?,
            sites: sites.iter().map(|site| (site.id(), junction(site))).collect(),
        })
    }

    /// Adds those who stepped on a crossing on red since the last look. Returns how many records could not
    /// be read.
    pub(super) fn look(
        &mut self,
        now: EventTime,
        stimuli: &mut Vec<Stimulus>,
    ) -> Result<u64, BusError> {
        let sites = &mut self.sites;
        let mut unreadable = 0;
        loop {
            let taken = self.signals.take(|report: SignalReport| {
                if let Some(junction) = sites.get_mut(&report.site) {
                    junction.signals.push(record(report));
                }
            })?;
            unreadable += taken.unreadable;
            if !taken.more {
                break;
            }
        }
        let taken = self.observations.take(|observation: Observation| {
            if let Some(junction) = sites.get_mut(&observation.site) {
                junction.take(observation, now);
            }
        })?;
        for (id, junction) in sites {
            junction.judge(id, now, stimuli);
        }
        Ok(unreadable + taken.unreadable)
    }
}

impl Junction {
    fn take(&mut self, observation: Observation, now: EventTime) {
        let full = self.cameras.len() >= CAMERAS_MAX;
        if full && !self.cameras.contains_key(&observation.camera) {
            return;
        }
        let site = &self.site;
        let begin = || Camera { engine: Engine::new(site), waiting: VecDeque::new() };
        let camera = self.cameras.entry(observation.camera.clone()).or_insert_with(begin);
        camera.waiting.push_back((now, observation));
    }

    fn judge(&mut self, id: &SiteId, now: EventTime, stimuli: &mut Vec<Stimulus>) {
        let mut newest: Option<EventTime> = None;
        for camera in self.cameras.values_mut() {
            let last = camera.waiting.back().map(|(_, observation)| observation.time);
            newest = newest.max(last);
            while let Some((came, observation)) = camera.waiting.front() {
                let ripe = last.is_some_and(|last| last.since_s(observation.time) >= LATENESS_S)
                    || !(0.0..WAIT_S).contains(&now.since_s(*came))
                    || camera.waiting.len() > WAITING_MAX;
                if !ripe {
                    break;
                }
                // The rules say what they make of it elsewhere; here only people on red count.
                let _ = camera.engine.observe(observation, &self.signals);
                camera.waiting.pop_front();
            }
            for (crossing, time) in camera.engine.take_pedestrians_on_red() {
                stimuli.push(Stimulus::of_pedestrian(id.clone(), crossing, time));
            }
        }
        if let Some(newest) = newest {
            self.signals.forget_before(newest.plus_s(-SIGNALS_S));
        }
    }
}

fn record(report: SignalReport) -> SignalRecord {
    let source = match report.source {
        ReportSource::Log => SignalSource::Log,
        ReportSource::Lamp(_) => SignalSource::Lamp,
    };
    SignalRecord { time: report.time, group: report.group, state: report.state, source }
}
