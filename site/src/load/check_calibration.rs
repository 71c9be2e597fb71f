//! A camera's calibration: points that define a map between road and picture.

use super::findings::{Findings, counted};
use super::locate::Path;
use crate::geometry::{CameraModel, Homography, HomographyError};
use crate::model::{CalibrationPoint, Camera};

/// Points nearer than this are the same point.
const APART_PX: f64 = 0.5;
const APART_M: f64 = 0.01;
/// A scatter whose minor axis is under this share of the major one is a line.
const AXES_RATIO_MIN: f64 = 0.01;
/// Focal lengths of lenses between 15 and 130 degrees across, in widths of the picture.
const FOCAL_WIDTHS: std::ops::RangeInclusive<f64> = 0.233..=3.8;

/// The camera's model, where the calibration is sound.
pub(super) fn check(
    camera: &Camera,
    path: &Path,
    findings: &mut Findings<'_>,
) -> Option<CameraModel> {
    let calibration = &camera.calibration;
    let path = &path.key("calibration");
    let width = f64::from(camera.width_px);
    let focal_px = calibration.focal_px.filter(|focal| {
        let plausible = FOCAL_WIDTHS.contains(&(focal / width));
        if !plausible {
            let problem = format!("{focal} pixels is no lens of 15 to 130 degrees across");
            let hint = "half the width divided by the tangent of half the angle; leave it out to \
                        derive it from the points";
            findings.error(&path.key("focal_px"), problem, hint);
        }
        plausible
    });
    let limit = calibration.residual_m_max;
    if limit <= 0.0 {
        let problem = format!("{limit} is not above 0");
        findings.error(&path.key("residual_m_max"), problem, "the default is 0.5");
        return None;
    }
    if !points_are_sound(camera, &path.key("points"), findings) {
        return None;
    }
    let pairs: Vec<_> = calibration.points.iter().map(|p| (p.image_px, p.ground_m)).collect();
    let homography = match Homography::fit(&pairs) {
        Ok(homography) => homography,
        Err(error) => {
            let hint = match error {
                HomographyError::TooFew(_) | HomographyError::Degenerate => {
                    "take points from both sides of the road, near and far"
                }
                HomographyError::BehindCamera => {
                    "a picture point and its ground point do not belong together; check the order"
                }
            };
            findings.error(&path.key("points"), error.to_string(), hint);
            return None;
        }
    };
    let residual = homography.residual_m();
    if residual > limit || !residual.is_finite() {
        let problem = format!(
            "the points miss the map by {} on average, over the limit of {limit} m; worst: {}",
            metres(residual),
            worst(&homography, &calibration.points),
        );
        let hint = "check the worst points: swapped numbers, a wrong corner, a spot above the road";
        findings.error(&path.key("points"), problem, hint);
        return None;
    }
    if residual > limit / 2.0 {
        let problem = format!(
            "the points miss the map by {} on average, over half the limit of {limit} m; worst: {}",
            metres(residual),
            worst(&homography, &calibration.points),
        );
        findings.warning(&path.key("points"), problem, "speeds and distances suffer from it");
    }
    let Some(model) = CameraModel::new(homography, camera.width_px, camera.height_px, focal_px)
    else {
        let hint = "ground_m is [x east, y north]: swap x and y, or check the order of the points";
        let problem = "the points put the camera below the road, as mirrored coordinates do";
        findings.error(&path.key("points"), problem, hint);
        return None;
    };
    if model.focal_is_assumed() {
        let problem = format!(
            "the points do not tell the focal length; {:.0} pixels are assumed",
            model.focal_px()
        );
        findings.warning(path, problem, "give `focal_px`, or points that lie farther apart");
    }
    Some(model)
}

/// Whether the points can define a map at all.
fn points_are_sound(camera: &Camera, path: &Path, findings: &mut Findings<'_>) -> bool {
    let points = &camera.calibration.points;
    if points.len() < 4 {
        let problem = format!("{}; four or more are needed", counted(points.len(), "point"));
        let hint = "add corners of markings that are seen in the picture and known on the ground";
        findings.error(path, problem, hint);
        return false;
    }
    let (w, h) = (f64::from(camera.width_px), f64::from(camera.height_px));
    let mut sound = true;
    for (index, point) in points.iter().enumerate() {
        let [x, y] = point.image_px;
        if !(0.0..=w).contains(&x) || !(0.0..=h).contains(&y) {
            let problem = format!("[{x}, {y}] lies outside the picture of {w} x {h} pixels");
            let hint = "measure the points in a picture of width_px x height_px";
            findings.error(&path.at(index).key("image_px"), problem, hint);
            sound = false;
        }
        let twin = points.iter().take(index).position(|earlier| {
            distance(earlier.image_px, point.image_px) < APART_PX
                || distance(earlier.ground_m, point.ground_m) < APART_M
        });
        if let Some(twin) = twin {
            let problem = format!("coincides with point {twin}, in the picture or on the ground");
            findings.error(&path.at(index), problem, "give each spot once");
            sound = false;
        }
    }
    if !sound {
        return false;
    }
    let places: [(&str, Vec<[f64; 2]>); 2] = [
        ("on the ground", points.iter().map(|point| point.ground_m).collect()),
        ("in the picture", points.iter().map(|point| point.image_px).collect()),
    ];
    for (place, points) in places {
        if on_one_line(&points) {
            let problem = format!("the points lie on one line {place}, or nearly so");
            findings.error(path, problem, "take points from both sides of the road");
            return false;
        }
    }
    true
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    (x * x + y * y).sqrt()
}

/// Whether the scatter of the points is as thin as a line.
fn on_one_line(points: &[[f64; 2]]) -> bool {
    let count = points.len() as f64;
    let cx = points.iter().map(|p| p[0]).sum::<f64>() / count;
    let cy = points.iter().map(|p| p[1]).sum::<f64>() / count;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for [x, y] in points {
        xx += (x - cx) * (x - cx);
        xy += (x - cx) * (y - cy);
        yy += (y - cy) * (y - cy);
    }
    // Eigenvalues of the scatter are squares of the axes.
    let middle = (xx + yy) / 2.0;
    let spread = ((xx - yy) * (xx - yy) / 4.0 + xy * xy).sqrt();
    middle - spread <= AXES_RATIO_MIN * AXES_RATIO_MIN * (middle + spread)
}

fn metres(value: f64) -> String {
    if value.is_finite() { format!("{value:.2} m") } else { "more than can be told".to_owned() }
}

/// The three points that fit worst, with their residuals.
fn worst(homography: &Homography, points: &[CalibrationPoint]) -> String {
    let mut residuals: Vec<(usize, f64)> = points
        .iter()
        .map(|point| homography.residual_of(point.image_px, point.ground_m))
        .enumerate()
        .collect();
    residuals.sort_by(|a, b| b.1.total_cmp(&a.1));
    let named = residuals.iter().take(3).map(|(index, residual)| {
        if residual.is_finite() {
            format!("point {index} by {residual:.2} m")
        } else {
            format!("point {index}, above the horizon")
        }
    });
    named.collect::<Vec<_>>().join(", ")
}
