//! A live camera that sees the end of a section publishes who passes it.

use std::fs;
use std::time::Duration;

use wayside_bus::{Log, LogOptions, Topic};
use wayside_camera::{Options, Server};
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, MotorVehicleClass, Passage, PassageContent};

use crate::told::records;
use crate::worker::Worker;
use crate::{junction, turn};

/// The capture instant of the clip's first frame.
const START: &str = "2026-06-01T07:00:00Z";
/// Seconds that are watched. A car comes from the north and is at y = 230.4 after 2.2 s, at 14.7 m/s.
const WATCHED_S: f64 = 8.0;
/// Where the gate is.
const GATE_Y_M: f64 = 240.0;

#[test]
fn who_passes_the_end_of_a_section_is_published() {
    let _turn = turn();
    let start = EventTime::parse(START).unwrap();
    let clip = junction::half("passages.mp4", 0.0, 10.0);
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(Options { start: Some(start), ..Options::new(&clip) }).unwrap();
    let rtsp = format!("url = \"{}\"\nclock_reference = \"first_report\"\n", server.url());
    junction::write_half(dir.path(), &[("north", rtsp)]);
    let site = dir.path().join("site.toml");
    let section = format!(
        "\n[[section]]\nid = \"A1\"\nlength_m = 500.0\n[section.exit]\nsite = \"next\"\n\
         [section.entry]\ncamera = \"north\"\nlanes = [\"Nin_1\", \"Nin_2\"]\n\
         line_m = [[213.6, {GATE_Y_M}], [220.0, {GATE_Y_M}]]\n"
    );
    fs::write(&site, fs::read_to_string(&site).unwrap() + &section).unwrap();

    let worker = Worker::start("ingest", dir.path(), ["--retention-h", "80000"]);
    worker.until("some seconds of the clip", Duration::from_secs(120), |worker| {
        let time = worker.camera("north")["time"].as_str().map(|t| EventTime::parse(t).unwrap());
        // Before the camera has told its time, this is the worker's.
        let told = start.plus_s(WATCHED_S)..start.plus_s(3_600.0);
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
    let car = said
        .iter()
        .find(|passage| passage.vehicle().is_some() && passage.time.since_s(at).abs() < 0.3);
    let car = car.unwrap_or_else(|| panic!("no car passed at {at}: {said:#?}"));
    let vehicle = car.vehicle().unwrap();
    assert_eq!(vehicle.class, MotorVehicleClass::Car);
    assert!((vehicle.speed_ms - 14.7).abs() < 2.0, "{vehicle:?}");
    let length: f64 = vehicle.embedding.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
    assert!(vehicle.embedding.len() == 64 && (length - 1.0).abs() < 1e-5, "{vehicle:?}");
    let counted = "wayside_passages_published_total{site=\"junction\",camera=\"north\",section=\"A1\",end=\"entry\"} ";
    assert!(page.contains(counted), "{page}");
    assert!(page.contains("wayside_look_seconds_count "), "{page}");
}
