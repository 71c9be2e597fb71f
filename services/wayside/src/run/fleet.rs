//! The cameras that the site files name, and those at work.

use std::collections::BTreeMap;
use std::sync::Arc;

use wayside_bus::{Bus, Log, Topic};
use wayside_inference::Detector;
use wayside_ingest::live::Worker;
use wayside_ingest::sections::{self, Embed};
use wayside_proto::{CameraId, EventTime, RunId, SiteId};
use wayside_site::Site;
use wayside_site::model::Footage;
use wayside_telemetry::{Board, CameraMetrics, cameras_configured};

use super::cameras::{self, Common};
use super::publish::{Acknowledgements, camera_key};
use crate::commands::run::IngestArgs;
use crate::failure::Failure;
use crate::models;
use crate::sites::{Loaded, Sites};

/// Most cameras of one worker.
const CAMERAS_MAX: usize = 1_000;

/// Cameras at work, and what they were made from.
pub(super) struct Fleet<'a> {
    args: &'a IngestArgs,
    run: RunId,
    detector: Detector,
    /// What the model was made for.
    footage: Footage,
    /// One for all cameras that see the end of a section, opened with the first of them.
    embed: Option<Embed>,
    worker: Worker,
    acknowledged: &'a Acknowledgements,
    bus: &'a Arc<dyn Bus>,
    /// The embedded log, where the bus is one.
    log: Option<&'a Log>,
    board: &'a Board,
    known: BTreeMap<SiteId, Loaded>,
    started: usize,
}

/// Refuses a worker without cameras, unless some may come, or with too many.
pub(super) fn count(sites: &Sites, may_come: bool) -> Result<(), Failure> {
    let count: usize = sites.all().map(|loaded| cameras::live(&loaded.site).count()).sum();
    match count {
        0 if may_come => {
            tracing::info!(
                "no camera has a stream yet; one that is made in the console is watched at once"
            );
            Ok(())
        }
        0 => Err(Failure::input(
            "no camera of these site files has a stream\n  hint: give cameras a [camera.rtsp] table with their url; `wayside camera FILE` serves a recording as one",
        )),
        1..=CAMERAS_MAX => Ok(()),
        _ => Err(Failure::input(format!(
            "{count} cameras; one worker takes {CAMERAS_MAX}\n  hint: run several workers"
        ))),
    }
}

impl<'a> Fleet<'a> {
    pub(super) fn new(
        args: &'a IngestArgs,
        run: RunId,
        (detector, footage): (Detector, Footage),
        worker: Worker,
        acknowledged: &'a Acknowledgements,
        (bus, log): (&'a Arc<dyn Bus>, Option<&'a Log>),
        board: &'a Board,
    ) -> Self {
        let known = BTreeMap::new();
        Self {
            args,
            run,
            detector,
            footage,
            embed: None,
            worker,
            acknowledged,
            bus,
            log,
            board,
            known,
            started: 0,
        }
    }

    /// Takes every camera at the start. One that cannot be taken is an error here.
    pub(super) fn take(&mut self, sites: &Sites) -> Result<(), Failure> {
        for loaded in sites.all() {
            for (camera, _) in cameras::live(&loaded.site) {
                self.start(loaded, &camera.id)?;
            }
            self.known(loaded);
        }
        Ok(())
    }

    /// Takes, lets go and starts anew what a changed site file says; cameras that it leaves as they were
    /// go on. A camera that cannot be taken is told and left out.
    pub(super) fn apply(&mut self, loaded: &Loaded) {
        let site = loaded.site.id();
        let before = self.known.get(&site).cloned();
        let now: Vec<&str> =
            cameras::live(&loaded.site).map(|(camera, _)| camera.id.as_str()).collect();
        let (mut gone, mut changed) = (0, 0);
        if let Some(before) = &before {
            for (camera, _) in cameras::live(&before.site) {
                if !now.contains(&camera.id.as_str()) {
                    self.stop(&site, &camera.id);
                    gone += 1;
                }
            }
        }
        for id in &now {
            if before.as_ref().is_some_and(|before| is_same(&before.site, &loaded.site, id)) {
                continue;
            }
            changed += 1;
            self.stop(&site, id);
            if let Err(failure) = self.start(loaded, id) {
                tracing::error!("camera {site}/{id} is left out: {failure}");
            }
        }
        tracing::info!(
            "site {site}: read again; {changed} cameras new or changed, {gone} gone, {} as before",
            now.len() - changed
        );
        self.known(loaded);
    }

    /// Why the worker cannot go on; none while it can.
    pub(super) fn broken(&mut self) -> Option<String> {
        self.worker.broken()
    }

    fn known(&mut self, loaded: &Loaded) {
        cameras_configured(&loaded.site.id(), cameras::live(&loaded.site).count());
        self.known.insert(loaded.site.id(), loaded.clone());
    }

    fn start(&mut self, loaded: &Loaded, id: &str) -> Result<(), Failure> {
        let site = loaded.site.id();
        let camera = CameraId(id.to_owned());
        let found = cameras::live(&loaded.site).find(|(camera, _)| camera.id == id);
        let Some((key, rtsp)) = found else { return Ok(()) };
        if loaded.site.file().footage_of(id) != self.footage {
            return Err(Failure::input(
                "it shows another kind of footage (`footage`: real or simulated) than the model of this process was made for\n  hint: start the process again; one process takes one kind",
            ));
        }
        // Each start is a run of its own: track ids are never used again.
        let run = RunId(match self.started {
            0 => self.run.0.clone(),
            number => format!("{}#{number}", self.run),
        });
        if self.embed.is_none() && sections::sees_end(&loaded.site, id) {
            self.embed = Some(sections::shared(models::embedder(&self.args.models)?));
        }
        let embed = self.embed.as_ref();
        let common = Common { args: self.args, run: &run, detector: &self.detector, embed };
        let place = (loaded.path.as_path(), &*loaded.site);
        let seen = self.seen_until(&site, &camera)?;
        let setup = cameras::setup(&common, place, (key, rtsp), seen, self.started)?;
        self.started += 1;
        let metrics = CameraMetrics::new(&site, &camera);
        let closed = || Failure::failed("the bus is closed");
        let sink = self
            .acknowledged
            .sink((site, camera), self.bus, self.board, &metrics)
            .ok_or_else(closed)?;
        self.worker.add(setup, sink).map_err(|error| {
            Failure::failed(format!("camera {id} cannot be given a thread: {error}"))
        })
    }

    fn stop(&mut self, site: &SiteId, id: &str) {
        self.worker.remove(&(site.0.clone(), id.to_owned()));
        // Its next start goes on where the log ends: what was handed over last has to be there. Where the
        // disk refuses, the worker hears of it from the observations themselves.
        let _ = self.bus.flush();
        self.board.forget_camera(site, &CameraId(id.to_owned()));
    }

    /// Time of the camera's last durable observation, from where on nobody looked. Kafka cannot be
    /// asked for the last record of a key; there a run begins without the gap before it, which
    /// changes no judgement, since tracks end with their run.
    fn seen_until(&self, site: &SiteId, camera: &CameraId) -> Result<Option<EventTime>, Failure> {
        let Some(log) = self.log else { return Ok(None) };
        let last =
            log.last(Topic::Observations, &camera_key(site, camera)).map_err(Failure::failed)?;
        Ok(last.map(|stored| EventTime(stored.time)))
    }
}

/// Whether nothing that a camera's thread was told has changed.
fn is_same(before: &Site, now: &Site, id: &str) -> bool {
    let (a, b) = (before.file(), now.file());
    before.camera(id) == now.camera(id)
        && a.footage_of(id) == b.footage_of(id)
        && a.lanes == b.lanes
        && a.stop_lines == b.stop_lines
        && a.crossings == b.crossings
        && a.conflict_areas == b.conflict_areas
        && a.no_stopping_zones == b.no_stopping_zones
        && a.exit_lines == b.exit_lines
        && a.sections == b.sections
}
