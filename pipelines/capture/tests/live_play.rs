//! A live camera plays.

#![allow(clippy::unwrap_used)] // Test code.

#[path = "common/camera.rs"]
mod camera;

use std::time::{Duration, Instant};

use camera::{Camera, Play, source};
use wayside_capture::live::{LiveEvent, Transport};

/// Plays until `frames` frames came.
fn play(line: &str, transport: Transport, frames: usize) -> Vec<LiveEvent> {
    let camera = Camera::start(line);
    let started = Instant::now();
    let mut play = Play::open(&source(&camera.url("cam"), transport));
    let mut count = 0;
    let events = play.until(Duration::from_secs(10), |event| {
        if matches!(event, LiveEvent::Frame(_)) {
            if count == 0 {
                println!("first frame after {:?}", started.elapsed());
            }
            count += 1;
        }
        count == frames
    });
    drop(play);
    events
}

#[test]
fn tcp() {
    for event in play(camera::H264, Transport::Tcp, 30) {
        match event {
            LiveEvent::Frame(frame) => {
                println!("frame {} {}x{}", frame.rtp, frame.picture.width, frame.picture.height)
            }
            LiveEvent::Unit(unit) => println!(
                "unit {} {} key {} {:?} {}",
                unit.index, unit.rtp, unit.key, unit.dropped, unit.bytes
            ),
            other => println!("{other:?}"),
        }
    }
}
