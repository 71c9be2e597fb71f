//! The plane-to-plane map between the road and the picture.

use nalgebra::{DMatrix, Matrix3, Vector3};

use super::Vec2;

/// Maps ground metres to picture pixels and back.
///
/// Estimated by the normalised direct linear transform (Hartley and Zisserman, Multiple View
/// Geometry, 2nd edition, algorithm 4.2).
#[derive(Clone, Debug, PartialEq)]
pub struct Homography {
    ground_to_image: Matrix3<f64>,
    image_to_ground: Matrix3<f64>,
    residual_m: f64,
}

/// Why points do not define a homography.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HomographyError {
    /// Fewer than four points.
    #[error("{0} points are too few; four or more are needed")]
    TooFew(usize),
    /// Three of the points that are needed lie on one line, or points coincide.
    #[error("the points lie on one line, or coincide")]
    Degenerate,
    /// A point lies on the far side of the horizon, so the pairs contradict each other.
    #[error("the pairs contradict each other: they put a point behind the camera")]
    BehindCamera,
}

impl Homography {
    /// The homography through pairs of (image pixels, ground metres).
    ///
    /// # Errors
    /// Where the pairs are too few, degenerate or contradictory.
    pub fn fit(pairs: &[([f64; 2], [f64; 2])]) -> Result<Self, HomographyError> {
        if pairs.len() < 4 {
            return Err(HomographyError::TooFew(pairs.len()));
        }
        let ground: Vec<[f64; 2]> = pairs.iter().map(|pair| pair.1).collect();
        let image: Vec<[f64; 2]> = pairs.iter().map(|pair| pair.0).collect();
        let to_unit_ground = normaliser(&ground).ok_or(HomographyError::Degenerate)?;
        let to_unit_image = normaliser(&image).ok_or(HomographyError::Degenerate)?;
        let unit = direct_linear_transform(pairs, &to_unit_ground, &to_unit_image)
            .ok_or(HomographyError::Degenerate)?;
        let from_unit_image = to_unit_image.try_inverse().ok_or(HomographyError::Degenerate)?;
        let mut ground_to_image = from_unit_image * unit * to_unit_ground;
        // The scale is free: let points before the camera have positive depth.
        let first = ground_to_image * Vector3::new(ground[0][0], ground[0][1], 1.0);
        if first.z < 0.0 {
            ground_to_image = -ground_to_image;
        }
        if ground.iter().any(|g| (ground_to_image * Vector3::new(g[0], g[1], 1.0)).z <= 0.0) {
            return Err(HomographyError::BehindCamera);
        }
        let image_to_ground = ground_to_image.try_inverse().ok_or(HomographyError::Degenerate)?;
        let mut homography = Self { ground_to_image, image_to_ground, residual_m: 0.0 };
        let squares: f64 = pairs
            .iter()
            .map(|(image, ground)| homography.residual_of(*image, *ground))
            .map(|residual| residual * residual)
            .sum();
        homography.residual_m = (squares / pairs.len() as f64).sqrt();
        Ok(homography)
    }

    /// Distance on the ground between a point and where its image maps to, metres; infinite where
    /// the image lies above the horizon.
    #[must_use]
    pub fn residual_of(&self, image: [f64; 2], ground: [f64; 2]) -> f64 {
        self.to_ground(image)
            .map_or(f64::INFINITY, |seen| (seen - Vec2::new(ground[0], ground[1])).norm())
    }

    /// Root mean square of the residuals, metres.
    #[must_use]
    pub fn residual_m(&self) -> f64 {
        self.residual_m
    }

    /// The matrix from ground to image, scaled so that points before the camera have positive
    /// depth.
    #[must_use]
    pub fn matrix(&self) -> &Matrix3<f64> {
        &self.ground_to_image
    }

    /// Where a ground point is in the picture; none behind the camera.
    #[must_use]
    pub fn to_image(&self, ground: Vec2) -> Option<[f64; 2]> {
        let v = self.ground_to_image * Vector3::new(ground.x, ground.y, 1.0);
        (v.z > 1e-9).then(|| [v.x / v.z, v.y / v.z])
    }

    /// Where a pixel is on the ground; none on or above the horizon.
    #[must_use]
    pub fn to_ground(&self, image: [f64; 2]) -> Option<Vec2> {
        let v = self.image_to_ground * Vector3::new(image[0], image[1], 1.0);
        if v.z.abs() < 1e-12 {
            return None;
        }
        let ground = Vec2::new(v.x / v.z, v.y / v.z);
        // Above the horizon the same line meets the plane behind the camera.
        let depth = (self.ground_to_image * Vector3::new(ground.x, ground.y, 1.0)).z;
        (depth > 1e-9).then_some(ground)
    }
}

/// Moves the points' centre to the origin and scales their mean distance to the square root of 2.
fn normaliser(points: &[[f64; 2]]) -> Option<Matrix3<f64>> {
    let count = points.len() as f64;
    let cx = points.iter().map(|p| p[0]).sum::<f64>() / count;
    let cy = points.iter().map(|p| p[1]).sum::<f64>() / count;
    let mean = points
        .iter()
        .map(|p| ((p[0] - cx) * (p[0] - cx) + (p[1] - cy) * (p[1] - cy)).sqrt())
        .sum::<f64>()
        / count;
    let scale = std::f64::consts::SQRT_2 / mean;
    scale
        .is_finite()
        .then(|| Matrix3::new(scale, 0.0, -scale * cx, 0.0, scale, -scale * cy, 0.0, 0.0, 1.0))
}

/// The null vector of the 2n by 9 system; none where it is not unique.
fn direct_linear_transform(
    pairs: &[([f64; 2], [f64; 2])],
    ground_unit: &Matrix3<f64>,
    image_unit: &Matrix3<f64>,
) -> Option<Matrix3<f64>> {
    // At least nine rows, so that the singular value decomposition yields all nine vectors.
    let mut system = DMatrix::zeros((2 * pairs.len()).max(9), 9);
    for (index, (image, ground)) in pairs.iter().enumerate() {
        let g = ground_unit * Vector3::new(ground[0], ground[1], 1.0);
        let i = image_unit * Vector3::new(image[0], image[1], 1.0);
        let rows = [
            [g.x, g.y, 1.0, 0.0, 0.0, 0.0, -i.x * g.x, -i.x * g.y, -i.x],
            [0.0, 0.0, 0.0, g.x, g.y, 1.0, -i.y * g.x, -i.y * g.y, -i.y],
        ];
        for (offset, row) in rows.iter().enumerate() {
            for (column, value) in row.iter().enumerate() {
                system[(2 * index + offset, column)] = *value;
            }
        }
    }
    let svd = system.svd(false, true);
    let v_t = svd.v_t?;
    let mut order: Vec<usize> = (0..9).collect();
    order.sort_by(|&a, &b| svd.singular_values[b].total_cmp(&svd.singular_values[a]));
    // Two vanishing singular values: the points leave the map open.
    if svd.singular_values[order[7]] < 1e-6 * svd.singular_values[order[0]] {
        return None;
    }
    let h = v_t.row(order[8]);
    let unit = Matrix3::new(h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8]);
    (unit.determinant().abs() > 1e-9).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNERS: [([f64; 2], [f64; 2]); 4] = [
        ([100.0, 700.0], [0.0, 0.0]),
        ([1100.0, 690.0], [10.0, 0.0]),
        ([800.0, 300.0], [10.0, 40.0]),
        ([500.0, 310.0], [0.0, 40.0]),
    ];

    #[test]
    fn four_corners_map_exactly_and_back() {
        let h = Homography::fit(&CORNERS).expect("a homography");
        assert!(h.residual_m() < 1e-6);
        let ground = Vec2::new(4.0, 25.0);
        let image = h.to_image(ground).expect("before the camera");
        assert!((h.to_ground(image).expect("below the horizon") - ground).norm() < 1e-9);
        assert_eq!(h.to_ground([640.0, 0.0]), None);
    }

    #[test]
    fn bad_points_are_refused() {
        assert_eq!(Homography::fit(&CORNERS[..3]), Err(HomographyError::TooFew(3)));
        let line = [0.0, 1.0, 2.0, 3.0].map(|k| ([k * 10.0, k * 10.0], [k, k]));
        assert_eq!(Homography::fit(&line), Err(HomographyError::Degenerate));
        let same = [([5.0, 5.0], [1.0, 1.0]); 4];
        assert_eq!(Homography::fit(&same), Err(HomographyError::Degenerate));
    }
}
