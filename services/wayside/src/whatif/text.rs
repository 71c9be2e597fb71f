//! The comparison for a person.

use std::fmt::Write;

use super::Told;
use super::compare::{Comparison, Difference, RuleCount};
use super::differ;

/// The whole text; at most `limit` events.
#[must_use]
pub fn text(told: &Told, comparison: &Comparison, limit: usize) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "site {}: {} -> {}", told.site, told.in_force, told.draft);
    let cameras: Vec<String> =
        told.cameras.iter().map(|(id, count)| format!("{id} ({count})")).collect();
    let _ = writeln!(text, "observations: {}, cameras {}", told.source, cameras.join(", "));
    if let Some((from, to)) = told.span {
        let (from, to) = (differ::instant(from), differ::instant(to));
        let _ = writeln!(text, "              {from} to {to} UTC");
    }
    if told.keys.is_empty() {
        let _ = writeln!(text, "\nThe draft says the same as the site file in force.");
    } else {
        let _ = writeln!(text, "\nThe draft changes:");
        for key in &told.keys {
            let _ = writeln!(text, "  {}", key.text());
        }
    }
    for warning in &told.warnings {
        let _ = writeln!(text, "\nwarning: {warning}");
    }
    text.push('\n');
    table(&mut text, comparison);
    list(&mut text, comparison, limit);
    text
}

fn table(text: &mut String, comparison: &Comparison) {
    if comparison.rules.is_empty() {
        let _ = writeln!(text, "No rule found anything, neither before nor after.");
        return;
    }
    let head = format!("{:<16} {:<16} {:<16}", "rule", "violations", "voids");
    let _ =
        writeln!(text, "{head} {:>8} {:>10} {:>7} {:>8}", "appear", "disappear", "change", "same");
    for (rule, count) in &comparison.rules {
        row(text, rule, count);
    }
    if comparison.rules.len() > 1 {
        row(text, "all", &comparison.total());
    }
}

fn row(text: &mut String, name: &str, count: &RuleCount) {
    let sides = |[before, after]: [u64; 2]| {
        if before == after { format!("{before}") } else { format!("{before} -> {after}") }
    };
    let line = format!(
        "{name:<16} {:<16} {:<16} {:>8} {:>10} {:>7} {:>8}",
        sides(count.violations),
        sides(count.voids),
        count.appear,
        count.disappear,
        count.change,
        count.same
    );
    let _ = writeln!(text, "{line}");
}

fn list(text: &mut String, comparison: &Comparison, limit: usize) {
    let differences = &comparison.differences;
    if differences.is_empty() {
        let _ = writeln!(text, "\nNo event would be judged differently.");
        return;
    }
    let _ = writeln!(text, "\nEvents that would be judged differently (times in UTC):");
    for difference in differences.iter().take(limit) {
        let outcome = difference.outcome();
        let lane = outcome.lane.as_ref().filter(|lane| **lane != outcome.place);
        let _ = writeln!(
            text,
            "  {}  {:<10}  {} at {}{}, camera {}, track {} ({}): {}",
            differ::instant(outcome.event_time),
            difference.word(),
            outcome.rule,
            outcome.place,
            lane.map_or(String::new(), |lane| format!(", lane {lane}")),
            outcome.camera,
            outcome.track,
            differ::class(outcome),
            what(difference)
        );
    }
    let left = differences.len().saturating_sub(limit);
    if left > 0 {
        let _ = writeln!(text, "  and {left} more; --limit {} shows them", differences.len());
    }
}

/// What became of it: the changes in words, or the verdict with its quantities.
fn what(difference: &Difference) -> String {
    match difference {
        Difference::Changes { words, .. } => words.join("; "),
        Difference::Appears(outcome) | Difference::Disappears(outcome) => {
            let quantities = outcome.quantities.iter().map(differ::quantity);
            let words: Vec<String> =
                std::iter::once(differ::verdict(outcome)).chain(quantities).collect();
            words.join(", ")
        }
    }
}
