//! How a vehicle gathers speed and brakes.
//!
//! The intelligent driver model (Treiber, Hennecke and Helbing, Congested traffic states in empirical
//! observations and microscopic simulations, Physical Review E 62, 2000) behind the vehicle ahead, and
//! behind a standing obstacle at the stop line or at the place of a planned stop.

use wayside_proto::SignalColour;

use super::mover::{Mover, Plan};
use super::path::Path;

/// Acceleration, metres a second squared.
const GATHER_MS2: f64 = 1.8;
/// Twice the geometric mean of acceleration and comfortable deceleration (2.2), metres a second squared.
const TWICE_MEAN_MS2: f64 = 3.98;
/// Nobody brakes harder, metres a second squared.
const BRAKE_MS2_MAX: f64 = 7.0;
/// Gap in a queue, metres.
const GAP_M: f64 = 2.0;
/// Time headway, seconds.
const HEADWAY_S: f64 = 1.2;
/// A driver who would have to brake harder than this at the line goes on, metres a second squared.
const STOP_MS2_MAX: f64 = 3.2;

/// What the driver sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ahead {
    /// Rear of the vehicle ahead along the way, metres, and its speed.
    pub(crate) leader: Option<(f64, f64)>,
    /// The signal.
    pub(crate) colour: SignalColour,
    pub(crate) now_us: i64,
}

/// Moves a vehicle on by `dt` seconds.
pub(crate) fn drive(mover: &mut Mover, ahead: &Ahead, dt: f64) {
    let mut acceleration = free(mover.v, mover.v_wanted);
    if let Some((rear, speed)) = ahead.leader {
        acceleration = acceleration.min(behind(mover, rear - mover.s, speed));
    }
    if let Some(stop_s) = stop(mover, ahead) {
        acceleration = acceleration.min(behind(mover, stop_s + GAP_M - mover.s, 0.0));
    }
    let acceleration = acceleration.max(-BRAKE_MS2_MAX);
    let v = (mover.v + acceleration * dt).max(0.0);
    mover.s += (mover.v + v) / 2.0 * dt;
    mover.v = v;
}

fn free(v: f64, wanted: f64) -> f64 {
    let ratio = v / wanted;
    let square = ratio * ratio;
    GATHER_MS2 * (1.0 - square * square)
}

fn behind(mover: &Mover, gap_m: f64, speed: f64) -> f64 {
    let v = mover.v;
    let wished = GAP_M + (v * HEADWAY_S + v * (v - speed) / TWICE_MEAN_MS2).max(0.0);
    let share = wished / gap_m.max(0.1);
    free(v, mover.v_wanted) - GATHER_MS2 * share * share
}

/// Where the driver means to stop, metres along the way.
fn stop(mover: &mut Mover, ahead: &Ahead) -> Option<f64> {
    let planned = planned(mover, ahead.now_us);
    let light = light(mover, ahead.colour);
    match (planned, light) {
        (Some(planned), Some(light)) => Some(planned.min(light)),
        (planned, light) => planned.or(light),
    }
}

/// The place of a planned stop that is not over.
fn planned(mover: &mut Mover, now_us: i64) -> Option<f64> {
    let Plan::StopsAt { at_s, for_s } = mover.plan else { return None };
    match mover.stopped_us {
        Some(stopped_us) if now_us - stopped_us >= (for_s * 1e6) as i64 => {
            mover.plan = Plan::Keeps;
            return None;
        }
        None if mover.v < 0.05 && at_s - mover.s < 1.0 => mover.stopped_us = Some(now_us),
        _ => {}
    }
    Some(at_s)
}

/// The place to stop for a signal that is not green.
fn light(mover: &Mover, colour: SignalColour) -> Option<f64> {
    if !mover.path.enters() || colour == SignalColour::Green || mover.plan == Plan::RunsRed {
        return None;
    }
    let stop_s = match mover.plan {
        Plan::StopsBeyond(beyond_m) => Path::line_s() + beyond_m,
        _ => Path::line_s() - mover.stops_short_m,
    };
    let left_m = stop_s - mover.s;
    let can = left_m > 0.0 && mover.v * mover.v <= 2.0 * STOP_MS2_MAX * left_m;
    // Who stands already stays, a little beyond the place too.
    let stands = mover.v < 0.5 && left_m > -0.5;
    (can || stands).then_some(stop_s)
}
