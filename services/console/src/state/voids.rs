//! Why the rules of a site abstained.

use std::collections::BTreeMap;

use wayside_proto::{CameraId, EventTime, Outcome, SiteId, VoidCause};

use super::day::DayCount;
use super::limits::VOIDS_MAX;
use crate::shapes::VoidCount;

/// Voids by camera, rule and cause.
#[derive(Debug, Default)]
pub(super) struct Voids {
    counts: BTreeMap<(CameraId, &'static str, VoidCause), (DayCount, EventTime)>,
    /// Voids of more cameras, rules and causes than are kept.
    pub(super) dropped: u64,
}

impl Voids {
    /// Counts a void.
    pub(super) fn add(&mut self, outcome: &Outcome, cause: VoidCause) {
        let key = (outcome.camera.clone(), outcome.rule, cause);
        if self.counts.len() >= VOIDS_MAX && !self.counts.contains_key(&key) {
            self.dropped += 1;
            return;
        }
        let time = outcome.event_time;
        let (count, last) = self.counts.entry(key).or_insert_with(|| (DayCount::default(), time));
        count.add(time);
        *last = time.max(*last);
    }

    /// Those of the 24 hours before `now`, in order of camera, rule and cause.
    pub(super) fn all<'a>(
        &'a self,
        site: &'a SiteId,
        now: EventTime,
    ) -> impl Iterator<Item = VoidCount> + 'a {
        self.counts.iter().filter_map(move |((camera, rule, cause), (day, last))| {
            let count = day.sum(now);
            (count > 0).then(|| VoidCount {
                site: site.0.clone(),
                camera: camera.0.clone(),
                rule: (*rule).to_owned(),
                cause: cause.as_str().to_owned(),
                count,
                last: last.to_string(),
            })
        })
    }
}
