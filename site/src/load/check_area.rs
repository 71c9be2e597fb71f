//! Conflict areas, no-stopping zones, crossings.

use super::check_lane::APART_M;
use super::check_shape::short;
use super::findings::{Findings, counted, did_you_mean};
use super::locate::Path;
use crate::geometry::{Polygon, Vec2, segment_distance_m};
use crate::model::{Crossing, MetrePoint, SignalGroupKind, SiteFile};

const AREA_M2_MIN: f64 = 1.0;
const CROSSING_WIDTH_M: std::ops::RangeInclusive<f64> = 0.5..=30.0;
const CROSSING_LENGTH_M_MIN: f64 = 1.0;

/// Whether the corners make a simple polygon.
pub(super) fn polygon(corners: &[MetrePoint], path: &Path, findings: &mut Findings<'_>) {
    if corners.len() < 3 {
        let problem = format!("{}; three or more are needed", counted(corners.len(), "corner"));
        findings.error(path, problem, "give the corners in order, without repeating the first");
        return;
    }
    let points: Vec<Vec2> = corners.iter().copied().map(Vec2::from).collect();
    let count = points.len();
    let edge = |index: usize| (points[index], points[(index + 1) % count]);
    for index in 0..count {
        let (a, b) = edge(index);
        if (b - a).norm() < APART_M {
            let second = (index + 1) % count;
            let problem = format!("corner {second} is the same point as corner {index}");
            findings.error(&path.at(index), problem, "give each corner once, the first too");
            return;
        }
    }
    for first in 0..count {
        for second in first + 2..count {
            // The last edge and the first share a corner.
            if first == 0 && second == count - 1 {
                continue;
            }
            let ((a, b), (c, d)) = (edge(first), edge(second));
            if segment_distance_m(a, b, c, d) <= 0.0 {
                let problem =
                    format!("the edge after corner {first} crosses the edge after corner {second}");
                findings.error(path, problem, "give the corners in order around the area");
                return;
            }
        }
    }
    let area = Polygon::new(corners).signed_area().abs();
    if area <= AREA_M2_MIN {
        let problem = format!("{area:.2} square metres; more than 1 is needed");
        findings.error(path, problem, "the corners are metres on the ground");
    }
}

pub(super) fn crossing(
    file: &SiteFile,
    index: usize,
    crossing: &Crossing,
    findings: &mut Findings<'_>,
) {
    let path = Path::item("crossing", index);
    let [a, b] = crossing.axis_m.map(Vec2::from);
    let length = (b - a).norm();
    if length < CROSSING_LENGTH_M_MIN {
        let problem = format!("{length:.2} m long; 1 m or more is needed");
        findings.error(&path.key("axis_m"), problem, "give the way that people walk, kerb to kerb");
    }
    if !CROSSING_WIDTH_M.contains(&crossing.width_m) {
        let problem = format!("{} m is no width of a crossing; 0.5 to 30 m is", crossing.width_m);
        findings.error(&path.key("width_m"), problem, "the width of the band, across the axis");
    }
    if !(0.0..=1.0).contains(&crossing.split_at) {
        let problem = format!("{} is not a share of the axis", crossing.split_at);
        findings.error(&path.key("split_at"), problem, "0 to 1; 0.5 is the middle of the road");
    }
    let Some(name) = &crossing.signal_group else { return };
    let at = path.key("signal_group");
    match file.signal_groups.iter().find(|group| group.id == *name) {
        None => {
            let groups = file.signal_groups.iter().map(|group| group.id.as_str());
            let problem = format!("there is no signal group `{}`", short(name));
            findings.error(&at, problem, did_you_mean(name, groups, "signal groups"));
        }
        Some(group) if group.kind == SignalGroupKind::Vehicle => {
            let problem = format!("signal group `{name}` is for vehicles");
            let hint = "name the group of the people's heads, with `kind = \"pedestrian\"`";
            findings.error(&at, problem, hint);
        }
        Some(_) => {}
    }
}
