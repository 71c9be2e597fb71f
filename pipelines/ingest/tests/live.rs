//! A worker over a real RTSP camera, with a detector that sees nothing: frames become observations, and
//! clips come out of the evidence ring.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use wayside_camera::{Options, Server};
use wayside_capture::live::{LiveOptions, LiveSource, Transport};
use wayside_capture::ring::RingLimits;
use wayside_capture::{Reader, ReaderOptions, Source};
use wayside_clips::{Eyes, for_redaction};
use wayside_inference::manifest::Manifest;
use wayside_inference::store::Store;
use wayside_inference::{Detector, RunOptions, Runtime};
use wayside_ingest::lamps::LampChange;
use wayside_ingest::live::{
    BatchConfig, CameraSetup, Clips, DetectEach, Exchange, Refused, Sink, SinkError, Worker,
    WorkerClock,
};
use wayside_live::clock::{ClockConfig, Reference};
use wayside_live::{CameraConfig, Now, Observed};
use wayside_proto::{
    BoxPx, CameraHealth, CameraId, ClipRequest, Content, EventTime, EvidenceFailure, Moment,
    MotorVehicleClass, Observation, OutcomeId, Passage, RunId, SiteId, SubjectAt, TrackId,
};
use wayside_site::Site;
use wayside_telemetry::{InferenceMetrics, Provider};
use wayside_tracking::{Tracker, TrackerConfig};
use wayside_watch::WatchConfig;

/// What a camera published.
#[derive(Default)]
struct Published {
    observations: Vec<Observation>,
    health: Vec<CameraHealth>,
    passages: Vec<Passage>,
}

struct Keep {
    published: Arc<Mutex<Published>>,
    /// Observations after which the sink fails.
    fails_after: usize,
}

impl Sink for Keep {
    fn observed(&mut self, observed: Observed, _: Now) -> Result<(), SinkError> {
        let mut published = self.published.lock().unwrap();
        if published.observations.len() >= self.fails_after {
            return Err(SinkError("the disk is full".to_owned()));
        }
        published.observations.push(observed.observation);
        Ok(())
    }

    fn lamp(&mut self, _: LampChange) -> Result<(), SinkError> {
        Ok(())
    }

    fn passage(&mut self, passage: Passage) -> Result<(), SinkError> {
        self.published.lock().unwrap().passages.push(passage);
        Ok(())
    }

    fn health(&mut self, health: CameraHealth) -> Result<(), SinkError> {
        self.published.lock().unwrap().health.push(health);
        Ok(())
    }

    fn tick(&mut self, _: Now) -> Result<(), SinkError> {
        Ok(())
    }
}

fn example() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/junction")
}

fn setup(url: String) -> CameraSetup {
    let text = std::fs::read_to_string(example().join("site.toml")).unwrap();
    let site = Site::parse("site.toml", &text).unwrap();
    let model = site.camera_model("north").unwrap().clone();
    CameraSetup {
        config: CameraConfig {
            site: SiteId::from("junction"),
            camera: CameraId::from("north"),
            run: RunId::from("r1"),
            size_px: (1280, 720),
            silence_us_max: 60_000_000,
            connect_us_max: 60_000_000,
            spread_us: 0,
            clock: ClockConfig {
                error_ms_max: 5_000.0,
                reference: Reference::Worker,
                declared_us: 0,
            },
        },
        source: LiveSource {
            url,
            transport: Transport::Tcp,
            credentials: None,
            jitter_ms: 100,
            tls_ca: None,
        },
        options: LiveOptions::default(),
        tracker: Tracker::new(model, &site.file().lanes, TrackerConfig::default()),
        ends: None,
        lamps: Vec::new(),
        watch: WatchConfig::default(),
        reference: None,
        motion_gate: false,
        regions: Arc::from([]),
        ring: RingLimits { window: Duration::from_secs(30), bytes_max: 64 << 20 },
        seen_until: None,
    }
}

/// A worker whose detector sees nothing, or fails.
fn worker(fails: bool) -> Worker {
    let clock = WorkerClock::start();
    let detect: DetectEach = Box::new(move |pictures| {
        if fails { Err("no memory".to_owned()) } else { Ok(vec![Vec::new(); pictures.len()]) }
    });
    let metrics = InferenceMetrics::new(Provider::Cpu, Provider::Cpu);
    let batch = BatchConfig { frames_max: 1, wait_us_max: 0 };
    let exchange = Exchange::start(batch, vec![detect], metrics, clock).unwrap();
    Worker::new(exchange, ("cpu".to_owned(), String::new()), clock).expect("a thread")
}

fn wait(what: &str, mut there: impl FnMut() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < Duration::from_secs(600), "{what} never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn name() -> (String, String) {
    ("junction".to_owned(), "north".to_owned())
}

#[test]
fn frames_become_observations_and_clips_come_out_of_the_ring() {
    let server = Server::start(Options::new(example().join("clip.mp4"))).unwrap();
    let published = Arc::new(Mutex::new(Published::default()));
    let mut worker = worker(false);
    let sink = Keep { published: Arc::clone(&published), fails_after: usize::MAX };
    worker.add(setup(server.url()), Box::new(sink)).unwrap();
    wait("forty frames", || published.lock().unwrap().observations.len() >= 40);
    let times: Vec<EventTime> = {
        let published = published.lock().unwrap();
        let looked =
            published.observations.iter().filter(|o| matches!(o.content, Content::Tracks { .. }));
        looked.map(|o| o.time).collect()
    };
    let (from, to) = (times[10], times[30]);
    let clips = worker.cut(&name(), from, to).unwrap();
    assert_eq!(clips.len(), 1);
    assert!(clips[0].from <= from && clips[0].to >= to, "{} to {}", clips[0].from, clips[0].to);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clip.mp4");
    std::fs::write(&file, &clips[0].bytes).unwrap();
    let source = Source::parse(&file, 0.0);
    let mut reader = Reader::open(&source, ReaderOptions::default()).unwrap();
    let mut frames = 0;
    while reader.next().unwrap().is_some() {
        frames += 1;
    }
    assert!(frames >= 21, "{frames} frames");

    assert!(worker.broken().is_none());
    assert!(worker.cut(&("junction".to_owned(), "south".to_owned()), from, to).is_err());
    worker.remove(&name());
    let published = published.lock().unwrap();
    let last = published.health.last().unwrap();
    assert!(last.frames.closes() && last.frames.under_way == 0, "{:?}", last.frames);
    assert!(last.frames.looked > 30 && last.provider == "cpu", "{last:?}");
    let sequence: Vec<u64> = published.observations.iter().map(|o| o.sequence).collect();
    assert!(sequence.iter().copied().eq(0..sequence.len() as u64));
}

#[test]
fn a_detector_that_fails_leaves_gaps_and_says_so() {
    let server = Server::start(Options::new(example().join("clip.mp4"))).unwrap();
    let published = Arc::new(Mutex::new(Published::default()));
    let mut worker = worker(true);
    let sink = Keep { published: Arc::clone(&published), fails_after: usize::MAX };
    worker.add(setup(server.url()), Box::new(sink)).unwrap();
    wait("a gap", || {
        let published = published.lock().unwrap();
        published.health.iter().any(|health| health.frames.stood_down > 5)
    });
    worker.remove(&name());
    let published = published.lock().unwrap();
    let last = published.health.last().unwrap();
    assert!(last.frames.closes() && last.frames.looked == 0, "{:?}", last.frames);
    let told = published.health.iter().any(|health| health.detail.contains("no memory"));
    assert!(told, "nobody says why");
}

#[test]
fn a_sink_that_fails_ends_its_camera_and_the_worker_hears_of_it() {
    let server = Server::start(Options::new(example().join("clip.mp4"))).unwrap();
    let published = Arc::new(Mutex::new(Published::default()));
    let mut worker = worker(false);
    let sink = Keep { published: Arc::clone(&published), fails_after: 5 };
    worker.add(setup(server.url()), Box::new(sink)).unwrap();
    let mut broken = None;
    wait("the failure", || {
        broken = worker.broken();
        broken.is_some()
    });
    assert_eq!(broken.as_deref(), Some("camera junction/north: the disk is full"));
    assert_eq!(worker.cameras().count(), 0);
}

fn eyes() -> Eyes {
    let runtime = Runtime::load(None).unwrap();
    let manifest = Manifest::embedded().unwrap();
    let model = manifest.model("wayside-junction").unwrap();
    let store = Store::new(Vec::new(), std::env::temp_dir().join("wayside-no-cache"));
    let file = store.locate(model, &mut |_, _| ()).unwrap();
    let options = RunOptions::default();
    Eyes::new(Detector::open(&runtime, &for_redaction(model), &file, options).unwrap(), None)
}

#[test]
fn a_redacted_clip_of_a_live_camera_has_the_times_of_its_observations() {
    let server = Server::start(Options::new(example().join("clip.mp4"))).unwrap();
    let published = Arc::new(Mutex::new(Published::default()));
    let url = "http://worker-1:9465".to_owned();
    let mut worker = worker(false).with_clips_url(Some(url.clone()));
    let clips = Clips::start(eyes(), worker.cutter(), WorkerClock::start()).unwrap();
    let sink = Keep { published: Arc::clone(&published), fails_after: usize::MAX };
    worker.add(setup(server.url()), Box::new(sink)).unwrap();
    wait("seventy frames", || published.lock().unwrap().observations.len() >= 70);
    let times: Vec<EventTime> = {
        let published = published.lock().unwrap();
        assert!(published.health.iter().all(|health| health.clips_url.as_ref() == Some(&url)));
        let looked =
            published.observations.iter().filter(|o| matches!(o.content, Content::Tracks { .. }));
        looked.map(|o| o.time).collect()
    };
    let (from, to) = (times[20], times[50]);
    // Any place will do: what is at stake are pictures and times.
    let box_px = BoxPx { x0: 600.0, y0: 400.0, x1: 760.0, y1: 500.0 };
    let subject = [from, to].map(|time| SubjectAt { time, box_px });
    let request = ClipRequest {
        violation: OutcomeId("0123456789abcdef0123456789abcdef".to_owned()),
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("r1"),
        track: TrackId(1),
        class: MotorVehicleClass::Car,
        from,
        to,
        subject: subject.to_vec(),
        moments: vec![(Moment::AtLine, times[35])],
    };
    let clip = clips.ask(&request).unwrap();
    // Every frame that was looked at, and perhaps some that were not for want of time.
    assert!(times[20..=50].iter().all(|time| clip.frames.contains(time)), "{:?}", clip.frames);
    assert_eq!((clip.frames.first(), clip.frames.last()), (Some(&from), Some(&to)));
    assert_eq!(clip.stills[0].time, times[35]);

    let ask = |change: fn(&mut ClipRequest)| {
        let mut other = request.clone();
        change(&mut other);
        clips.ask(&other).unwrap_err()
    };
    let cause = |refused: Refused| match refused {
        Refused::Failed(cause, _) => cause,
        other => panic!("{other}"),
    };
    assert_eq!(cause(ask(|r| r.run = RunId::from("r0"))), EvidenceFailure::WorkerGone);
    assert_eq!(cause(ask(|r| r.camera = CameraId::from("south"))), EvidenceFailure::WorkerGone);
    let moved_on = ask(|r| (r.from, r.to) = (r.from.plus_s(-60.0), r.to.plus_s(-60.0)));
    assert_eq!(cause(moved_on), EvidenceFailure::RingMovedOn);
    let soon = ask(|r| (r.from, r.to) = (r.from.plus_s(300.0), r.to.plus_s(300.0)));
    assert!(matches!(soon, Refused::NotYet(_)), "{soon}");
    clips.stop();
    assert_eq!(cause(clips.ask(&request).unwrap_err()), EvidenceFailure::WorkerGone);
}
