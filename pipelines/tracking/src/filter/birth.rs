//! The first state of a track, from one box and a guess of the heading.

use wayside_proto::RoadUserClass;
use wayside_site::geometry::{CameraModel, Vec2, direction};

use super::{
    BIAS, CURVATURE, EdgeUse, Filter, HEADING, HEIGHT, LENGTH, SPEED, State, StateCov, Update,
    WIDTH, X, Y,
};
use crate::config::TrackerConfig;
use crate::cuboid::Edges;
use crate::prior::{self, Prior};

/// Standard deviation of the first guess of the place, metres.
const PLACE_SIGMA_M: f64 = 6.0;
/// Correlation of length, width and height within a class.
const SIZE_CORRELATION: f64 = 0.6;
/// Rounds of the first update, whose guess is the farthest off.
const ROUNDS: u32 = 6;

impl Filter {
    /// The state that explains a first box, were the heading `heading_rad` with this standard
    /// deviation; none where the box cannot stand on the road.
    pub fn birth(
        measured: &Edges,
        usable: &[EdgeUse; 4],
        class: RoadUserClass,
        (heading_rad, heading_sigma_rad): (f64, f64),
        camera: &CameraModel,
        config: &TrackerConfig,
    ) -> Option<(Self, Update)> {
        let prior = prior::of(class);
        let foot = [(measured[0] + measured[2]) / 2.0, measured[3]];
        let near = camera.homography().to_ground(foot)?;
        let [cx, cy, _] = camera.position_m();
        let away = near - Vec2::new(cx, cy);
        let away = away / away.norm().max(1e-6);
        let ahead = direction(heading_rad);
        // The lower edge touches the near side; the middle lies half the body farther away.
        let depth = prior.length.mean_m * ahead.dot(&away).abs()
            + prior.width.mean_m * ahead.perp(&away).abs();
        let centre = near + away * (depth / 2.0);

        let mut x = State::zeros();
        x[X] = centre.x;
        x[Y] = centre.y;
        x[HEADING] = heading_rad;
        x[LENGTH] = prior.length.mean_m;
        x[WIDTH] = prior.width.mean_m;
        x[HEIGHT] = prior.height.mean_m;
        let mut p = StateCov::zeros();
        let sigmas = [
            (X, PLACE_SIGMA_M),
            (Y, PLACE_SIGMA_M),
            (HEADING, heading_sigma_rad),
            (SPEED, prior.speed_ms),
            (CURVATURE, prior.curvature),
            (LENGTH, prior.length.sigma_m),
            (WIDTH, prior.width.sigma_m),
            (HEIGHT, prior.height.sigma_m),
            (BIAS, 1.0),
            (BIAS + 1, 1.0),
            (BIAS + 2, 1.0),
            (BIAS + 3, 1.0),
        ];
        for (index, sigma) in sigmas {
            p[(index, index)] = sigma * sigma;
        }
        p += size_correlation(&prior);
        let mut filter = Self { x, p };
        let update = filter.update(measured, usable, class, camera, config, ROUNDS)?;
        Some((filter, update))
    }
}

/// Covariances between length, width and height: a vehicle that is wider and higher than others of
/// its class is longer too.
pub(super) fn size_correlation(prior: &Prior) -> StateCov {
    let sigmas = [
        (LENGTH, prior.length.sigma_m),
        (WIDTH, prior.width.sigma_m),
        (HEIGHT, prior.height.sigma_m),
    ];
    let mut covariance = StateCov::zeros();
    for (a, sigma_a) in sigmas {
        for (b, sigma_b) in sigmas {
            if a != b {
                covariance[(a, b)] = SIZE_CORRELATION * sigma_a * sigma_b;
            }
        }
    }
    covariance
}
