//! The cameras of a site: observations in, outcomes out. Pure, and the same for the same sequence.

use std::collections::BTreeMap;

use wayside_bus::Offset;
use wayside_proto::{CameraId, Observation, SignalReport, SiteId};
use wayside_rules::signals::SignalHistory;
use wayside_site::Site;

use crate::camera::{Camera, Judged, MARGIN_S};
use crate::cut::Cut;
use crate::options::Options;
use crate::progress::Totals;
use crate::reports;

/// Cameras of a site; observations of further ones are counted and not judged.
const CAMERAS_MAX: usize = 1_000;
/// How often silent cameras are looked for, records.
const LOOK_EVERY_RECORDS: u64 = 256;
/// Most that one observation moves the site on, microseconds: a clock that jumps is not believed.
const STEP_US_MAX: i64 = 10_000_000;

pub(crate) struct Core {
    site: Site,
    site_id: SiteId,
    pub(crate) signals: SignalHistory,
    options: Options,
    cameras: BTreeMap<CameraId, Camera>,
    /// Event time that the quickest camera has gone on, microseconds.
    progress_us: i64,
    looked: u64,
    pub(crate) totals: Totals,
}

/// An outcome, its camera, and the camera's progress when its observation came.
pub(crate) struct Decided {
    pub(crate) camera: CameraId,
    pub(crate) judged: Judged,
}

impl Core {
    pub(crate) fn new(site: Site, signals: SignalHistory, options: Options) -> Self {
        Self {
            site_id: site.id(),
            site,
            signals,
            options,
            cameras: BTreeMap::new(),
            progress_us: 0,
            looked: 0,
            totals: Totals::default(),
        }
    }

    /// Takes a report of its signals.
    pub(crate) fn signal(&mut self, report: SignalReport) {
        self.signals.push(reports::record(report));
    }

    /// Takes an observation. `again` where it is read once more after a restart; a camera that is
    /// silent while `stale` records of others come is not waited for.
    pub(crate) fn observe(
        &mut self,
        offset: Offset,
        observation: Observation,
        again: bool,
        stale: u64,
    ) -> Vec<Decided> {
        let mut decided = Vec::new();
        if offset.0 / LOOK_EVERY_RECORDS != self.looked {
            self.looked = offset.0 / LOOK_EVERY_RECORDS;
            self.look_at_silent(offset, stale, &mut decided);
        }
        let id = observation.camera.clone();
        if !self.cameras.contains_key(&id) && self.cameras.len() >= CAMERAS_MAX {
            self.totals.cameras_refused += 1;
            return decided;
        }
        self.totals.observed += 1;
        let (site, options) = (&self.site, &self.options);
        let camera = self.cameras.entry(id.clone()).or_insert_with(|| {
            let cut = again.then(|| Cut::begin(&observation)).flatten();
            Camera::new(site, options.lateness_s, options.rewind_s_max, cut)
        });
        let step_us = camera.take(offset, observation).min(STEP_US_MAX);
        self.progress_us = self.progress_us.max(camera.seen_at_us.saturating_add(step_us));
        camera.seen_at_us = camera.seen_at_us.saturating_add(step_us).max(self.progress_us);
        let mut out = Vec::new();
        camera.judge(Offset(0), &self.signals, &mut out);
        decided.extend(out.into_iter().map(|judged| Decided { camera: id.clone(), judged }));
        decided
    }

    /// Judges what waits for cameras that have gone silent, and drops those that were silent for
    /// too long.
    fn look_at_silent(&mut self, offset: Offset, stale: u64, decided: &mut Vec<Decided>) {
        let stale = Offset(offset.0.saturating_sub(stale));
        let silent_us = (self.options.rewind_s_max * 1e6) as i64;
        let (progress_us, signals) = (self.progress_us, &self.signals);
        let totals = &mut self.totals;
        self.cameras.retain(|id, camera| {
            let mut out = Vec::new();
            let gone = progress_us.saturating_sub(camera.seen_at_us) > silent_us;
            if gone {
                camera.flush(signals, &mut out);
                totals.cameras_dropped += 1;
                totals.tracks_dropped += camera.alive() as u64;
                totals.out_of_order += camera.out_of_order;
            } else {
                camera.judge(stale, signals, &mut out);
            }
            decided.extend(out.into_iter().map(|judged| Decided { camera: id.clone(), judged }));
            !gone
        });
        self.forget_signals();
    }

    /// Forgets signals that no camera can ask for any more: of weeks, only the last hours are kept.
    fn forget_signals(&mut self) {
        let oldest = self.cameras.values().map(Camera::oldest_judged).min().flatten();
        if let Some(oldest) = oldest {
            self.signals.forget_before(oldest.plus_s(-self.options.rewind_s_max - MARGIN_S));
        }
    }

    /// Judges everything that waits. Tracks go on.
    pub(crate) fn flush(&mut self) -> Vec<Decided> {
        let mut decided = Vec::new();
        for (id, camera) in &mut self.cameras {
            let mut out = Vec::new();
            camera.flush(&self.signals, &mut out);
            decided.extend(out.into_iter().map(|judged| Decided { camera: id.clone(), judged }));
        }
        decided
    }

    /// Takes another site file. Engines of cameras that it changes begin anew: of all where the map,
    /// the signals or the rules differ, else of those whose own entry does. Returns how many, and
    /// what ended with them.
    pub(crate) fn replace_site(&mut self, site: Site) -> (usize, Vec<Decided>) {
        let mut decided = self.flush();
        let shared = |site: &Site| {
            let mut file = site.file().clone();
            file.cameras.clear();
            file.signs.clear();
            file
        };
        let same_map = shared(&self.site) == shared(&site) && self.site.start() == site.start();
        let mut renewed = 0;
        for (id, camera) in &mut self.cameras {
            let same = self.site.camera(id.as_str()) == site.camera(id.as_str());
            if same_map && same {
                continue;
            }
            renewed += 1;
            let mut out = Vec::new();
            camera.renew(&site, &self.signals, &mut out);
            decided.extend(out.into_iter().map(|judged| Decided { camera: id.clone(), judged }));
        }
        if site.id() != self.site_id {
            self.cameras.clear();
        }
        self.site_id = site.id();
        self.site = site;
        (renewed, decided)
    }

    /// How far a camera has gone on, microseconds.
    pub(crate) fn progress_us(&self, camera: &CameraId) -> i64 {
        // A camera that was dropped is further than anything that it has decided.
        self.cameras.get(camera).map_or(i64::MAX, |camera| camera.progress_us)
    }

    /// The first observation that a restart must read, where it needs any.
    pub(crate) fn needs(&mut self) -> Option<Offset> {
        self.totals.cameras_beyond_rewind = 0;
        let mut needed = None;
        for camera in self.cameras.values() {
            let (offset, whole) = camera.needs();
            self.totals.cameras_beyond_rewind += u64::from(!whole);
            needed = needed.into_iter().chain(offset).min();
        }
        needed
    }

    /// Cameras that are there.
    pub(crate) fn cameras(&self) -> usize {
        self.cameras.len()
    }

    /// What was counted, over the cameras that are there and those that were dropped.
    pub(crate) fn totals(&self) -> Totals {
        let mut totals = self.totals.clone();
        totals.cameras = self.cameras.len() as u64;
        for camera in self.cameras.values() {
            totals.out_of_order += camera.out_of_order;
            totals.tracks_alive += camera.alive() as u64;
            totals.waiting += camera.waiting() as u64;
        }
        totals
    }
}
