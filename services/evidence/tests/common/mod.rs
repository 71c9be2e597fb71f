//! A road, cars that run its red light, a bus with what was seen, and pictures that were made for a test.
#![allow(dead_code)] // Each test file uses its part.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use wayside_bus::{Bus, Log, LogOptions, Partition, Record, Start, Stored, Topic};
use wayside_evidence::{
    About, BusSources, Footage, FootageError, Hook, MakeOptions, Maker, S3Options, Service,
    ServiceError, ServiceOptions, SiteText, SiteTexts, Store,
};
use wayside_package::{KeyRing, ModelRecord, Package, ProgramRecord, SigningKey};
use wayside_proto::convert::Message;
use wayside_proto::{
    BoxPx, CameraId, ClipRequest, ClockSource, Content, Covariance2, EventTime, Evidence,
    EvidenceResult, Hash32, Observation, Outcome, RedactedClip, RedactedStill, RedactionRecord,
    RoadUserClass, RunId, SealedPackage, SignalColour, TrackId, TrackState, Verdict,
};
use wayside_rules::Engine;
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};
use wayside_site::Site;

pub const ROAD: &str = include_str!("../../../package/tests/road.toml");

/// The same road under another name.
pub fn road(id: &str) -> String {
    ROAD.replacen("id = \"road\"", &format!("id = \"{id}\""), 1)
}

pub fn site(text: &str) -> Site {
    Site::parse("road.toml", text).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// Cars that drive through, one every four seconds; the light is red from second 5 to 65.
pub fn observations(site: &Site, camera: &str, cars: usize) -> Vec<Observation> {
    let frames = (20 + 4 * cars as u64) * 10;
    let observation = |frame: u64| {
        let t = frame as f64 / 10.0;
        let tracks = (0..cars).filter_map(|car| car_at(car, t)).collect();
        Observation {
            site: site.id(),
            camera: CameraId::from(camera),
            run: RunId::from("run"),
            sequence: frame,
            time: site.start().plus_s(t),
            clock_source: ClockSource::Rtcp,
            clock_uncertainty_us: 5_000,
            content: Content::Tracks { tracks, skipped_still: false },
        }
    };
    (0..frames).map(observation).collect()
}

fn car_at(car: usize, t: f64) -> Option<TrackState> {
    let x = -80.0 + 10.0 * (t - 4.0 * car as f64);
    if !(-80.0..=120.0).contains(&x) {
        return None;
    }
    let left = (640.0 + 4.0 * x) as f32;
    Some(TrackState {
        id: TrackId(car as u64 + 1),
        class: RoadUserClass::Car,
        class_confidence: 0.9,
        confidence: 0.8,
        box_px: Some(BoxPx { x0: left, y0: 300.0, x1: left + 60.0, y1: 350.0 }),
        front_m: [x, -1.75],
        front_cov_m2: Covariance2::isotropic(0.05),
        heading_rad: 0.0,
        heading_sigma_rad: 0.05,
        velocity_ms: [10.0, 0.0],
        velocity_cov_m2s2: Covariance2::isotropic(0.05),
        length_m: 4.5,
        width_m: 1.8,
        measured: true,
    })
}

pub fn signals(site: &Site) -> Vec<SignalRecord> {
    let record = |t: f64, group: &str, state| SignalRecord {
        time: site.start().plus_s(t),
        group: group.to_owned(),
        state,
        source: SignalSource::Log,
    };
    vec![
        record(-90.0, "S", SignalColour::Red),
        record(-60.0, "S", SignalColour::Green),
        record(-60.0, "P", SignalColour::Red),
        record(2.0, "S", SignalColour::Yellow),
        record(5.0, "S", SignalColour::Red),
        record(65.0, "S", SignalColour::Green),
    ]
}

pub fn outcomes(site: &Site, observations: &[Observation]) -> Vec<Outcome> {
    let history = SignalHistory::with_records(&site.file().signals, signals(site));
    let mut engine = Engine::new(site);
    let mut out: Vec<Outcome> =
        observations.iter().flat_map(|o| engine.observe(o, &history)).collect();
    out.extend(engine.finish(&history).0);
    out.retain(|outcome| outcome.rule == "red_light");
    out
}

/// A road with what was seen on it.
pub struct Scene {
    pub toml: String,
    pub site: Site,
    pub observations: Vec<Observation>,
    pub violations: Vec<Outcome>,
}

pub fn scene(id: &str, cars: usize) -> Scene {
    let toml = road(id);
    let site = site(&toml);
    let observations = observations(&site, "camera", cars);
    let mut violations = outcomes(&site, &observations);
    violations.retain(|outcome| outcome.verdict == Verdict::Violation);
    assert_eq!(violations.len(), cars, "each car runs the red light");
    Scene { toml, site, observations, violations }
}

impl Scene {
    pub fn texts(&self) -> SiteTexts {
        let text = SiteText {
            site: Arc::new(self.site.clone()),
            toml: self.toml.clone(),
            signals: Arc::new(signals(&self.site)),
        };
        BTreeMap::from([(self.site.id(), text)])
    }

    pub fn append(&self, bus: &dyn Bus) {
        let records = self.observations.iter().map(|observation| Record {
            key: format!("{}/{}", observation.site, observation.camera),
            time: observation.time.0,
            id: None,
            value: observation.to_bytes().expect("bytes"),
        });
        bus.append(Topic::Observations, records.collect()).expect("appended");
        append_violations(bus, &self.violations);
    }
}

pub fn append_violations(bus: &dyn Bus, outcomes: &[Outcome]) {
    let records = outcomes.iter().map(|outcome| Record {
        key: outcome.site.0.clone(),
        time: outcome.event_time.0,
        id: Some(outcome.id.0.clone()),
        value: outcome.to_bytes().expect("bytes"),
    });
    bus.append(Topic::Violations, records.collect()).expect("appended");
}

pub fn log(dir: &Path) -> Arc<dyn Bus> {
    Arc::new(Log::open(dir, LogOptions::default()).expect("a log"))
}

pub fn store(dir: &Path) -> Arc<Store> {
    let place = dir.to_str().expect("a path");
    Arc::new(Store::open(place, &S3Options::default()).expect("a store"))
}

/// What a worker would give; the bytes are told apart by violation alone.
pub fn clip(request: &ClipRequest) -> RedactedClip {
    let (_, line) = request.moments[1];
    let stills = request.moments.iter().map(|(moment, time)| RedactedStill {
        moment: *moment,
        time: *time,
        jpeg: [b"\xff\xd8\xff made for a test: ", request.violation.0.as_bytes()].concat(),
    });
    RedactedClip {
        violation: request.violation.clone(),
        width_px: 1280,
        height_px: 720,
        mp4: [b"\0\0\0\x18ftypisom made for a test".as_slice(), &[7; 700]].concat(),
        frames: (-20..=20).map(|n| line.plus_s(f64::from(n) / 10.0)).collect(),
        stills: stills.collect(),
        redaction: RedactionRecord {
            method: "allow-list 1".to_owned(),
            models: vec![("yolox-nano".to_owned(), "1f".repeat(32))],
            frames: 41,
            hidden_road_users: 120,
            hidden_faces: 3,
            hidden_movers: 17,
            hidden_share: 0.1,
            block_px: (8, 32),
        },
    }
}

type Answer = Box<dyn Fn(&ClipRequest, u64) -> Result<RedactedClip, FootageError> + Send + Sync>;

/// A worker that answers as a test wants; it is told how often the violation was asked for before.
pub struct FakeFootage {
    answer: Answer,
    asked: Mutex<BTreeMap<String, u64>>,
}

impl FakeFootage {
    pub fn new(
        answer: impl Fn(&ClipRequest, u64) -> Result<RedactedClip, FootageError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { answer: Box::new(answer), asked: Mutex::default() })
    }

    pub fn good() -> Arc<Self> {
        Self::new(|request, _| Ok(clip(request)))
    }

    pub fn asked(&self) -> u64 {
        self.asked.lock().expect("the lock").values().sum()
    }
}

impl Footage for FakeFootage {
    fn fetch(&self, request: &ClipRequest, _: Option<&str>) -> Result<RedactedClip, FootageError> {
        let before = {
            let mut asked = self.asked.lock().expect("the lock");
            let count = asked.entry(request.violation.0.clone()).or_default();
            *count += 1;
            *count - 1
        };
        (self.answer)(request, before)
    }
}

pub fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

pub fn about() -> About {
    About {
        program: ProgramRecord {
            name: "wayside".to_owned(),
            version: "0.1.0".to_owned(),
            sha256: None,
        },
        models: vec![ModelRecord {
            name: "yolox-nano".to_owned(),
            sha256: "1f".repeat(32),
            used_for: "detector".to_owned(),
        }],
    }
}

/// How long what passes is tried again: long enough for a busy machine, short for one that waits for the end of it.
pub const TRIED: Duration = Duration::from_secs(6);

/// Short times, and no bound on age: the road's day is long past.
pub fn options() -> MakeOptions {
    MakeOptions { footage_max: TRIED, store_max: TRIED, age_s_max: None, ..MakeOptions::default() }
}

static TICKS: AtomicU64 = AtomicU64::new(0);

/// A clock that never stands still, so that a package that is made again is another one.
pub fn tick() -> EventTime {
    let ticks = TICKS.fetch_add(1, Ordering::Relaxed);
    EventTime::parse("2026-06-02T08:00:00Z").expect("an instant").plus_s(ticks as f64)
}

pub fn maker(store: &Arc<Store>, footage: Arc<dyn Footage>, hook: Option<Hook>) -> Maker {
    let clock = Arc::new(|_: &Outcome| tick());
    let mut maker =
        Maker::new(Arc::clone(store), footage, key(), KeyRing::new(), about(), options(), clock);
    if let Some(hook) = hook {
        maker.with_hook(hook);
    }
    maker
}

pub fn sources(bus: &Arc<dyn Bus>, texts: SiteTexts) -> Arc<BusSources> {
    Arc::new(BusSources::new(Arc::clone(bus), texts, tick))
}

pub fn service(
    bus: &Arc<dyn Bus>,
    store: &Arc<Store>,
    footage: Arc<dyn Footage>,
    texts: SiteTexts,
    hook: Option<Hook>,
) -> Service {
    let maker = maker(store, footage, hook);
    let sources = sources(bus, texts);
    Service::join(Arc::clone(bus), maker, sources, ServiceOptions::default()).expect("a service")
}

/// Runs until `published` violations have evidence on the bus, or the process dies.
pub fn run(
    service: &mut Service,
    bus: &Arc<dyn Bus>,
    published: usize,
) -> Result<(), ServiceError> {
    let began = Instant::now();
    loop {
        let progress = service.run_once(Duration::from_millis(20))?;
        if evidence(bus).len() >= published && service.is_idle(&progress) {
            return Ok(());
        }
        assert!(began.elapsed() < Duration::from_secs(900), "{progress:?} {:?}", service.totals());
    }
}

pub fn records(bus: &Arc<dyn Bus>, topic: Topic) -> Vec<Stored> {
    let mut all = Vec::new();
    for number in 0..bus.partitions(topic).expect("partitions") {
        let mut reader = bus.read_from(topic, Partition(number), Start::Begin).expect("a reader");
        let end = reader.end().expect("an end");
        while reader.next() < end {
            all.extend(reader.read(1_000, 1 << 20, Duration::from_secs(1)).expect("records"));
        }
    }
    all
}

pub fn evidence(bus: &Arc<dyn Bus>) -> Vec<Evidence> {
    let read = |stored: Stored| Evidence::from_bytes(&stored.value).expect("evidence");
    records(bus, Topic::Evidence).into_iter().map(read).collect()
}

pub fn sealed(evidence: &Evidence) -> &SealedPackage {
    match &evidence.result {
        EvidenceResult::Sealed(package) => package,
        EvidenceResult::Failed { cause, detail } => panic!("{cause:?}: {detail}"),
    }
}

/// Every violation has one package, on the bus and in the store, and they form one chain.
pub fn check(bus: &Arc<dyn Bus>, store: &Store, scene: &Scene) {
    let published = evidence(bus);
    let mut ids: Vec<&str> = published.iter().map(|it| it.violation.0.as_str()).collect();
    let mut wanted: Vec<&str> = scene.violations.iter().map(|it| it.id.0.as_str()).collect();
    ids.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(ids, wanted, "each violation once");
    let mut packages: Vec<&SealedPackage> = published.iter().map(sealed).collect();
    packages.sort_by_key(|package| package.chain_number);
    let mut previous = Hash32::default();
    for (number, stated) in packages.iter().enumerate() {
        let bytes = store.get(&stated.uri, 1 << 28).expect("the store").expect("the package");
        let package = Package::open(&bytes).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(package.manifest().chain.number, number as u64, "no hole, no fork");
        assert_eq!(package.manifest().chain.previous, previous);
        assert_eq!(stated.size_bytes, bytes.len() as u64);
        assert_eq!(stated.chain_number, number as u64);
        previous = package.manifest_sha256();
    }
}
