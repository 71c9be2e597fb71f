//! The detector rests while nothing moves, and no event is lost by it: a piece of the example in which
//! all traffic stands still for a while, with a sensor's noise, replayed with and without the gate.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::path::Path;
use std::time::Duration;

use common::{command, root, run};
use serde_json::Value;
use wayside_capture::{Mp4Writer, Reader, ReaderOptions, Source};
use wayside_picture::Picture;

/// The piece of the example, seconds: a red light is run at 11.0.
const PIECE_S: (f64, f64) = (7.0, 14.0);
/// When the world stops, seconds of the example, and for how long.
const REST_AT_S: f64 = 9.5;
const REST_FRAMES: u32 = 60;

/// The picture with grains of up to two levels, as a sensor gives it.
fn grainy(picture: &Picture, seed: u64) -> Picture {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let grain = |luma: &u8| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        luma.saturating_add((state % 5) as u8).saturating_sub(2)
    };
    let luma = picture.y.iter().map(grain).collect();
    let (u, v) = (picture.u.to_vec(), picture.v.to_vec());
    Picture::new(picture.width, picture.height, luma, u, v, picture.matrix).unwrap()
}

/// Writes the piece, with the rest in it.
fn write(from: &Path, to: &Path) {
    let source = Source::parse(from, 0.0);
    let mut reader = Reader::open(&source, ReaderOptions::default()).unwrap();
    let info = reader.info().clone();
    let fps = info.fps.unwrap();
    let rate = (fps * 1000.0).round() as u32;
    let mut writer = Mp4Writer::create(to, info.width, info.height, rate, 1000).unwrap();
    let mut written = 0_u32;
    let mut write = |picture: &Picture| {
        let pts = Duration::from_secs_f64(f64::from(written) / fps);
        writer.write(&grainy(picture, written.into()), pts).unwrap();
        written += 1;
    };
    while let Some(frame) = reader.next().unwrap() {
        let time_s = frame.pts.as_secs_f64();
        if time_s >= PIECE_S.1 {
            break;
        }
        if time_s >= PIECE_S.0 {
            let rests = time_s >= REST_AT_S && time_s < REST_AT_S + 1.0 / fps;
            for _ in 0..if rests { REST_FRAMES } else { 1 } {
                write(&frame.picture);
            }
        }
    }
    writer.finish().unwrap();
}

fn replay(dir: &Path, gate: bool) -> Value {
    let mut command = command(["replay", "--json", "--no-pictures", "--threads", "2"]);
    command.arg(dir.join("site.toml")).arg("--out").arg(dir.join(format!("out-{gate}")));
    if gate {
        command.arg("--motion-gate");
    }
    run(command).succeeded().json()
}

#[test]
fn no_event_is_lost_while_the_detector_rests() {
    let dir = tempfile::tempdir().unwrap();
    let example = root().join("examples/junction");
    write(&example.join("clip.mp4"), &dir.path().join("clip.mp4"));
    std::fs::copy(example.join("signals.csv"), dir.path().join("signals.csv")).unwrap();
    let site = std::fs::read_to_string(example.join("site.toml")).unwrap();
    let source = "source = \"clip.mp4\"\n";
    assert!(site.contains(source));
    let site = site.replacen(source, &format!("{source}offset_s = {}\n", PIECE_S.0), 1);
    std::fs::write(dir.path().join("site.toml"), site).unwrap();

    let (every, gated) = (replay(dir.path(), false), replay(dir.path(), true));
    let frames =
        |run: &Value| (run["frames"].as_u64().unwrap(), run["frames_still"].as_u64().unwrap());
    assert_eq!(frames(&every).1, 0);
    assert_eq!(frames(&gated).0, frames(&every).0);
    // It rests but for the second after the last movement, and looks again when the traffic goes on.
    let still = frames(&gated).1;
    assert!((30..u64::from(REST_FRAMES)).contains(&still), "{still} frames were still");
    let events = |run: &Value| -> Vec<(String, String, f64)> {
        let events = run["violations"].as_array().unwrap();
        let text = |event: &Value, key: &str| event[key].as_str().unwrap().to_owned();
        let event = |e: &Value| (text(e, "rule"), text(e, "place"), e["time_s"].as_f64().unwrap());
        events.iter().map(event).collect()
    };
    let (every, gated) = (events(&every), events(&gated));
    assert!(every.iter().any(|(rule, _, _)| rule == "red_light"), "{every:?}");
    assert_eq!(every.len(), gated.len(), "{every:?} {gated:?}");
    for (a, b) in every.iter().zip(&gated) {
        assert_eq!((&a.0, &a.1), (&b.0, &b.1));
        assert!((a.2 - b.2).abs() < 0.1, "{a:?} {b:?}");
    }
}
