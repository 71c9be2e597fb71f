//! Pairs what was found with what really happened.

use super::TruthRow;

/// A violation that a replay found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// Seconds from the first frame.
    pub time_s: f64,
    /// Approach, where known.
    pub approach: Option<String>,
    /// Lane, where known.
    pub lane: Option<String>,
    /// Quantities: name, value, low, high.
    pub quantities: Vec<(String, f64, Option<f64>, Option<f64>)>,
}

/// For each event the index of what was found for it. Pairs of one rule, approach (where both tell
/// it) and a time difference of at most `tolerance_s` are taken in order of that difference, each
/// side once. Within an event that lasts the difference is 0: a camera may see only its end.
pub fn match_up(
    events: &[TruthRow],
    found: &[Found],
    tolerance_s: impl Fn(&str) -> f64,
) -> Vec<Option<usize>> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (e, event) in events.iter().enumerate() {
        for (f, seen) in found.iter().enumerate() {
            let end_s = event.until_s.map_or(event.time_s, |until| until.max(event.time_s));
            let apart = (seen.time_s - seen.time_s.clamp(event.time_s, end_s)).abs();
            let same_approach = event.approach.is_empty()
                || seen.approach.as_ref().is_none_or(|approach| *approach == event.approach);
            if event.rule == seen.rule && same_approach && apart <= tolerance_s(&event.rule) {
                pairs.push((apart, e, f));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut of_event = vec![None; events.len()];
    let mut taken = vec![false; found.len()];
    for (_, e, f) in pairs {
        if of_event[e].is_none() && !taken[f] {
            of_event[e] = Some(f);
            taken[f] = true;
        }
    }
    of_event
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(time_s: f64, approach: &str) -> TruthRow {
        TruthRow {
            rule: "red_light".to_owned(),
            time_s,
            approach: approach.to_owned(),
            lane: String::new(),
            vehicle_class: String::new(),
            quantity: None,
            until_s: None,
            visible: None,
        }
    }

    fn found(time_s: f64, approach: Option<&str>) -> Found {
        Found {
            id: String::new(),
            rule: "red_light".to_owned(),
            time_s,
            approach: approach.map(str::to_owned),
            lane: None,
            quantities: Vec::new(),
        }
    }

    #[test]
    fn the_nearest_pair_wins_and_each_side_counts_once() {
        let events = [event(10.0, ""), event(10.8, "")];
        let seen = [found(10.7, None), found(10.1, None), found(10.75, None)];
        assert_eq!(match_up(&events, &seen, |_| 1.0), [Some(1), Some(2)]);
    }

    #[test]
    fn another_approach_is_another_event() {
        let seen = [found(10.0, Some("N"))];
        assert_eq!(match_up(&[event(10.0, "S")], &seen, |_| 1.0), [None]);
        assert_eq!(match_up(&[event(10.0, "N")], &seen, |_| 1.0), [Some(0)]);
        assert_eq!(match_up(&[event(12.0, "N")], &seen, |_| 1.0), [None]);
    }
}
