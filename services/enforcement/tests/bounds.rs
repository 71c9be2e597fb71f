//! What a restart does not bring back, what cannot be read, what comes late or fails.

mod common;

use std::time::Duration;

use common::{
    NOW, Stream, all, enforcer, open, outcomes, position, publish, record, run_to_end, step, stream,
};
use tempfile::TempDir;
use wayside_bus::{BusError, Log, LogOptions, Offset, Record, Topic};
use wayside_enforcement::{EnforceError, Enforcer, Options};
use wayside_proto::convert::Message;
use wayside_proto::{
    DeadLetter, EventTime, Outcome, ReportSource, SignalColour, SignalReport, SiteId, Verdict,
};
use wayside_rules::signals::SignalHistory;

/// One car that parks where it must not for so long, and drives off. Then nothing for a minute.
fn parked(seconds: f64) -> Stream {
    let text = format!(
        "[[scenario]]
         title = \"parked\"
         hz = 2.0
         until_s = {until}
         [[scenario.user]]
         class = \"car\"
         path = [[0.0, 25.0, -5.25], [5.5, 80.0, -5.25], [{leaves}, 80.0, -5.25], [{gone}, 110.0, -5.25]]",
        until = seconds + 68.0,
        leaves = 5.5 + seconds,
        gone = 8.5 + seconds,
    );
    let file: common::scenario::File = toml::from_str(&text).expect("a scenario");
    let mut stream = stream(&file.scenario, 0.0);
    stream.observations.retain(|observation| observation.camera.as_str() == "east");
    stream
}

fn temp(observations: &Stream) -> (TempDir, Log) {
    let dir = TempDir::new().expect("a directory");
    let log = open(dir.path());
    publish(&log, &observations.observations);
    (dir, log)
}

fn decoded(log: &Log) -> Vec<Outcome> {
    let all = outcomes(log);
    all.values().map(|bytes| Outcome::from_bytes(bytes).expect("an outcome")).collect()
}

fn options(rewind_s_max: f64) -> Options {
    Options { rewind_s_max, records_max: 60, commit_records: 1, ..Options::default() }
}

#[test]
fn a_track_older_than_the_bound_is_given_up_and_counted() {
    let stream = parked(600.0);
    for (bound_s, given_up, stored) in [(3_600.0, 0, 1), (120.0, 1, 0)] {
        let (_dir, log) = temp(&stream);
        let mut first = enforcer(&stream, &log, &options(bound_s));
        // Nine minutes of two frames a second.
        while position(&mut first).next < Offset(1_080) {
            step(&mut first);
        }
        assert_eq!(first.totals().cameras_beyond_rewind, u64::from(bound_s < 600.0));
        drop(first);
        let mut second = enforcer(&stream, &log, &options(bound_s));
        run_to_end(&mut second);
        second.finish(NOW).expect("finished");
        assert_eq!(second.totals().given_up, given_up, "bound {bound_s}");
        assert_eq!(decoded(&log).len(), stored, "bound {bound_s}");
        let read_again = second.totals().read_again;
        assert!(read_again <= (bound_s as u64 + 40) * 2 + 256, "{read_again}");
    }
    // Without a restart the bound gives nothing up.
    let (_dir, log) = temp(&stream);
    run_to_end(&mut enforcer(&stream, &log, &options(120.0)));
    assert_eq!(decoded(&log).len(), 1);
}

#[test]
fn a_quiet_road_needs_little_to_be_read_again() {
    let stream = parked(100.0);
    let (_dir, log) = temp(&stream);
    let mut enforcer = enforcer(&stream, &log, &Options::default());
    run_to_end(&mut enforcer);
    let progress = position(&mut enforcer);
    let again = progress.next.0 - progress.rewind.0;
    // 30 s before, 30 s for tracks that have just ended, the lateness, a mark a second.
    assert!(again <= 2 * 64, "{again} observations");
}

#[test]
fn a_record_that_cannot_be_read_becomes_one_dead_letter() {
    let stream = parked(40.0);
    let (good, rest) = stream.observations.split_at(60);
    let dir = TempDir::new().expect("a directory");
    let log = open(dir.path());
    publish(&log, good);
    let two: Vec<u8> = good.iter().take(2).flat_map(|o| record(o).value).collect();
    let bad = |value: Vec<u8>| Record { key: "east".to_owned(), time: 1, id: None, value };
    let cut_off = record(&good[3]).value[..20].to_vec();
    let values = vec![bad(vec![]), bad(vec![0xff; 70_000]), bad(cut_off), bad(two)];
    log.append(Topic::Observations, values).expect("stored");
    log.append(Topic::Signals, vec![bad(vec![9; 9])]).expect("stored");
    publish(&log, rest);
    for _ in 0..3 {
        let options = Options { records_max: 50, ..Options::default() };
        let mut enforcer = enforcer(&stream, &log, &options);
        (0..3).for_each(|_| {
            step(&mut enforcer);
        });
    }
    let mut enforcer = enforcer(&stream, &log, &Options::default());
    run_to_end(&mut enforcer);
    assert_eq!(decoded(&log).len(), 1, "the others are judged as ever");
    let mut told = String::new();
    for stored in all(&log, Topic::DeadLetter) {
        let letter = DeadLetter::from_bytes(&stored.value).expect("a dead letter");
        assert_eq!(stored.key, letter.topic);
        told += &format!(
            "{} {} of {}: {} of {} bytes, {}\n",
            letter.topic,
            letter.offset,
            letter.key,
            letter.value.len(),
            letter.value_bytes,
            letter.error
        );
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_signal_that_comes_within_the_lateness_counts() {
    let text = "[[scenario]]
         title = \"red\"
         signals = [[-10.0, \"S\", \"green\"], [2.0, \"S\", \"red\"]]
         until_s = 20.0
         [[scenario.user]]
         class = \"car\"
         path = [[0.0, -60.0, -1.75], [8.0, 36.0, -1.75]]";
    let file: common::scenario::File = toml::from_str(text).expect("a scenario");
    let stream = stream(&file.scenario, 0.0);
    let frames: Vec<_> =
        stream.observations.iter().filter(|o| o.camera.as_str() == "east").cloned().collect();
    let start = stream.site.start();
    let report = |seconds: f64, state: SignalColour| {
        let time = start.plus_s(seconds);
        let report = SignalReport {
            site: SiteId::from("road"),
            group: "S".to_owned(),
            state,
            time,
            source: ReportSource::Log,
        };
        let value = report.to_bytes().expect("a message");
        Record { key: "road".to_owned(), time: time.0, id: None, value }
    };
    // The front is at the line at 5 s; the report of red at 2 s reaches the log when the camera is at
    // 5.5 s.
    for (lateness_s, red_known) in [(1.0, true), (0.0, false)] {
        let dir = TempDir::new().expect("a directory");
        let log = open(dir.path());
        let signals = SignalHistory::new(&stream.site.file().signals);
        let options = Options { lateness_s, ..Options::default() };
        let bus = std::sync::Arc::new(log.clone());
        let mut enforcer =
            Enforcer::join(bus, [(stream.site.clone(), signals)], options).expect("a member");
        log.append(Topic::Signals, vec![report(-10.0, SignalColour::Green)]).expect("stored");
        for observation in &frames {
            if observation.time == start.plus_s(5.9) {
                log.append(Topic::Signals, vec![report(2.0, SignalColour::Red)]).expect("stored");
            }
            log.append(Topic::Observations, vec![record(observation)]).expect("stored");
            step(&mut enforcer);
        }
        assert_eq!(enforcer.totals().signals, 2);
        let outcomes = decoded(&log);
        let violations = outcomes.iter().filter(|o| o.verdict == Verdict::Violation).count();
        assert_eq!(violations, usize::from(red_known), "lateness {lateness_s}: {outcomes:?}");
    }
}

#[test]
fn a_log_that_refuses_loses_no_outcome() {
    let stream = parked(40.0);
    let (dir, log) = temp(&stream);
    drop(log);
    let size = std::fs::metadata(dir.path().join("log.sqlite")).expect("a file").len();
    let full = LogOptions { file_bytes_max: Some(size + 8_192), ..LogOptions::default() };
    let log = Log::open(dir.path(), full).expect("a full log");
    let filler = |bytes: usize| Record {
        key: "x".to_owned(),
        time: 0,
        id: Some(log.end(Topic::Violations).to_string()),
        value: vec![0; bytes],
    };
    for bytes in [2_000, 500, 100, 20, 0] {
        while log.append(Topic::Violations, vec![filler(bytes)]).is_ok() {}
    }
    let options = Options { records_max: 64, ..Options::default() };
    let mut refused = enforcer(&stream, &log, &options);
    let mut said = None;
    for _ in 0..10 {
        if let Err(error) = refused.run_once(NOW, Duration::ZERO) {
            assert!(matches!(&error, EnforceError(BusError::DiskFull { .. })));
            let text = error.to_string().replace(&dir.path().display().to_string(), "DIR");
            said = Some(text.replace(&(size + 8_192).to_string(), "N"));
        }
    }
    insta::assert_snapshot!(said.expect("a refusal"));
    log.retain(Topic::Violations, 1, u64::MAX).expect("room");
    // The very same enforcer goes on.
    run_to_end(&mut refused);
    assert_eq!(decoded(&log).len(), 1);
    assert_eq!(refused.totals().violations, 1);
}

#[test]
fn observations_of_others_and_late_ones_are_counted() {
    let stream = parked(40.0);
    let mut observations = stream.observations.clone();
    let mut other = observations[4].clone();
    other.site = SiteId::from("elsewhere");
    other.sequence = 8_888;
    observations.insert(5, other);
    let mut late = observations[10].clone();
    late.time = EventTime(late.time.0 - 3_000_000);
    late.sequence = 9_999;
    observations.insert(20, late);
    let dir = TempDir::new().expect("a directory");
    let log = open(dir.path());
    publish(&log, &observations);
    // The same ones again, as after a producer that was not sure.
    publish(&log, &observations);
    let mut enforcer = enforcer(&stream, &log, &Options::default());
    run_to_end(&mut enforcer);
    let totals = enforcer.totals();
    assert_eq!((totals.other_sites, totals.out_of_order), (1, 1));
    assert_eq!(totals.observed, stream.observations.len() as u64 + 1);
    assert_eq!(decoded(&log).len(), 1);
}

#[test]
fn a_new_site_file_ends_the_tracks_of_cameras_that_it_changes() {
    let stream = parked(40.0);
    let (_dir, log) = temp(&stream);
    let changed = {
        let road = include_str!("../../rules/tests/scenarios/road.toml");
        let mut road: toml::Value = toml::from_str(road).expect("a road");
        road["lane"][0]["width_m"] = toml::Value::Float(3.4);
        let text = toml::to_string(&road).expect("a site file");
        wayside_site::Site::parse("road.toml", &text).expect("a site")
    };
    let options = Options { records_max: 32, ..Options::default() };
    let mut enforcer = enforcer(&stream, &log, &options);
    while position(&mut enforcer).next < Offset(80) {
        step(&mut enforcer);
    }
    assert_eq!(enforcer.totals().tracks_alive, 1);
    assert_eq!(enforcer.replace_site(stream.site.clone()), 0, "the same file changes nothing");
    assert_eq!(enforcer.totals().tracks_alive, 1);
    assert_eq!(enforcer.replace_site(changed), 1);
    assert_eq!(enforcer.totals().tracks_alive, 0);
    run_to_end(&mut enforcer);
    // What was decided so far, and the rest as of a track that begins there.
    let outcomes = decoded(&log);
    assert!(outcomes.iter().all(|outcome| outcome.rule == "no_stopping"), "{outcomes:?}");
    assert!(!outcomes.is_empty());
}

#[test]
fn a_camera_that_is_silent_for_long_holds_nothing_back() {
    // One camera is gone with a parked car in sight; another goes on.
    let stream = parked(600.0);
    let mut observations: Vec<_> = stream.observations.iter().take(100).cloned().collect();
    let other = stream.observations.iter().enumerate().map(|(place, observation)| {
        let mut other = observation.clone();
        other.camera = wayside_proto::CameraId::from("west");
        other.time = EventTime(other.time.0 + 1);
        other.sequence = place as u64;
        if let wayside_proto::Content::Tracks { tracks, .. } = &mut other.content {
            tracks.clear();
        }
        other
    });
    observations.extend(other);
    let dir = TempDir::new().expect("a directory");
    let log = open(dir.path());
    publish(&log, &observations);
    let mut enforcer = enforcer(&stream, &log, &options(60.0));
    run_to_end(&mut enforcer);
    let progress = position(&mut enforcer);
    let totals = enforcer.totals();
    assert_eq!((totals.cameras_dropped, totals.tracks_dropped), (1, 1));
    assert!(progress.rewind > Offset(1_000), "{}", progress.rewind);
    let deleted = log.retain(Topic::Observations, i64::MAX, u64::MAX).expect("deleted");
    assert_eq!(deleted.records, progress.rewind.0);
    assert_eq!(deleted.held.expect("the rest is needed").consumer, "enforcement");
}
