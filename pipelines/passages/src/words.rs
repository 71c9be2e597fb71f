//! What an end says besides passages: marks, and gaps without pictures.

use wayside_proto::{EventTime, Gap, Observation, Passage, PassageContent};

use crate::action::{Action, Appearance};
use crate::end::End;
use crate::watch::STEP_S_MAX;

/// How often an end says that it has said everything, seconds.
pub(crate) const MARK_EVERY_S: f64 = 5.0;
/// How far a mark stays behind: so old a crossing can still turn out to have been missed, seconds.
pub(crate) const MARK_LAG_S: f64 = 2.0;
impl<V: Appearance> End<V> {
    /// Takes a span that was not looked at.
    pub(crate) fn gap(&mut self, observation: &Observation, gap: &Gap, out: &mut Vec<Action>) {
        self.begin(observation, out);
        let (cause, frames) = self.gap.unwrap_or((gap.cause, 0));
        self.gap = Some((cause, frames.saturating_add(gap.frames)));
        let from = self.seen.unwrap_or(gap.from);
        if gap.to.since_s(from) > STEP_S_MAX {
            self.say_gap(observation, from, gap.to, out);
            self.gap_told = true;
        }
        self.mark(observation, observation.time.plus_s(-MARK_LAG_S), MARK_EVERY_S, out);
    }

    /// The first word: from here on this end is watched.
    pub(crate) fn begin(&mut self, observation: &Observation, out: &mut Vec<Action>) {
        if self.marked.is_none() {
            self.marked = Some(observation.time);
            self.say(observation, observation.time, PassageContent::Mark, out);
        }
    }

    /// Frames are looked at again.
    pub(crate) fn end_gap(&mut self, observation: &Observation, out: &mut Vec<Action>) {
        if let (Some(_), Some(from)) = (self.gap, self.seen)
            && (self.gap_told || observation.time.since_s(from) > STEP_S_MAX)
        {
            self.say_gap(observation, from, observation.time, out);
        }
        (self.gap, self.gap_told) = (None, false);
        self.seen = Some(observation.time);
    }

    fn say_gap(
        &mut self,
        observation: &Observation,
        from: EventTime,
        to: EventTime,
        out: &mut Vec<Action>,
    ) {
        let Some((cause, frames)) = self.gap else { return };
        self.gap = Some((cause, 0));
        self.seen = Some(to);
        self.counts.gaps += 1;
        self.say(observation, to, PassageContent::Gap(Gap { from, to, cause, frames }), out);
    }

    /// Says that everything up to `to` has been said, if that is `every_s` later than the last time.
    pub(crate) fn mark(
        &mut self,
        of: &Observation,
        to: EventTime,
        every_s: f64,
        out: &mut Vec<Action>,
    ) {
        let open = self.watches.values().filter_map(|watch| watch.pending.as_ref());
        let to = open.map(|pending| EventTime(pending.at.0 - 1)).fold(to, EventTime::min);
        let due = |marked: EventTime| to > marked && to.since_s(marked) >= every_s;
        if self.marked.is_some_and(due) {
            self.marked = Some(to);
            self.say(of, to, PassageContent::Mark, out);
        }
    }

    pub(crate) fn say(
        &mut self,
        of: &Observation,
        time: EventTime,
        content: PassageContent,
        out: &mut Vec<Action>,
    ) {
        let sequence = self.sequence;
        self.sequence += 1;
        out.push(Action::Publish(Passage {
            section: self.section.clone(),
            end: self.end,
            site: of.site.clone(),
            camera: of.camera.clone(),
            run: of.run.clone(),
            sequence,
            time,
            clock_source: of.clock_source,
            clock_uncertainty_us: of.clock_uncertainty_us,
            expires: time.plus_s(self.expiry_s),
            content,
        }));
    }
}
