//! How long it takes from a violation on the bus to its sealed package on the bus, for ten seconds of 720p:
//! real decoding, redaction, seal, store and bus. It takes minutes, so it is asked for by name:
//!
//! `cargo test --workspace --test evidence_speed -- --ignored --nocapture`

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{root, run};
use wayside_bus::{Bus, Log, LogOptions, Partition, Record, Start, Topic};
use wayside_capture::Source as Recording;
use wayside_clips::{Eyes, Source};
use wayside_evidence::{
    About, BusSources, Footage, FootageError, MakeOptions, Maker, S3Options, Service,
    ServiceOptions, SiteText, Store,
};
use wayside_inference::manifest::Manifest;
use wayside_inference::store::{Store as ModelStore, shipped_dirs};
use wayside_inference::{Detector, RunOptions, Runtime};
use wayside_package::{KeyRing, ProgramRecord, SigningKey};
use wayside_proto::convert::{Message, decode_observations};
use wayside_proto::{
    ClipRequest, EventTime, Evidence, EvidenceResult, Observation, Outcome, RedactedClip, Verdict,
};
use wayside_rules::Engine;
use wayside_rules::signals::{SignalHistory, read_csv};
use wayside_site::Site;

/// Rounds over all violations of the example.
const ROUNDS: usize = 4;

struct OfRecording {
    source: Source,
    eyes: Mutex<Eyes>,
}

impl Footage for OfRecording {
    fn fetch(&self, request: &ClipRequest, _: Option<&str>) -> Result<RedactedClip, FootageError> {
        let mut eyes = self.eyes.lock().unwrap();
        wayside_clips::redact(&self.source, request, &mut eyes)
            .map_err(|error| FootageError::lasting(error.failure(), error.to_string()))
    }
}

fn eyes() -> Eyes {
    let manifest = Manifest::embedded().unwrap();
    let model = manifest.model("wayside-junction").unwrap();
    let store = ModelStore::new(Vec::new(), PathBuf::from("none")).with_shipped(shipped_dirs());
    let file = store.present(model).expect("the model that ships with the program");
    let runtime = Runtime::load(None).unwrap();
    Eyes::new(Detector::open(&runtime, model, &file, RunOptions::default()).unwrap(), None)
}

/// The example as a replay saw it.
fn seen(dir: &Path) -> (Site, SiteText, Vec<Observation>, Vec<Outcome>) {
    let junction = root().join("examples/junction");
    let mut command = common::command(["replay", "--quiet", "--no-pictures"]);
    command.arg(junction.join("site.toml")).arg("--out").arg(dir);
    run(command).succeeded();
    let toml = fs::read_to_string(junction.join("site.toml")).unwrap();
    let site = Site::parse("site.toml", &toml).unwrap();
    let log = fs::read_to_string(junction.join("signals.csv")).unwrap();
    let signals = read_csv("signals.csv", &log, &site).unwrap();
    let observations =
        decode_observations(&fs::read(dir.join("observations.binpb")).unwrap()).unwrap();
    let history = SignalHistory::with_records(&site.file().signals, signals.iter().cloned());
    let mut engine = Engine::new(&site);
    let mut outcomes: Vec<Outcome> =
        observations.iter().flat_map(|o| engine.observe(o, &history)).collect();
    outcomes.extend(engine.finish(&history).0);
    outcomes.retain(|outcome| outcome.verdict == Verdict::Violation);
    let text = SiteText { site: Arc::new(site.clone()), toml, signals: Arc::new(signals) };
    (site, text, observations, outcomes)
}

fn now() -> EventTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    EventTime(i64::try_from(since.as_micros()).unwrap())
}

#[test]
#[ignore = "takes minutes; prints a figure"]
fn soak_from_violation_to_sealed_package() {
    let dir = tempfile::tempdir().unwrap();
    let (site, text, observations, outcomes) = seen(&dir.path().join("out"));
    let camera = site.file().cameras[0].clone();
    let clip = root().join("examples/junction/clip.mp4");
    let start = site.start().plus_s(camera.offset_s);
    let source = Source::recording(Recording::parse(&clip, 0.0), start);
    let footage: Arc<dyn Footage> = Arc::new(OfRecording { source, eyes: Mutex::new(eyes()) });
    let (mut took_s, mut fetch_s, mut bytes, mut frames) = (Vec::new(), Vec::new(), 0, 0);
    for round in 0..ROUNDS {
        let place = dir.path().join(format!("round-{round}"));
        let bus: Arc<dyn Bus> =
            Arc::new(Log::open(&place.join("bus"), LogOptions::default()).unwrap());
        let records = observations.iter().map(|observation| Record {
            key: format!("{}/{}", observation.site, observation.camera),
            time: observation.time.0,
            id: None,
            value: observation.to_bytes().unwrap(),
        });
        bus.append(Topic::Observations, records.collect()).unwrap();
        let store = place.join("store");
        let store = Store::open(store.to_str().unwrap(), &S3Options::default()).unwrap();
        let program = ProgramRecord {
            name: "wayside".to_owned(),
            version: "measured".to_owned(),
            sha256: None,
        };
        let maker = Maker::new(
            Arc::new(store),
            Arc::clone(&footage),
            SigningKey::from_seed(&[7; 32]),
            KeyRing::new(),
            About { program, models: Vec::new() },
            MakeOptions { age_s_max: None, ..MakeOptions::default() },
            Arc::new(|_: &Outcome| now()),
        );
        let texts = BTreeMap::from([(site.id(), text.clone())]);
        let sources = Arc::new(BusSources::new(Arc::clone(&bus), texts, now));
        let mut service =
            Service::join(Arc::clone(&bus), maker, sources, ServiceOptions::default()).unwrap();
        let mut reader = bus.read_from(Topic::Evidence, Partition(0), Start::Begin).unwrap();
        service.run_once(Duration::from_millis(50)).unwrap();
        for outcome in &outcomes {
            let record = Record {
                key: outcome.site.0.clone(),
                time: outcome.event_time.0,
                id: Some(outcome.id.0.clone()),
                value: outcome.to_bytes().unwrap(),
            };
            bus.append(Topic::Violations, vec![record]).unwrap();
            let began = Instant::now();
            let stored = loop {
                let progress = service.run_once(Duration::from_millis(20)).unwrap();
                fetch_s.extend(progress.took_s.iter().map(|(_, fetch)| *fetch));
                let mut published = reader.read(1, 1 << 20, Duration::ZERO).unwrap();
                if let Some(stored) = published.pop() {
                    break stored;
                }
            };
            took_s.push(began.elapsed().as_secs_f64());
            let evidence = Evidence::from_bytes(&stored.value).unwrap();
            match evidence.result {
                EvidenceResult::Sealed(package) => bytes += package.size_bytes,
                EvidenceResult::Failed { cause, detail } => panic!("{cause:?}: {detail}"),
            }
            frames += 1;
        }
    }
    let at = |values: &mut Vec<f64>, share: f64| {
        values.sort_by(f64::total_cmp);
        let place = (values.len() as f64 * share).ceil() as usize;
        values[place.clamp(1, values.len()) - 1]
    };
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!(
        "{} packages, {:.1} MB on average: from violation to package p50 {:.2} s, p99 {:.2} s; of that, pictures p50 {:.2} s; load {}",
        took_s.len(),
        bytes as f64 / 1e6 / f64::from(frames),
        at(&mut took_s, 0.5),
        at(&mut took_s, 0.99),
        at(&mut fetch_s, 0.5),
        load.trim()
    );
    assert_eq!(took_s.len(), ROUNDS * outcomes.len());
}
