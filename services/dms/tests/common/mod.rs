//! A service on an embedded log, with a clock that a test can set.
#![allow(dead_code)]

pub mod agent;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wayside_bus::{Bus, Log, LogOptions, Record, Topic};
use wayside_dms::{Options, Service, SignState, SiteFile, Standing, Totals};
use wayside_http::Clock;
use wayside_proto::convert::Message;
use wayside_proto::{
    CameraId, EventTime, MotorVehicleClass, Outcome, OutcomeId, RunId, SignContent, SignId,
    SignMessage, SignMessageId, SignText, SiteId, TrackId, Verdict,
};
use wayside_signs::Templates;
use wayside_site::Site;

const JUNCTION: &str = include_str!("../../../../site/tests/data/junction.toml");

/// How long anything may take to be seen on a busy machine.
pub const SOON: Duration = Duration::from_secs(120);
/// How long a source of [`SIGNS`] may be silent, seconds: long enough that a thread which is not given the
/// processor for a while is not taken for a dead one.
pub const TIMEOUT_S: f64 = 10.0;
/// How long a red light of [`SIGNS`] is told, seconds: long enough to be seen, whatever else the machine does.
pub const HOLD_S: f64 = 8.0;

/// One page and one matrix; a source that is silent for [`TIMEOUT_S`] is gone.
pub const SIGNS: &str = r#"
[[sign]]
id = "page"
name = "Main <b>street</b>"
kind = "billboard"
source_timeout_s = 10.0

[[sign.message]]
template = "red_light"
hold_s = 8.0

[[sign.message]]
template = "pedestrians_crossing"
places = ["N"]
hold_s = 60.0

[[sign]]
id = "matrix"
kind = "matrix"
width_px = 96
height_px = 24
language = "de"
source_timeout_s = 10.0

[[sign.message]]
template = "wrong_way"
"#;

/// A clock that runs, and can be set and stopped.
#[derive(Clone)]
pub struct Wall {
    offset: Arc<AtomicI64>,
    /// Where it stands; 0 while it runs.
    stands: Arc<AtomicI64>,
}

impl Wall {
    pub fn new() -> Self {
        Self { offset: Arc::default(), stands: Arc::default() }
    }

    pub fn clock(&self) -> Clock {
        let (wall, system) = (self.clone(), Clock::system());
        Clock::from_fn(move || match wall.stands.load(Ordering::Relaxed) {
            0 => EventTime(system.now().0 + wall.offset.load(Ordering::Relaxed)),
            stands => EventTime(stands),
        })
    }

    pub fn now(&self) -> EventTime {
        self.clock().now()
    }

    pub fn jump(&self, seconds: f64) {
        self.offset.fetch_add((seconds * 1e6) as i64, Ordering::Relaxed);
    }

    /// No time passes any more.
    pub fn stop(&self) {
        self.stands.store(self.now().0, Ordering::Relaxed);
    }
}

pub struct World {
    pub dir: TempDir,
    pub bus: Arc<dyn Bus>,
    pub wall: Wall,
    pub site: Arc<Site>,
    signs: String,
}

impl World {
    pub fn new(signs: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let log = Log::open(&dir.path().join("log"), LogOptions::default()).expect("a log");
        let site = Site::parse("site.toml", &format!("{JUNCTION}\n{signs}")).expect("sound");
        Self {
            dir,
            bus: Arc::new(log),
            wall: Wall::new(),
            site: Arc::new(site),
            signs: signs.to_owned(),
        }
    }

    pub fn file(&self) -> SiteFile {
        let folder: &Path = self.dir.path();
        SiteFile { site: Arc::clone(&self.site), folder: folder.to_path_buf() }
    }

    pub fn options(&self, source: &str) -> Options {
        let templates = Templates::with(&[]).expect("the built-in ones");
        Options { clock: self.wall.clock(), ..Options::new(source, templates) }
    }

    pub fn start(&self, source: &str) -> Service {
        Service::start(Arc::clone(&self.bus), &[self.file()], self.options(source)).expect("signs")
    }

    /// Writes messages for signs that others drive: the same signs, reached by nobody.
    pub fn start_other(&self, source: &str) -> Service {
        let mut text = String::new();
        for line in self.signs.lines().filter(|line| !line.starts_with("snmp")) {
            text.push_str(line);
            text.push('\n');
        }
        let site = Site::parse("site.toml", &format!("{JUNCTION}\n{text}")).expect("sound");
        let file = SiteFile { site: Arc::new(site), folder: self.dir.path().to_path_buf() };
        Service::start(Arc::clone(&self.bus), &[file], self.options(source)).expect("signs")
    }

    /// Shows what others write, and writes nothing.
    pub fn watch(&self) -> Service {
        let options = Options { feed: false, ..self.options("watch") };
        Service::start(Arc::clone(&self.bus), &[self.file()], options).expect("signs")
    }

    pub fn happens(&self, rule: &'static str, place: &str, time: EventTime) {
        let outcome = outcome(rule, place, time);
        let record = Record {
            key: "junction".to_owned(),
            time: time.0,
            id: Some(outcome.id.0.clone()),
            value: outcome.to_bytes().expect("sound"),
        };
        self.bus.append(Topic::Violations, vec![record]).expect("stored");
    }

    /// Writes a message, as any program may; `id` keeps the bus from storing it twice.
    pub fn says(&self, message: &SignMessage, id: bool) {
        let (time, name) = match &message.content {
            SignContent::Text(text) => (text.not_before, id.then(|| text.id.0.clone())),
            SignContent::Alive => (message.time, None),
        };
        let key = format!("{}/{}", message.site, message.sign);
        let value = message.to_bytes().expect("sound");
        let record = Record { key, time: time.0, id: name, value };
        self.bus.append(Topic::Signs, vec![record]).expect("stored");
    }

    pub fn text(&self, source: &str, slot: &str, priority: u8, life_s: f64) -> SignMessage {
        let (site, sign, now) = (SiteId::from("junction"), SignId::from("page"), self.wall.now());
        let text = SignText {
            id: SignMessageId::of(&site, &sign, &format!("{source}/{slot}"), now),
            slot: slot.to_owned(),
            priority,
            not_before: now,
            expires: now.plus_s(life_s),
            lines: vec![slot.to_owned()],
            multi: String::new(),
            pictogram: None,
        };
        let content = SignContent::Text(text);
        SignMessage { site, sign, source: source.to_owned(), time: now, content }
    }

    pub fn alive(&self, source: &str) -> SignMessage {
        let content = SignContent::Alive;
        SignMessage { content, ..self.text(source, "-", 1, 1.0) }
    }
}

pub fn outcome(rule: &'static str, place: &str, time: EventTime) -> Outcome {
    let (site, camera, run) =
        (SiteId::from("junction"), CameraId::from("south"), RunId::from("run"));
    Outcome {
        id: OutcomeId::derive(&site, &camera, &run, TrackId(7), rule, place, time),
        rule,
        rule_version: 1,
        site,
        camera,
        run,
        track: TrackId(7),
        class: MotorVehicleClass::Car,
        event_time: time,
        quantities: Vec::new(),
        signal: None,
        place: place.to_owned(),
        approach: None,
        lane: None,
        verdict: Verdict::Violation,
    }
}

pub fn sign(service: &Service, name: &str) -> SignState {
    service.states().into_iter().find(|state| state.sign == name).expect("the sign")
}

/// Waits until the sign is so.
pub fn until(service: &Service, name: &str, what: &str, is: impl Fn(&SignState) -> bool) {
    let began = Instant::now();
    while began.elapsed() < SOON {
        if is(&sign(service, name)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{name} is not {what} after {SOON:?}: {:#?}", sign(service, name));
}

/// Waits until a count is so.
pub fn counts(service: &Service, what: &str, is: impl Fn(&Totals) -> bool) {
    let began = Instant::now();
    while !is(&service.totals()) {
        assert!(began.elapsed() < SOON, "{what}: {:?}", service.totals());
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub fn shows(service: &Service, name: &str, line: &str) {
    until(service, name, line, |state| {
        state.state == Standing::Showing && state.text.iter().any(|text| text == line)
    })
}

pub fn is_blank(service: &Service, name: &str) {
    until(service, name, "blank", |state| state.state != Standing::Showing);
}

/// Waits until this instant is over and the sign is blank: it shows nothing that was asked for after the instant,
/// however slow the machine is.
pub fn is_blank_from(service: &Service, name: &str, wall: &Wall, end: EventTime) {
    let began = Instant::now();
    loop {
        let asked = wall.now();
        let state = sign(service, name);
        let showing = state.state == Standing::Showing;
        assert!(!showing || asked < end, "shown at {asked} instead of until {end}: {state:#?}");
        if !showing && asked >= end {
            return;
        }
        assert!(began.elapsed() < SOON, "{end} never comes: {state:#?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Looks for a while that the sign never shows this line.
pub fn never_shows(service: &Service, name: &str, line: &str, during: Duration) {
    let began = Instant::now();
    while began.elapsed() < during {
        let state = sign(service, name);
        assert!(!state.text.iter().any(|text| text == line), "{state:#?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
