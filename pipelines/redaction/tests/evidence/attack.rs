//! What many frames tell an attacker beyond one.

use wayside_proto::MotorVehicleClass;

use crate::world::{Actor, World, settings};

/// Correlation of two pictures of the same size, -1 to 1.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let sum =
        |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| f(a - ma, b - mb)).sum::<f64>();
    let (aa, bb) = (sum(&|a, _| a * a), sum(&|_, b| b * b));
    if aa < 1e-9 || bb < 1e-9 { 0.0 } else { sum(&|a, b| a * b) / (aa * bb).sqrt() }
}

/// The attacker knows the exact path of a walker, moves every frame onto it and averages (the multi-frame attack
/// of Cavedon et al., with perfect registration). Blocks of 4 pixels that follow no hold show what
/// that can do; ours must not give it.
#[test]
fn averaging_aligned_frames_recovers_no_face() {
    let person = Actor { x: 20, y: 60, width: 40, height: 96, way: (70, 3), brightness: 100 };
    let car = Actor { x: 20, y: 200, width: 100, height: 60, way: (60, 0), brightness: 190 };
    let world = World { actors: vec![car, person], offending: 0, frames: 50, noise: 2 };
    let mut plan =
        world.observe(MotorVehicleClass::Car, settings(), |_| Vec::new()).expect("a plan");
    let hidden = world.hide(&mut plan);
    let (width, height) = (person.width as usize, person.height as usize);
    let (mut truth, mut ours, mut weak) =
        (vec![0.0; width * height], vec![0.0; width * height], vec![0.0; width * height]);
    for (frame, (before, after, _)) in hidden.iter().enumerate() {
        let b = person.box_at(frame);
        let (x0, y0) = (b.x0 as usize, b.y0 as usize);
        let mut plain = before.clone();
        let whole = plain.rect();
        plain.pixelate(whole, 4).expect("inside");
        for v in 0..height {
            for u in 0..width {
                let at = (y0 + v) * crate::world::WIDTH + x0 + u;
                truth[v * width + u] += f64::from(before.y[at]);
                ours[v * width + u] += f64::from(after.y[at]);
                weak[v * width + u] += f64::from(plain.y[at]);
            }
        }
    }
    // The texture of the walker has patches of 3 pixels; only the inside, away from its outline.
    let inner = |v: &[f64]| -> Vec<f64> {
        let rows = 16..height - 16;
        rows.flat_map(|r| (12..width - 12).map(move |c| r * width + c)).map(|i| v[i]).collect()
    };
    let weak = correlation(&inner(&truth), &inner(&weak));
    let ours = correlation(&inner(&truth), &inner(&ours));
    assert!(weak > 0.6, "the attack works on small blocks: {weak}");
    assert!(ours.abs() < 0.2, "the attack finds nothing here: {ours}");
}
