//! The page, the bound on series, and cameras that go.

use std::time::Duration;

use metrics::Recorder;
use wayside_proto::{CameraId, SiteId};

use super::store::{REMOVED_SHOWN, SERIES_MAX};
use super::*;
use crate::labels::{Invariant, Stage};

fn west() -> Labels {
    Labels::camera(&SiteId::from("ring-3"), &CameraId::from("west"))
}

fn page(store: &Store, now: Instant) -> String {
    text::render(&store.snapshot(now))
}

fn registrar() -> (Registrar, Arc<Store>) {
    let store = Arc::new(Store::default());
    (Registrar(Arc::clone(&store)), store)
}

#[test]
fn the_page_is_in_the_text_format() {
    let (recorder, store) = registrar();
    let counter =
        |metric, labels: &Labels| recorder.register_counter(&labels.key(metric), &METADATA);
    counter(Metric::FramesReceived, &west()).increment(3);
    let gap = west().gap_cause(wayside_proto::GapCause::Lost);
    counter(Metric::GapSeconds, &gap).increment(1_250_000);
    counter(Metric::InvariantViolations, &Labels::none().invariant(Invariant::Ev3)).increment(0);
    let gauge = |metric, labels: &Labels| recorder.register_gauge(&labels.key(metric), &METADATA);
    gauge(Metric::CameraConnected, &west()).set(1.0);
    gauge(Metric::CameraFrameRate, &west()).set(4.96);
    // Not known: not shown.
    gauge(Metric::CameraClockOffset, &west()).set(f64::NAN);
    let key = west().stage(Stage::Track).key(Metric::StageSeconds);
    let histogram = recorder.register_histogram(&key, &METADATA);
    for value in [0.0004, 0.004, 0.02, 7.0] {
        histogram.record(value);
    }
    recorder.register_histogram(&Labels::none().key(Metric::BatchSize), &METADATA).record(4.0);
    insta::assert_snapshot!(page(&store, Instant::now()));
}

#[test]
fn values_of_labels_cannot_break_the_page() {
    let (recorder, store) = registrar();
    let name = Metric::Connections.name();
    let labels = [("site", "a\"b\\c\nd"), ("camera", &"x".repeat(500))]
        .map(|(label, value)| metrics::Label::new(label, value.to_owned()));
    let key = Key::from_parts(name, labels.to_vec());
    recorder.register_counter(&key, &METADATA).increment(1);
    let page = page(&store, Instant::now());
    let expected = format!("{name}{{site=\"a\\\"b\\\\c\\nd\",camera=\"{}\"}} 1\n", "x".repeat(128));
    assert!(page.ends_with(&expected), "{page}");
}

#[test]
fn what_is_not_of_the_table_is_refused_and_counted() {
    let (recorder, store) = registrar();
    let counter = |key: Key| recorder.register_counter(&key, &METADATA).increment(1);
    counter(Key::from_name("somebody_elses_total"));
    counter(Key::from_name(Metric::Connections.name()));
    // Another kind.
    counter(west().key(Metric::CameraConnected));
    recorder.register_gauge(&west().key(Metric::Connections), &METADATA).set(9.0);
    recorder.register_histogram(&west().key(Metric::Connections), &METADATA).record(9.0);
    let page = page(&store, Instant::now());
    assert_eq!(store.refused(), 5);
    assert!(page.lines().all(|line| line.starts_with('#') || line.ends_with(" 0")), "{page}");
}

#[test]
fn series_have_a_bound() {
    let store = Store::default();
    for number in 0..=SERIES_MAX {
        let labels = Labels::site(&SiteId(format!("site-{number}")));
        assert_eq!(
            store.cell(&labels.key(Metric::CamerasConfigured)).is_some(),
            number < SERIES_MAX
        );
    }
    assert_eq!(store.refused(), 1);
    // Those that are there go on.
    let first = Labels::site(&SiteId::from("site-0")).key(Metric::CamerasConfigured);
    assert!(store.cell(&first).is_some());
}

#[test]
fn a_camera_that_goes_takes_its_series_with_it() {
    let (recorder, store) = registrar();
    let (west_key, east_key) =
        (("ring-3".to_owned(), "west".to_owned()), ("ring-3".to_owned(), "east".to_owned()));
    let east = Labels::camera(&SiteId::from("ring-3"), &CameraId::from("east"));
    for (key, labels) in [(&west_key, west()), (&east_key, east)] {
        store.hold(key);
        recorder.register_gauge(&labels.key(Metric::CameraConnected), &METADATA).set(1.0);
        recorder.register_counter(&labels.key(Metric::Connections), &METADATA).increment(1);
    }
    let start = Instant::now();
    // A second worker of the same camera took over before the first let go.
    store.hold(&west_key);
    store.release(&west_key, start);
    let at = |after: Duration| page(&store, start + after);
    let shows = |page: &str, what: &str| page.contains(what);
    let connected = "camera_connected{site=\"ring-3\",camera=\"west\"}";
    let connections = "connections_total{site=\"ring-3\",camera=\"west\"}";
    assert!(shows(&at(REMOVED_SHOWN * 2), connected));

    store.release(&west_key, start);
    let soon = at(Duration::from_secs(1));
    assert!(!shows(&soon, connected), "{soon}");
    assert!(shows(&soon, connections), "{soon}");
    let later = at(REMOVED_SHOWN);
    assert!(!shows(&later, "west"), "{later}");
    assert!(shows(&later, "camera_connected{site=\"ring-3\",camera=\"east\"} 1"), "{later}");

    // It comes back within the time: its counters go on.
    store.release(&east_key, start);
    store.hold(&east_key);
    assert!(shows(&at(REMOVED_SHOWN * 2), "connections_total{site=\"ring-3\",camera=\"east\"} 1"));
    // Letting go of what nobody holds changes nothing.
    store.release(&west_key, start);
}

#[test]
fn installing_twice_is_the_same_as_once() {
    install().expect("first");
    install().expect("second");
    let page = render();
    assert!(
        page.contains(&format!(
            "wayside_build_info{{version=\"{}\"}} 1",
            env!("CARGO_PKG_VERSION")
        ))
    );
    assert!(page.contains("wayside_invariant_violations_total{id=\"PV-1\"} 0"), "{page}");
    assert!(page.contains("wayside_process_resident_memory_bytes "), "{page}");
}

#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "FramesDropped has the labels [Site, Camera, GapCause]")]
fn wrong_labels_fail_in_a_test() {
    let _ = counter(Metric::FramesDropped, &west());
}
