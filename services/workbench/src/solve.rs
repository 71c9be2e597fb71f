//! A camera's calibration from points that a person clicked: the map, how well each point fits, and what
//! to do about it.
//!
//! The map is that of the site file (`wayside_site::geometry`), so what fits here is accepted there. With
//! four points any map fits exactly, which says nothing: what tells is how far a point lies from where
//! the others put it (leave-one-out, Efron 1982), and that is what the advice looks at.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wayside_site::geometry::{CameraModel, Homography, HomographyError};

/// Most points of a calibration.
pub const POINTS_MAX: usize = 200;
/// A point is called wrong where the others fit so many times better without it.
const OUTLIER_RATIO: f64 = 3.0;
/// No point is called wrong that lies nearer than this to where the others put it, metres: a person cannot
/// click better.
const OUTLIER_M_MIN: f64 = 0.15;
/// Points from which on a wrong one can be told: any four fit exactly.
const OUTLIER_POINTS_MIN: usize = 6;
/// Share of the picture that the points' bounding box should cover.
const SPREAD_SHARE_MIN: f64 = 0.08;
/// Residual that a site file accepts where it says nothing else, metres.
const RESIDUAL_M_MAX: f64 = 0.5;
/// Lengths in answers are bounded: above the horizon they are infinite.
const CENTIMETRES_MAX: f64 = 1.0e7;

/// A spot that is seen in the picture and known on the ground.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClickedPoint {
    /// Where it is in the picture, pixels from the upper left corner: x to the right, y down.
    pub image_px: [f64; 2],
    /// Where it is on the ground, metres: x east, y north.
    pub ground_m: [f64; 2],
}

/// What is to be solved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SolveRequest {
    /// Width of the picture, pixels.
    pub width_px: u32,
    /// Height of the picture, pixels.
    pub height_px: u32,
    /// Four points or more, 200 at most.
    #[schema(max_items = 200)]
    pub points: Vec<ClickedPoint>,
}

/// How a point fits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct PointFit {
    /// Where it is in the picture.
    pub image_px: [f64; 2],
    /// Where the map puts its ground point in the picture; none behind the camera.
    pub mapped_px: Option<[f64; 2]>,
    /// Distance on the ground between the point and where its click maps to, centimetres.
    pub error_cm: f64,
    /// Distance in the picture, pixels.
    pub error_px: f64,
    /// The same on the ground, with a map that does not know this point; none with four points.
    pub without_it_cm: Option<f64>,
}

/// What a person should know or do. The texts are the page's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Advice {
    /// What: `too_few`, `outside_picture`, `coincide`, `one_line`, `contradict`, `mirrored`, `exact_fit`,
    /// `outlier`, `residual_high`, `spread_small`, `focal_assumed`, `good`.
    pub what: &'static str,
    /// Which point it is about, counted from 0.
    pub point: Option<usize>,
    /// Whether the calibration cannot be used before it is mended.
    pub blocks: bool,
}

/// A calibration.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Solved {
    /// Whether a site file would take it.
    pub ok: bool,
    /// The matrix from ground metres to pixels, row by row; none where there is no map.
    pub ground_to_image: Option<[f64; 9]>,
    /// Each point, in the order of the request.
    pub points: Vec<PointFit>,
    /// Root mean square of the errors, centimetres.
    pub residual_cm: Option<f64>,
    /// The largest of them.
    pub residual_cm_max: Option<f64>,
    /// Focal length that follows from the points, pixels.
    pub focal_px: Option<f64>,
    /// What to know, the gravest first.
    pub advice: Vec<Advice>,
}

/// Solves.
#[must_use]
pub fn solve(request: &SolveRequest) -> Solved {
    let pairs: Vec<_> = request.points.iter().map(|p| (p.image_px, p.ground_m)).collect();
    let mut advice = unsound(request);
    if !advice.is_empty() {
        return Solved::none(advice);
    }
    let homography = match Homography::fit(&pairs) {
        Ok(homography) => homography,
        Err(error) => {
            advice.push(blocking(match error {
                HomographyError::TooFew(_) => "too_few",
                HomographyError::Degenerate => "one_line",
                HomographyError::BehindCamera => "contradict",
            }));
            return Solved::none(advice);
        }
    };
    let points: Vec<PointFit> =
        (0..pairs.len()).map(|index| fit_of(&homography, &pairs, index)).collect();
    let residual_m = homography.residual_m();
    let mut worst_cm: f64 = 0.0;
    for point in &points {
        worst_cm = worst_cm.max(point.error_cm);
    }
    if !residual_m.is_finite() || residual_m > RESIDUAL_M_MAX {
        advice.push(blocking("residual_high"));
    }
    let model = CameraModel::new(homography.clone(), request.width_px, request.height_px, None);
    match &model {
        None => advice.push(blocking("mirrored")),
        Some(model) if model.focal_is_assumed() => advice.push(note("focal_assumed")),
        Some(_) => {}
    }
    advice.extend(doubts(request, &points));
    let ok = !advice.iter().any(|advice| advice.blocks);
    if ok && advice.is_empty() {
        advice.push(note("good"));
    }
    advice.sort_by_key(|advice| !advice.blocks);
    let m = homography.matrix();
    let row = |r: usize| [m[(r, 0)], m[(r, 1)], m[(r, 2)]];
    let [[a, b, c], [d, e, f], [g, h, i]] = [row(0), row(1), row(2)];
    Solved {
        ok,
        ground_to_image: Some([a, b, c, d, e, f, g, h, i]),
        points,
        residual_cm: Some(centimetres(residual_m)),
        residual_cm_max: Some(worst_cm),
        focal_px: model.filter(|model| !model.focal_is_assumed()).map(|model| model.focal_px()),
        advice,
    }
}

impl Solved {
    fn none(advice: Vec<Advice>) -> Self {
        Self {
            ok: false,
            ground_to_image: None,
            points: Vec::new(),
            residual_cm: None,
            residual_cm_max: None,
            focal_px: None,
            advice,
        }
    }
}

fn blocking(what: &'static str) -> Advice {
    Advice { what, point: None, blocks: true }
}

fn note(what: &'static str) -> Advice {
    Advice { what, point: None, blocks: false }
}

fn centimetres(metres: f64) -> f64 {
    let value = metres * 100.0;
    if value.is_finite() { value.min(CENTIMETRES_MAX) } else { CENTIMETRES_MAX }
}

/// What makes a map impossible before one is tried.
fn unsound(request: &SolveRequest) -> Vec<Advice> {
    let (width, height) = (f64::from(request.width_px), f64::from(request.height_px));
    let mut found = Vec::new();
    for (index, point) in request.points.iter().enumerate() {
        let [x, y] = point.image_px;
        let finite = point.ground_m.iter().all(|value| value.is_finite());
        if !(0.0..=width).contains(&x) || !(0.0..=height).contains(&y) || !finite {
            found.push(Advice { what: "outside_picture", point: Some(index), blocks: true });
        }
        let twin = request.points.iter().take(index).any(|earlier| {
            apart(earlier.image_px, point.image_px) < 0.5
                || apart(earlier.ground_m, point.ground_m) < 0.01
        });
        if twin {
            found.push(Advice { what: "coincide", point: Some(index), blocks: true });
        }
    }
    if request.points.len() < 4 {
        found.push(blocking("too_few"));
    }
    found
}

/// What makes a map that fits doubtful.
fn doubts(request: &SolveRequest, points: &[PointFit]) -> Vec<Advice> {
    let mut found = Vec::new();
    if points.len() == 4 {
        found.push(note("exact_fit"));
    }
    found.extend(wrong_point(request, points));
    let span = |axis: usize, size: u32| {
        let of = request.points.iter().filter_map(|point| point.image_px.get(axis).copied());
        let (low, high) = of.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        (high - low) / f64::from(size.max(1))
    };
    if span(0, request.width_px) * span(1, request.height_px) < SPREAD_SHARE_MIN {
        found.push(note("spread_small"));
    }
    found
}

/// The point without which the others fit best, where that is much better.
fn wrong_point(request: &SolveRequest, points: &[PointFit]) -> Option<Advice> {
    let pairs: Vec<_> = request.points.iter().map(|p| (p.image_px, p.ground_m)).collect();
    if pairs.len() < OUTLIER_POINTS_MIN {
        return None;
    }
    let residual_m = Homography::fit(&pairs).ok()?.residual_m();
    let rests = (0..pairs.len()).filter_map(|index| {
        let rest = Homography::fit(&all_but(&pairs, index)).ok()?;
        Some((rest.residual_m(), index))
    });
    let (rest_m, index) = rests.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let far_cm = points.get(index)?.without_it_cm?;
    let wrong = rest_m * OUTLIER_RATIO < residual_m && far_cm > OUTLIER_M_MIN * 100.0;
    wrong.then_some(Advice { what: "outlier", point: Some(index), blocks: false })
}

fn all_but(pairs: &[([f64; 2], [f64; 2])], index: usize) -> Vec<([f64; 2], [f64; 2])> {
    pairs.iter().enumerate().filter(|(k, _)| *k != index).map(|(_, pair)| *pair).collect()
}

fn fit_of(homography: &Homography, pairs: &[([f64; 2], [f64; 2])], index: usize) -> PointFit {
    let (image, ground) = pairs.get(index).copied().unwrap_or_default();
    let mapped = homography.to_image(ground.into());
    let without = Homography::fit(&all_but(pairs, index)).ok().filter(|_| pairs.len() > 4);
    PointFit {
        image_px: image,
        mapped_px: mapped,
        error_cm: centimetres(homography.residual_of(image, ground)),
        error_px: mapped.map_or(CENTIMETRES_MAX, |at| apart(at, image).min(CENTIMETRES_MAX)),
        without_it_cm: without.map(|map| centimetres(map.residual_of(image, ground))),
    }
}

fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    (x * x + y * y).sqrt()
}
