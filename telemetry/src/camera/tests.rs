//! What is counted, against the page.

use super::*;
use wayside_proto::{CameraHealth, Content, FrameCounts, Gap, Observation, RunId};

#[test]
fn enums_count_from_nought() {
    assert!(GapCause::ALL.iter().enumerate().all(|(at, cause)| index(*cause) == at));
    assert!(Stage::ALL.iter().enumerate().all(|(at, stage)| *stage as usize == at));
    assert!(Condition::ALL.iter().enumerate().all(|(at, it)| *it as usize == at));
    assert!(DisconnectCause::ALL.iter().enumerate().all(|(at, it)| *it as usize == at));
}

#[test]
fn what_is_counted_is_shown() {
    crate::install().expect("installed");
    let (site, camera) = (SiteId::from("camera-test"), CameraId::from("one"));
    let metrics = CameraMetrics::new(&site, &camera);
    let other = metrics.clone();
    metrics.received(5);
    other.processed(EventTime(1_750_000_000_500_000));
    metrics.still(EventTime(1_750_000_001_000_000));
    metrics.dropped(GapCause::Overload, 3);
    metrics.gap(GapCause::StoodDown, Duration::from_millis(1_500));
    metrics.packets_lost(7);
    metrics.connected();
    metrics.clock(Some(-0.25), 0.002);
    metrics.frame_rate(5.0);
    metrics.stood_down(Condition::Moved, true);
    metrics.evidence_ring(1_000_000, Duration::from_secs(30));
    assert_eq!(metrics.timed(Stage::Inference, || 42), 42);
    metrics.frame_to_observation(Duration::from_millis(240));
    metrics.published(2);
    let shown = |page: &str| -> String {
        let mine = page.lines().filter(|line| line.contains("site=\"camera-test\""));
        let plain =
            mine.filter(|line| !line.contains("_bucket") && !line.contains("stage_seconds"));
        plain.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!("running", shown(&crate::render()));
    metrics.disconnected(DisconnectCause::Silent);
    let page = shown(&crate::render());
    assert!(page.contains("connected{site=\"camera-test\",camera=\"one\"} 0"), "{page}");
    assert!(!page.contains("clock_offset"), "{page}");
    drop(metrics);
    assert!(crate::render().contains("wayside_camera_connected{site=\"camera-test\""));
    drop(other);
    assert!(!crate::render().contains("wayside_camera_connected{site=\"camera-test\""));
}

fn health(site: &SiteId, camera: &CameraId) -> CameraHealth {
    CameraHealth {
        site: site.clone(),
        camera: camera.clone(),
        run: RunId::from("r"),
        time: EventTime(0),
        away: None,
        detail: String::new(),
        stood_down: Vec::new(),
        frame_rate: 4.5,
        frames: FrameCounts::default(),
        clock_source: wayside_proto::ClockSource::Rtcp,
        clock_offset_us: Some(1_500),
        clock_uncertainty_us: 250,
        inference_ms: 0.0,
        provider: String::new(),
        provider_fallback: String::new(),
        clips_url: None,
    }
}

/// The value on the page of a metric of camera `one`, with more labels where given.
fn shown(site: &SiteId, metric: Metric, more: &str) -> Option<f64> {
    let series = format!("{}{{site=\"{site}\",camera=\"one\"{more}}} ", metric.name());
    let page = crate::render();
    page.lines().find_map(|line| line.strip_prefix(&series)?.parse().ok())
}

#[test]
fn health_sets_the_gauges() {
    crate::install().expect("installed");
    let (site, camera) = (SiteId::from("health-test"), CameraId::from("one"));
    let metrics = CameraMetrics::new(&site, &camera);
    let is = |metric, more: &str| shown(&site, metric, more);
    let dark = wayside_proto::StandDown {
        condition: "dark".to_owned(),
        since: EventTime(0),
        detail: String::new(),
    };
    metrics.health(&CameraHealth { stood_down: vec![dark], ..health(&site, &camera) });
    assert_eq!(is(Metric::CameraConnected, ""), Some(1.0));
    assert_eq!(is(Metric::CameraStoodDown, ",condition=\"dark\""), Some(1.0));
    assert_eq!(is(Metric::CameraStoodDown, ",condition=\"moved\""), Some(0.0));
    assert_eq!(is(Metric::CameraFrameRate, ""), Some(4.5));
    assert_eq!(is(Metric::CameraClockOffset, ""), Some(0.0015));
    assert_eq!(is(Metric::CameraClockUncertainty, ""), Some(0.00025));
    metrics.health(&CameraHealth { clock_offset_us: None, ..health(&site, &camera) });
    assert_eq!(is(Metric::CameraStoodDown, ",condition=\"dark\""), Some(0.0));
    assert_eq!(is(Metric::CameraClockOffset, ""), None);
}

#[test]
fn health_counts_connections_ends_and_frames_that_came() {
    crate::install().expect("installed");
    let (site, camera) = (SiteId::from("counts-test"), CameraId::from("one"));
    let metrics = CameraMetrics::new(&site, &camera);
    let is = |metric, more: &str| shown(&site, metric, more);
    let at = |away, received, run: &str| CameraHealth {
        away,
        run: RunId::from(run),
        frames: FrameCounts { received, ..FrameCounts::default() },
        ..health(&site, &camera)
    };
    // Away from the start is no end of anything.
    metrics.health(&at(Some(GapCause::Lost), 0, "a"));
    metrics.health(&at(None, 3, "a"));
    metrics.health(&at(None, 10, "a"));
    metrics.health(&at(Some(GapCause::Stalled), 12, "a"));
    metrics.health(&at(Some(GapCause::Stalled), 12, "a"));
    assert_eq!(is(Metric::FramesReceived, ""), Some(12.0));
    assert_eq!(is(Metric::Connections, ""), Some(1.0));
    assert_eq!(is(Metric::Disconnections, ",cause=\"silent\""), Some(1.0));
    assert_eq!(is(Metric::CameraConnected, ""), Some(0.0));
    assert_eq!(is(Metric::CameraFrameRate, ""), Some(0.0));
    assert_eq!(is(Metric::CameraClockUncertainty, ""), None);
    // A run of its own counts from nought again.
    metrics.health(&at(None, 4, "b"));
    assert_eq!(is(Metric::FramesReceived, ""), Some(16.0));
    assert_eq!(is(Metric::Connections, ""), Some(2.0));
    // An end that was told with its cause is not counted again.
    metrics.disconnected(DisconnectCause::Unauthorised);
    metrics.health(&at(Some(GapCause::Lost), 4, "b"));
    assert_eq!(is(Metric::Disconnections, ",cause=\"unauthorised\""), Some(1.0));
    assert_eq!(is(Metric::Disconnections, ",cause=\"ended\""), Some(0.0));
}

#[test]
fn observations_are_counted_by_what_they_say() {
    crate::install().expect("installed");
    let (site, camera) = (SiteId::from("observed-test"), CameraId::from("one"));
    let metrics = CameraMetrics::new(&site, &camera);
    let is = |metric, more: &str| shown(&site, metric, more);
    let observe = |second: i64, content| {
        metrics.observed(&Observation {
            site: site.clone(),
            camera: camera.clone(),
            run: RunId::from("r"),
            sequence: 0,
            time: EventTime(second * 1_000_000),
            clock_source: wayside_proto::ClockSource::Rtcp,
            clock_uncertainty_us: 0,
            content,
        });
    };
    observe(1, Content::Tracks { tracks: Vec::new(), skipped_still: false });
    observe(2, Content::Tracks { tracks: Vec::new(), skipped_still: true });
    let gap = |from, to| Gap {
        from: EventTime(from),
        to: EventTime(to),
        cause: GapCause::Overload,
        frames: 4,
    };
    observe(3, Content::Gap(gap(2_000_000, 2_800_000)));
    // A clock that went back.
    observe(3, Content::Gap(gap(5_000_000, 1_000_000)));
    assert_eq!(is(Metric::FramesProcessed, ""), Some(1.0));
    assert_eq!(is(Metric::FramesStill, ""), Some(1.0));
    assert_eq!(is(Metric::CameraLastFrame, ""), Some(2.0));
    assert_eq!(is(Metric::FramesDropped, ",cause=\"overload\""), Some(8.0));
    assert_eq!(is(Metric::Gaps, ",cause=\"overload\""), Some(2.0));
    assert_eq!(is(Metric::GapSeconds, ",cause=\"overload\""), Some(0.8));
}
