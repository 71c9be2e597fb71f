//! A live camera that sees the end of a section publishes who passes it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use wayside_bus::{Log, LogOptions, Stored, Topic};
use wayside_camera::{Options, Server};
use wayside_proto::convert::Message;
use wayside_proto::{
    Content, EventTime, Gap, GapCause, MotorVehicleClass, Observation, Passage, PassageContent,
};

use crate::told::records;
use crate::worker::Worker;
use crate::{junction, turn};

/// The capture instant of the clip's first frame.
const START: &str = "2026-06-01T07:00:00Z";
/// Seconds that are watched. A car comes from the north and is at y = 230.4 after 2.2 s, at 14.7 m/s.
const WATCHED_S: f64 = 8.0;
/// Length of the clip, which is played again and again.
const LOOP_S: f64 = 10.0;
/// Frames missing so long before the car passes, or after, may hide it, seconds.
const BEFORE_S: f64 = 12.0;
const AFTER_S: f64 = 3.0;
/// Where the gate is.
const GATE_Y_M: f64 = 240.0;

#[test]
fn who_passes_the_end_of_a_section_is_published() {
    let _turn = turn();
    let clip = junction::half("passages.mp4", 0.0, LOOP_S);
    // Whoever drives while the machine drops frames is not seen: the clip begins anew, and so does the chance.
    for watched_s in [WATCHED_S, 3.0 * LOOP_S, 12.0 * LOOP_S] {
        if passes(&clip, watched_s) {
            return;
        }
        println!("dropped frames in each of {watched_s} s hid the car");
    }
    panic!("no car passed, or the machine drops frames all the time");
}

/// Watches the clip for so long. False where the car did not pass and frames around it were dropped.
fn passes(clip: &Path, watched_s: f64) -> bool {
    let start = EventTime::parse(START).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(Options { start: Some(start), ..Options::new(clip) }).unwrap();
    // A machine that stalls does not look like a camera that does.
    let rtsp = format!(
        "url = \"{}\"\nclock_reference = \"first_report\"\nsilence_s_max = 30.0\n",
        server.url()
    );
    junction::write_half(dir.path(), &[("north", rtsp)]);
    let site = dir.path().join("site.toml");
    let section = format!(
        "\n[[section]]\nid = \"A1\"\nlength_m = 500.0\n[section.exit]\nsite = \"next\"\n\
         [section.entry]\ncamera = \"north\"\nlanes = [\"Nin_1\", \"Nin_2\"]\n\
         line_m = [[213.6, {GATE_Y_M}], [220.0, {GATE_Y_M}]]\n"
    );
    fs::write(&site, fs::read_to_string(&site).unwrap() + &section).unwrap();

    let worker = Worker::start("ingest", dir.path(), ["--retention-h", "80000"]);
    let patience = Duration::from_secs_f64(watched_s + 900.0);
    worker.until("some seconds of the clip", patience, |worker| {
        let time = worker.camera("north")["time"].as_str().map(|t| EventTime::parse(t).unwrap());
        // Before the camera has told its time, this is the worker's.
        let told = start.plus_s(watched_s)..start.plus_s(7_200.0);
        time.is_some_and(|time| told.contains(&time))
    });
    let page = worker.page("/metrics");
    let ended = worker.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);

    let log = Log::open(&dir.path().join("data"), LogOptions::default()).unwrap();
    let stored = records(&log, Topic::Passages);
    assert!(stored.iter().all(|record| record.key == "A1"));
    let said: Vec<Passage> =
        stored.iter().map(|record| Passage::from_bytes(&record.value).unwrap()).collect();
    for (place, passage) in said.iter().enumerate() {
        assert_eq!(passage.sequence, place as u64);
        assert_eq!(passage.expires, passage.time.plus_s(600.0));
    }
    assert_eq!(said.first().map(|passage| &passage.content), Some(&PassageContent::Mark));
    assert_eq!(said.last().map(|passage| &passage.content), Some(&PassageContent::Mark));
    let at = start.plus_s(2.217 - (GATE_Y_M - 230.4) / 14.68);
    let rounds = (watched_s / LOOP_S).ceil() as u32;
    let times: Vec<EventTime> =
        (0..rounds).map(|round| at.plus_s(f64::from(round) * LOOP_S)).collect();
    let near = |passage: &&Passage| {
        times.iter().any(|at| passage.time.since_s(*at).abs() < 0.3)
            && passage.vehicle().is_some_and(|car| (car.speed_ms - 14.7).abs() < 2.0)
    };
    let Some(car) = said.iter().find(near) else {
        let gaps: Vec<Gap> =
            records(&log, Topic::Observations).iter().filter_map(overload).collect();
        for at in times {
            let (from, to) = (at.plus_s(-BEFORE_S), at.plus_s(AFTER_S));
            let dropped = gaps.iter().any(|gap| gap.to >= from && gap.from <= to);
            assert!(dropped, "no car passed at {at}: {said:#?}");
        }
        return false;
    };
    let vehicle = car.vehicle().unwrap();
    assert_eq!(vehicle.class, MotorVehicleClass::Car);
    let length: f64 = vehicle.embedding.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
    assert!(vehicle.embedding.len() == 64 && (length - 1.0).abs() < 1e-5, "{vehicle:?}");
    let counted = "wayside_passages_published_total{site=\"junction\",camera=\"north\",section=\"A1\",end=\"entry\"} ";
    assert!(page.contains(counted), "{page}");
    assert!(page.contains("wayside_look_seconds_count "), "{page}");
    true
}

/// The gap that an observation tells of, where the machine dropped frames.
fn overload(stored: &Stored) -> Option<Gap> {
    match Observation::from_bytes(&stored.value).unwrap().content {
        Content::Gap(gap) if gap.cause == GapCause::Overload => Some(gap),
        _ => None,
    }
}
