//! The comparison for a script: one object.

use serde_json::{Map, Value, json};
use wayside_proto::Outcome;
use wayside_proto::json::OutcomeLine;

use super::Told;
use super::compare::{Comparison, Difference, RuleCount};

/// The object; at most `limit` differences.
#[must_use]
pub fn object(told: &Told, comparison: &Comparison, limit: usize) -> Value {
    let keys: Vec<Value> = told
        .keys
        .iter()
        .map(|key| json!({ "key": key.key, "old": key.old, "new": key.new, "text": key.text() }))
        .collect();
    let rules: Map<String, Value> =
        comparison.rules.iter().map(|(rule, count)| ((*rule).to_owned(), counts(count))).collect();
    let differences: Vec<Value> =
        comparison.differences.iter().take(limit).map(difference).collect();
    json!({
        "site": told.site,
        "in_force": told.in_force,
        "draft": told.draft,
        "observations": {
            "source": told.source,
            "cameras": told.cameras,
            "from": told.span.map(|(from, _)| from.to_string()),
            "to": told.span.map(|(_, to)| to.to_string()),
        },
        "keys": keys,
        "warnings": told.warnings,
        "rules": rules,
        "all": counts(&comparison.total()),
        "differences": differences,
        "differences_left_out": comparison.differences.len().saturating_sub(limit),
    })
}

fn counts(count: &RuleCount) -> Value {
    let sides = |[before, after]: [u64; 2]| json!({ "before": before, "after": after });
    json!({
        "violations": sides(count.violations),
        "voids": sides(count.voids),
        "appear": count.appear,
        "disappear": count.disappear,
        "change": count.change,
        "same": count.same,
    })
}

fn difference(difference: &Difference) -> Value {
    let line =
        |outcome: &Outcome| serde_json::to_value(OutcomeLine::from(outcome)).unwrap_or(Value::Null);
    let (before, after, words) = match difference {
        Difference::Appears(outcome) => (Value::Null, line(outcome), Vec::new()),
        Difference::Disappears(outcome) => (line(outcome), Value::Null, Vec::new()),
        Difference::Changes { before, after, words } => (line(before), line(after), words.clone()),
    };
    json!({ "what": difference.word(), "words": words, "before": before, "after": after })
}
