//! What is kept has bounds, goes when its time is over, and survives a restart as it should.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wayside_proto::EventTime;
use wayside_workbench::engine::{
    Engine, Frame, Outcome, Probe, ReplayOrder, SceneOrder, SignalLog, Watched, WhatifOrder,
};
use wayside_workbench::jobs::{Job, JobError, JobState, Jobs, Order};
use wayside_workbench::recordings::{RECORDINGS_MAX, RecordingError, Recordings};
use wayside_workbench::sites::{Shelf, ShelfError};

const NOON: EventTime = EventTime(1_780_297_200_000_000);
const PROBE: Probe =
    Probe { width_px: 640, height_px: 360, frame_rate: Some(12.5), duration_s: Some(4.0) };

/// An engine whose replays take as long as the test wants.
#[derive(Debug, Default)]
struct Slow {
    open: Mutex<bool>,
    news: Condvar,
    began: AtomicU64,
    cancelled: AtomicBool,
    time: AtomicI64,
}

impl Slow {
    fn let_go(&self) {
        *self.open.lock().expect("a lock") = true;
        self.news.notify_all();
    }
}

impl Engine for Slow {
    fn frame(&self, _: &Path, _: f64, _: bool) -> Result<Frame, String> {
        Err("no pictures here".to_owned())
    }
    fn live_frame(&self, _: &str, _: &str) -> Result<Frame, String> {
        Err("no cameras here".to_owned())
    }
    fn probe(&self, _: &Path) -> Result<Probe, String> {
        Ok(PROBE)
    }
    fn replay(&self, order: &ReplayOrder, watched: &Watched) -> Result<Outcome, String> {
        self.began.fetch_add(1, Ordering::SeqCst);
        let mut open = self.open.lock().expect("a lock");
        while !*open && !watched.is_cancelled() {
            open = self.news.wait_timeout(open, Duration::from_millis(10)).expect("a lock").0;
        }
        if watched.is_cancelled() {
            self.cancelled.store(true, Ordering::SeqCst);
            return Err("it was cancelled".to_owned());
        }
        let out = order.folder.join("out");
        std::fs::create_dir_all(&out).map_err(|error| error.to_string())?;
        std::fs::write(out.join("observations.binpb"), b"").map_err(|error| error.to_string())?;
        std::fs::write(out.join("report.html"), b"<p>").map_err(|error| error.to_string())?;
        let (violations, voids) = (Vec::new(), Vec::new());
        Ok(Outcome::Replay {
            violations,
            voids,
            files: Vec::new(),
            frames: Some(7),
            warnings: Vec::new(),
        })
    }
    fn whatif(&self, _: &WhatifOrder, _: &Watched) -> Result<Outcome, String> {
        Err("nothing on the bus\n  hint: wait".to_owned())
    }
    fn scene(&self, _: &SceneOrder) -> Result<Value, String> {
        Ok(json!({}))
    }
    fn signal_log(&self, _: &str, _: bool) -> Result<SignalLog, String> {
        Err("no log".to_owned())
    }
    fn receipt(&self, _: u64, _: u64, _: EventTime) -> Result<(), String> {
        Ok(())
    }
    fn now(&self) -> EventTime {
        NOON.plus_s(self.time.fetch_add(1, Ordering::SeqCst) as f64)
    }
}

fn replay() -> Order {
    Order::Replay {
        site: "junction".to_owned(),
        recording: "00".to_owned(),
        name: "clip.mp4".to_owned(),
        order: ReplayOrder {
            recording: "/recordings/00.video".into(),
            site_file: None,
            draft: None,
            start: None,
            camera: None,
            folder: Default::default(),
        },
    }
}

fn until(what: &str, there: impl Fn() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < Duration::from_secs(300), "no {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn one_job_runs_and_no_more_than_a_few_wait() {
    let (dir, engine) = (tempfile::tempdir().expect("a folder"), Arc::new(Slow::default()));
    let jobs = Jobs::start(dir.path(), Arc::clone(&engine) as Arc<dyn Engine>).expect("jobs");
    let first = jobs.order(replay(), "anna").expect("taken");
    until("start", || engine.began.load(Ordering::SeqCst) == 1);
    assert!(jobs.needs(Path::new("/recordings/00.video")));
    let waiting: Vec<Job> = (0..16).map(|_| jobs.order(replay(), "anna").expect("taken")).collect();
    assert!(matches!(jobs.order(replay(), "anna"), Err(JobError::Full)));
    // What waits is cancelled without a trace of work, what runs is told to end.
    for job in &waiting {
        jobs.cancel(&job.id).expect("cancelled");
    }
    assert_eq!(jobs.get(&first.id).expect("a job").state, JobState::Running);
    jobs.cancel(&first.id).expect("cancelled");
    until("end", || engine.cancelled.load(Ordering::SeqCst));
    assert_eq!(jobs.get(&first.id).expect("a job").state, JobState::Cancelled);
    assert_eq!(engine.began.load(Ordering::SeqCst), 1);
    // A job that has ended is forgotten with its files.
    jobs.cancel(&first.id).expect("forgotten");
    assert!(matches!(jobs.get(&first.id), Err(JobError::Unknown)));
    assert!(!dir.path().join(&first.id).exists());
}

#[test]
fn results_survive_a_restart_and_work_under_way_does_not() {
    let (dir, engine) = (tempfile::tempdir().expect("a folder"), Arc::new(Slow::default()));
    let start = |engine: &Arc<Slow>| {
        Jobs::start(dir.path(), Arc::clone(engine) as Arc<dyn Engine>).expect("jobs")
    };
    let jobs = start(&engine);
    engine.let_go();
    let done = jobs.order(replay(), "anna").expect("taken");
    until("end", || jobs.get(&done.id).is_ok_and(|job| job.state == JobState::Done));
    drop(jobs);
    let slow = Arc::new(Slow::default());
    let jobs = start(&slow);
    let kept = jobs.get(&done.id).expect("it is kept");
    assert_eq!((kept.state, kept.observations.as_ref()), (JobState::Done, Some(&done.id)));
    assert_eq!(jobs.file(&done.id, "report.html").expect("a file").1, "text/html; charset=utf-8");
    for name in ["job.json", "observations.binpb", "../job.json", "", "."] {
        assert!(matches!(jobs.file(&done.id, name), Err(JobError::Unknown)), "{name}");
    }
    assert!(matches!(jobs.scene(&done.id, "x"), Err(JobError::NoEvent)));
    let cut = jobs.order(replay(), "anna").expect("taken");
    until("start", || slow.began.load(Ordering::SeqCst) == 1);
    let stored = dir.path().join(&cut.id).join("job.json");
    let running = std::fs::read(&stored).expect("its record");
    drop(jobs);
    // As after a crash: nobody wrote how it ended.
    std::fs::write(&stored, running).expect("written");
    let jobs = start(&engine);
    let cut = jobs.get(&cut.id).expect("it is kept");
    assert_eq!(cut.state, JobState::Failed);
    assert!(cut.problem.and_then(|problem| problem.hint).is_some());
    drop(jobs);
}

#[test]
fn recordings_are_bounded_and_go_with_a_receipt() {
    let dir = tempfile::tempdir().expect("a folder");
    let recordings = Recordings::open(dir.path(), 10, 60.0).expect("recordings");
    let mut large = recordings.begin().expect("begun");
    large.write(b"0123456789").expect("it fits");
    assert!(matches!(large.write(b"x"), Err(RecordingError::TooLarge(_))));
    drop(large);
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 0, "nothing is left");
    let keep = || {
        let mut incoming = recordings.begin()?;
        incoming.write(b"clip")?;
        recordings.keep(incoming, "a/b\n.mp4", PROBE, NOON)
    };
    let first = keep().expect("kept");
    assert_eq!(first.name, "a/b.mp4");
    for _ in 1..RECORDINGS_MAX {
        keep().expect("kept");
    }
    assert!(matches!(keep(), Err(RecordingError::Full)));
    for id in ["", "..", "../x", &first.id.to_uppercase(), "00112233445566778899aabb"] {
        assert!(matches!(recordings.path(id), Err(RecordingError::Unknown)), "{id}");
    }
    assert!(recordings.over(NOON.plus_s(59.0)).is_empty());
    assert_eq!(recordings.over(NOON.plus_s(60.0)).len(), RECORDINGS_MAX);
    // Without its receipt none goes.
    let refused = recordings.delete(&first.id, |_| Err("the bus is away".to_owned()));
    assert!(matches!(refused, Err(RecordingError::Io(_))));
    assert!(recordings.path(&first.id).is_ok());
    recordings
        .delete(&first.id, |bytes| {
            assert_eq!(bytes, 4);
            Ok(())
        })
        .expect("gone");
    assert!(recordings.path(&first.id).is_err());
}

#[test]
fn what_lies_beside_a_site_file_stays_there_and_is_bounded() {
    let dir = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::new(Default::default(), Some(dir.path().to_owned()));
    let log = shelf.keep_log("new-site", "time_s,group,state\n", false).expect("kept");
    assert_eq!(log, shelf.keep_log("new-site", "time_s,group,state\n", false).expect("the same"));
    assert!(dir.path().join(&log).is_file());
    for site in ["", "..", "../x", "a/b", "a b", "ü", &"a".repeat(65)] {
        assert!(matches!(shelf.keep_log(site, "x", false), Err(ShelfError::Unknown(_))), "{site}");
        let kept = shelf.keep_password(site, "c", "rtsp://h/c", "p");
        assert!(matches!(kept, Err(ShelfError::Unknown(_))), "{site}");
    }
    let password =
        |camera: &str, url: &str| shelf.keep_password("new-site", camera, url, "p").expect("kept");
    let name = password("../../etc/passwd", "rtsp://h/c");
    assert!(dir.path().join(&name).is_file() && !name.contains('/'));
    assert_ne!(password("a", "rtsp://h/c"), password("a", "rtsp://other/c"));
    assert_ne!(password("a", "rtsp://h/c"), password("b", "rtsp://h/c"));
    let full = (0..100).map(|n| shelf.keep_log("new-site", &format!("{n}"), false));
    assert!(full.last().is_some_and(|last| matches!(last, Err(ShelfError::TooManyBeside))));
    let nowhere = Shelf::new(Default::default(), None);
    assert!(matches!(nowhere.keep_log("x", "y", false), Err(ShelfError::NoFolder)));
}
