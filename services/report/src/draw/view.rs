//! The road plane as a camera sees it, clipped to the neighbourhood of the picture.

use wayside_site::geometry::{Homography, Vec2};
use wayside_site::{Site, model::MetrePoint};

/// Homogeneous image point: x, y in pixels times depth, and depth.
type Seen = [f64; 3];

/// Projects ground shapes into a picture of a given size.
pub(crate) struct View {
    homography: Homography,
    scale: [f64; 2],
    size: [f64; 2],
}

impl View {
    /// The view of `camera`, for pictures of `width` by `height`; none for an unknown camera. A
    /// picture of another size than the calibrated one is scaled to.
    pub(crate) fn new(site: &Site, camera: &str, width: u32, height: u32) -> Option<Self> {
        let model = site.camera_model(camera)?;
        let (w, h) = model.size_px();
        let size = [f64::from(width), f64::from(height)];
        let scale = [size[0] / f64::from(w.max(1)), size[1] / f64::from(h.max(1))];
        Some(Self { homography: model.homography().clone(), scale, size })
    }

    fn seen(&self, ground: MetrePoint) -> Seen {
        let m = self.homography.matrix();
        let row = |r: usize| m[(r, 0)] * ground[0] + m[(r, 1)] * ground[1] + m[(r, 2)];
        [row(0) * self.scale[0], row(1) * self.scale[1], row(2)]
    }

    /// Where a ground point is in the picture, pixels; none behind the camera or far outside.
    pub(crate) fn point(&self, ground: MetrePoint) -> Option<[f32; 2]> {
        let v = self.seen(ground);
        self.planes().iter().all(|plane| side(plane, &v) >= 0.0).then(|| flat(&v))
    }

    /// Whether a point lies in the picture.
    pub(crate) fn contains(&self, p: [f32; 2]) -> bool {
        let [x, y] = p.map(f64::from);
        x >= 0.0 && y >= 0.0 && x < self.size[0] && y < self.size[1]
    }

    /// Pixels of the calibrated picture in this picture.
    pub(crate) fn pixel(&self, image_px: [f64; 2]) -> [f32; 2] {
        [(image_px[0] * self.scale[0]) as f32, (image_px[1] * self.scale[1]) as f32]
    }

    /// The parts of a polyline that lie before the camera and near the picture.
    pub(crate) fn polyline(&self, ground: &[MetrePoint]) -> Vec<Vec<[f32; 2]>> {
        let mut runs: Vec<Vec<[f32; 2]>> = Vec::new();
        let mut open = false;
        for pair in ground.windows(2) {
            let Some((a, b, ends)) = self.segment(self.seen(pair[0]), self.seen(pair[1])) else {
                open = false;
                continue;
            };
            match runs.last_mut() {
                Some(run) if open => run.push(b),
                _ => runs.push(vec![a, b]),
            }
            open = ends;
        }
        runs
    }

    /// Both ends of the visible part, and whether the second end was kept.
    fn segment(&self, mut a: Seen, mut b: Seen) -> Option<([f32; 2], [f32; 2], bool)> {
        let mut whole = true;
        for plane in self.planes() {
            let (from, to) = (side(&plane, &a), side(&plane, &b));
            if from.is_nan() || to.is_nan() || (from < 0.0 && to < 0.0) {
                return None;
            }
            if from < 0.0 {
                a = between(&a, &b, from / (from - to));
            } else if to < 0.0 {
                b = between(&a, &b, from / (from - to));
                whole = false;
            }
        }
        let (p, q) = (flat(&a), flat(&b));
        (finite(p) && finite(q)).then_some((p, q, whole))
    }

    /// The part of a polygon that lies before the camera and near the picture (Sutherland and
    /// Hodgman, Reentrant polygon clipping, 1974, in homogeneous coordinates); empty where none.
    pub(crate) fn polygon(&self, ground: &[MetrePoint]) -> Vec<[f32; 2]> {
        let mut corners: Vec<Seen> = ground.iter().map(|&g| self.seen(g)).collect();
        for plane in self.planes() {
            let mut kept = Vec::with_capacity(corners.len() + 2);
            for (index, b) in corners.iter().enumerate() {
                let a = &corners[(index + corners.len() - 1) % corners.len()];
                let (from, to) = (side(&plane, a), side(&plane, b));
                if from.is_nan() || to.is_nan() {
                    return Vec::new();
                }
                if (from < 0.0) != (to < 0.0) {
                    kept.push(between(a, b, from / (from - to)));
                }
                if to >= 0.0 {
                    kept.push(*b);
                }
            }
            corners = kept;
        }
        let flat: Vec<_> = corners.iter().map(flat).filter(|p| finite(*p)).collect();
        if flat.len() < 3 { Vec::new() } else { flat }
    }

    /// The outline of a vehicle or person on the road.
    pub(crate) fn footprint(
        &self,
        front: MetrePoint,
        heading_rad: f64,
        length_m: f64,
        width_m: f64,
    ) -> Vec<[f32; 2]> {
        let along = [libm::cos(heading_rad), libm::sin(heading_rad)];
        let across = [-along[1] * width_m / 2.0, along[0] * width_m / 2.0];
        let back = [front[0] - along[0] * length_m, front[1] - along[1] * length_m];
        self.polygon(&[
            [front[0] + across[0], front[1] + across[1]],
            [front[0] - across[0], front[1] - across[1]],
            [back[0] - across[0], back[1] - across[1]],
            [back[0] + across[0], back[1] + across[1]],
        ])
    }

    /// Pixels that one metre takes at a ground point, the larger of both directions.
    pub(crate) fn pixels_per_metre(&self, ground: MetrePoint) -> Option<f32> {
        let here = self.point(ground)?;
        let span = |to: MetrePoint| {
            let there = self.point(to)?;
            let (dx, dy) = (there[0] - here[0], there[1] - here[1]);
            Some((dx * dx + dy * dy).sqrt())
        };
        let east = span([ground[0] + 1.0, ground[1]])?;
        let north = span([ground[0], ground[1] + 1.0])?;
        Some(east.max(north))
    }

    /// The ground point that a pixel of this picture shows; none at or above the horizon.
    pub(crate) fn ground(&self, pixel: [f32; 2]) -> Option<Vec2> {
        self.homography
            .to_ground([f64::from(pixel[0]) / self.scale[0], f64::from(pixel[1]) / self.scale[1]])
    }

    /// Before the camera, and within one picture's size around the picture, so that coordinates
    /// stay small.
    fn planes(&self) -> [[f64; 3]; 5] {
        let [w, h] = self.size;
        [[0.0, 0.0, 1.0], [1.0, 0.0, w], [-1.0, 0.0, 2.0 * w], [0.0, 1.0, h], [0.0, -1.0, 2.0 * h]]
    }
}

fn side(plane: &[f64; 3], v: &Seen) -> f64 {
    let value = plane[0] * v[0] + plane[1] * v[1] + plane[2] * v[2];
    // A depth of exactly zero has no place in the picture.
    if plane[0] == 0.0 && plane[1] == 0.0 { value - 1e-9 } else { value }
}

fn between(a: &Seen, b: &Seen, share: f64) -> Seen {
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * share)
}

fn flat(v: &Seen) -> [f32; 2] {
    [(v[0] / v[2]) as f32, (v[1] / v[2]) as f32]
}

fn finite(p: [f32; 2]) -> bool {
    p[0].is_finite() && p[1].is_finite()
}
