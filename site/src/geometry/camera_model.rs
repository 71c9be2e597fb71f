//! A pinhole camera over the road plane, so that heights project too.

use nalgebra::{Matrix3, Vector3};

use super::{Homography, Vec2};

/// A camera with square pixels, its principal point in the middle of the picture and no lens
/// distortion.
///
/// The third axis follows from the homography: with `H = K [r1 r2 t]` the columns of the rotation
/// are orthonormal, which yields the focal length and the vertical column (Zhang, A Flexible New
/// Technique for Camera Calibration, 2000, section 2.4, for a single view).
#[derive(Clone, Debug, PartialEq)]
pub struct CameraModel {
    homography: Homography,
    /// What one metre of height adds to the homogeneous image point.
    vertical: Vector3<f64>,
    position_m: [f64; 3],
    focal_px: f64,
    focal_is_assumed: bool,
    width_px: u32,
    height_px: u32,
}

impl CameraModel {
    /// The camera behind a homography; `focal_px` where it is known from elsewhere. None where
    /// the points put the camera below the road, as mirrored coordinates do.
    #[must_use]
    pub fn new(
        homography: Homography,
        width_px: u32,
        height_px: u32,
        focal_px: Option<f64>,
    ) -> Option<Self> {
        let (w, h) = (f64::from(width_px), f64::from(height_px));
        let centre = Matrix3::new(1.0, 0.0, -w / 2.0, 0.0, 1.0, -h / 2.0, 0.0, 0.0, 1.0);
        let centred = centre * homography.matrix();
        let derived = focal_px.or_else(|| focal_from(&centred, w));
        let focal = derived.unwrap_or(w * ASSUMED_FOCAL_WIDTHS);
        let unscaled =
            Matrix3::from_diagonal(&Vector3::new(1.0 / focal, 1.0 / focal, 1.0)) * centred;
        let (h1, h2, h3) = (unscaled.column(0), unscaled.column(1), unscaled.column(2));
        let scale = (h1.norm() + h2.norm()) / 2.0;
        let rough = Matrix3::from_columns(&[
            h1 / scale,
            h2 / scale,
            (h1 / scale).cross(&(h2 / scale)).into_owned(),
        ]);
        let svd = rough.svd(true, true);
        let rotation = svd.u? * svd.v_t?;
        let position = -(rotation.transpose() * (h3 / scale));
        if position.z <= 0.0 {
            return None;
        }
        let intrinsics = Matrix3::new(focal, 0.0, w / 2.0, 0.0, focal, h / 2.0, 0.0, 0.0, 1.0);
        let vertical = intrinsics * rotation.column(2) * scale;
        Some(Self {
            homography,
            vertical,
            position_m: [position.x, position.y, position.z],
            focal_px: focal,
            focal_is_assumed: derived.is_none(),
            width_px,
            height_px,
        })
    }

    /// Where a point is in the picture (`x`, `y` metres on the plane, `z` metres above it); none
    /// behind the camera.
    #[must_use]
    pub fn project(&self, ground: Vec2, z_m: f64) -> Option<[f64; 2]> {
        let v =
            self.homography.matrix() * Vector3::new(ground.x, ground.y, 1.0) + self.vertical * z_m;
        (v.z > 1e-9).then(|| [v.x / v.z, v.y / v.z])
    }

    /// The map between road and picture.
    #[must_use]
    pub fn homography(&self) -> &Homography {
        &self.homography
    }

    /// Where the camera hangs: x, y on the plane and height above it, metres.
    #[must_use]
    pub fn position_m(&self) -> [f64; 3] {
        self.position_m
    }

    /// Focal length, pixels.
    #[must_use]
    pub fn focal_px(&self) -> f64 {
        self.focal_px
    }

    /// Whether the focal length is only a usual one, because the points do not tell it.
    #[must_use]
    pub fn focal_is_assumed(&self) -> bool {
        self.focal_is_assumed
    }

    /// Width and height of the picture, pixels.
    #[must_use]
    pub fn size_px(&self) -> (u32, u32) {
        (self.width_px, self.height_px)
    }
}

/// A lens of about 53 degrees across, in widths of the picture.
const ASSUMED_FOCAL_WIDTHS: f64 = 1.0;

/// The focal length for which the first two columns are orthogonal and of equal length, by least
/// squares; none where the view does not tell it (straight down), or tells an absurd one (under 15
/// or over 130 degrees across).
fn focal_from(centred: &Matrix3<f64>, width_px: f64) -> Option<f64> {
    let (a, b) = (centred.column(0), centred.column(1));
    // Both conditions are linear in 1 / f^2.
    let orthogonal = (a.x * b.x + a.y * b.y, a.z * b.z);
    let equal = (a.x * a.x + a.y * a.y - b.x * b.x - b.y * b.y, a.z * a.z - b.z * b.z);
    let weight = orthogonal.0 * orthogonal.0 + equal.0 * equal.0;
    let inverse_square = -(orthogonal.0 * orthogonal.1 + equal.0 * equal.1) / weight;
    let focal = (1.0 / inverse_square).sqrt();
    let plausible = width_px * 0.233..=width_px * 3.8;
    (focal.is_finite() && plausible.contains(&focal)).then_some(focal)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A camera 9 m up that looks north and down: 0 pixels of roll, focal length 1300.
    fn pixel(ground: [f64; 2], z: f64) -> [f64; 2] {
        let (sin, cos) = (0.2_f64, (1.0_f64 - 0.04).sqrt());
        let (x, y, up) = (ground[0], ground[1], z - 9.0);
        let depth = y * cos - up * sin;
        let down = -up * cos - y * sin;
        [640.0 + 1300.0 * x / depth, 360.0 + 1300.0 * down / depth]
    }

    fn camera() -> CameraModel {
        let ground =
            [[-8.0, 20.0], [9.0, 22.0], [12.0, 70.0], [-15.0, 65.0], [2.0, 35.0], [-4.0, 48.0]];
        let pairs: Vec<_> = ground.iter().map(|&g| (pixel(g, 0.0), g)).collect();
        CameraModel::new(Homography::fit(&pairs).expect("a homography"), 1280, 720, None)
            .expect("a camera above the road")
    }

    #[test]
    fn pose_and_focal_length_follow_from_the_points() {
        let camera = camera();
        assert!((camera.focal_px() - 1300.0).abs() < 0.1, "{}", camera.focal_px());
        let [x, y, z] = camera.position_m();
        assert!(x.abs() < 1e-3 && y.abs() < 1e-2 && (z - 9.0).abs() < 1e-2, "{x} {y} {z}");
    }

    #[test]
    fn heights_project() {
        let seen = camera().project(Vec2::new(3.0, 40.0), 3.1).expect("before the camera");
        let truth = pixel([3.0, 40.0], 3.1);
        assert!((seen[0] - truth[0]).abs() < 0.05 && (seen[1] - truth[1]).abs() < 0.05);
    }

    #[test]
    fn mirrored_coordinates_are_noticed() {
        let pairs: Vec<_> = [[-8.0, 20.0], [9.0, 22.0], [12.0, 70.0], [-15.0, 65.0]]
            .iter()
            .map(|&g| (pixel(g, 0.0), [-g[0], g[1]]))
            .collect();
        let homography = Homography::fit(&pairs).expect("a homography");
        assert_eq!(CameraModel::new(homography, 1280, 720, None), None);
    }
}
