//! Where a track is a moment later.

use wayside_proto::RoadUserClass;
use wayside_site::geometry::direction;

use super::{BIAS, CURVATURE, Filter, HEADING, LENGTH, SPEED, State, StateCov, X, Y};
use crate::prior;

/// Longest step of the motion model, seconds; longer spans are taken in several.
const STEP_S_MAX: f64 = 0.2;
/// The point that follows the heading is the rear axle; it lies this share of the length behind the
/// middle. (About 0.27 by a car's drawing; less here, since a fixed value is wrong for trailers
/// and for paths that are only traced by the middle.)
const AXLE_SHARE: f64 = 0.15;
/// Sideways slip, as a share of the way driven.
const SLIP_SHARE: f64 = 0.03;
/// Way over which the bias of an edge is forgotten, because the view has changed, metres.
const BIAS_MEMORY_M: f64 = 15.0;
/// Time over which the bias of an edge is forgotten while the view does not change, seconds.
const BIAS_MEMORY_S: f64 = 30.0;
/// Standard deviation of the speed's change over one second while standing, metres a second.
const STANDING_ACCELERATION_MS2: f64 = 0.1;

impl Filter {
    /// Moves the state `dt_s` ahead.
    pub fn predict(&mut self, dt_s: f64, class: RoadUserClass, standing: bool) {
        let steps = (dt_s / STEP_S_MAX).ceil().clamp(1.0, 1000.0);
        for _ in 0..steps as u32 {
            self.predict_once(dt_s / steps, class, standing);
        }
        self.tidy(class);
    }

    fn predict_once(&mut self, dt: f64, class: RoadUserClass, standing: bool) {
        let prior = prior::of(class);
        let way = (self.x[SPEED] * dt).abs();
        let keep_curvature = libm::exp(-way / prior.curvature_memory_m);
        let keep_bias = libm::exp(-way / BIAS_MEMORY_M - dt / BIAS_MEMORY_S);
        let moved = |x: &State| motion(x, dt, keep_curvature, keep_bias);

        let mut jacobian = StateCov::identity();
        jacobian[(CURVATURE, CURVATURE)] = keep_curvature;
        for index in BIAS..BIAS + 4 {
            jacobian[(index, index)] = keep_bias;
        }
        for (column, step) in [(HEADING, 1e-4), (SPEED, 1e-3), (CURVATURE, 1e-5), (LENGTH, 1e-3)] {
            let (mut up, mut down) = (self.x, self.x);
            up[column] += step;
            down[column] -= step;
            let slope = (moved(&up) - moved(&down)) / (2.0 * step);
            jacobian.set_column(column, &slope);
        }

        let ahead = direction(self.x[HEADING]);
        let mut noise = StateCov::zeros();
        // White acceleration along the heading (Bar-Shalom et al., section 6.2.2).
        let a = if standing { STANDING_ACCELERATION_MS2 } else { prior.acceleration_ms2 };
        let density = a * a;
        let (q_place, q_mixed, q_speed) =
            (density * dt * dt * dt / 3.0, density * dt * dt / 2.0, density * dt);
        let slip = SLIP_SHARE * SLIP_SHARE * way + 1e-6 * dt;
        let across = [-ahead.y, ahead.x];
        for i in 0..2 {
            for j in 0..2 {
                noise[(i, j)] = ahead[i] * ahead[j] * q_place + across[i] * across[j] * slip;
            }
            noise[(i, SPEED)] = ahead[i] * q_mixed;
            noise[(SPEED, i)] = ahead[i] * q_mixed;
        }
        noise[(SPEED, SPEED)] = q_speed;
        let still = if standing { 0.1 } else { 1.0 };
        noise[(HEADING, HEADING)] =
            prior.turn_rad * prior.turn_rad * dt * still + 1e-4 * way + 1e-6 * dt;
        noise[(CURVATURE, CURVATURE)] =
            prior.curvature * prior.curvature * (1.0 - keep_curvature * keep_curvature);
        for index in BIAS..BIAS + 4 {
            noise[(index, index)] = 1.0 - keep_bias * keep_bias;
        }
        self.p = jacobian * self.p * jacobian.transpose() + noise;
        self.x = moved(&self.x);
    }
}

fn motion(x: &State, dt: f64, keep_curvature: f64, keep_bias: f64) -> State {
    let way = x[SPEED] * dt;
    let turn = way * x[CURVATURE];
    let axle = AXLE_SHARE * x[LENGTH];
    let (before, halfway) = (direction(x[HEADING]), direction(x[HEADING] + turn / 2.0));
    let after = direction(x[HEADING] + turn);
    let mut next = *x;
    next[X] += halfway.x * way + axle * (after.x - before.x);
    next[Y] += halfway.y * way + axle * (after.y - before.y);
    next[HEADING] += turn;
    next[CURVATURE] *= keep_curvature;
    for index in BIAS..BIAS + 4 {
        next[index] *= keep_bias;
    }
    next
}
