//! Signs: size, language, what they may show, how they are reached.

use std::collections::BTreeSet;

use super::check_ids::is_id;
use super::check_shape::short;
use super::findings::{Findings, did_you_mean};
use super::locate::Path;
use crate::model::{Hours, Sign, SignEntry, SignKind, SignSnmp, SiteFile, SnmpVersion};

/// The timer of a sign counts whole minutes: what is shorter could not end by itself.
const SNMP_HOLD_S_MIN: f64 = 90.0;
const HOLD_S: std::ops::RangeInclusive<f64> = 2.0..=3_600.0;

pub(super) fn check(file: &SiteFile, index: usize, sign: &Sign, findings: &mut Findings<'_>) {
    let path = Path::item("sign", index);
    size(sign, &path, findings);
    if sign.language.len() != 2 || !sign.language.bytes().all(|byte| byte.is_ascii_lowercase()) {
        let problem = format!("`{}` is no language", short(&sign.language));
        findings.error(&path.key("language"), problem, "write two letters, as in \"en\" or \"de\"");
    }
    if !(1..=6).contains(&sign.pages_max) {
        let problem = format!("{} pages; 1 to 6 are shown", sign.pages_max);
        findings.error(&path.key("pages_max"), problem, "who drives past reads two at most");
    }
    if !(3.0..=300.0).contains(&sign.source_timeout_s) {
        let problem = format!("{} s; 3 to 300 can be watched", sign.source_timeout_s);
        findings.error(&path.key("source_timeout_s"), problem, "15 is a usual value");
    }
    if let Some(snmp) = &sign.snmp {
        reach(sign, snmp, &path.key("snmp"), findings);
    }
    if sign.messages.is_empty() {
        let hint =
            "list what it may show, for example `[[sign.message]]` with `template = \"red_light\"`";
        findings.warning(
            &path,
            "no message is listed: only other programs can make it show any",
            hint,
        );
    }
    for (number, entry) in sign.messages.iter().enumerate() {
        message(file, sign, entry, &path.key("message").at(number), findings);
    }
}

fn size(sign: &Sign, path: &Path, findings: &mut Findings<'_>) {
    let lamps = [("width_px", sign.width_px), ("height_px", sign.height_px)];
    let cells = [("columns", sign.columns), ("rows", sign.rows)];
    let given = |keys: [(&str, Option<u32>); 2]| keys.iter().filter(|(_, n)| n.is_some()).count();
    if sign.kind == SignKind::Billboard {
        for (key, _) in lamps.into_iter().chain(cells).filter(|(_, number)| number.is_some()) {
            let hint = "a page fits its screen by itself; leave the key out";
            findings.error(&path.key(key), "a size of lamps for a billboard", hint);
        }
        return;
    }
    match (given(lamps), given(cells)) {
        (2, 0) | (0, 2) => {}
        _ => {
            let hint = "give `width_px` and `height_px` of the matrix, or `columns` and `rows` where each character has a module of its own";
            findings.error(&path.key("kind"), "a matrix sign without its size, or with two", hint);
            return;
        }
    }
    let limits = [(16, 1_024), (7, 512), (4, 64), (1, 8)];
    for ((key, number), (min, max)) in lamps.into_iter().chain(cells).zip(limits) {
        if let Some(number) = number.filter(|number| !(min..=max).contains(number)) {
            let problem = format!("{number}; {min} to {max} is accepted");
            findings.error(&path.key(key), problem, "the sign's data sheet says its size");
        }
    }
}

fn reach(sign: &Sign, snmp: &SignSnmp, path: &Path, findings: &mut Findings<'_>) {
    if sign.kind == SignKind::Billboard {
        let hint = "a screen opens the page of its sign; `snmp` is for `kind = \"matrix\"`";
        findings.error(path, "SNMP for a billboard", hint);
    }
    let port = snmp.address.rsplit_once(':');
    let sound = port.is_some_and(|(host, port)| {
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '/' || c == '@';
        !host.is_empty() && !host.contains(odd) && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    if !sound || snmp.address.len() > 255 {
        findings.error(
            &path.key("address"),
            "no address",
            "write host:port, as in \"10.1.2.3:161\"",
        );
    }
    let v3 = snmp.version == SnmpVersion::V3;
    let community = ("community_file", snmp.community_file.as_ref());
    let user = ("user", snmp.user.as_ref());
    let auth = ("auth_file", snmp.auth_file.as_ref());
    let privacy = ("privacy_file", snmp.privacy_file.as_ref());
    let (needed, foreign) = if v3 {
        (vec![user, auth], vec![community])
    } else {
        (vec![community], vec![user, auth, privacy])
    };
    let name = if v3 { "v3" } else { "v1 and v2c" };
    for (key, value) in needed {
        if value.is_none_or(|value| value.is_empty()) {
            let hint = format!(
                "it is needed with SNMP {name}; secrets stand in files, not in the site file"
            );
            findings.error(&path.key(key), "missing", hint);
        }
    }
    for (key, _) in foreign.into_iter().filter(|(_, value)| value.is_some()) {
        let hint = "leave it out, or change `version`";
        findings.error(&path.key(key), format!("no use for it with SNMP {name}"), hint);
    }
}

fn message(
    file: &SiteFile,
    sign: &Sign,
    entry: &SignEntry,
    path: &Path,
    findings: &mut Findings<'_>,
) {
    if !is_id(&entry.template) {
        let problem = format!("`{}` is no name of a template", short(&entry.template));
        findings.error(&path.key("template"), problem, "for example `red_light`");
    }
    if let Some(priority) = entry.priority.filter(|priority| !(1..=255).contains(priority)) {
        let problem = format!("{priority}; 1 to 255 is accepted");
        findings.error(&path.key("priority"), problem, "the highest is shown");
    }
    if let Some(hold) = entry.hold_s {
        if !HOLD_S.contains(&hold) {
            let problem = format!("{hold} s; 2 to 3600 is accepted");
            findings.error(
                &path.key("hold_s"),
                problem,
                "what it says must still be true at its end",
            );
        } else if sign.snmp.is_some() && hold < SNMP_HOLD_S_MIN {
            let problem = format!("{hold} s on a sign whose own timer counts minutes");
            let hint = "give at least 90 s, so that the sign can end the message by itself";
            findings.error(&path.key("hold_s"), problem, hint);
        }
    }
    if !(1..=100).contains(&entry.count_min) {
        let problem = format!("{}; 1 to 100 is accepted", entry.count_min);
        findings.error(&path.key("count_min"), problem, "1 shows it each time");
    }
    if !(1.0..=3_600.0).contains(&entry.window_s) {
        let problem = format!("{} s; 1 to 3600 is accepted", entry.window_s);
        findings.error(&path.key("window_s"), problem, "60 is a usual value");
    }
    if let Some(speed) = entry.speed_kmh_max.filter(|speed| !(1.0..=200.0).contains(speed)) {
        let problem = format!("{speed} km/h; 1 to 200 is accepted");
        findings.error(&path.key("speed_kmh_max"), problem, "20 is a queue");
    }
    if let Some(section) = &entry.section
        && !file.sections.iter().any(|known| known.id == *section)
    {
        let hint =
            did_you_mean(section, file.sections.iter().map(|known| known.id.as_str()), "section");
        findings.error(&path.key("section"), format!("no section `{}`", short(section)), hint);
    }
    for (number, hours) in entry.quiet_hours.iter().enumerate() {
        if Hours::parse(hours).is_none() {
            let problem = format!("`{}` is no span of the day", short(hours));
            findings.error(
                &path.key("quiet_hours").at(number),
                problem,
                "write it as \"22:00-05:00\"",
            );
        }
    }
    places(file, entry, &path.key("places"), findings);
}

fn places(file: &SiteFile, entry: &SignEntry, path: &Path, findings: &mut Findings<'_>) {
    let Some(places) = &entry.places else { return };
    if places.is_empty() {
        findings.error(path, "an empty list", "leave the key out where any place will do");
    }
    let known: BTreeSet<&str> = (file.crossings.iter().map(|item| item.id.as_str()))
        .chain(file.stop_lines.iter().map(|item| item.id.as_str()))
        .chain(file.lanes.iter().map(|item| item.id.as_str()))
        .chain(file.lanes.iter().filter_map(|item| item.approach.as_deref()))
        .chain(file.conflict_areas.iter().map(|item| item.id.as_str()))
        .collect();
    for (number, place) in places.iter().enumerate() {
        if !known.contains(place.as_str()) {
            let problem = format!(
                "`{}` is no crossing, stop line, lane, approach or conflict area",
                short(place)
            );
            let hint = did_you_mean(place, known.iter().copied(), "place");
            findings.error(&path.at(number), problem, hint);
        }
    }
}
