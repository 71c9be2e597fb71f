//! Figures of merit per rule.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Found, Truth, match_up};

/// All figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// Per rule, in order of name.
    pub rules: BTreeMap<String, Score>,
    /// Lawful crossings in the truth.
    pub clean_crossings: usize,
    /// False alarms of all rules for each lawful crossing; none without crossings.
    pub false_alarms_per_clean_crossing: Option<f64>,
    /// Events that were left out of recall because less than [`VISIBLE_MIN`] of the vehicle could
    /// be seen.
    pub left_out_as_hidden: usize,
}

/// Figures of one rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// Events that were found.
    pub true_positives: usize,
    /// Violations without an event.
    pub false_positives: usize,
    /// Events that were not found.
    pub false_negatives: usize,
    /// Share of violations that are right; none without violations.
    pub precision: Option<f64>,
    /// 95% interval of precision (Wilson).
    pub precision_interval: Option<[f64; 2]>,
    /// Share of events that were found; none without events.
    pub recall: Option<f64>,
    /// 95% interval of recall (Wilson).
    pub recall_interval: Option<[f64; 2]>,
    /// Median of found time minus true time, absolute, seconds.
    pub time_error_s_median: Option<f64>,
    /// Largest of them, seconds.
    pub time_error_s_max: Option<f64>,
    /// How many measured quantities could be compared.
    pub intervals: usize,
    /// How many of their intervals hold the true value.
    pub intervals_that_hold: usize,
    /// Seconds at which events were missed.
    pub missed_at_s: Vec<f64>,
    /// Seconds and ids of violations without an event.
    pub false_at_s: Vec<(f64, String)>,
}

/// Below this share of visibility an event does not count for recall.
pub const VISIBLE_MIN: f64 = 0.3;

/// The figures of a comparison.
pub fn scores(truth: &Truth, found: &[Found], tolerance_s: impl Fn(&str) -> f64) -> Scores {
    let pairs = match_up(&truth.events, found, tolerance_s);
    let mut rules: BTreeMap<String, Score> = BTreeMap::new();
    let mut errors: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut hidden = 0;
    for (event, pair) in truth.events.iter().zip(&pairs) {
        let score = rules.entry(event.rule.clone()).or_default();
        match pair {
            Some(index) => {
                let seen = &found[*index];
                score.true_positives += 1;
                errors
                    .entry(event.rule.clone())
                    .or_default()
                    .push((seen.time_s - event.time_s).abs());
                let measured = event.quantity.as_ref().and_then(|(name, value)| {
                    seen.quantities.iter().find(|q| q.0 == *name).map(|q| (q.2, q.3, *value))
                });
                if let Some((low, high, value)) = measured {
                    let holds =
                        low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high);
                    score.intervals += 1;
                    score.intervals_that_hold += usize::from(holds);
                }
            }
            None if event.visible.is_some_and(|visible| visible < VISIBLE_MIN) => hidden += 1,
            None => {
                score.false_negatives += 1;
                score.missed_at_s.push(event.time_s);
            }
        }
    }
    for (index, seen) in found.iter().enumerate() {
        if !pairs.contains(&Some(index)) {
            let score = rules.entry(seen.rule.clone()).or_default();
            score.false_positives += 1;
            score.false_at_s.push((seen.time_s, seen.id.clone()));
        }
    }
    for (rule, score) in &mut rules {
        let said = score.true_positives + score.false_positives;
        let there = score.true_positives + score.false_negatives;
        score.precision = share(score.true_positives, said);
        score.precision_interval = wilson(score.true_positives, said);
        score.recall = share(score.true_positives, there);
        score.recall_interval = wilson(score.true_positives, there);
        if let Some(errors) = errors.get_mut(rule) {
            errors.sort_by(f64::total_cmp);
            score.time_error_s_median = errors.get(errors.len() / 2).copied();
            score.time_error_s_max = errors.last().copied();
        }
    }
    let false_alarms: usize = rules.values().map(|score| score.false_positives).sum();
    Scores {
        rules,
        clean_crossings: truth.clean_crossings,
        false_alarms_per_clean_crossing: share(false_alarms, truth.clean_crossings),
        left_out_as_hidden: hidden,
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The 95% score interval of a binomial share (Wilson, Probable Inference, the Law of Succession,
/// and Statistical Inference, 1927).
fn wilson(part: usize, whole: usize) -> Option<[f64; 2]> {
    const Z: f64 = 1.959_964;
    let n = whole as f64;
    let p = share(part, whole)?;
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Some([((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::TruthRow;

    fn event(time_s: f64, visible: Option<f64>) -> TruthRow {
        TruthRow {
            rule: "red_light".to_owned(),
            time_s,
            approach: String::new(),
            lane: String::new(),
            vehicle_class: String::new(),
            quantity: Some(("time_into_red".to_owned(), 5.0)),
            until_s: None,
            visible,
        }
    }

    fn found(time_s: f64, low: f64, high: Option<f64>) -> Found {
        Found {
            id: format!("at {time_s}"),
            rule: "red_light".to_owned(),
            time_s,
            approach: None,
            lane: None,
            quantities: vec![("time_into_red".to_owned(), 5.1, Some(low), high)],
        }
    }

    #[test]
    fn counts_and_intervals() {
        let truth = Truth {
            events: vec![
                event(1.0, None),
                event(9.0, None),
                event(20.0, Some(0.1)),
                event(30.0, None),
            ],
            clean_crossings: 10,
        };
        let seen = [found(1.2, 4.9, Some(5.3)), found(9.1, 5.05, None), found(15.0, 0.0, None)];
        let scores = scores(&truth, &seen, |_| 1.0);
        let score = &scores.rules["red_light"];
        assert_eq!((score.true_positives, score.false_positives, score.false_negatives), (2, 1, 1));
        assert_eq!((score.intervals, score.intervals_that_hold), (2, 1));
        assert_eq!(score.missed_at_s, [30.0]);
        assert_eq!(scores.left_out_as_hidden, 1);
        assert_eq!(scores.false_alarms_per_clean_crossing, Some(0.1));
    }

    #[test]
    fn wilson_is_the_published_interval() {
        // 9 of 10: 0.596 to 0.982 (Newcombe 1998 gives the same method's figures).
        let [low, high] = wilson(9, 10).expect("a share");
        assert!((low - 0.5958).abs() < 1e-3 && (high - 0.9821).abs() < 1e-3, "{low} {high}");
        assert_eq!(wilson(0, 0), None);
    }
}
