//! Who writes messages, and since when each has been there without a break. What is known of a source
//! follows from what it said, and not from when that was heard: whoever reads the same comes to the same.

use std::collections::BTreeMap;

use wayside_proto::EventTime;

use super::{Limits, Refused};

/// Sources that one sign can have at a time.
pub const SOURCES_MAX: usize = 32;

/// Instants by the source's own clock.
#[derive(Clone, Copy, Debug)]
struct Life {
    /// The first after a silence that was too long.
    since: EventTime,
    /// The last.
    last: EventTime,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    lives: BTreeMap<String, Life>,
}

impl Sources {
    pub(super) fn heard(
        &mut self,
        source: &str,
        said: EventTime,
        now: EventTime,
        limits: &Limits,
    ) -> Result<(), Refused> {
        let timeout_s = limits.source_timeout_s;
        if said > now.plus_s(limits.ahead_s_max) {
            return Err(Refused::Ahead);
        }
        match self.lives.get_mut(source) {
            Some(life) if said.since_s(life.last) >= timeout_s => {
                *life = Life { since: said, last: said };
            }
            Some(life) => {
                life.last = life.last.max(said);
                if said < life.since && life.since.since_s(said) < timeout_s {
                    life.since = said;
                }
            }
            None => {
                self.make_room(now, timeout_s)?;
                self.lives.insert(source.to_owned(), Life { since: said, last: said });
            }
        }
        if now.since_s(said) >= timeout_s { Err(Refused::Late) } else { Ok(()) }
    }

    /// The one that has been silent for longest goes, where one is silent.
    fn make_room(&mut self, now: EventTime, timeout_s: f64) -> Result<(), Refused> {
        if self.lives.len() < SOURCES_MAX {
            return Ok(());
        }
        let silent = self.lives.iter().filter(|(_, life)| now.since_s(life.last) >= timeout_s);
        let longest = silent.min_by_key(|(_, life)| life.last).map(|(source, _)| source.clone());
        let source = longest.ok_or(Refused::Full)?;
        self.lives.remove(&source);
        Ok(())
    }

    /// Whether the source lives, and has done so without a break since it said something at `said`.
    pub(super) fn stands_behind(
        &self,
        source: &str,
        said: EventTime,
        now: EventTime,
        limits: &Limits,
    ) -> bool {
        self.lives.get(source).is_some_and(|life| {
            said >= life.since && now.since_s(life.last) < limits.source_timeout_s
        })
    }

    /// Whether any source lives.
    pub(super) fn any(&self, now: EventTime, limits: &Limits) -> bool {
        self.lives.values().any(|life| now.since_s(life.last) < limits.source_timeout_s)
    }

    /// When this source will have been silent for too long.
    pub(super) fn silent_at(&self, source: &str, limits: &Limits) -> Option<EventTime> {
        self.lives.get(source).map(|life| life.last.plus_s(limits.source_timeout_s))
    }

    pub(super) fn clear(&mut self) {
        self.lives.clear();
    }
}
