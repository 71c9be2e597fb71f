//! The junction's geometry. Every arm is the northern one, turned by quarters.
//!
//! On an arm, `across` is metres to the right of its middle as one looks outward (right-hand traffic
//! leaves there), `out` metres from the middle of the junction. Site coordinates have their origin in
//! the middle of the junction, x east and y north; quarter turns swap numbers and are exact.

/// Width of a lane, metres.
pub(crate) const LANE_M: f64 = 3.2;
/// Where the arms end, metres from the middle.
pub(crate) const ARM_M: f64 = 100.0;
/// Stop line.
pub(crate) const STOP_LINE_M: f64 = 12.0;
/// Half the side of the conflict area.
pub(crate) const AREA_M: f64 = 8.0;
/// Middle of the crossing, and its width.
pub(crate) const CROSSING_M: f64 = 10.2;
pub(crate) const CROSSING_WIDTH_M: f64 = 2.4;
/// Kerbs.
pub(crate) const KERB_M: f64 = 6.4;
/// The no-stopping zone along the kerb of the way out: from, to, and its outer edge.
pub(crate) const ZONE_M: (f64, f64) = (18.0, 64.0);
pub(crate) const ZONE_EDGE_M: f64 = 9.6;

/// Thresholds of the rules, as in the site file.
pub(crate) const GRACE_S: f64 = 0.3;
pub(crate) const ENTER_S_MAX: f64 = 15.0;
pub(crate) const OVERRUN_M_MIN: f64 = 0.5;
pub(crate) const STAND_S_MIN: f64 = 1.0;
pub(crate) const WRONG_WAY_M_MIN: f64 = 10.0;
pub(crate) const WRONG_WAY_S_MIN: f64 = 1.0;
pub(crate) const BOX_S_MAX: f64 = 8.0;
pub(crate) const NO_STOPPING_S_MAX: f64 = 10.0;

/// A point of an arm in site coordinates.
pub(crate) fn to_site(arm: usize, across: f64, out: f64) -> [f64; 2] {
    match arm % 4 {
        0 => [across, out],
        1 => [out, -across],
        2 => [-across, -out],
        _ => [-out, across],
    }
}

/// Direction outward along an arm, radians counter-clockwise from east.
pub(crate) fn outward_rad(arm: usize) -> f64 {
    use std::f64::consts::{FRAC_PI_2, PI};
    match arm % 4 {
        0 => FRAC_PI_2,
        1 => 0.0,
        2 => -FRAC_PI_2,
        _ => PI,
    }
}

/// The angle in (-pi, pi].
pub(crate) fn turn(angle_rad: f64) -> f64 {
    use std::f64::consts::{PI, TAU};
    if angle_rad > PI {
        angle_rad - TAU
    } else if angle_rad <= -PI {
        angle_rad + TAU
    } else {
        angle_rad
    }
}
