//! Sections: length, limits, times, gates.

use super::check_ids::is_id;
use super::check_lane::APART_M;
use super::check_shape::short;
use super::findings::{Findings, did_you_mean};
use super::locate::Path;
use super::{check_line, geometry};
use crate::geometry::Vec2;
use crate::model::{EXPIRY_MARGIN_S, Lane, Section, SectionGate, SiteFile};

const LENGTH_M: std::ops::RangeInclusive<f64> = 20.0..=50_000.0;
const LENGTH_SIGMA_SHARE_MAX: f64 = 0.05;
const LIMIT_KMH: std::ops::RangeInclusive<f64> = 5.0..=200.0;
const SPEED_KMH_MAX: std::ops::RangeInclusive<f64> = 50.0..=400.0;
const EXPIRY_S: std::ops::RangeInclusive<f64> = 120.0..=3_600.0;

pub(super) fn check(file: &SiteFile, index: usize, section: &Section, findings: &mut Findings<'_>) {
    let path = Path::item("section", index);
    lengths(section, &path, findings);
    speeds(section, &path, findings);
    times(section, &path, findings);
    let mut elsewhere = 0;
    for (key, gate) in [("entry", &section.entry), ("exit", &section.exit)] {
        let path = path.key(key);
        match &gate.site {
            Some(site) => {
                elsewhere += 1;
                far_gate(file, gate, site, &path, findings);
            }
            None => near_gate(file, gate, &path, findings),
        }
    }
    if elsewhere == 2 {
        let hint = "describe one gate here, or take the section out of this file";
        findings.error(&path, "both gates belong to other sites", hint);
    }
}

fn lengths(section: &Section, path: &Path, findings: &mut Findings<'_>) {
    let length = section.length_m;
    if !LENGTH_M.contains(&length) {
        let problem = format!("{length} m is no length of a section; 20 to 50000 m is");
        let hint = "measure along the road, from gate to gate";
        findings.error(&path.key("length_m"), problem, hint);
        return;
    }
    let most = length * LENGTH_SIGMA_SHARE_MAX;
    if let Some(sigma) = section.length_sigma_m.filter(|sigma| !(0.0..=most).contains(sigma)) {
        let problem = format!("{sigma} m for a length of {length} m; 0 to {most} m is accepted");
        let hint = "measure the length better; the mean speed is as uncertain as it is";
        findings.error(&path.key("length_sigma_m"), problem, hint);
    }
}

fn speeds(section: &Section, path: &Path, findings: &mut Findings<'_>) {
    let most = section.speed_kmh_max;
    if !SPEED_KMH_MAX.contains(&most) {
        let problem = format!("{most} km/h; 50 to 400 is accepted");
        let hint = "what no vehicle on the road exceeds; the default is 250";
        findings.error(&path.key("speed_kmh_max"), problem, hint);
    }
    let limits = [
        ("limit_kmh", section.limit_kmh),
        ("limit_truck_kmh", section.limit_truck_kmh),
        ("limit_bus_kmh", section.limit_bus_kmh),
    ];
    for (key, limit) in limits {
        let Some(limit) = limit else { continue };
        if !LIMIT_KMH.contains(&limit) {
            let problem = format!("{limit} km/h is no speed limit; 5 to 200 is");
            findings.error(&path.key(key), problem, "give kilometres an hour, as on the sign");
        } else if limit >= most {
            let problem = format!("{limit} km/h is not below speed_kmh_max, {most}");
            let hint = "raise speed_kmh_max; vehicles beyond it are not matched";
            findings.error(&path.key(key), problem, hint);
        } else if section.limit_kmh.is_none() {
            let problem = "no effect without `limit_kmh`";
            findings.error(&path.key(key), problem, "add `limit_kmh`, for every other class");
        }
    }
}

fn times(section: &Section, path: &Path, findings: &mut Findings<'_>) {
    let expiry = section.expiry_s;
    if !EXPIRY_S.contains(&expiry) {
        let problem = format!("{expiry} s; 120 to 3600 s is accepted");
        let hint = "as short as the slowest vehicle allows; the default is 600";
        findings.error(&path.key("expiry_s"), problem, hint);
        return;
    }
    let longest = (expiry - EXPIRY_MARGIN_S) / 2.0;
    // Unsound lengths and speeds are told already.
    let sound =
        LENGTH_M.contains(&section.length_m) && SPEED_KMH_MAX.contains(&section.speed_kmh_max);
    let Some(given) = section.travel_time_s_max else {
        let slowest = section.limit_kmh.unwrap_or(30.0);
        let needed = section.length_m / slowest * 3.6;
        if sound && needed > longest {
            let problem = format!(
                "a vehicle at {slowest} km/h takes {needed:.0} s, and {expiry} s allow to match \
                 {longest:.0} s"
            );
            let hint = format!("give at least {:.0}", 2.0 * needed + EXPIRY_MARGIN_S);
            findings.error(&path.key("expiry_s"), problem, hint);
        }
        return;
    };
    let path = path.key("travel_time_s_max");
    if sound && given <= 2.0 * section.travel_time_s_min() {
        let problem = format!(
            "{given} s is not above twice the {:.1} s that the section takes at speed_kmh_max",
            section.travel_time_s_min()
        );
        findings.error(&path, problem, "give the time of the slowest vehicle to match");
    } else if given > longest {
        let problem = format!("{given} s; an expiry of {expiry} s allows {longest:.0} s at most");
        let hint = format!(
            "raise expiry_s to {:.0}, or match shorter times",
            2.0 * given + EXPIRY_MARGIN_S
        );
        findings.error(&path, problem, hint);
    }
}

/// A gate of another site's file.
fn far_gate(
    file: &SiteFile,
    gate: &SectionGate,
    site: &str,
    path: &Path,
    findings: &mut Findings<'_>,
) {
    if !is_id(site) {
        let problem = format!("`{}` is no id of a site", short(site));
        findings.error(&path.key("site"), problem, "use letters, digits, `-` and `_`");
    } else if site == file.site.id {
        let problem = format!("`{site}` is this site");
        let hint = "leave the key out and describe the gate here";
        findings.error(&path.key("site"), problem, hint);
    }
    let others = [
        ("camera", gate.camera.is_some()),
        ("line_m", gate.line_m.is_some()),
        ("lanes", gate.lanes.is_some()),
        ("direction_deg", gate.direction_deg.is_some()),
    ];
    for (key, given) in others {
        if given {
            let problem = format!("the gate belongs to site `{}`", short(site));
            findings.error(&path.key(key), problem, "describe it in the file of that site alone");
        }
    }
}

/// A gate of this file.
fn near_gate(file: &SiteFile, gate: &SectionGate, path: &Path, findings: &mut Findings<'_>) {
    let cameras = file.cameras.iter().map(|camera| camera.id.as_str());
    match &gate.camera {
        None => {
            let hint = "name the camera that sees the gate, or the other `site` that has it";
            findings.error(&path.key("camera"), "missing", hint);
        }
        Some(name) if !cameras.clone().any(|camera| camera == name) => {
            let problem = format!("there is no camera `{}`", short(name));
            let hint = did_you_mean(name, cameras, "cameras");
            findings.error(&path.key("camera"), problem, hint);
        }
        Some(_) => {}
    }
    let Some(line) = &gate.line_m else {
        let hint = "give the two ends of the line that a vehicle's front crosses";
        findings.error(&path.key("line_m"), "missing", hint);
        return;
    };
    if !check_line::ends(line, &path.key("line_m"), findings) {
        return;
    }
    direction(file, gate, line.map(Vec2::from), path, findings);
}

/// Which way the gate is crossed: by its lanes, or by a direction.
fn direction(
    file: &SiteFile,
    gate: &SectionGate,
    line: [Vec2; 2],
    path: &Path,
    findings: &mut Findings<'_>,
) {
    match (&gate.lanes, gate.direction_deg) {
        (None, None) => {
            let hint = "name the `lanes` that cross it, or give `direction_deg`";
            findings.error(path, "nothing says which way the gate is crossed", hint);
        }
        (Some(_), Some(_)) => {
            let hint = "take it out; the lanes say which way the gate is crossed";
            findings.error(&path.key("direction_deg"), "given beside `lanes`", hint);
        }
        (None, Some(degrees)) => {
            let path = path.key("direction_deg");
            if !(-360.0..=360.0).contains(&degrees) {
                let problem = format!("{degrees} is no direction");
                findings.error(&path, problem, "degrees clockwise from north, 0 to 360");
            } else if geometry::across(line, geometry::compass(degrees)).is_none() {
                let problem = format!("{degrees} degrees run along the line, not across it");
                findings.error(&path, problem, "the line goes across the road");
            }
        }
        (Some(names), None) => lanes(file, names, line, &path.key("lanes"), findings),
    }
}

fn lanes(
    file: &SiteFile,
    names: &[String],
    line: [Vec2; 2],
    path: &Path,
    findings: &mut Findings<'_>,
) {
    if names.is_empty() {
        findings.error(path, "no lane", "name the lanes that cross the gate");
    }
    let known = file.lanes.iter().map(|lane| lane.id.as_str());
    let mut found: Vec<&Lane> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let path = path.at(index);
        match file.lanes.iter().find(|lane| lane.id == *name) {
            None => {
                let problem = format!("there is no lane `{}`", short(name));
                findings.error(&path, problem, did_you_mean(name, known.clone(), "lanes"));
            }
            Some(_) if names.iter().take(index).any(|earlier| earlier == name) => {
                findings.error(&path, "stands twice", "name each lane once");
            }
            Some(lane) => {
                let distance = lane_distance_m(lane, line);
                if distance > APART_M {
                    let problem = format!(
                        "lane `{}` does not cross the line; it passes {distance:.1} m beside it",
                        lane.id
                    );
                    let hint = "draw the line over the lane's centreline, or name another lane";
                    findings.error(&path, problem, hint);
                } else {
                    found.push(lane);
                }
            }
        }
    }
    let Some(first) = found.first() else { return };
    match geometry::gate_direction(line, std::iter::once(*first)) {
        None => {
            let problem = format!("lane `{}` runs along the line, not across it", first.id);
            findings.error(path, problem, "the line goes across the road");
        }
        Some(direction) => {
            let against = found.iter().find(|lane| {
                geometry::gate_direction(line, std::iter::once(**lane)) != Some(direction)
            });
            if let Some(lane) = against {
                let problem = format!(
                    "lanes `{}` and `{}` cross the line in opposite ways",
                    first.id, lane.id
                );
                findings.error(path, problem, "a section has one direction; name those lanes");
            }
        }
    }
}

fn lane_distance_m(lane: &Lane, [a, b]: [Vec2; 2]) -> f64 {
    let points: Vec<Vec2> = lane.centreline_m.iter().copied().map(Vec2::from).collect();
    let nearest = points
        .windows(2)
        .map(|pair| crate::geometry::segment_distance_m(pair[0], pair[1], a, b))
        .fold(f64::INFINITY, f64::min);
    // A centreline that is no line is told already.
    if nearest.is_finite() { nearest } else { 0.0 }
}
