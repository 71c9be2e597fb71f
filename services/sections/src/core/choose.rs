//! Looks for the entry of a vehicle that left, then whether that entry's best exit is the same vehicle.

use wayside_proto::{Abstention, EventTime, PassageId, SectionEnd};

use super::{Due, SectionCore, Waiting};
use crate::decide::{Best, rank};
use crate::step::{Hit, LIMIT, Question};

/// A vehicle that left.
type Leaving = (EventTime, PassageId);

impl SectionCore {
    /// When a vehicle that left at `left` may have entered.
    fn entries_of(&self, left: EventTime) -> (EventTime, EventTime) {
        let (min, max) = (self.settings.travel_time_us_min, self.settings.travel_time_us_max);
        (EventTime(left.0.saturating_sub(max)), EventTime(left.0.saturating_sub(min)))
    }

    /// When a vehicle that entered at `entered` may leave.
    fn exits_of(&self, entered: EventTime) -> (EventTime, EventTime) {
        let (min, max) = (self.settings.travel_time_us_min, self.settings.travel_time_us_max);
        (EventTime(entered.0.saturating_add(min)), EventTime(entered.0.saturating_add(max)))
    }

    pub(super) fn look_for_entries(&mut self, leaving: Leaving, due: EventTime) {
        let (from, to) = self.entries_of(leaving.0);
        let entry = self.entry();
        if entry.gaps.meet(from, to, due) {
            return self.settle(leaving, Err(Abstention::Gap));
        }
        if entry.expired.meet(from, to, due) {
            return self.settle(leaving, Err(Abstention::Expired));
        }
        if entry.within(from, to).next().is_none() {
            return self.settle(leaving, Err(Abstention::NoCandidate));
        }
        self.ask(SectionEnd::Entry, (from, to), leaving, leaving.1);
    }

    pub(super) fn look_for_exits(&mut self, leaving: Leaving, due: EventTime) {
        let best = self.waiting.get(&leaving).and_then(|waiting| waiting.entry);
        let entered = best
            .and_then(|best| self.entry().get(best.id).map(|held| (best.id, held.crossing.time)));
        let Some((entry, entered)) = entered else {
            return self.settle(leaving, Err(Abstention::Expired));
        };
        let (entries, exits) = (self.entries_of(leaving.0), self.exits_of(entered));
        let gap = self.entry().gaps.meet(entries.0, entries.1, due)
            || self.exit().gaps.meet(exits.0, exits.1, due);
        if gap {
            return self.settle(leaving, Err(Abstention::Gap));
        }
        if self.exit().expired.meet(exits.0, exits.1, due) {
            return self.settle(leaving, Err(Abstention::Expired));
        }
        self.ask(SectionEnd::Exit, exits, leaving, entry);
    }

    /// Asks which passages of `end` look most like the passage `about` of the other end.
    fn ask(
        &mut self,
        end: SectionEnd,
        (from, to): (EventTime, EventTime),
        leaving: Leaving,
        about: PassageId,
    ) {
        let other = match end {
            SectionEnd::Entry => self.exit(),
            SectionEnd::Exit => self.entry(),
        };
        let Some(held) = other.get(about) else {
            return self.settle(leaving, Err(Abstention::Expired));
        };
        let vector = held.vector.clone();
        let section = self.settings.section.clone();
        let question = Question { section, end, from, to, vector, limit: LIMIT, about };
        self.asked = Some((question, leaving));
    }

    pub(super) fn answered(&mut self, question: &Question, leaving: Leaving, hits: &[Hit]) {
        let window = (question.from, question.to);
        let decided = match question.end {
            SectionEnd::Entry => {
                let best = rank(self.entry(), window, &question.vector, hits);
                match best.and_then(|best| self.accept_entry(&best, leaving)) {
                    Ok(()) => return,
                    Err(cause) => Err(cause),
                }
            }
            SectionEnd::Exit => rank(self.exit(), window, &question.vector, hits)
                .and_then(|best| self.accept_exit(best, leaving.1)),
        };
        self.settle(leaving, decided);
    }

    /// Goes on with the best entry, or says why not.
    fn accept_entry(&mut self, best: &Best, leaving: Leaving) -> Result<(), Abstention> {
        if best.similarity < self.settings.similarity_min {
            return Err(Abstention::BelowSimilarity);
        }
        if !best.is_clear(self.settings.margin_min) {
            return Err(Abstention::Ambiguous);
        }
        let entry = self.entry().get(best.id).ok_or(Abstention::Expired)?;
        let exit = self.exit().get(leaving.1).ok_or(Abstention::Expired)?;
        if entry.class != exit.class {
            return Err(Abstention::Class);
        }
        let entered = entry.crossing.time;
        let due = EventTime(entered.0.saturating_add(self.settings.settled_us()));
        self.waiting.insert(leaving, Waiting { due, entry: Some(*best) });
        self.due.insert((due, Due::Exits(leaving.0, leaving.1)));
        Ok(())
    }

    /// Whether the best exit of the entry is the vehicle itself, and clearly so.
    fn accept_exit(&self, best: Best, exit: PassageId) -> Result<Best, Abstention> {
        if best.id != exit {
            return Err(Abstention::NotMutual);
        }
        if !best.is_clear(self.settings.margin_min) {
            return Err(Abstention::Ambiguous);
        }
        Ok(best)
    }
}
