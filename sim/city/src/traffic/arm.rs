//! One arm: everybody on it, moved on step by step.

use super::arrivals::Arrivals;
use super::driver::{Ahead, drive};
use super::judge::{self, Broken};
use super::mover::Mover;
use super::path::Path;
use crate::cycle::Cycle;
use crate::rng::Rng;

/// Longest step, seconds: traffic moves at ten hertz or more.
const STEP_S_MAX: f64 = 0.1;

/// The traffic of one arm. Nobody overtakes, so who comes first stays first.
#[derive(Clone, Debug)]
pub(crate) struct Arm {
    arm: usize,
    /// In order of id, which is the order of arrival.
    pub(crate) movers: Vec<Mover>,
    arrivals: Arrivals,
    rng: Rng,
    id: u64,
    now_us: i64,
}

impl Arm {
    /// An empty arm at `from_us`, microseconds from the beginning of the stream.
    pub(crate) fn new(arm: usize, offenders: f64, from_us: i64, mut rng: Rng) -> Self {
        let arrivals = Arrivals::new(offenders, from_us, &mut rng);
        Self { arm, movers: Vec::new(), arrivals, rng, id: 0, now_us: from_us }
    }

    /// Moves everybody on to `until_us`, in equal steps of a tenth of a second at most.
    pub(crate) fn advance(&mut self, until_us: i64, cycle: &Cycle, out: &mut Vec<Broken>) {
        let span_s = (until_us - self.now_us) as f64 / 1e6;
        let steps = (span_s / STEP_S_MAX - 1e-6).ceil().max(1.0) as i64;
        let from_us = self.now_us;
        for step in 1..=steps {
            let now_us = from_us + (until_us - from_us) * step / steps;
            self.step(now_us, cycle, out);
        }
    }

    fn step(&mut self, now_us: i64, cycle: &Cycle, out: &mut Vec<Broken>) {
        let dt = (now_us - self.now_us) as f64 / 1e6;
        self.now_us = now_us;
        let colour = cycle.vehicles(self.arm, now_us);
        let mut tails: [Option<(f64, f64)>; Path::COUNT] = [None; Path::COUNT];
        let mut left = false;
        for mover in &mut self.movers {
            let before_s = mover.s;
            if mover.path.walks() {
                mover.s += mover.v * dt;
            } else {
                let Some(tail) = tails.get_mut(mover.path.index()) else { continue };
                drive(mover, &Ahead { leader: *tail, colour, now_us }, dt);
                *tail = Some((mover.s - mover.length_m, mover.v));
                judge::look(mover, before_s, now_us, dt, self.arm, cycle, out);
            }
            left |= mover.s >= mover.path.length_m();
        }
        if left {
            self.movers.retain_mut(|mover| {
                let stays = mover.s < mover.path.length_m();
                if !stays {
                    judge::leave(mover, now_us, out);
                }
                stays
            });
        }
        let (arrivals, movers) = (&mut self.arrivals, &mut self.movers);
        arrivals.come(
            now_us,
            cycle.people_walk(self.arm, now_us),
            &tails,
            &mut self.id,
            &mut self.rng,
            movers,
        );
    }

    /// Judges who is still there, as at the end of a recording.
    pub(crate) fn finish(&mut self, out: &mut Vec<Broken>) {
        for mover in &mut self.movers {
            judge::leave(mover, self.now_us, out);
        }
    }
}
