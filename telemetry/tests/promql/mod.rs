//! Which metrics and labels a PromQL expression speaks of; as much of the language as we use.

use std::collections::BTreeSet;

use wayside_telemetry::{Kind, Metric, PREFIX};

/// What is wrong with the expression: names and labels that the table does not have.
pub fn problems(expr: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut labels_at_hand: BTreeSet<&str> = ["instance", "job", "le"].into();
    let mut rest = expr;
    let mut found = 0;
    while let Some(at) = rest.find(PREFIX) {
        let word = &rest[at..];
        let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len());
        let (name, after) = word.split_at(end);
        rest = after;
        found += 1;
        let Some(metric) = named(name) else {
            problems.push(format!("no metric {name}"));
            continue;
        };
        let own: BTreeSet<&str> = metric.labels().iter().map(|label| label.as_str()).collect();
        for label in selected(after) {
            if !own.contains(label) {
                problems.push(format!("{name} has no label {label}"));
            }
        }
        labels_at_hand.extend(own);
    }
    if found == 0 {
        problems.push("no metric in it".to_owned());
    }
    for clause in ["by (", "without (", "on ("] {
        for list in expr.split(clause).skip(1) {
            let list = list.split(')').next().unwrap_or_default();
            for label in list.split(',').map(str::trim) {
                if !labels_at_hand.contains(label) {
                    problems.push(format!("{clause}{list}): no label {label}"));
                }
            }
        }
    }
    if expr.matches('(').count() != expr.matches(')').count() {
        problems.push("brackets do not close".to_owned());
    }
    problems
}

/// The metric of a series' name: histograms are asked for by `_bucket`, `_sum` or `_count` alone.
fn named(name: &str) -> Option<Metric> {
    let histogram = |suffix: &str| {
        let metric = Metric::from_name(name.strip_suffix(suffix)?)?;
        matches!(metric.kind(), Kind::Histogram(_)).then_some(metric)
    };
    let plain = || Metric::from_name(name).filter(|it| !matches!(it.kind(), Kind::Histogram(_)));
    ["_bucket", "_sum", "_count"].into_iter().find_map(histogram).or_else(plain)
}

/// Labels in the selector that follows a name, where one does.
fn selected(after: &str) -> Vec<&str> {
    let Some(inside) = after.strip_prefix('{').and_then(|it| it.split('}').next()) else {
        return Vec::new();
    };
    let label = |pair: &str| -> Option<usize> { pair.find(['=', '!']) };
    inside.split(',').map(|pair| pair[..label(pair).unwrap_or(pair.len())].trim()).collect()
}

#[test]
fn wrong_expressions_are_seen() {
    for (expr, wrong) in [
        ("wayside_no_such", "no metric wayside_no_such"),
        ("rate(wayside_frames_received[5m])", "no metric wayside_frames_received"),
        ("wayside_stage_seconds", "no metric wayside_stage_seconds"),
        ("wayside_ready_bucket", "no metric wayside_ready_bucket"),
        ("wayside_ready{camera=\"x\"}", "wayside_ready has no label camera"),
        ("sum by (stage) (wayside_ready)", "by (stage): no label stage"),
        ("sum(wayside_ready", "brackets do not close"),
        ("up == 0", "no metric in it"),
    ] {
        assert_eq!(problems(expr), [wrong], "{expr}");
    }
    let fine = "sum by (le, stage) (rate(wayside_stage_seconds_bucket{site=~\"$site\",camera!=\"x\"}[5m]))";
    assert_eq!(problems(fine), [""; 0]);
}
