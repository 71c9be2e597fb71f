//! A still scene is called still, whatever sensor, light and codec add to it.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)] // Tests print and read files.

mod common;

use std::time::Duration;

use common::pictures::{Noise, map};
use wayside_capture::Mp4Writer;
use wayside_picture::{Picture, PixelRect};
use wayside_proto::EventTime;
use wayside_watch::{Gate, GateConfig, Motion, Why};

const FRAMES: u32 = 500;
const FPS: f64 = 12.5;
/// A codec finds its rate in the first seconds.
const SETTLE_FRAMES: u64 = 60;
const STILL_SHARE_MIN: f64 = 0.95;

/// A part of the example with road, signals and standing cars.
fn scene() -> Picture {
    let mut scene = None;
    common::decode(common::EXAMPLE, |_, _, picture| {
        let rect = PixelRect { x: 400, y: 200, width: 640, height: 360 };
        scene = Some(picture.crop(rect).expect("a part"));
        false
    });
    scene.expect("the example is there")
}

fn time(frame: u32) -> EventTime {
    common::START.plus_s(f64::from(frame) / FPS)
}

/// Noise of many samples, cheap to take from.
struct Grain {
    table: Vec<f32>,
    noise: Noise,
}

impl Grain {
    fn new(deviation: f32) -> Self {
        let mut noise = Noise(7);
        let table = (0..1 << 20).map(|_| deviation * noise.normal()).collect();
        Self { table, noise }
    }

    /// Where this picture's grain begins.
    fn picture(&mut self) -> impl Fn(usize) -> f32 + '_ {
        let start = self.noise.next() as usize;
        let step = self.noise.next() as usize | 1;
        move |i| self.table[(start + i * step) & ((1 << 20) - 1)]
    }
}

fn share_of_still(gate: &mut Gate, mut pictures: impl FnMut(u32) -> Picture) -> f64 {
    let mut still = 0;
    for frame in 0..FRAMES {
        let picture = pictures(frame);
        match gate.look(time(frame), &picture) {
            Motion::Still => still += 1,
            Motion::Moving { why, share, around } => {
                gate.accept(&picture);
                if why != Why::Hold {
                    println!("frame {frame}: {why:?}, {share} at {around:?}");
                }
            }
        }
    }
    f64::from(still) / f64::from(FRAMES)
}

#[test]
fn noise_drift_of_light_and_a_tree_beside_the_road_are_no_movement() {
    let scene = scene();
    let right = PixelRect { x: 200, y: 0, width: 440, height: 360 };
    for deviation in [0.0, 1.5, 3.0] {
        let mut grain = Grain::new(deviation);
        let mut gate = Gate::new(GateConfig::default(), 640, 360, &[right]);
        let share = share_of_still(&mut gate, |frame| {
            let seconds = frame as f32 / FPS as f32;
            // One level a second, up and down; exposure multiplies.
            let light = (seconds % 40.0 - 20.0).abs();
            let sway = (seconds * 4.0).sin() * 6.0;
            let grain = grain.picture();
            map(&scene, |x, y, sample| {
                let leaf = (x as f32 + sway) as usize / 9 + y / 7;
                let tree = if x < 190 && leaf.is_multiple_of(2) { 40.0 } else { 0.0 };
                f32::from(sample) * (1.0 + light / 120.0) + tree + grain(y * 640 + x)
            })
        });
        println!("noise of {deviation} levels: {:.1}% still", 100.0 * share);
        assert!(share >= STILL_SHARE_MIN, "{deviation}: {share}");
    }
}

#[test]
fn a_codec_s_changes_are_no_movement() {
    let scene = scene();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("still.mp4");
    let mut grain = Grain::new(2.0);
    let mut writer = Mp4Writer::create(&path, 640, 360, 25, 2).expect("a writer");
    for frame in 0..FRAMES {
        let grain = grain.picture();
        let picture = map(&scene, |x, y, sample| f32::from(sample) + grain(y * 640 + x));
        let pts = Duration::from_secs_f64(f64::from(frame) / FPS);
        writer.write(&picture, pts).expect("written");
    }
    writer.finish().expect("finished");
    let mut gate = Gate::new(GateConfig::default(), 640, 360, &[]);
    let (mut still, mut frames) = (0, 0);
    common::decode_file(&path, |frame, time, picture| {
        frames += 1;
        match gate.look(time, picture) {
            Motion::Still => still += u32::from(frame >= SETTLE_FRAMES),
            Motion::Moving { why, share, around } => {
                gate.accept(picture);
                if why != Why::Hold {
                    println!("frame {frame}: {why:?}, {share} at {around:?}");
                }
            }
        }
        true
    });
    let share = f64::from(still) / (f64::from(FRAMES) - SETTLE_FRAMES as f64);
    println!("encoded: {:.1}% of {frames} still", 100.0 * share);
    assert!(frames == FRAMES && share >= STILL_SHARE_MIN, "{frames}: {share}");
}

/// A dark patch, about as large as a far vehicle, creeps by a quarter of a pixel a frame.
#[test]
fn slow_movement_adds_up() {
    let scene = map(&scene(), |_, _, _| 110.0);
    let mut grain = Grain::new(1.5);
    let mut gate = Gate::new(GateConfig::default(), 640, 360, &[]);
    let (mut seen_at, mut offset) = (Vec::new(), 0.0);
    for frame in 0..200u32 {
        if frame >= 50 {
            offset += 0.05;
        }
        let grain = grain.picture();
        let picture = map(&scene, |x, y, sample| {
            let inside = |p: usize, from: f32, length: f32| {
                let p = p as f32;
                (p + 1.0 - from).clamp(0.0, 1.0) - (p + 1.0 - from - length).clamp(0.0, 1.0)
            };
            let cover = inside(x, 300.0 + offset, 16.0) * inside(y, 150.0, 12.0);
            f32::from(sample) - 50.0 * cover + grain(y * 640 + x)
        });
        let motion = gate.look(time(frame), &picture);
        if motion.is_moving() {
            gate.accept(&picture);
        }
        if let Motion::Moving { why: Why::Moved, .. } = motion {
            seen_at.push(offset);
        }
    }
    println!("seen at {seen_at:?} px");
    assert!(seen_at.first().is_some_and(|first| *first > 0.0 && *first < 1.5), "{seen_at:?}");
}
