//! Live cameras play, and every timestamp is exact.

#![allow(clippy::unwrap_used)] // Its helpers are test code too.

#[path = "common/camera.rs"]
mod camera;
mod common;

use std::path::Path;
use std::time::Instant;

use camera::{Play, SOON, STEP, assert_true, frames, serve, source, units};
use wayside_camera::{Options, Server};
use wayside_capture::live::{LiveEvent, Transport};
use wayside_proto::EventTime;

/// Events up to the sixtieth frame, and when it began. Over UDP the system drops packets of a process that does not
/// run for a while: then it plays once more.
fn whole(server: &Server, transport: Transport) -> (Instant, Vec<LiveEvent>) {
    for again in [true, true, false] {
        let started = Instant::now();
        let events = Play::open(&source(&server.url(), transport)).frames(60);
        let lost = events.iter().any(|event| matches!(event, LiveEvent::PacketsLost { .. }));
        if !(lost && again && transport == Transport::Udp) {
            return (started, events);
        }
    }
    unreachable!("the last round returns")
}

/// Plays two rounds of a clip: all frames are there, in order, each its own.
fn plays(clip: &Path, transport: Transport, codec: &str, decoder: &str) {
    let server = serve(clip);
    let (started, events) = whole(&server, transport);
    let frames = frames(&events);
    println!(
        "{codec} over {transport:?}: first frame after {:?}, decoded {:?} after its first packet",
        frames[0].decoded - started,
        frames[0].decoded - frames[0].arrived.mono,
    );

    let named = events.iter().find_map(|event| match event {
        LiveEvent::Connected { codec, decoder } => Some((codec.as_str(), decoder.as_str())),
        _ => None,
    });
    assert_eq!(named, Some((codec, decoder)));
    let odd = events.iter().find(|event| {
        matches!(
            event,
            LiveEvent::Ended(_) | LiveEvent::PacketsLost { .. } | LiveEvent::Damage { .. }
        )
    });
    assert!(odd.is_none(), "{odd:?}");

    let units = units(&events);
    assert!((0..).zip(&units).all(|(n, unit)| unit.index == n && unit.bytes > 0));
    let first = &units[0];
    assert!(first.key && first.dropped.is_none());
    assert!((0..1i64 << 32).contains(&first.rtp));
    for pair in frames.windows(2) {
        assert_eq!(pair[1].rtp - pair[0].rtp, STEP, "frames after one another");
    }
    assert_true(&events, first.rtp);
    let keys = units.iter().filter(|unit| unit.key).count();
    let wanted = if codec == "Motion JPEG" { units.len() } else { units.len().div_ceil(10) };
    assert_eq!(keys, wanted);
}

#[test]
fn h264_over_tcp() {
    let dir = tempfile::tempdir().unwrap();
    plays(&camera::plain(dir.path()), Transport::Tcp, "H.264", "avdec_h264");
}

#[test]
fn h264_with_b_frames_over_udp() {
    plays(&camera::bframes(), Transport::Udp, "H.264", "avdec_h264");
}

#[test]
fn h265_with_open_groups_over_tcp() {
    plays(&camera::hevc(), Transport::Tcp, "H.265", "avdec_h265");
}

#[test]
fn motion_jpeg_over_udp() {
    let dir = tempfile::tempdir().unwrap();
    plays(&camera::mjpeg(dir.path()), Transport::Udp, "Motion JPEG", "jpegdec");
}

#[test]
fn sender_reports_give_the_capture_time() {
    let start = EventTime::parse("2026-06-01T07:00:00Z").unwrap();
    let mut options = Options::new(camera::bframes());
    options.start = Some(start);
    for transport in [Transport::Tcp, Transport::Udp] {
        let server = Server::start(options.clone()).unwrap();
        let mut play = Play::open(&source(&server.url(), transport));
        let mut reports = Vec::new();
        let mut first = None;
        play.until(SOON, |event| {
            match event {
                LiveEvent::Report(report) => reports.push(*report),
                LiveEvent::Unit(unit) => _ = first.get_or_insert(unit.rtp),
                _ => {}
            }
            !reports.is_empty() && first.is_some()
        });
        let (report, first) = (reports[0], first.unwrap());
        // The first picture was taken at the start: the report says when its own instant was.
        let since = (report.rtp - first) as f64 / 90_000.0;
        assert!((report.ntp.since_s(start) - since).abs() < 1e-4, "{report:?} {first}");
        assert!(report.arrived.mono.elapsed() < SOON);
    }
}
