//! The state of a track, as the camera has it.

use wayside_proto::{Covariance2, RoadUserClass, TrackId, TrackState};

use super::view::View;
use crate::road::{outward_rad, to_site, turn};
use crate::traffic::{Mover, Path};

/// Standard deviation of the speed, metres a second.
const SPEED_SIGMA_MS: f64 = 0.2;
/// Of the heading, radians.
const HEADING_SIGMA_RAD: f64 = 0.03;

/// Standard deviation of a front so far out, metres: 0.1 near the camera, 0.3 at the end of the arm.
fn sigma_m(out: f64) -> f64 {
    0.1 + 0.002 * out.abs()
}

/// The state of who moves on `arm`.
pub(crate) fn see(mover: &Mover, arm: usize, view: &View) -> TrackState {
    let (across, out) = mover.front();
    let along_sigma = sigma_m(out);
    // Along the road a front is harder to place than across it.
    let aside_sigma = 0.6 * along_sigma;
    let noise = &mover.noise;
    let [along, aside] = noise.place;
    let [faster, sideways] = noise.velocity;
    let walks = mover.path.walks();
    // Unit steps of the mover in terms of across and out.
    let (ahead_across, ahead_out) = match mover.path {
        Path::WalkRight => (1.0, 0.0),
        Path::WalkLeft => (-1.0, 0.0),
        path if path.inward() => (0.0, -1.0),
        _ => (0.0, 1.0),
    };
    let (out_error, across_error) = (along * along_sigma, aside * aside_sigma);
    let front_m = to_site(arm, across + across_error, out + out_error);
    let v = mover.v + SPEED_SIGMA_MS * faster * settle(mover.v);
    let w = SPEED_SIGMA_MS * sideways * 0.5 * settle(mover.v);
    let velocity_ms =
        to_site(arm, v * ahead_across + w * ahead_out, v * ahead_out + w * ahead_across);
    let (out_var, across_var) = (along_sigma * along_sigma, aside_sigma * aside_sigma);
    let northward = arm.is_multiple_of(2);
    let front_cov_m2 = if northward {
        Covariance2 { xx: across_var, xy: 0.0, yy: out_var }
    } else {
        Covariance2 { xx: out_var, xy: 0.0, yy: across_var }
    };
    let quarter = std::f64::consts::FRAC_PI_2;
    let ahead_rad = match mover.path {
        Path::WalkRight => turn(outward_rad(arm) - quarter),
        Path::WalkLeft => turn(outward_rad(arm) + quarter),
        path if path.inward() => turn(outward_rad(arm) + 2.0 * quarter),
        _ => outward_rad(arm),
    };
    let (centre_across, centre_out) = mover.centre();
    let rear_out = if walks { out } else { out.min(2.0 * centre_out - out) };
    let height_m = height_m(mover.class);
    TrackState {
        id: TrackId(mover.id),
        class: mover.class,
        class_confidence: noise.class_share(),
        confidence: noise.score,
        box_px: view.boxed(centre_across, rear_out, mover.width_m, height_m),
        front_m,
        front_cov_m2,
        heading_rad: turn(ahead_rad + HEADING_SIGMA_RAD * noise.heading),
        heading_sigma_rad: HEADING_SIGMA_RAD,
        velocity_ms,
        velocity_cov_m2s2: Covariance2::isotropic(SPEED_SIGMA_MS),
        length_m: mover.length_m,
        width_m: mover.width_m,
        measured: noise.measured,
    }
}

/// A tracker holds who stands: the error of the speed shrinks towards standing.
fn settle(v: f64) -> f64 {
    (0.2 + v).min(1.0)
}

fn height_m(class: RoadUserClass) -> f64 {
    match class {
        RoadUserClass::Truck | RoadUserClass::Bus => 3.2,
        RoadUserClass::Car => 1.5,
        RoadUserClass::Motorcycle | RoadUserClass::Bicycle | RoadUserClass::Person => 1.7,
    }
}
