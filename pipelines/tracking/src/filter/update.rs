//! What a box in the picture says about a track.

use nalgebra::{Matrix4, SMatrix, Vector4};
use wayside_proto::RoadUserClass;
use wayside_site::geometry::{CameraModel, Vec2, direction, wrap_angle};

use super::{BIAS, Filter, HEADING, HEIGHT, LENGTH, N, SPEED, State, WIDTH, X, Y, cuboid_of};
use crate::config::TrackerConfig;
use crate::cuboid::{Edges, Shape};

type EdgeJacobian = SMatrix<f64, 4, N>;

/// How far an edge of a box is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EdgeUse {
    /// As it is.
    Whole,
    /// Probably hidden behind a nearer road user.
    Hidden,
    /// Not at all: the picture's border cuts the road user there.
    Border,
}

/// What an update found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Update {
    /// Logarithm of how well the box fits the prediction, up to a constant.
    pub log_likelihood: f64,
    /// By how far the box lies ahead of the prediction along the heading, metres, with its standard
    /// deviation by white noise alone; none where the box does not tell.
    pub ahead_m: Option<(f64, f64)>,
}

/// Innovations beyond this many sigmas count less.
const ROBUST_SIGMAS: f64 = 2.5;
/// A bias beyond this many of its usual sigmas stands for something that hides the edge.
const OPENED: f64 = 2.0;
/// Innovations beyond this many sigmas do not count at all.
const DROP_SIGMAS: f64 = 6.0;
/// How much larger the sigma of a hidden edge is.
const HIDDEN_FACTOR: f64 = 30.0;
/// How much larger the sigmas are when fewer than two edges are left.
const WEAK_FACTOR: f64 = 6.0;
/// A single box speaks against a hypothesis by no more than this squared distance.
const FIT_MAX: f64 = 25.0;
/// A heading farther than this from a lane's does not follow it, radians.
const FOLLOWS_RAD: f64 = 0.45;
/// Variance that stands for "says nothing", square pixels.
const IGNORED_PX2: f64 = 1e10;

/// A box as the filter sees it.
pub(crate) struct Linear {
    /// Measured minus predicted, pixels.
    innovation: Vector4<f64>,
    jacobian: EdgeJacobian,
    /// White noise of each edge, pixels.
    sigma: Vector4<f64>,
}

impl Filter {
    /// The box that the track predicts, its biases included; none where nothing of it is in the
    /// picture.
    fn expected(x: &State, shape: Shape, camera: &CameraModel, scale: &Edges) -> Option<Edges> {
        let mut edges = cuboid_of(x).edges_in_picture(shape, camera)?;
        for (index, edge) in edges.iter_mut().enumerate() {
            *edge += x[BIAS + index] * scale[index];
        }
        Some(edges)
    }

    fn linearise(
        x: &State,
        measured: &Edges,
        class: RoadUserClass,
        camera: &CameraModel,
        config: &TrackerConfig,
    ) -> Option<Linear> {
        let shape = Shape::of(class);
        let size = [measured[2] - measured[0], measured[3] - measured[1]];
        let bias: Edges = std::array::from_fn(|index| {
            config.edge_bias_px + config.edge_bias_share * size[index % 2]
        });
        let sigma = Vector4::from_fn(|index, _| {
            config.edge_noise_px + config.edge_noise_share * size[index % 2]
        });
        let expected = Self::expected(x, shape, camera, &bias)?;
        let mut jacobian = EdgeJacobian::zeros();
        let steps =
            [(X, 0.05), (Y, 0.05), (HEADING, 0.01), (LENGTH, 0.05), (WIDTH, 0.05), (HEIGHT, 0.05)];
        for (column, step) in steps {
            let (mut up, mut down) = (*x, *x);
            up[column] += step;
            down[column] -= step;
            let up = Self::expected(&up, shape, camera, &bias)?;
            let down = Self::expected(&down, shape, camera, &bias)?;
            for row in 0..4 {
                jacobian[(row, column)] = (up[row] - down[row]) / (2.0 * step);
            }
        }
        for row in 0..4 {
            jacobian[(row, BIAS + row)] = bias[row];
        }
        let innovation = Vector4::from_fn(|row, _| measured[row] - expected[row]);
        Some(Linear { innovation, jacobian, sigma })
    }

    /// Squared Mahalanobis distance of a box from the prediction; none where it cannot be told.
    pub fn distance2(
        &self,
        measured: &Edges,
        usable: &[EdgeUse; 4],
        class: RoadUserClass,
        camera: &CameraModel,
        config: &TrackerConfig,
    ) -> Option<f64> {
        let linear = Self::linearise(&self.x, measured, class, camera, config)?;
        let noise = noise_of(&linear.sigma, usable);
        let s = linear.jacobian * self.p * linear.jacobian.transpose() + noise;
        let solved = s.cholesky()?.solve(&linear.innovation);
        Some(linear.innovation.dot(&solved))
    }

    /// Takes a box in (iterated extended Kalman filter: Bar-Shalom et al., section 10.5.2). None, and
    /// nothing changed, where the track is not in the picture or the numbers fail.
    pub fn update(
        &mut self,
        measured: &Edges,
        usable: &[EdgeUse; 4],
        class: RoadUserClass,
        camera: &CameraModel,
        config: &TrackerConfig,
        iterations: u32,
    ) -> Option<Update> {
        let first = Self::linearise(&self.x, measured, class, camera, config)?;
        let ahead_m = along(&first, self.x[HEADING], usable);
        let plain = noise_of(&first.sigma, usable);
        let s = first.jacobian * self.p * first.jacobian.transpose() + plain;
        let restore = self.p;
        self.open_biases(&first, &s, usable);
        let s = first.jacobian * self.p * first.jacobian.transpose() + plain;
        let noise = robust(&first.innovation, &s, &plain);

        let weighed = first.jacobian * self.p * first.jacobian.transpose() + noise;
        let cholesky = weighed.cholesky()?;
        let fit = first.innovation.dot(&cholesky.solve(&first.innovation));
        let log_likelihood = -0.5 * (fit.min(FIT_MAX) + ln_determinant(&weighed));

        let prior = self.x;
        let mut x = prior;
        let mut linear = first;
        let mut gain = SMatrix::<f64, N, 4>::zeros();
        for round in 0..iterations.max(1) {
            if round > 0 {
                match Self::linearise(&x, measured, class, camera, config) {
                    Some(next) => linear = next,
                    None => break,
                }
            }
            let s = linear.jacobian * self.p * linear.jacobian.transpose() + noise;
            gain = self.p * linear.jacobian.transpose() * s.cholesky()?.inverse();
            x = prior + gain * (linear.innovation - linear.jacobian * (prior - x));
        }
        let rest = SMatrix::<f64, N, N>::identity() - gain * linear.jacobian;
        // Joseph's form keeps the covariance positive definite.
        let p = rest * self.p * rest.transpose() + gain * noise * gain.transpose();
        *self = Self { x, p };
        self.tidy(class);
        let [cx, cy, _] = camera.position_m();
        self.doubt_length(class, Vec2::new(cx, cy));
        if !self.is_sound() {
            *self = Self { x: prior, p: restore };
            return None;
        }
        Some(Update { log_likelihood, ahead_m })
    }

    /// Lets the bias of an edge be large where the box has suddenly become smaller on that side
    /// alone (something hides it), or is about to become whole again. A road user that moved shows
    /// at the opposite edge too, and is left to the state.
    fn open_biases(&mut self, linear: &Linear, s: &Matrix4<f64>, usable: &[EdgeUse; 4]) {
        let inward = [1.0, 1.0, -1.0, -1.0];
        for row in 0..4 {
            let shift = linear.innovation[row] * inward[row];
            let sigma = s[(row, row)].max(1e-12).sqrt();
            let excess = shift.abs() / sigma;
            if usable[row] != EdgeUse::Whole || excess <= ROBUST_SIGMAS {
                continue;
            }
            let opposite = (row + 2) % 4;
            let followed = -linear.innovation[opposite] * inward[opposite];
            let hides = shift > 0.0 && followed < 0.5 * shift;
            let shows = shift < 0.0 && self.x[BIAS + row] * inward[row] > OPENED;
            if hides || shows {
                let scale = linear.jacobian[(row, BIAS + row)].abs().max(1e-6);
                let extra = (shift * shift - ROBUST_SIGMAS * ROBUST_SIGMAS * sigma * sigma)
                    / (scale * scale);
                self.p[(BIAS + row, BIAS + row)] += extra.max(0.0);
            }
        }
    }

    /// Takes in that the speed is zero, with this standard deviation, metres a second.
    pub fn stand(&mut self, sigma_ms: f64) {
        self.observe(SPEED, -self.x[SPEED], sigma_ms);
    }

    /// Takes in that the heading is along a lane, either way, with this standard deviation,
    /// radians. A heading across the lane, as of a vehicle that turns, is left alone.
    pub fn follow(&mut self, lane_rad: f64, sigma_rad: f64) {
        let off = wrap_angle(2.0 * (lane_rad - self.x[HEADING])) / 2.0;
        if off.abs() < FOLLOWS_RAD {
            self.observe(HEADING, off, sigma_rad);
        }
    }

    /// Takes in one state, which is off by `innovation`.
    pub(super) fn observe(&mut self, index: usize, innovation: f64, sigma: f64) {
        let gain = self.p.column(index) / (self.p[(index, index)] + sigma * sigma);
        let mut rest = SMatrix::<f64, N, N>::identity();
        for row in 0..N {
            rest[(row, index)] -= gain[row];
        }
        self.p = rest * self.p * rest.transpose() + gain * gain.transpose() * (sigma * sigma);
        self.x += gain * innovation;
    }
}

fn noise_of(sigma: &Vector4<f64>, usable: &[EdgeUse; 4]) -> Matrix4<f64> {
    Matrix4::from_diagonal(&Vector4::from_fn(|row, _| match usable[row] {
        EdgeUse::Whole => sigma[row] * sigma[row],
        EdgeUse::Hidden => (sigma[row] * HIDDEN_FACTOR) * (sigma[row] * HIDDEN_FACTOR),
        EdgeUse::Border => IGNORED_PX2,
    }))
}

/// The noise with edges that disagree with the prediction made to count less (Huber's weights,
/// scaled by the whole innovation's sigma): a car half hidden behind another has a wrong edge.
fn robust(innovation: &Vector4<f64>, s: &Matrix4<f64>, plain: &Matrix4<f64>) -> Matrix4<f64> {
    let mut noise = *plain;
    let mut left = 0;
    for row in 0..4 {
        let r = innovation[row].abs() / s[(row, row)].max(1e-12).sqrt();
        if r > DROP_SIGMAS {
            noise[(row, row)] = IGNORED_PX2;
        } else if r > ROBUST_SIGMAS {
            // Inflate the whole innovation variance, so that the edge sits at the threshold.
            let excess = (r / ROBUST_SIGMAS) * (r / ROBUST_SIGMAS) - 1.0;
            noise[(row, row)] += s[(row, row)] * excess;
        }
        left += usize::from(noise[(row, row)] < IGNORED_PX2);
    }
    if left >= 2 {
        return noise;
    }
    let mut weak = *plain * (WEAK_FACTOR * WEAK_FACTOR);
    for row in 0..4 {
        let r2 = innovation[row] * innovation[row] / s[(row, row)].max(1e-12);
        weak[(row, row)] *= 1.0 + r2;
    }
    weak
}

/// By how far the box is ahead along the heading, by weighted least squares over the edges.
fn along(linear: &Linear, heading: f64, usable: &[EdgeUse; 4]) -> Option<(f64, f64)> {
    let ahead = direction(heading);
    let (mut moved, mut information) = (0.0, 0.0);
    for (row, edge) in usable.iter().enumerate() {
        if *edge != EdgeUse::Whole {
            continue;
        }
        let slope = linear.jacobian[(row, X)] * ahead.x + linear.jacobian[(row, Y)] * ahead.y;
        let weight = 1.0 / (linear.sigma[row] * linear.sigma[row]);
        moved += slope * linear.innovation[row] * weight;
        information += slope * slope * weight;
    }
    (information > 1e-6).then(|| (moved / information, (1.0 / information).sqrt()))
}

fn ln_determinant(m: &Matrix4<f64>) -> f64 {
    libm::log(m.determinant().max(1e-300))
}
