//! Clips out of the ring play, and every picture is there at its time.

#![allow(clippy::unwrap_used)] // Its helpers are test code too.

#[path = "common/camera.rs"]
mod camera;
mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use camera::{Play, SOON, serve, source};
use wayside_capture::live::{LiveEvent, Transport, Unit};
use wayside_capture::ring::{Clip, Ring, RingLimits};
use wayside_proto::EventTime;

const STEP_US: i64 = 40_000;

fn start() -> EventTime {
    EventTime::parse("2026-06-01T07:00:00Z").unwrap()
}

/// Units of a live clip.
fn play(clip: &Path, count: usize) -> Vec<Unit> {
    let server = serve(clip);
    let mut play = Play::open(&source(&server.url(), Transport::Tcp));
    let mut units = Vec::new();
    play.until(SOON, |event| {
        if let LiveEvent::Unit(unit) = event {
            units.push(unit.clone());
        }
        units.len() == count
    });
    units
}

fn ring() -> Ring {
    Ring::new(RingLimits { window: Duration::from_secs(30), bytes_max: 1 << 20 })
}

/// Takes the units as if the first was taken at `from`.
fn fill(ring: &mut Ring, from: EventTime, units: &[Unit]) {
    for unit in units {
        let since_us = (unit.rtp - units[0].rtp) * 100 / 9;
        ring.push(EventTime(from.0 + since_us), unit);
    }
}

/// The clip holds these pictures (numbers since `start`), each at its time.
fn assert_plays(clip: &Clip, first: i64, count: usize) {
    assert_eq!(clip.from, EventTime(start().0 + first * STEP_US));
    assert_eq!(clip.to, EventTime(clip.from.0 + (count as i64 - 1) * STEP_US));
    assert_eq!(clip.frames, count);
    let dir = tempfile::tempdir().unwrap();
    // Pictures rendered here: this is a test, not evidence.
    let path = dir.path().join(format!("clip.{}", clip.container));
    std::fs::write(&path, &clip.bytes).unwrap();
    let frames = common::frames(&path);
    let times: Vec<u64> = (0..count as u64).map(|n| 40 * n).collect();
    assert_eq!(frames.len(), count, "{}", clip.codec);
    for (n, (frame, time)) in (first..).zip(frames.iter().zip(times)) {
        let off = frame.pts.abs_diff(Duration::from_millis(time));
        assert!(off < Duration::from_millis(1), "{n} at {:?} instead of {time} ms", frame.pts);
        assert!(common::number_near(&frame.picture, n as u64 % 40), "{n} shows another");
    }
}

#[test]
fn clips_of_every_codec_play() {
    let dir = tempfile::tempdir().unwrap();
    for (path, container, codec) in [
        (camera::bframes(), "mp4", "H.264"),
        (camera::hevc(), "mp4", "H.265"),
        (camera::plain(dir.path()), "mp4", "H.264"),
        (camera::mjpeg(dir.path()), "matroska", "Motion JPEG"),
    ] {
        // More than a group, so that the last pictures of a group are there.
        let mut ring = ring();
        fill(&mut ring, start(), &play(&path, 44));
        let at = |n: i64| EventTime(start().0 + n * STEP_US);
        let started = Instant::now();
        let clips = ring.cut(at(15), at(27)).unwrap();
        println!("{codec}: {} bytes in {:?}", clips[0].bytes.len(), started.elapsed());
        let [clip] = &clips[..] else { panic!("{clips:?}") };
        assert_eq!((clip.container, clip.codec.as_str()), (container, codec));
        // From the key frame before (every picture, for JPEG), to what picture 27 needs.
        let first = if container == "mp4" { 10 } else { 15 };
        let last = (clip.to.0 - start().0) / STEP_US;
        assert!((27..=30).contains(&last), "up to {last}");
        assert_plays(clip, first, (last - first + 1) as usize);
    }
}

#[test]
fn another_size_or_codec_begins_another_clip() {
    let dir = tempfile::tempdir().unwrap();
    let wide = dir.path().join("wide.mp4");
    let pictures = (0..40).map(|n| (common::picture(n, 192, 96), 40 * n));
    common::encode_pictures(&wide, "openh264enc gop-size=10 ! h264parse ! mp4mux", pictures);
    let mut ring = ring();
    let mut from = start();
    for path in [camera::plain(dir.path()), wide, camera::hevc(), camera::bframes()] {
        // Whole groups, so that nothing after the change is shown before it.
        fill(&mut ring, from, &play(&path, 20));
        from = EventTime(from.0 + 40 * STEP_US);
    }
    let clips = ring.cut(EventTime(start().0 + 12 * STEP_US), from).unwrap();
    let kinds: Vec<_> = clips.iter().map(|clip| (clip.codec.as_str(), clip.frames)).collect();
    assert_eq!(kinds, [("H.264", 10), ("H.264", 20), ("H.265", 20), ("H.264", 20)]);
    for (n, clip) in (0..).zip(&clips) {
        assert_plays(clip, if n == 0 { 10 } else { 40 * n }, clip.frames);
    }
}
