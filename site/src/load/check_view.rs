//! Whether cameras see what they are to judge.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::locate::Path;
use crate::geometry::{CameraModel, Vec2};
use crate::model::{MetrePoint, SiteFile};

/// Farther away a vehicle is a few pixels.
const SIGHT_M: f64 = 150.0;
const SAMPLE_M: f64 = 2.0;
/// Samples of one lane that are tried, a bound on the work.
const SAMPLES_MAX: usize = 2_000;

/// Whether the camera has the ground point in its picture, near enough to see a vehicle.
fn sees(model: &CameraModel, point: Vec2) -> bool {
    let [x, y, _] = model.position_m();
    if (point - Vec2::new(x, y)).norm() > SIGHT_M {
        return false;
    }
    let (w, h) = model.size_px();
    model.project(point, 0.0).is_some_and(|[x, y]| {
        (0.0..=f64::from(w)).contains(&x) && (0.0..=f64::from(h)).contains(&y)
    })
}

/// Points along a line of points, at most two metres apart.
fn samples(points: &[MetrePoint]) -> impl Iterator<Item = Vec2> + '_ {
    points.windows(2).flat_map(|pair| {
        let (a, b) = (Vec2::from(pair[0]), Vec2::from(pair[1]));
        let count = ((b - a).norm() / SAMPLE_M).ceil().clamp(1.0, SAMPLES_MAX as f64) as usize;
        (0..=count).map(move |index| a + (b - a) * (index as f64 / count as f64))
    })
}

pub(super) fn check(file: &SiteFile, cameras: &[CameraModel], findings: &mut Findings<'_>) {
    if cameras.is_empty() {
        return;
    }
    let seen = |points: &[MetrePoint]| {
        cameras
            .iter()
            .any(|camera| samples(points).take(SAMPLES_MAX).any(|point| sees(camera, point)))
    };
    for (index, lane) in file.lanes.iter().enumerate() {
        if lane.centreline_m.len() >= 2 && !seen(&lane.centreline_m) {
            let hint = "compare its coordinates with those of the calibration points, or look at \
                        `wayside site draw`";
            let problem = "no camera has any of the lane in its picture within 150 m";
            findings.error(&Path::item("lane", index).key("centreline_m"), problem, hint);
        }
    }
    let lines = file.stop_lines.iter().map(|line| &line.line_m);
    let exits = file.exit_lines.iter().map(|line| &line.line_m);
    let axes = file.crossings.iter().map(|crossing| &crossing.axis_m);
    let lines = lines.enumerate().map(|(index, line)| ("stop_line", "line_m", index, line));
    let exits = exits.enumerate().map(|(index, line)| ("exit_line", "line_m", index, line));
    let axes = axes.enumerate().map(|(index, line)| ("crossing", "axis_m", index, line));
    for (kind, key, index, line) in lines.chain(exits).chain(axes) {
        if !seen(line) {
            let problem = "no camera has it in its picture within 150 m";
            let hint = "rules that need it judge nothing here";
            findings.warning(&Path::item(kind, index).key(key), problem, hint);
        }
    }
}

/// Whether the camera of a gate sees it: another camera's picture does not help.
pub(super) fn gates(
    file: &SiteFile,
    cameras: &BTreeMap<String, CameraModel>,
    findings: &mut Findings<'_>,
) {
    for (index, section) in file.sections.iter().enumerate() {
        for (key, gate) in [("entry", &section.entry), ("exit", &section.exit)] {
            let Some(line) = &gate.line_m else { continue };
            let Some((name, model)) =
                gate.camera.as_ref().and_then(|name| cameras.get(name).map(|model| (name, model)))
            else {
                continue;
            };
            if !samples(line).take(SAMPLES_MAX).any(|point| sees(model, point)) {
                let path = Path::item("section", index).key(key).key("line_m");
                let problem =
                    format!("camera `{name}` does not have it in its picture within 150 m");
                let hint = "move the line into the picture, or name the camera that sees it";
                findings.error(&path, problem, hint);
            }
        }
    }
}
