//! A signal log that an engineer brings, looked at before it is kept.

use std::collections::BTreeMap;

use wayside_proto::EventTime;
use wayside_rules::signals::{read_csv, read_jsonl};
use wayside_site::Site;
use wayside_workbench::engine::SignalLog;

/// Most signal groups of a log.
const GROUPS_MAX: usize = 256;
/// Errors that are told.
const TOLD_MAX: usize = 5;
const HINT: &str = "hint: a CSV file has the columns time_s, group, state: `12.5,N,red`; time_s counts from the beginning";

/// Reads it as a replay does, with every group that it names taken for known.
pub(super) fn look(text: &str, lines: bool) -> Result<SignalLog, String> {
    let groups = groups(text, lines);
    if groups.is_empty() {
        return Err(format!("it names no signal group\n  {HINT}"));
    }
    if groups.len() > GROUPS_MAX {
        return Err(format!("it names more than {GROUPS_MAX} signal groups\n  {HINT}"));
    }
    let known = groups.iter().map(|id| format!("[[signal_group]]\nid = {}\n", quoted(id)));
    let site = format!(
        "schema = 1\n[site]\nid = \"log\"\nstart = \"2026-01-01T00:00:00Z\"\n{}",
        known.collect::<String>()
    );
    let site = Site::parse("log", &site).map_err(|errors| {
        let first = errors.first().map(|error| error.problem.clone()).unwrap_or_default();
        format!("a name of a signal group cannot be used: {first}\n  {HINT}")
    })?;
    let name = if lines { "signals.jsonl" } else { "signals.csv" };
    let read = if lines { read_jsonl(name, text, &site) } else { read_csv(name, text, &site) };
    let records = read.map_err(|errors| {
        let told: Vec<String> = errors.iter().take(TOLD_MAX).map(ToString::to_string).collect();
        told.join("\n")
    })?;
    let start = EventTime::parse(&site.file().site.start).map_err(|error| error.to_string())?;
    let until_s = records.iter().map(|record| record.time.since_s(start)).fold(0.0, f64::max);
    let records = u64::try_from(records.len()).unwrap_or(u64::MAX);
    Ok(SignalLog { groups, records, until_s })
}

/// Names of signal groups, in the order in which they come.
fn groups(text: &str, lines: bool) -> Vec<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let named: Vec<String> = if lines {
        let group = |line: &str| {
            let value: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(value.get("group")?.as_str()?.to_owned())
        };
        rows.filter_map(group).collect()
    } else {
        let cells = |line: &str| -> Vec<String> {
            line.split(',').map(|cell| cell.trim().trim_matches('"').to_owned()).collect()
        };
        let header = rows.next().map(cells).unwrap_or_default();
        let Some(at) = header.iter().position(|name| name == "group") else { return Vec::new() };
        rows.filter_map(|line| cells(line).get(at).cloned()).collect()
    };
    let mut seen = BTreeMap::new();
    for (at, name) in named.into_iter().enumerate() {
        seen.entry(name).or_insert(at);
    }
    let mut ordered: Vec<(usize, String)> = seen.into_iter().map(|(name, at)| (at, name)).collect();
    ordered.sort();
    ordered.into_iter().map(|(_, name)| name).collect()
}

fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_length_are_told() {
        let log = look("time_s,group,state\n0,N,red\n0,E,green\n12.5,N,green\n", false).unwrap();
        assert_eq!(log.groups, ["N", "E"]);
        assert_eq!((log.records, log.until_s), (3, 12.5));
        let lines = "{\"time_s\":1,\"group\":\"K1\",\"state\":\"red\"}\n";
        assert_eq!(look(lines, true).unwrap().groups, ["K1"]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for text in ["", "time_s,state\n0,red\n", "time_s,group,state\n", "PK\u{3}\u{4}"] {
            let why = look(text, false).unwrap_err();
            assert!(why.contains("hint: a CSV file has the columns"), "{why}");
        }
        let why = look("time_s,group,state\n0,N,purple\nx,N,red\n", false).unwrap_err();
        assert!(why.contains("signals.csv:2") && why.contains("signals.csv:3"), "{why}");
        let why = look("time_s,group,state\n0,N O,red\n", false).unwrap_err();
        assert!(why.contains("cannot be used"), "{why}");
    }
}
