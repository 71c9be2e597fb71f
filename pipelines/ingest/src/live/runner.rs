//! A camera's thread.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, never, select_biased, tick};
use wayside_capture::live::{LiveEvent, LiveFrame, Session};
use wayside_capture::ring::{Cut, CutError as RingError, Ring};
use wayside_live::schedule::CameraKey;
use wayside_live::{Action, Arrived, Camera};
use wayside_proto::EventTime;
use wayside_telemetry::{Stage, span};
use wayside_watch::{Gate, GateConfig, Watch};

use super::exchange::{Answer, Desk, Job};
use super::passing::Passing;
use super::pictures::Viewing;
use super::report::Report;
use super::worker::About;
use super::{CameraSetup, Sink, SinkError, WorkerClock, knock, session};
use crate::lamps::LampReader;

/// Events of the session that may wait for the camera's thread.
const EVENTS_MAX: usize = 64;
/// Answers of the detector that may wait: more than there are detector threads, each of which has one
/// frame of a camera at the most, so that no answer is lost.
const ANSWERS_MAX: usize = 256;
/// How often time passes for the core.
const TICK: Duration = Duration::from_millis(100);

/// What a camera's thread is asked from outside.
pub(super) enum Request {
    /// A part of the ring.
    Cut { from: EventTime, to: EventTime, reply: Sender<Result<Cut, RingError>> },
    /// To end.
    Stop,
}

/// Everything that one camera's thread owns.
pub(super) struct Runner {
    key: CameraKey,
    setup: CameraSetup,
    camera: Camera,
    lamps: LampReader,
    passing: Option<Passing>,
    viewing: Viewing,
    ring: Ring,
    desk: Desk,
    sink: Box<dyn Sink>,
    clock: WorkerClock,
    report: Report,
    session: Option<Session>,
    opened: Instant,
    events: Receiver<LiveEvent>,
    /// The answer to a knock; none where nobody is asked. One at a time: a name server may be slow.
    knocks: Option<Receiver<bool>>,
    answers: (Sender<Answer>, Receiver<Answer>),
    regions: Arc<[wayside_picture::PixelRect]>,
    inference: Duration,
    about: Arc<About>,
}

impl Runner {
    pub(super) fn new(
        key: CameraKey,
        setup: CameraSetup,
        desk: Desk,
        sink: Box<dyn Sink>,
        clock: WorkerClock,
        (about, viewing): (Arc<About>, Viewing),
    ) -> Self {
        let (width, height) = setup.config.size_px;
        let watch = Watch::new(setup.watch, width, height, setup.reference.as_ref());
        let gate = setup
            .motion_gate
            .then(|| Gate::new(GateConfig::default(), width, height, &setup.regions));
        let report = Report::new(&setup.config.site, &setup.config.camera);
        let camera = Camera::new(
            setup.config.clone(),
            setup.tracker.clone(),
            watch,
            gate,
            setup.seen_until,
            clock.now(),
        );
        Self {
            key,
            camera,
            lamps: LampReader::new(&setup.lamps),
            passing: setup.ends.clone().map(Passing::new),
            viewing,
            ring: Ring::new(setup.ring),
            desk,
            sink,
            clock,
            report,
            session: None,
            opened: Instant::now(),
            events: never(),
            knocks: None,
            answers: bounded(ANSWERS_MAX),
            regions: Arc::clone(&setup.regions),
            inference: Duration::ZERO,
            about,
            setup,
        }
    }

    /// Runs until it is asked to stop, or the sink fails.
    pub(super) fn run(mut self, requests: &Receiver<Request>) -> Result<(), SinkError> {
        let ticks = tick(TICK);
        let ended = loop {
            let knocks = self.knocks.clone().unwrap_or_else(never);
            let events = self.events.clone();
            let answers = self.answers.1.clone();
            let mut stop = false;
            select_biased! {
                recv(requests) -> request => match request {
                    Ok(Request::Cut { from, to, reply }) => {
                        let _ = reply.send(self.ring.select(from, to));
                    }
                    Ok(Request::Stop) | Err(_) => stop = true,
                },
                recv(answers) -> answer => if let Ok(answer) = answer {
                    self.answered(answer);
                },
                recv(ticks) -> _ => self.tick(),
                recv(knocks) -> answered => {
                    self.knocks = None;
                    self.camera.knocked(answered.unwrap_or(false), self.clock.now());
                },
                recv(events) -> event => match event {
                    Ok(event) => self.event(event),
                    Err(_) => self.events = never(),
                },
            }
            if stop {
                self.camera.stop(self.clock.now());
            }
            let mut done = self.act();
            if stop && done.is_ok() {
                done = self.last_words();
            }
            if stop || done.is_err() {
                break done;
            }
        };
        self.desk.leave(self.key);
        self.session = None;
        ended
    }

    /// What the ends of sections say when the run is over.
    fn last_words(&mut self) -> Result<(), SinkError> {
        let said = self.passing.as_mut().map_or_else(Vec::new, Passing::finish);
        said.into_iter().try_for_each(|passage| self.sink.passage(passage))
    }

    fn event(&mut self, event: LiveEvent) {
        match event {
            LiveEvent::Connected { codec, decoder } => {
                tracing::info!("camera {}: {codec} by {decoder}", self.setup.config.camera);
            }
            LiveEvent::Unit(unit) => {
                let at = self.clock.of(unit.arrived);
                let arrived = Arrived { rtp: unit.rtp, at, dropped: unit.dropped };
                let time = self.camera.arrived(arrived);
                self.ring.push(time, &unit);
            }
            LiveEvent::Frame(frame) => self.frame(frame),
            LiveEvent::Report(report) => {
                let at = self.clock.of(report.arrived);
                self.camera.report(report.ntp, report.rtp, at);
            }
            LiveEvent::PacketsLost { count } => {
                self.report.metrics().packets_lost(count.into());
            }
            LiveEvent::Damage { text } => {
                tracing::debug!("camera {}: {text}", self.setup.config.camera);
            }
            LiveEvent::Ended(ended) => {
                self.report.ended(&ended);
                let open = self.opened.elapsed();
                self.session = None;
                self.events = never();
                let core = session::ended(&ended, open, self.setup.options.connect_timeout);
                self.camera.ended(core, ended.text, chance(), self.clock.now());
            }
        }
    }

    fn frame(&mut self, frame: LiveFrame) {
        let arrived = frame.arrived.mono;
        self.report
            .metrics()
            .stage(Stage::Decode, frame.decoded.saturating_duration_since(arrived));
        let _span = span!(IngestFrame, camera = %self.setup.config.camera).entered();
        self.camera.picture(frame.rtp, frame.picture, self.clock.now());
    }

    fn answered(&mut self, answer: Answer) {
        self.report.answered(&answer);
        self.inference = answer.took;
        if let Err(cause) = &answer.found {
            tracing::error!("camera {}: the detector failed: {cause}", self.setup.config.camera);
        }
        let _span = span!(IngestTrack, camera = %self.setup.config.camera).entered();
        let now = self.clock.now();
        let camera = &mut self.camera;
        self.report
            .metrics()
            .timed(Stage::Track, || camera.detected(answer.ticket, answer.found, now));
    }

    fn tick(&mut self) {
        self.camera.tell_road_users(self.viewing.tick());
        self.camera.tick(self.clock.now());
        self.report.check(self.camera.frames());
        let reaches = self.ring.span().map_or(0.0, |(from, to)| to.since_s(from));
        let reaches = Duration::from_secs_f64(reaches.max(0.0));
        self.report.metrics().evidence_ring(self.ring.bytes() as u64, reaches);
    }

    /// Does what the core asks for, until it asks for nothing more.
    fn act(&mut self) -> Result<(), SinkError> {
        self.sink.tick(self.clock.now())?;
        loop {
            let actions = self.camera.actions();
            if actions.is_empty() {
                return Ok(());
            }
            for action in actions {
                self.perform(action)?;
            }
        }
    }

    fn perform(&mut self, action: Action) -> Result<(), SinkError> {
        match action {
            Action::Connect => self.connect(),
            Action::Disconnect => {
                self.report.silent();
                self.events = never();
                self.session = None;
            }
            Action::Knock => {
                if self.knocks.is_none() {
                    self.knocks = knock::knock(&self.setup.source.url);
                }
            }
            Action::Detect { ticket, picture, time } => {
                for change in self.lamps.read(time, &picture) {
                    self.sink.lamp(change)?;
                }
                if let Some(passing) = &mut self.passing {
                    passing.keep(time, &picture);
                }
                self.viewing.offer(time, &picture);
                let job = Job {
                    ticket,
                    picture,
                    regions: Arc::clone(&self.regions),
                    offered_us: self.clock.mono_us(Instant::now()),
                    answers: self.answers.0.clone(),
                };
                if let Some(displaced) = self.desk.offer(self.key, job) {
                    self.camera.displaced(displaced, self.clock.now());
                }
            }
            Action::Still { picture, time } => {
                for change in self.lamps.read(time, &picture) {
                    self.sink.lamp(change)?;
                }
                self.viewing.offer(time, &picture);
            }
            Action::Observe(mut observed) => {
                let now = self.clock.now();
                self.viewing.observe(&mut observed);
                self.report.observed(&observed);
                let said = self.passing.as_mut().map(|passing| passing.observe(&observed));
                let (sink, metrics) = (&mut self.sink, self.report.metrics());
                metrics.timed(Stage::Publish, || sink.observed(observed, now))?;
                for passage in said.unwrap_or_default() {
                    self.sink.passage(passage)?;
                }
            }
            Action::Health(mut health) => {
                health.inference_ms = self.inference.as_secs_f32() * 1e3;
                health.provider.clone_from(&self.about.provider);
                health.provider_fallback.clone_from(&self.about.fallback);
                health.clips_url.clone_from(&self.about.clips_url);
                self.report.health(&health);
                self.viewing.health(&health);
                self.sink.health(*health)?;
            }
        }
        Ok(())
    }

    fn connect(&mut self) {
        let _span = span!(IngestConnect, camera = %self.setup.config.camera).entered();
        self.session = None;
        self.opened = Instant::now();
        let (events, received) = bounded(EVENTS_MAX);
        match Session::open(&self.setup.source, &self.setup.options, events) {
            Ok(session) => {
                self.session = Some(session);
                self.events = received;
            }
            Err(error) => {
                let ended = wayside_live::Ended::Refused;
                self.camera.ended(ended, error.to_string(), chance(), self.clock.now());
            }
        }
    }
}

/// A number that differs between cameras and attempts, to spread them.
fn chance() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}
