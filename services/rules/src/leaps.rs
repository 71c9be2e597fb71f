//! When a track leaps as no vehicle does: it may have passed from one vehicle to another.
//!
//! A tracker that lost a vehicle may take it up again in the wrong place. Both the front and the
//! centre of the footprint are then further from where the velocity would have brought them than a
//! vehicle can brake or steer plus what the measurement can be wrong. (The front alone moves when a
//! track is turned round, the centre alone in a sharp turn.) What a rule concludes across such a leap is void: the
//! vehicle after it may not be the one before it.

use wayside_proto::{EventTime, VoidCause};

use crate::scene::Reason;
use crate::track::{Sample, Step};

/// How hard a vehicle brakes, gathers speed or turns, metres a second squared.
const ACCELERATION_MS2_MAX: f64 = 5.0;
/// A track's shape settles; its centre may move this far without any meaning, metres.
const SETTLE_M: f64 = 1.5;
/// Of the standard deviation at most this much passes for an error of one step, metres: most of it
/// is common to neighbouring states.
const SIGMA_M_MAX: f64 = 1.0;
/// Leaps that are remembered of one track.
const LEAPS_MAX: usize = 4;

/// The latest leaps of a track.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Leaps {
    spans: [Option<(EventTime, EventTime)>; LEAPS_MAX],
    next: usize,
}

impl Leaps {
    /// Takes a step. True where it is a leap.
    pub(crate) fn step(&mut self, step: &Step) -> bool {
        let Some(before) = step.before.filter(|before| is_leap(before, &step.now)) else {
            return false;
        };
        if let Some(place) = self.spans.get_mut(self.next) {
            *place = Some((before.time, step.now.time));
        }
        self.next = (self.next + 1) % LEAPS_MAX;
        true
    }

    /// The reason to abstain where a leap lies within the span.
    pub(crate) fn within(&self, from: EventTime, to: EventTime) -> Option<Reason> {
        let (_, at) = self.spans.iter().flatten().find(|leap| leap.0 < to && leap.1 > from)?;
        Some((
            VoidCause::TrackLost,
            format!("The track leapt at {at}; it may have passed from one vehicle to another."),
        ))
    }
}

fn is_leap(before: &Sample, now: &Sample) -> bool {
    let dt_s = now.time.since_s(before.time);
    let moved = before.velocity * dt_s;
    let front_m = (now.front - before.front - moved).norm();
    let centre_m = (now.centre() - before.centre() - moved).norm();
    let sigma_m = before.cov.xx.max(before.cov.yy).max(0.0).sqrt().min(SIGMA_M_MAX);
    let allowed_m = SETTLE_M + ACCELERATION_MS2_MAX * dt_s * dt_s / 2.0 + 1.96 * sigma_m;
    front_m.min(centre_m) > allowed_m
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayside_proto::Covariance2;
    use wayside_site::geometry::Vec2;

    fn sample(time_us: i64, x: f64, y: f64, vx: f64, sigma_m: f64) -> Sample {
        Sample {
            time: EventTime(time_us),
            front: Vec2::new(x, y),
            cov: Covariance2::isotropic(sigma_m),
            velocity: Vec2::new(vx, 0.0),
            velocity_cov: Covariance2::isotropic(0.3),
            heading_sigma_rad: 0.1,
            ahead: Vec2::new(vx.signum(), 0.0),
            length_m: 4.4,
            width_m: 1.8,
        }
    }

    #[test]
    fn braking_is_no_leap_and_another_vehicle_is_one() {
        let before = sample(0, 0.0, 0.0, 15.0, 0.5);
        let mut leaps = Leaps::default();
        let step = |now| Step { before: Some(before), now };
        assert!(!leaps.step(&step(sample(80_000, 1.1, 0.1, 14.5, 0.5))));
        assert!(!leaps.step(&step(sample(900_000, 11.6, 0.0, 10.0, 0.5))));
        assert!(leaps.step(&step(sample(900_000, 20.5, 0.0, 15.0, 0.5))));
        assert!(leaps.within(EventTime(500_000), EventTime(600_000)).is_some());
        assert!(leaps.within(EventTime(900_000), EventTime(950_000)).is_none());
    }

    #[test]
    fn a_wide_deviation_does_not_excuse_a_leap() {
        let before = sample(0, 0.0, 0.0, -4.8, 2.9);
        let step = Step { before: Some(before), now: sample(960_000, -11.3, 0.0, -9.3, 2.9) };
        assert!(Leaps::default().step(&step));
    }
}
