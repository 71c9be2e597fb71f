//! What holds of every way of driving, and how good the stated time is.

mod world;

use proptest::prelude::*;
use world::{World, at, state};

/// A way of driving: speeds that follow one another, and how long each lasts.
fn ways() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((-6.0f64..18.0, 0.5f64..4.0), 1..8)
}

fn place(way: &[(f64, f64)], t: f64) -> f64 {
    let mut left = t;
    let mut beyond = -25.0;
    for (speed, lasts) in way {
        let part = left.min(*lasts);
        beyond += speed * part;
        left -= part;
    }
    beyond
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn one_passage_for_each_crossing(way in ways(), fps in 5.0f64..25.0) {
        let seconds: f64 = way.iter().map(|(_, lasts)| lasts).sum();
        let mut world = World::new();
        world.drive(seconds + 0.5, fps, |t| place(&way, t));
        world.finish();
        // The rule, told in another way: it may count when it is a metre beyond, does when it is so far that
        // no look is waited for, and again only after it was 5 m before.
        let (mut sure, mut maybe, mut armed, mut may) = (0, 0, true, true);
        for k in 0..((seconds + 0.5) * fps) as u32 {
            let beyond = place(&way, f64::from(k) / fps);
            if beyond < -5.1 { armed = true; }
            if beyond < -4.9 { may = true; }
            if armed && beyond > 13.0 { sure += 1; armed = false; }
            if may && beyond > 0.9 { maybe += 1; may = false; }
        }
        let told = world.vehicles().len();
        // What had no look, or left the place with the recording, is a gap.
        let all = told + world.gaps().len();
        prop_assert!(told <= maybe, "{told} told, {maybe} at most: {:?}", world.said);
        prop_assert!(all >= sure, "{told} told, {sure} at least: {:?}", world.said);
    }

    #[test]
    fn nothing_breaks_whatever_the_tracks_say(
        states in prop::collection::vec(
            (0u64..6, -90.0f64..90.0, -20.0f64..20.0, 0.0f64..5.0, any::<bool>(), 0usize..8, 0.0f64..2.0),
            1..120,
        ),
    ) {
        let mut world = World::new();
        let mut t = 0.0;
        for (track, beyond, speed, sigma, measured, odd, dt) in states {
            t += dt;
            let mut one = state(track, beyond, speed, sigma);
            one.measured = measured;
            match odd {
                0 => one.front_m = [f64::NAN, 1.0],
                1 => one.velocity_ms = [f64::INFINITY, 0.0],
                2 => one.box_px = None,
                3 => one.class_confidence = f32::NAN,
                _ => {}
            }
            if odd == 4 {
                world.gap(t, t + 0.1, wayside_proto::GapCause::Lost);
            } else {
                world.frame(t, vec![one]);
            }
        }
        world.finish();
    }
}

/// Numbers that look like chance and are the same on every machine.
struct Noise(u64);

impl Noise {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Normal, by the sum of twelve.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

#[test]
fn the_true_time_is_within_the_stated_interval_in_95_percent() {
    let mut noise = Noise(20_260_601);
    let (mut within, mut all, mut stated) = (0, 0, 0.0);
    for _ in 0..600 {
        let mut world = World::new();
        let speed = 3.0 + 20.0 * noise.unit();
        let acceleration = 4.0 * noise.unit() - 2.0;
        let fps = 5.0 + 20.0 * noise.unit();
        let sigma = 0.1 + 0.5 * noise.unit();
        // A filter's error is alike from frame to frame: one offset, and a little of each frame's own.
        let offset = sigma * 0.9 * noise.normal();
        let begin = -30.0 - noise.unit();
        let way = |t: f64| begin + (speed * t + acceleration * t * t / 2.0).max(0.0);
        let Some(crossed) = (0..100_000).map(|k| f64::from(k) / 10_000.0).find(|t| way(*t) >= 0.0)
        else {
            continue;
        };
        for k in 0..((crossed + 2.5) * fps) as u32 {
            let t = f64::from(k) / fps;
            let seen = way(t) + offset + sigma * 0.436 * noise.normal();
            world.frame(t, vec![state(1, seen, (speed + acceleration * t).max(0.1), sigma)]);
        }
        world.finish();
        for (passage, vehicle) in world.vehicles() {
            let error = passage.time.since_s(at(crossed)).abs();
            let half = f64::from(vehicle.time_uncertainty_us) / 1e6;
            all += 1;
            stated += half;
            within += u32::from(error <= half);
        }
    }
    let share = f64::from(within) / f64::from(all);
    let told =
        format!("{share:.3} of {all} within, mean half-width {:.3} s", stated / f64::from(all));
    assert!(all > 450, "{told}");
    assert!(share >= 0.95, "{told}");
    // Not by saying nothing: a third of a metre at 13 m/s is 50 ms.
    assert!(stated / f64::from(all) < 0.3);
}
