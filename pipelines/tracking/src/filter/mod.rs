//! One track's state and its covariance.
//!
//! Twelve numbers: the middle of the footprint, the heading, the speed along it and the curvature
//! of the path (a vehicle drives where it looks, so that measuring where it goes tells which way it
//! looks, and a standing one cannot creep sideways); length, width, height; and the bias of each
//! edge of the detector's box. The biases make the covariance honest: errors that stay from frame
//! to frame are states of their own (Schmidt; Bar-Shalom, Li and Kirubarajan, Estimation with
//! Applications to Tracking and Navigation, 2001, section 8.3), so a hundred equal measurements do not count as a
//! hundred independent ones, and neither length nor front becomes surer than the detector is.

mod birth;
mod predict;
mod update;

use nalgebra::{SMatrix, SVector};
use wayside_proto::{Covariance2, RoadUserClass};
use wayside_site::geometry::{Vec2, direction, wrap_angle};

use crate::cuboid::Cuboid;
use crate::prior::{self, Size};

pub(crate) use update::{EdgeUse, Update};

/// Number of states.
pub(crate) const N: usize = 12;
const X: usize = 0;
const Y: usize = 1;
const HEADING: usize = 2;
const SPEED: usize = 3;
const CURVATURE: usize = 4;
const LENGTH: usize = 5;
const WIDTH: usize = 6;
const HEIGHT: usize = 7;
const BIAS: usize = 8;

/// The length stays unsure by this share of itself.
const LENGTH_DOUBT_SHARE: f64 = 0.07;

type State = SVector<f64, N>;
type StateCov = SMatrix<f64, N, N>;

/// State and covariance of one track at one instant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Filter {
    x: State,
    p: StateCov,
}

impl Filter {
    /// The road user as a cuboid.
    pub fn cuboid(&self) -> Cuboid {
        cuboid_of(&self.x)
    }

    /// Speed along the heading, metres a second; negative when reversing.
    pub fn speed_ms(&self) -> f64 {
        self.x[SPEED]
    }

    /// Standard deviation of the speed, metres a second.
    pub fn speed_sigma_ms(&self) -> f64 {
        self.p[(SPEED, SPEED)].max(0.0).sqrt()
    }

    /// Heading in (-pi, pi] and its standard deviation, radians.
    pub fn heading_rad(&self) -> (f64, f64) {
        (wrap_angle(self.x[HEADING]), self.p[(HEADING, HEADING)].max(0.0).sqrt())
    }

    /// Middle of the front edge, metres, and its covariance, square metres.
    pub fn front(&self) -> ([f64; 2], Covariance2) {
        let ahead = direction(self.x[HEADING]);
        let half = self.x[LENGTH] / 2.0;
        let front = Vec2::new(self.x[X], self.x[Y]) + ahead * half;
        let mut jacobian = SMatrix::<f64, 2, N>::zeros();
        jacobian[(0, X)] = 1.0;
        jacobian[(1, Y)] = 1.0;
        jacobian[(0, HEADING)] = -ahead.y * half;
        jacobian[(1, HEADING)] = ahead.x * half;
        jacobian[(0, LENGTH)] = ahead.x / 2.0;
        jacobian[(1, LENGTH)] = ahead.y / 2.0;
        let c = jacobian * self.p * jacobian.transpose();
        ([front.x, front.y], Covariance2 { xx: c[(0, 0)], xy: c[(0, 1)], yy: c[(1, 1)] })
    }

    /// Velocity, metres a second, and its covariance.
    pub fn velocity(&self) -> ([f64; 2], Covariance2) {
        let ahead = direction(self.x[HEADING]);
        let v = self.x[SPEED];
        let mut jacobian = SMatrix::<f64, 2, N>::zeros();
        jacobian[(0, SPEED)] = ahead.x;
        jacobian[(1, SPEED)] = ahead.y;
        jacobian[(0, HEADING)] = -ahead.y * v;
        jacobian[(1, HEADING)] = ahead.x * v;
        let c = jacobian * self.p * jacobian.transpose();
        let covariance = Covariance2 { xx: c[(0, 0)], xy: c[(0, 1)], yy: c[(1, 1)] };
        ([ahead.x * v, ahead.y * v], covariance)
    }

    /// Turns the track round: what was taken for the front is the rear. The motion stays.
    pub fn turn_round(&mut self) {
        self.x[HEADING] = wrap_angle(self.x[HEADING] + std::f64::consts::PI);
        for index in [SPEED, CURVATURE] {
            self.x[index] = -self.x[index];
            for other in 0..N {
                self.p[(index, other)] = -self.p[(index, other)];
                self.p[(other, index)] = -self.p[(other, index)];
            }
        }
    }

    /// Opens the size to what another class may have. What was measured stays where the new class
    /// allows it; the end that the camera sees stays where it is.
    pub fn resize(&mut self, class: RoadUserClass, camera: Vec2) {
        let prior = prior::of(class);
        let old_length = self.x[LENGTH];
        let ahead = direction(self.x[HEADING]);
        let centre = Vec2::new(self.x[X], self.x[Y]);
        let away = if ahead.dot(&(centre - camera)) > 0.0 { 1.0 } else { -1.0 };
        for (index, Size { mean_m, sigma_m }) in
            [(LENGTH, prior.length), (WIDTH, prior.width), (HEIGHT, prior.height)]
        {
            if (self.x[index] - mean_m).abs() > 1.5 * sigma_m {
                self.x[index] = mean_m;
            }
            self.p[(index, index)] += sigma_m * sigma_m;
        }
        self.p += birth::size_correlation(&prior);
        let shift = ahead * (away * (self.x[LENGTH] - old_length) / 2.0);
        self.x[X] += shift.x;
        self.x[Y] += shift.y;
        let slack = prior.length.sigma_m * prior.length.sigma_m / 4.0;
        for a in 0..2 {
            for b in 0..2 {
                self.p[(a, b)] += ahead[a] * ahead[b] * slack;
            }
            self.p[(a, a)] += 0.04;
        }
    }

    /// Lets the speed be anything again, and the place along the heading be off by `slack_m`: a
    /// standing vehicle has started.
    pub fn release(&mut self, slack_m: f64) {
        let ahead = direction(self.x[HEADING]);
        for a in 0..2 {
            for b in 0..2 {
                self.p[(a, b)] += ahead[a] * ahead[b] * slack_m * slack_m;
            }
        }
        self.p[(SPEED, SPEED)] += 2.0;
    }

    /// Whether every number is finite and every variance positive.
    pub fn is_sound(&self) -> bool {
        self.x.iter().chain(self.p.iter()).all(|value| value.is_finite())
            && (0..N).all(|index| self.p[(index, index)] > 0.0)
    }

    /// Keeps the length from becoming surer than a cuboid can tell of a car, with the end that the
    /// camera sees held where it is, so that a hidden front stays as unsure as the length.
    fn doubt_length(&mut self, class: RoadUserClass, camera: Vec2) {
        let usual = prior::of(class).length.sigma_m;
        let least = (LENGTH_DOUBT_SHARE * self.x[LENGTH]).min(usual);
        let lacking = least * least - self.p[(LENGTH, LENGTH)];
        if lacking <= 0.0 {
            return;
        }
        let ahead = direction(self.x[HEADING]);
        let view = Vec2::new(self.x[X], self.x[Y]) - camera;
        // 1 where the rear is seen end on, -1 where the front is, 0 from the side.
        let side = ahead.dot(&view) / view.norm().max(1e-6);
        let mut grown = State::zeros();
        grown[LENGTH] = 1.0;
        grown[X] = ahead.x * side / 2.0;
        grown[Y] = ahead.y * side / 2.0;
        self.p += grown * grown.transpose() * lacking;
    }

    /// Keeps sizes and the covariance inside what can be: symmetric, no vanishing variance.
    fn tidy(&mut self, class: RoadUserClass) {
        self.p = (self.p + self.p.transpose()) * 0.5;
        for index in 0..N {
            self.p[(index, index)] = self.p[(index, index)].max(1e-9);
        }
        let prior = prior::of(class);
        for (index, Size { mean_m, sigma_m }) in
            [(LENGTH, prior.length), (WIDTH, prior.width), (HEIGHT, prior.height)]
        {
            let (least, most) = (mean_m - 2.0 * sigma_m, mean_m + 3.0 * sigma_m);
            let inside = self.x[index].clamp(least, most);
            if inside != self.x[index] {
                // As a measurement, so that place and heading follow.
                self.observe(index, inside - self.x[index], 0.3 * sigma_m);
                self.x[index] = self.x[index].clamp(least - sigma_m, most + sigma_m);
            }
        }
    }
}

fn cuboid_of(x: &State) -> Cuboid {
    Cuboid {
        centre_m: Vec2::new(x[X], x[Y]),
        heading_rad: x[HEADING],
        length_m: x[LENGTH],
        width_m: x[WIDTH],
        height_m: x[HEIGHT],
    }
}
