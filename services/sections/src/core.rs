//! Takes passages in, asks questions, tells what follows.

mod choose;
mod conclude;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use wayside_proto::{Abstention, EventTime, Passage, PassageId, SectionEnd};

use crate::counts::{Counts, Refusal};
use crate::decide::{Best, similarity};
use crate::end::EndState;
use crate::settings::Settings;
use crate::step::{Abstained, Action, Hit, Question, Step};
use crate::windows::Windows;

/// Vehicles that are held of one end.
pub const HELD_MAX: usize = 20_000;
/// Messages between two looks at what may be forgotten.
const FORGET_EVERY: u32 = 64;

/// What a core may assume of the time before its first message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Nothing: passages before the first message of an end may be missing.
    Cold,
    /// It is given again everything from [`SectionCore::needs`] of an earlier core on, so nothing is
    /// missing that a decision of its own needs. Whatever it says while it takes what the earlier core
    /// has taken is to be thrown away.
    Rewound,
}

/// What is due at an instant of event time, in the order in which it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// To look for the entry of a vehicle that left.
    Entries(EventTime, PassageId),
    /// To look whether that entry's best exit is the same vehicle.
    Exits(EventTime, PassageId),
    /// To close a window.
    Window(EventTime),
}

/// A vehicle that left and is not decided.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    due: EventTime,
    entry: Option<Best>,
}

/// One section.
#[derive(Clone, Debug)]
pub struct SectionCore {
    settings: Settings,
    begin: Begin,
    ends: [EndState; 2],
    due: BTreeSet<(EventTime, Due)>,
    waiting: BTreeMap<(EventTime, PassageId), Waiting>,
    asked: Option<(Question, (EventTime, PassageId))>,
    told: VecDeque<Action>,
    windows: Windows,
    counts: Counts,
    since_forgotten: u32,
}

fn index(end: SectionEnd) -> usize {
    match end {
        SectionEnd::Entry => 0,
        SectionEnd::Exit => 1,
    }
}

impl SectionCore {
    /// A core that has been told nothing.
    #[must_use]
    pub fn new(settings: Settings, begin: Begin) -> Self {
        Self {
            settings,
            begin,
            ends: [EndState::default(), EndState::default()],
            due: BTreeSet::new(),
            waiting: BTreeMap::new(),
            asked: None,
            told: VecDeque::new(),
            windows: Windows::default(),
            counts: Counts::default(),
            since_forgotten: 0,
        }
    }

    /// What the section asks for.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Counts since the beginning.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Vehicles that are held, at the entry and at the exit.
    #[must_use]
    pub fn held(&self) -> [usize; 2] {
        [self.entry().held(), self.exit().held()]
    }

    fn entry(&self) -> &EndState {
        let [entry, _] = &self.ends;
        entry
    }

    fn exit(&self) -> &EndState {
        let [_, exit] = &self.ends;
        exit
    }

    fn end_mut(&mut self, end: SectionEnd) -> &mut EndState {
        let [entry, exit] = &mut self.ends;
        match end {
            SectionEnd::Entry => entry,
            SectionEnd::Exit => exit,
        }
    }

    /// Up to when both ends have said everything, less the allowed lateness; none before each of them
    /// has spoken.
    #[must_use]
    pub fn clock(&self) -> Option<EventTime> {
        Some(self.entry().said?.min(self.exit().said?))
    }

    /// Takes the next message of the section; `place` is its place in the stream (an offset), which
    /// never falls. Then [`SectionCore::poll`] until there is nothing to do.
    ///
    /// # Errors
    /// Why the message was not taken. What it may have said is reckoned with as a gap, where it was no
    /// duplicate and no stranger.
    pub fn take(&mut self, place: u64, passage: Passage) -> Result<(), Refusal> {
        let taken = self.try_take(place, passage);
        if let Err(cause) = taken {
            self.counts.refuse(cause);
        }
        self.since_forgotten += 1;
        if self.since_forgotten >= FORGET_EVERY {
            self.since_forgotten = 0;
            if let Some(time) = self.needs_from() {
                self.ends.iter_mut().for_each(|end| end.forget(time));
            }
        }
        taken
    }

    fn try_take(&mut self, place: u64, passage: Passage) -> Result<(), Refusal> {
        if passage.section != self.settings.section {
            return Err(Refusal::Stranger);
        }
        let (lateness, begin, end) = (self.settings.lateness_us, self.begin, passage.end);
        let outcome = self.end_mut(end).take(place, &passage, lateness, begin)?;
        for dropped in outcome.dropped {
            self.settle(dropped, Err(Abstention::Clock));
        }
        self.counts.gaps += outcome.gaps;
        if let Some(id) = outcome.vehicle {
            self.vehicle(id, passage);
        } else {
            self.counts.marks += u64::from(outcome.gaps == 0);
        }
        if let Some(said) = self.ends.get(index(end)).and_then(|state| state.said) {
            self.expire_end(end, said);
        }
        Ok(())
    }

    fn vehicle(&mut self, id: PassageId, passage: Passage) {
        let (end, time) = (passage.end, passage.time);
        if let Some(count) = self.counts.vehicles.get_mut(index(end)) {
            *count += 1;
        }
        let window = Windows::end_of(time, self.settings.window_s);
        if self.windows.passed(window, end) {
            let due = EventTime(window.0.saturating_add(self.settings.settled_us()));
            self.due.insert((due, Due::Window(window)));
        }
        if end == SectionEnd::Exit {
            let due = EventTime(time.0.saturating_add(self.settings.lateness_us));
            self.due.insert((due, Due::Entries(time, id)));
            self.waiting.insert((time, id), Waiting { due, entry: None });
        }
        self.told.push_back(Action::Store(id, Box::new(passage)));
    }

    /// Drops every passage that has expired by `now`, the worker's clock. A live worker calls this every
    /// few seconds: an end that has fallen silent does not say how late it is. A replay need not.
    pub fn expire(&mut self, now: EventTime) {
        for end in SectionEnd::ALL {
            self.expire_end(end, now);
        }
    }

    fn expire_end(&mut self, end: SectionEnd, now: EventTime) {
        let (clock, settled) = (self.clock(), self.settings.settled_us());
        for (time, id) in self.end_mut(end).expire(now) {
            let settled = EventTime(time.0.saturating_add(settled));
            if clock.is_none_or(|clock| clock < settled) {
                self.end_mut(end).expired.add(time, time, crate::end::NEVER);
            }
            self.settle((time, id), Err(Abstention::Expired));
        }
    }

    /// What is to be done next; none until the next message. A question stays until it is answered.
    pub fn poll(&mut self) -> Option<Step> {
        loop {
            if let Some(action) = self.told.pop_front() {
                return Some(Step::Do(action));
            }
            if let Some((question, _)) = &self.asked {
                return Some(Step::Ask(question.clone()));
            }
            let clock = self.clock()?;
            let &(at, due) = self.due.first()?;
            if at > clock {
                return None;
            }
            self.due.pop_first();
            match due {
                Due::Entries(time, id) => self.look_for_entries((time, id), at),
                Due::Exits(time, id) => self.look_for_exits((time, id), at),
                Due::Window(window) => {
                    let (section, length) = (&self.settings.section, self.settings.window_s);
                    if let Some(time) = self.windows.close(section, window, length) {
                        self.told.push_back(Action::Timed(time));
                    }
                }
            }
        }
    }

    /// What the index found for the question that [`SectionCore::poll`] asked. Order does not matter.
    pub fn answer(&mut self, hits: &[Hit]) {
        if let Some((question, about)) = self.asked.take() {
            self.answered(&question, about, hits);
        }
    }

    /// The hits of a question among the passages that the core holds, most similar first: what an exact
    /// index would find.
    #[must_use]
    pub fn exact_hits(&self, question: &Question) -> Vec<Hit> {
        let Some(end) = self.ends.get(index(question.end)) else { return Vec::new() };
        let mut found: Vec<(f64, PassageId)> = end
            .within(question.from, question.to)
            .filter_map(|(id, held)| Some((similarity(&question.vector, &held.vector)?, id)))
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(question.limit).map(|(_, id)| Hit { id }).collect()
    }

    /// No message will follow: what is still open is decided now. After its last message an end may have
    /// missed anything, so whatever depends on later times is a gap.
    pub fn finish(&mut self) {
        for state in &mut self.ends {
            let from =
                state.said.map_or(crate::end::NEVER, |said| EventTime(said.0.saturating_add(1)));
            state.gaps.add(from, EventTime(i64::MAX), crate::end::NEVER);
            state.said = Some(EventTime(i64::MAX));
        }
    }

    /// The oldest event time that a decision or a window still needs; none before both ends have
    /// spoken.
    #[must_use]
    pub fn needs_from(&self) -> Option<EventTime> {
        let exit = self.exit().said?.min(self.entry().said?);
        let to_come = exit.0.saturating_sub(self.settings.lateness_us);
        // Whoever waits for a decision is in a window that is open.
        let window = self.windows.oldest(self.settings.window_s).map(|start| start.0);
        let oldest = [Some(to_come), window].into_iter().flatten().min()?;
        let reach = self.settings.travel_time_us_max.saturating_add(self.settings.lateness_us);
        Some(EventTime(oldest.saturating_sub(reach)))
    }

    /// The place of the oldest message that a new core ([`Begin::Rewound`]) has to be given to come to
    /// where this one stands; none where that needs nothing.
    #[must_use]
    pub fn needs(&self) -> Option<u64> {
        let from = self.needs_from().unwrap_or(crate::end::NEVER);
        self.ends.iter().filter_map(|end| end.place_of(from)).min()
    }

    /// Decides a vehicle, once.
    fn settle(&mut self, (left, exit): (EventTime, PassageId), decided: Result<Best, Abstention>) {
        let Some(waiting) = self.waiting.remove(&(left, exit)) else { return };
        self.due.remove(&(waiting.due, Due::Entries(left, exit)));
        self.due.remove(&(waiting.due, Due::Exits(left, exit)));
        if self.asked.as_ref().is_some_and(|(_, about)| *about == (left, exit)) {
            self.asked = None;
        }
        let window = Windows::end_of(left, self.settings.window_s);
        let concluded = decided.and_then(|of_exit| {
            let of_entry = waiting.entry.ok_or(Abstention::Expired)?;
            self.conclude(exit, &of_entry, &of_exit)
        });
        match concluded {
            Ok((seconds, speed_ms)) => {
                self.counts.matched += 1;
                self.windows.matched(window, seconds, speed_ms);
            }
            Err(cause) => {
                self.counts.abstain(cause);
                self.windows.abstained(window, cause);
                self.told.push_back(Action::Abstained(Abstained { exit, left, cause }));
            }
        }
    }
}
