//! What the gate and the watch cost: `cargo run --release -p wayside-watch --example gate_cost`.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, clippy::disallowed_macros)]

use std::time::Instant;

use wayside_picture::{Matrix, Picture};
use wayside_proto::EventTime;
use wayside_watch::{Gate, GateConfig, Reference, Watch, WatchConfig};

const PICTURES: u32 = 200;

fn main() {
    for (width, height) in [(640, 360), (1280, 720), (1920, 1080)] {
        // Two noisy pictures in turn, so that nothing is the same twice.
        let pictures = [1, 2].map(|seed| picture(width, height, seed));
        let time = |i: u32, step_us: i64| EventTime(i64::from(i) * step_us);

        let mut gate = Gate::new(GateConfig::default(), width, height, &[]);
        let _ = gate.look(time(0, 80_000), &pictures[0]);
        gate.accept(&pictures[0]);
        let began = Instant::now();
        let mut still = 0;
        for i in 1..=PICTURES {
            let picture = &pictures[i as usize % 2];
            let motion = gate.look(time(i, 80_000), picture);
            still += u32::from(!motion.is_moving());
            if motion.is_moving() {
                gate.accept(picture);
            }
        }
        let gate_ms = began.elapsed().as_secs_f64() * 1000.0 / f64::from(PICTURES);

        let reference = Reference::from_picture(&pictures[0]).ok();
        let mut watch = Watch::new(WatchConfig::default(), width, height, reference.as_ref());
        let mut times: Vec<f64> = (0..PICTURES)
            .map(|i| {
                let began = Instant::now();
                let _ = watch.see(time(i, 1_000_000), &pictures[i as usize % 2]);
                began.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!(
            "{width}x{height}: gate {gate_ms:.2} ms a picture ({still} of {PICTURES} still), watch {:.2} ms a \
             second (median; longest {:.2} ms)",
            times[times.len() / 2],
            times[times.len() - 1],
        );
    }
}

/// Patches of many sizes with noise.
fn picture(width: u32, height: u32, seed: u32) -> Picture {
    let mut state = seed;
    let mut luma = Vec::with_capacity((width * height) as usize);
    for y in 0..height {
        for x in 0..width {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let patch = (x / 37 * 11 + y / 23 * 7) % 13 * 12 + (x * y / 900) % 9;
            luma.push((50 + patch + (state >> 30)) as u8);
        }
    }
    let chroma = vec![128; (width * height / 4) as usize];
    Picture::new(width, height, luma, chroma.clone(), chroma, Matrix::Bt709).expect("a picture")
}
