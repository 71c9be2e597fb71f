//! Lanes: centreline, width, classes, hours, exits.

use super::check_shape::short;
use super::findings::{Findings, counted, did_you_mean};
use super::locate::Path;
use crate::model::{ClassName, Hours, Lane, SiteFile};

/// Points nearer than this are the same point, metres.
pub(super) const APART_M: f64 = 0.01;
const WIDTH_M: std::ops::RangeInclusive<f64> = 1.0..=10.0;

pub(super) fn check(file: &SiteFile, index: usize, lane: &Lane, findings: &mut Findings<'_>) {
    let path = Path::item("lane", index);
    centreline(lane, &path.key("centreline_m"), findings);
    if !WIDTH_M.contains(&lane.width_m) {
        let problem = format!("{} m is no width of a lane; 1 to 10 m is", lane.width_m);
        findings.error(&path.key("width_m"), problem, "lanes are mostly 2.75 to 3.75 m wide");
    }
    if let Some(classes) = &lane.classes {
        classes_are_sound(classes, &path.key("classes"), findings);
    }
    for (index, hours) in lane.hours.iter().enumerate() {
        if Hours::parse(hours).is_none() {
            let problem = format!("`{}` is not a span of the day", short(hours));
            let hint = "write two different times, as in \"06:00-09:30\" or \"22:00-05:00\"";
            findings.error(&path.key("hours").at(index), problem, hint);
        }
    }
    if lane.classes.is_none() && !lane.hours.is_empty() {
        let hint = "hours say when `classes` holds; add it";
        findings.warning(&path.key("hours"), "no effect without `classes`", hint);
    }
    exits(file, lane, &path.key("exits"), findings);
}

fn centreline(lane: &Lane, path: &Path, findings: &mut Findings<'_>) {
    let points = &lane.centreline_m;
    if points.len() < 2 {
        let problem = format!("{}; two or more are needed", counted(points.len(), "point"));
        findings.error(path, problem, "give the middle of the lane, in the direction of travel");
        return;
    }
    for (index, pair) in points.windows(2).enumerate() {
        let (x, y) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
        if (x * x + y * y).sqrt() < APART_M {
            let problem = format!("the same point as the one before it, {:?}", pair[0]);
            findings.error(&path.at(index + 1), problem, "give each point once");
        }
    }
}

/// A list of classes, of a lane or a zone.
pub(super) fn classes_are_sound(classes: &[ClassName], path: &Path, findings: &mut Findings<'_>) {
    if classes.is_empty() {
        let hint = "leave the key out to allow every class";
        findings.error(path, "no class is allowed", hint);
    }
    for (index, class) in classes.iter().enumerate() {
        if classes.iter().take(index).any(|earlier| earlier == class) {
            findings.error(&path.at(index), "stands twice", "name each class once");
        }
    }
}

fn exits(file: &SiteFile, lane: &Lane, path: &Path, findings: &mut Findings<'_>) {
    let Some(exits) = &lane.exits else { return };
    if exits.is_empty() {
        findings.error(path, "no exit is allowed", "leave the key out to allow every exit");
    }
    let known = file.exit_lines.iter().map(|line| line.id.as_str());
    for (index, exit) in exits.iter().enumerate() {
        if !known.clone().any(|line| line == exit) {
            let problem = format!("there is no exit line `{}`", short(exit));
            findings.error(
                &path.at(index),
                problem,
                did_you_mean(exit, known.clone(), "exit lines"),
            );
        } else if exits.iter().take(index).any(|earlier| earlier == exit) {
            findings.error(&path.at(index), "stands twice", "name each exit once");
        }
    }
}
