//! Stop lines and exit lines.

use super::check_lane::APART_M;
use super::check_shape::short;
use super::findings::{Findings, did_you_mean};
use super::locate::Path;
use crate::geometry::{Polygon, Polyline, Vec2, crossing_share, segment_distance_m};
use crate::model::{Lane, MetrePoint, SignalGroupKind, SiteFile, StopLine};

/// How far a lane may end before its line, metres.
const REACH_M: f64 = 5.0;
/// Sine of the least angle between a line and its lanes, 10 degrees.
const ANGLE_SIN_MIN: f64 = 0.173_648;

/// Whether the two ends of a line are two.
pub(super) fn ends(line: &[MetrePoint; 2], path: &Path, findings: &mut Findings<'_>) -> bool {
    let [a, b] = line.map(Vec2::from);
    if (b - a).norm() >= APART_M {
        return true;
    }
    findings.error(path, "both ends are the same point", "give the two ends of the line");
    false
}

pub(super) fn check(file: &SiteFile, index: usize, line: &StopLine, findings: &mut Findings<'_>) {
    let path = Path::item("stop_line", index);
    let sound = ends(&line.line_m, &path.key("line_m"), findings);
    let groups = file.signal_groups.iter().map(|group| group.id.as_str());
    if let Some(name) = &line.signal_group {
        match file.signal_groups.iter().find(|group| group.id == *name) {
            None => {
                let problem = format!("there is no signal group `{}`", short(name));
                let hint = did_you_mean(name, groups, "signal groups");
                findings.error(&path.key("signal_group"), problem, hint);
            }
            Some(group) if group.kind == SignalGroupKind::Pedestrian => {
                let problem = format!("signal group `{name}` is for people on foot");
                let hint = "name the group of the vehicles' heads at this line";
                findings.error(&path.key("signal_group"), problem, hint);
            }
            Some(_) => {}
        }
    }
    let areas = file.conflict_areas.iter().map(|area| area.id.as_str());
    if let Some(name) =
        line.conflict_area.as_ref().filter(|name| !areas.clone().any(|a| a == *name))
    {
        let problem = format!("there is no conflict area `{}`", short(name));
        let hint = did_you_mean(name, areas, "conflict areas");
        findings.error(&path.key("conflict_area"), problem, hint);
    }
    lanes(file, line, sound, &path, findings);
}

fn lanes(file: &SiteFile, line: &StopLine, sound: bool, path: &Path, findings: &mut Findings<'_>) {
    let at = path.key("lanes");
    if line.lanes.is_empty() {
        let hint = "name the lanes that end at the line; they say which way it is crossed";
        findings.error(&at, "no lane", hint);
    }
    let known = file.lanes.iter().map(|lane| lane.id.as_str());
    let mut found: Vec<&Lane> = Vec::new();
    for (index, name) in line.lanes.iter().enumerate() {
        let at = at.at(index);
        match file.lanes.iter().find(|lane| lane.id == *name) {
            None => {
                let problem = format!("there is no lane `{}`", short(name));
                findings.error(&at, problem, did_you_mean(name, known.clone(), "lanes"));
            }
            Some(_) if line.lanes.iter().take(index).any(|earlier| earlier == name) => {
                findings.error(&at, "stands twice", "name each lane once");
            }
            Some(lane) => {
                if sound {
                    meets(line, lane, &at, findings);
                }
                found.push(lane);
            }
        }
    }
    if let Some(pair) = found.windows(2).find(|pair| pair[0].approach != pair[1].approach) {
        let name = |lane: &Lane| lane.approach.clone().unwrap_or_else(|| "none".to_owned());
        let problem = format!(
            "lanes of different approaches: `{}` is of {}, `{}` of {}",
            pair[0].id,
            name(pair[0]),
            pair[1].id,
            name(pair[1])
        );
        findings.warning(&at, problem, "events of the line are told by the first lane's approach");
    }
    if sound {
        area_lies_behind(file, line, &found, path, findings);
    }
}

/// Whether the lane runs up to the line, and across it.
fn meets(line: &StopLine, lane: &Lane, path: &Path, findings: &mut Findings<'_>) {
    let polyline = Polyline::new(&lane.centreline_m);
    let [a, b] = line.line_m.map(Vec2::from);
    let nearest = polyline
        .points()
        .windows(2)
        .map(|pair| segment_distance_m(pair[0], pair[1], a, b))
        .fold(f64::INFINITY, f64::min);
    let Some(along) = polyline.along((a + b) / 2.0).filter(|along| along.distance_m.is_finite())
    else {
        return;
    };
    if nearest > REACH_M {
        let problem = format!(
            "lane `{}` comes no nearer than {nearest:.1} m to the line; 5 m at most",
            lane.id
        );
        findings.error(path, problem, "draw the centreline up to the line, or name another lane");
        return;
    }
    let across = (b - a).normalize();
    if along.direction.perp(&across).abs() < ANGLE_SIN_MIN {
        let problem = format!("lane `{}` runs along the line, not across it", lane.id);
        findings.error(path, problem, "the line goes across the road, from kerb to middle");
        return;
    }
    let crosses =
        polyline.points().windows(2).any(|pair| crossing_share(pair[0], pair[1], a, b).is_some());
    if !crosses && along.distance_m < REACH_M && polyline.length_m() > 2.0 * REACH_M {
        let problem = format!("lane `{}` begins at the line and leads away from it", lane.id);
        findings.error(path, problem, "turn the order of its points around, or name another lane");
    }
}

/// A conflict area upstream of its line is a mistake in either.
fn area_lies_behind(
    file: &SiteFile,
    line: &StopLine,
    lanes: &[&Lane],
    path: &Path,
    findings: &mut Findings<'_>,
) {
    let Some(area) =
        file.conflict_areas.iter().find(|a| Some(&a.id) == line.conflict_area.as_ref())
    else {
        return;
    };
    let Some(direction) = super::geometry::direction(line, lanes.iter().copied()) else { return };
    let from = Vec2::from(line.line_m[0]);
    let polygon = Polygon::new(&area.polygon_m);
    let behind = polygon.corners().iter().any(|corner| (corner - from).dot(&direction) > 0.0);
    if !behind {
        let problem = format!("conflict area `{}` lies before the line, not behind it", area.id);
        let hint = "check the corners of the area and the direction of the line's lanes";
        findings.error(&path.key("conflict_area"), problem, hint);
    }
}
