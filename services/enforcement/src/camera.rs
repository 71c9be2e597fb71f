//! One camera: what waits to be judged, its engine, and how far back it remembers.

use std::collections::VecDeque;

use wayside_bus::Offset;
use wayside_proto::{EventTime, Observation, Outcome, RunId};
use wayside_rules::Engine;
use wayside_rules::signals::SignalHistory;
use wayside_site::Site;

use crate::cut::Cut;
use crate::marks::Marks;

/// A restart reads this much more than living tracks remember, seconds: what a track was seen
/// beside counts, too, such as a queue or a person on a crossing.
pub const MARGIN_S: f64 = 30.0;
/// Observations of one camera that wait; beyond it the oldest is judged.
const HELD_MAX: usize = 1_000;
/// How often it is noted what the oldest track is, seconds.
const NOTE_EVERY_S: f64 = 1.0;

/// An observation that waits.
struct Held {
    offset: Offset,
    /// The camera's progress at which it is judged, microseconds.
    due_us: i64,
    observation: Observation,
}

/// An outcome, the camera's progress when its observation came, and whether it is about a track
/// whose beginning is not known.
pub(crate) struct Judged {
    pub(crate) progress_us: i64,
    pub(crate) outcome: Outcome,
    pub(crate) cut: bool,
}

pub(crate) struct Camera {
    engine: Engine,
    /// Run and time of the newest observation.
    run: Option<RunId>,
    newest: EventTime,
    /// Event time that the camera has gone on, over all runs, microseconds.
    pub(crate) progress_us: i64,
    held: VecDeque<Held>,
    lateness_us: i64,
    rewind_s_max: f64,
    /// What the engine has taken of its current run.
    judged_run: Option<RunId>,
    judged: Option<EventTime>,
    marks: Marks,
    /// When it was noted what the oldest living track remembers: those that have ended since count
    /// for a while.
    oldest: VecDeque<(EventTime, EventTime)>,
    cut: Option<Cut>,
    /// The core's progress at the newest observation.
    pub(crate) seen_at_us: i64,
    pub(crate) out_of_order: u64,
}

impl Camera {
    pub(crate) fn new(site: &Site, lateness_s: f64, rewind_s_max: f64, cut: Option<Cut>) -> Self {
        Self {
            engine: Engine::new(site),
            run: None,
            newest: EventTime(0),
            progress_us: 0,
            held: VecDeque::new(),
            lateness_us: (lateness_s * 1e6).round() as i64,
            rewind_s_max,
            judged_run: None,
            judged: None,
            marks: Marks::default(),
            oldest: VecDeque::new(),
            cut,
            seen_at_us: 0,
            out_of_order: 0,
        }
    }

    /// Takes an observation; it waits until the camera has gone on by the allowed lateness.
    /// Returns by how much the camera has gone on with it, microseconds.
    pub(crate) fn take(&mut self, offset: Offset, observation: Observation) -> i64 {
        let before_us = self.progress_us;
        if self.run.as_ref() != Some(&observation.run) {
            self.run = Some(observation.run.clone());
            self.newest = observation.time;
        } else if observation.time > self.newest {
            let step_us = observation.time.0.saturating_sub(self.newest.0);
            self.progress_us = self.progress_us.saturating_add(step_us);
            self.newest = observation.time;
        }
        let due_us = self.progress_us.saturating_add(self.lateness_us);
        self.held.push_back(Held { offset, due_us, observation });
        self.progress_us - before_us
    }

    /// Judges what is due: what the camera has gone beyond, what too many others wait behind, what
    /// stands in the log before `stale`.
    pub(crate) fn judge(&mut self, stale: Offset, signals: &SignalHistory, out: &mut Vec<Judged>) {
        while let Some(first) = self.held.front() {
            let due = self.progress_us >= first.due_us
                || self.held.len() > HELD_MAX
                || first.offset < stale;
            if !due {
                break;
            }
            let Some(held) = self.held.pop_front() else { break };
            self.judge_one(held, signals, out);
        }
    }

    fn judge_one(&mut self, held: Held, signals: &SignalHistory, out: &mut Vec<Judged>) {
        let Held { offset, due_us, observation } = held;
        if let Some(cut) = &mut self.cut {
            cut.watch(&observation);
        }
        let outcomes = self.engine.observe(&observation, signals);
        let time = observation.time;
        if self.judged_run.as_ref() != Some(&observation.run) {
            // The tracks of the run before have ended.
            self.judged_run = Some(observation.run);
            self.judged = None;
            self.marks.clear();
            self.oldest.clear();
        }
        if self.judged.is_none_or(|judged| time > judged) {
            self.judged = Some(time);
            self.marks.push(time, offset, self.rewind_s_max + MARGIN_S);
            self.note(time);
        } else {
            self.out_of_order += 1;
        }
        let progress_us = due_us - self.lateness_us;
        out.extend(outcomes.into_iter().map(|outcome| {
            let cut = self.cut.as_ref().is_some_and(|cut| cut.holds(&outcome));
            Judged { progress_us, outcome, cut }
        }));
    }

    fn note(&mut self, time: EventTime) {
        if self.oldest.back().is_some_and(|(noted, _)| time.since_s(*noted) < NOTE_EVERY_S) {
            return;
        }
        self.oldest.push_back((time, self.engine.oldest_alive().unwrap_or(time)));
        while self.oldest.front().is_some_and(|(noted, _)| time.since_s(*noted) > MARGIN_S) {
            self.oldest.pop_front();
        }
    }

    /// The first observation that a restart must read; none where it needs none. And whether that is
    /// as far back as its tracks remember.
    pub(crate) fn needs(&self) -> (Option<Offset>, bool) {
        let waiting = self.held.front().map(|held| held.offset);
        let Some(judged) = self.judged else { return (waiting, true) };
        let noted = self.oldest.iter().map(|(_, oldest)| *oldest);
        let oldest = noted.chain(self.engine.oldest_alive()).min().unwrap_or(judged);
        let floor = judged.plus_s(-self.rewind_s_max);
        let from = oldest.max(floor).plus_s(-MARGIN_S);
        let judged_from = self.marks.before(from);
        (judged_from.into_iter().chain(waiting).min(), oldest >= floor)
    }

    /// Drops what is known, as when the map has changed. Tracks end as if the recording had.
    pub(crate) fn renew(&mut self, site: &Site, signals: &SignalHistory, out: &mut Vec<Judged>) {
        let (outcomes, _) = self.engine.finish(signals);
        let progress_us = self.progress_us;
        out.extend(outcomes.into_iter().map(|outcome| {
            let cut = self.cut.as_ref().is_some_and(|cut| cut.holds(&outcome));
            Judged { progress_us, outcome, cut }
        }));
        self.engine = Engine::new(site);
        self.oldest.clear();
    }

    /// Judges everything that waits.
    pub(crate) fn flush(&mut self, signals: &SignalHistory, out: &mut Vec<Judged>) {
        self.judge(Offset(u64::MAX), signals, out);
    }

    /// The instant up to which it has judged; none where it has judged nothing of its run.
    pub(crate) fn oldest_judged(&self) -> Option<EventTime> {
        self.judged
    }

    /// Tracks that have not ended.
    pub(crate) fn alive(&self) -> usize {
        self.engine.alive()
    }

    /// Observations that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.held.len()
    }
}
