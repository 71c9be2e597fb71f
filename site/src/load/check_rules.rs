//! Rules: thresholds, and whether the file has what a rule needs to fire at all.

use super::findings::Findings;
use super::locate::Path;
use crate::model::{ClassName, SiteFile};

const MOTOR_VEHICLES: [ClassName; 4] =
    [ClassName::Car, ClassName::Truck, ClassName::Bus, ClassName::Motorcycle];

/// The key that every rule has that accuses.
const ERROR_RATE: &str = "error_rate_max";

pub(super) fn check(file: &SiteFile, findings: &mut Findings<'_>) {
    thresholds(file, findings);
    needs(file, findings);
    gaps(file, findings);
}

/// Thresholds as (rule, key, value); finite they are already.
fn values(file: &SiteFile) -> Vec<(&'static str, &'static str, f64)> {
    let rules = &file.rules;
    let mut values = Vec::new();
    if let Some(rule) = &rules.red_light {
        values.push(("red_light", ERROR_RATE, rule.error_rate_max));
        values.push(("red_light", "grace_s", rule.grace_s));
        values.push(("red_light", "enter_s_max", rule.enter_s_max));
    }
    if let Some(rule) = &rules.stop_line {
        values.push(("stop_line", ERROR_RATE, rule.error_rate_max));
        values.push(("stop_line", "overrun_m_min", rule.overrun_m_min));
        values.push(("stop_line", "stand_s_min", rule.stand_s_min));
    }
    if let Some(rule) = &rules.wrong_way {
        values.push(("wrong_way", ERROR_RATE, rule.error_rate_max));
        values.push(("wrong_way", "distance_m_min", rule.distance_m_min));
        values.push(("wrong_way", "duration_s_min", rule.duration_s_min));
    }
    if let Some(rule) = &rules.illegal_turn {
        values.push(("illegal_turn", ERROR_RATE, rule.error_rate_max));
    }
    if let Some(rule) = &rules.box_junction {
        values.push(("box_junction", ERROR_RATE, rule.error_rate_max));
        values.push(("box_junction", "dwell_s_max", rule.dwell_s_max));
    }
    if let Some(rule) = &rules.reserved_lane {
        values.push(("reserved_lane", ERROR_RATE, rule.error_rate_max));
        values.push(("reserved_lane", "distance_m_min", rule.distance_m_min));
    }
    if let Some(rule) = &rules.no_stopping {
        values.push(("no_stopping", ERROR_RATE, rule.error_rate_max));
        values.push(("no_stopping", "dwell_s_max", rule.dwell_s_max));
        values.push(("no_stopping", "queue_gap_m", rule.queue_gap_m));
    }
    if let Some(rule) = &rules.crossing_yield {
        values.push(("crossing_yield", ERROR_RATE, rule.error_rate_max));
        values.push(("crossing_yield", "speed_ms_min", rule.speed_ms_min));
    }
    if let Some(rule) = &rules.section_speed {
        values.push(("section_speed", ERROR_RATE, rule.error_rate_max));
        values.push(("section_speed", "tolerance_kmh", rule.tolerance_kmh));
        values.push(("section_speed", "similarity_min", rule.similarity_min));
        values.push(("section_speed", "margin_min", rule.margin_min));
        let (similarity, margin) = (rule.violation_similarity_min, rule.violation_margin_min);
        values.push(("section_speed", "violation_similarity_min", similarity));
        values.push(("section_speed", "violation_margin_min", margin));
        values.push(("section_speed", "speeds_agree_share", rule.speeds_agree_share));
        values.push(("section_speed", "class_confidence_min", rule.class_confidence_min));
    }
    if let Some(rule) = &rules.pedestrian_on_red {
        values.push(("pedestrian_on_red", "grace_s", rule.grace_s));
    }
    if let Some(rule) = &rules.flow {
        values.push(("flow", "interval_s", rule.interval_s));
    }
    values
}

fn thresholds(file: &SiteFile, findings: &mut Findings<'_>) {
    for (rule, key, value) in values(file) {
        let path = Path::default().key("rules").key(rule).key(key);
        if value < 0.0 {
            findings.error(&path, format!("{value} is below 0"), "a threshold is 0 or more");
        } else if value == 0.0 && matches!((rule, key), ("flow", _) | (_, "enter_s_max")) {
            findings.error(&path, "0 leaves no time at all", "give seconds above 0");
        } else if is_share(rule, key) && value > 1.0 {
            findings.error(&path, format!("{value} is above 1"), "give a number from 0 to 1");
        }
    }
}

fn is_share(rule: &str, key: &str) -> bool {
    key == ERROR_RATE || (rule == "section_speed" && key != "tolerance_kmh")
}

/// A rule that can never fire is a mistake: its author expects something of it.
fn needs(file: &SiteFile, findings: &mut Findings<'_>) {
    let rules = &file.rules;
    let reserved = file.lanes.iter().any(|lane| {
        lane.classes.as_ref().is_some_and(|c| MOTOR_VEHICLES.iter().any(|v| !c.contains(v)))
    });
    let signalled = file.stop_lines.iter().filter(|line| line.signal_group.is_some());
    let checks: [(&str, bool, bool, &str, &str); 11] = [
        (
            "red_light",
            rules.red_light.is_some(),
            signalled.clone().any(|line| line.conflict_area.is_some()),
            "no stop line has a `signal_group` and a `conflict_area`",
            "add both to a `[[stop_line]]`",
        ),
        (
            "stop_line",
            rules.stop_line.is_some(),
            signalled.clone().next().is_some(),
            "no stop line has a `signal_group`",
            "add it to a `[[stop_line]]`",
        ),
        (
            "wrong_way",
            rules.wrong_way.is_some(),
            !file.lanes.is_empty(),
            "there are no lanes",
            "add a `[[lane]]`",
        ),
        (
            "illegal_turn",
            rules.illegal_turn.is_some(),
            file.lanes.iter().any(|lane| lane.exits.is_some()),
            "no lane has `exits`",
            "name the exit lines that a `[[lane]]` allows",
        ),
        (
            "box_junction",
            rules.box_junction.is_some(),
            !file.conflict_areas.is_empty(),
            "there are no conflict areas",
            "add a `[[conflict_area]]`",
        ),
        (
            "reserved_lane",
            rules.reserved_lane.is_some(),
            reserved,
            "no lane has `classes` that leave out a motor vehicle",
            "name the classes that may use a `[[lane]]`",
        ),
        (
            "no_stopping",
            rules.no_stopping.is_some(),
            !file.no_stopping_zones.is_empty(),
            "there are no zones",
            "add a `[[no_stopping_zone]]`",
        ),
        (
            "crossing_yield",
            rules.crossing_yield.is_some(),
            !file.crossings.is_empty(),
            "there are no crossings",
            "add a `[[crossing]]`",
        ),
        (
            "section_speed",
            rules.section_speed.is_some(),
            file.sections.iter().any(|s| s.exit.site.is_none() && s.limit_kmh.is_some()),
            "no section has its exit here and a `limit_kmh`",
            "add both to a `[[section]]`",
        ),
        (
            "pedestrian_on_red",
            rules.pedestrian_on_red.is_some(),
            file.crossings.iter().any(|crossing| crossing.signal_group.is_some()),
            "no crossing has a `signal_group`",
            "add it to a `[[crossing]]`",
        ),
        (
            "flow",
            rules.flow.is_some(),
            !file.lanes.is_empty(),
            "there are no lanes",
            "add a `[[lane]]`",
        ),
    ];
    for (rule, listed, can_fire, problem, hint) in checks {
        if listed && !can_fire {
            let path = Path::default().key("rules").key(rule);
            let hint = format!("{hint}, or take the rule out");
            findings.error(&path, format!("the rule can never fire: {problem}"), hint);
        }
    }
}

/// Places where a rule that is listed has no effect.
fn gaps(file: &SiteFile, findings: &mut Findings<'_>) {
    let rules = &file.rules;
    for (index, line) in file.stop_lines.iter().enumerate() {
        let path = Path::item("stop_line", index);
        if line.signal_group.is_none() && (rules.red_light.is_some() || rules.stop_line.is_some()) {
            let hint = "add `signal_group`, unless the line has no signal";
            findings.warning(&path, "no signal group: rules of red lights skip the line", hint);
        } else if line.conflict_area.is_none() && rules.red_light.is_some() {
            findings.warning(
                &path,
                "no conflict area: `red_light` skips the line",
                "add `conflict_area`",
            );
        }
    }
    if rules.illegal_turn.is_some() {
        for (index, lane) in file.lanes.iter().enumerate() {
            let enters = file.stop_lines.iter().any(|line| line.lanes.contains(&lane.id));
            if enters && lane.exits.is_none() {
                let problem = "no `exits`: `illegal_turn` allows every turn from here";
                findings.warning(&Path::item("lane", index), problem, "add `exits`");
            } else if !enters && lane.exits.is_some() {
                let problem = "`exits` has no effect: no stop line names the lane";
                let hint = "add the lane to its `[[stop_line]]`";
                findings.warning(&Path::item("lane", index).key("exits"), problem, hint);
            }
        }
    }
    if file.signals.log.is_some() {
        return;
    }
    let lamps = || file.cameras.iter().flat_map(|camera| &camera.lamps);
    let groups = file.signal_groups.iter().map(|group| group.id.as_str());
    let dark: Vec<&str> = groups.filter(|id| !lamps().any(|lamp| lamp.group == *id)).collect();
    if !dark.is_empty() {
        let problem = format!("nothing tells the state of {}", dark.join(", "));
        let hint = "name the controller's log in `[signals]`, or the lamps in a `[[camera.lamp]]`";
        findings.warning(&Path::default().key("signals"), problem, hint);
    }
}
