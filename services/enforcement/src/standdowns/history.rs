//! What stood down when.

use std::collections::BTreeMap;

use wayside_proto::{CameraId, EventTime, RuleStandDown, SiteId};

/// Rules of cameras of which changes are known; many times a large city's.
const RULES_MAX: usize = 100_000;
/// Changes of one rule of one camera. The oldest go first: each is an act of people, and a restart goes
/// back a day at most.
const CHANGES_MAX: usize = 1_000;

/// A rule of a camera.
pub(super) type Of<'a> = (&'a SiteId, &'a CameraId, &'static str);

#[derive(Default)]
pub(super) struct History {
    /// Of each rule: the changes that count, in order of `since`, each later than the one before.
    changes: BTreeMap<(SiteId, CameraId, &'static str), Vec<RuleStandDown>>,
}

impl History {
    /// Takes the next change in the order of the log.
    ///
    /// # Errors
    /// Where more rules have changes than any city has rules.
    pub(super) fn push(&mut self, change: RuleStandDown) -> Result<(), String> {
        let key = (change.site.clone(), change.camera.clone(), change.rule);
        if self.changes.len() >= RULES_MAX && !self.changes.contains_key(&key) {
            return Err(format!("more than {RULES_MAX} rules of cameras have stood down"));
        }
        let known = self.changes.entry(key).or_default();
        // From its beginning on the newest holds, whatever was said before of a later time.
        while known.last().is_some_and(|last| last.since >= change.since) {
            known.pop();
        }
        if known.len() >= CHANGES_MAX {
            known.remove(0);
        }
        known.push(change);
        Ok(())
    }

    /// The stand-down in which this rule is at that time; none where it may accuse.
    pub(super) fn at(&self, of: Of<'_>, time: EventTime) -> Option<&RuleStandDown> {
        let known = self.changes.get(&(of.0.clone(), of.1.clone(), of.2))?;
        let begun = known.partition_point(|change| change.since <= time);
        known.get(begun.checked_sub(1)?).filter(|change| change.stood_down)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn change(camera: &str, since: i64, stood_down: bool) -> RuleStandDown {
        RuleStandDown {
            site: SiteId::from("junction"),
            camera: CameraId::from(camera),
            rule: "red_light",
            stood_down,
            since: EventTime(since),
            why: String::new(),
            decided: 0,
            errors: 0,
        }
    }

    fn is_down(history: &History, camera: &str, rule: &'static str, time: i64) -> bool {
        let (site, camera) = (SiteId::from("junction"), CameraId::from(camera));
        history.at((&site, &camera, rule), EventTime(time)).is_some()
    }

    #[test]
    fn it_holds_from_its_beginning_to_the_return_for_that_rule_of_that_camera() {
        let mut history = History::default();
        history.push(change("north", 10, true)).expect("room");
        history.push(change("north", 20, false)).expect("room");
        let down: Vec<i64> =
            (8..23).filter(|t| is_down(&history, "north", "red_light", *t)).collect();
        assert_eq!(down, (10..20).collect::<Vec<_>>());
        assert!(!is_down(&history, "south", "red_light", 15));
        assert!(!is_down(&history, "north", "stop_line", 15));
    }

    #[test]
    fn changes_have_a_bound_and_the_newest_stay() {
        let mut history = History::default();
        for since in 0..3_000 {
            history.push(change("north", since, since % 2 == 0)).expect("room");
        }
        assert_eq!(history.changes.values().map(Vec::len).sum::<usize>(), CHANGES_MAX);
        assert!(is_down(&history, "north", "red_light", 2_998));
        assert!(!is_down(&history, "north", "red_light", 2_999));
    }

    proptest! {
        /// The plain meaning: the last change in the log that begins at or before the time.
        #[test]
        fn the_newest_change_that_has_begun_decides(
            changes in proptest::collection::vec((0..40_i64, any::<bool>()), 0..30),
            time in 0..45_i64,
        ) {
            let mut history = History::default();
            for (since, stood_down) in &changes {
                history.push(change("north", *since, *stood_down)).expect("room");
            }
            let newest = changes.iter().rev().find(|(since, _)| *since <= time);
            let expected = newest.is_some_and(|(_, stood_down)| *stood_down);
            prop_assert_eq!(is_down(&history, "north", "red_light", time), expected);
        }
    }
}
