//! What the rules concluded, and whether two buses hold the same.

use std::collections::BTreeMap;

use wayside_bus::{Bus, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{Outcome, Verdict};

use crate::buses::records;

/// The outcomes of a bus.
#[derive(Debug)]
pub struct Outcomes {
    /// Outcome and bytes, by id.
    pub all: BTreeMap<String, (Outcome, Vec<u8>)>,
    /// Ids of records that were there already.
    pub doubled: Vec<String>,
}

impl Outcomes {
    /// Reads all that is committed.
    #[track_caller]
    pub fn read(bus: &dyn Bus) -> Self {
        let (mut all, mut doubled) = (BTreeMap::new(), Vec::new());
        for stored in records(bus, Topic::Violations) {
            let outcome = Outcome::from_bytes(&stored.value).unwrap();
            let id = outcome.id.to_string();
            assert_eq!(stored.id.as_deref(), Some(id.as_str()));
            assert_eq!(
                (stored.key.as_str(), stored.time),
                (outcome.site.as_str(), outcome.event_time.0)
            );
            if all.insert(id.clone(), (outcome, stored.value)).is_some() {
                doubled.push(id);
            }
        }
        Self { all, doubled }
    }

    /// Those that are no voids.
    pub fn violations(&self) -> impl Iterator<Item = &Outcome> {
        let outcomes = self.all.values().map(|(outcome, _)| outcome);
        outcomes.filter(|outcome| outcome.verdict == Verdict::Violation)
    }

    /// Only those for which this holds.
    pub fn of(mut self, holds: impl Fn(&Outcome) -> bool) -> Self {
        self.all.retain(|_, (outcome, _)| holds(outcome));
        self
    }

    /// What the two differ in, one a line: lost, surplus, doubled, other bytes. Empty where they are the
    /// same.
    pub fn differences(&self, undisturbed: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (id, (outcome, bytes)) in &undisturbed.all {
            match self.all.get(id) {
                None => found.push(format!("lost: {outcome:?}")),
                Some((ours, other)) if other != bytes => {
                    found.push(format!("other bytes: {outcome:?}\n  became {ours:?}"));
                }
                Some(_) => {}
            }
        }
        let surplus = self.all.iter().filter(|(id, _)| !undisturbed.all.contains_key(*id));
        found.extend(surplus.map(|(_, (outcome, _))| format!("surplus: {outcome:?}")));
        found.extend(self.doubled.iter().map(|id| format!("doubled: {id}")));
        found
    }

    /// Asserts that they are the same, byte for byte, and each there once.
    #[track_caller]
    pub fn assert_same(&self, undisturbed: &Self) {
        assert!(undisturbed.doubled.is_empty(), "doubled without need: {:?}", undisturbed.doubled);
        let found = self.differences(undisturbed);
        assert!(
            found.is_empty(),
            "{} differences of {} outcomes:\n{}",
            found.len(),
            undisturbed.all.len(),
            found.into_iter().take(20).collect::<Vec<_>>().join("\n")
        );
    }
}
