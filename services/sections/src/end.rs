//! What one end of the section has said.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use wayside_proto::{
    CameraId, EventTime, MotorVehicleClass, Passage, PassageContent, PassageId, RunId, SiteId,
    TrackId,
};

use crate::core::{Begin, HELD_MAX};
use crate::counts::Refusal;
use crate::gaps::Gaps;
use crate::speed::Crossing;

/// A message farther than this from what its end said before has a wrong clock, microseconds.
const JUMP_US: i64 = 3_600_000_000;
/// Messages in a row that make a new time believable.
const CONFIRMATIONS: u32 = 3;
/// How far such messages may be apart, microseconds.
const CONFIRMED_WITHIN_US: i64 = 60_000_000;
/// Runs of an end that are told apart.
const RUNS_MAX: usize = 8;
/// Messages of an end that are remembered for a rewind.
const STEPS_MAX: usize = 65_536;
/// Before all times.
pub(crate) const NEVER: EventTime = EventTime(i64::MIN);

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) site: SiteId,
    pub(crate) camera: CameraId,
    pub(crate) run: RunId,
}

/// A vehicle's passage.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) at: Arc<Origin>,
    pub(crate) track: TrackId,
    pub(crate) class: MotorVehicleClass,
    pub(crate) class_confidence: f32,
    pub(crate) lane: Option<String>,
    pub(crate) crossing: Crossing,
    pub(crate) vector: Vec<f32>,
    expires: EventTime,
}

/// A message that was taken, for a rewind.
#[derive(Clone, Copy, Debug)]
struct Taken {
    place: u64,
    time: EventTime,
    /// Place of the message that had said the latest time when this one had been taken.
    top: u64,
}

#[derive(Clone, Debug)]
struct Run {
    origin: Arc<Origin>,
    sequence: u64,
}

#[derive(Clone, Copy, Debug)]
struct Suspect {
    time: EventTime,
    sequence: u64,
    count: u32,
}

/// What became of a message.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// A vehicle that was taken.
    pub(crate) vehicle: Option<PassageId>,
    /// Gaps that were learned of.
    pub(crate) gaps: u64,
    /// What was dropped, because the end's clock had jumped for good.
    pub(crate) dropped: Vec<(EventTime, PassageId)>,
}

/// One end of the section.
#[derive(Clone, Debug, Default)]
pub(crate) struct EndState {
    /// The latest time that was said.
    pub(crate) said: Option<EventTime>,
    pub(crate) gaps: Gaps,
    /// Passages that had to go although a decision might have needed them.
    pub(crate) expired: Gaps,
    held: BTreeMap<(EventTime, PassageId), Held>,
    times: BTreeMap<PassageId, EventTime>,
    expiries: BTreeSet<(EventTime, PassageId)>,
    runs: VecDeque<Run>,
    suspect: Option<Suspect>,
    steps: VecDeque<Taken>,
    top: u64,
}

impl EndState {
    pub(crate) fn get(&self, id: PassageId) -> Option<&Held> {
        self.held.get(&(*self.times.get(&id)?, id))
    }

    /// Passages in a window, both ends included.
    pub(crate) fn within(
        &self,
        from: EventTime,
        to: EventTime,
    ) -> impl Iterator<Item = (PassageId, &Held)> {
        let last = PassageId([0xff; 16]);
        let window = (from <= to).then(|| self.held.range((from, PassageId([0; 16]))..=(to, last)));
        window.into_iter().flatten().map(|((_, id), held)| (*id, held))
    }

    pub(crate) fn held(&self) -> usize {
        self.held.len()
    }

    /// Takes a message.
    pub(crate) fn take(
        &mut self,
        place: u64,
        passage: &Passage,
        lateness_us: i64,
        begin: Begin,
    ) -> Result<Outcome, Refusal> {
        let mut outcome = Outcome::default();
        let known = self.runs.iter().position(|run| {
            let at = &run.origin;
            at.run == passage.run && at.camera == passage.camera && at.site == passage.site
        });
        let last = known.and_then(|index| self.runs.get(index)).map(|run| run.sequence);
        if last.is_some_and(|last| passage.sequence <= last) {
            return Err(Refusal::Duplicate);
        }
        if self.jumped(passage)? {
            outcome.dropped = self.reset(passage.time);
        }
        let before = self.said;
        if let Some(said) = before {
            if last.is_none_or(|last| passage.sequence != last + 1) {
                let from = EventTime(said.0.saturating_sub(lateness_us));
                self.gaps.add(from, said.max(passage.time), said);
                outcome.gaps += 1;
            }
        } else if begin == Begin::Cold || passage.sequence == 0 || !outcome.dropped.is_empty() {
            // The first word of a run has nothing before it that is known, also where it is read again.
            self.gaps.add(NEVER, passage.time, NEVER);
        }
        let origin = self.remember(known, passage);
        let said = before.map_or(passage.time, |said| said.max(passage.time));
        if before != Some(said) {
            self.top = place;
        }
        self.said = Some(said);
        if self.steps.len() >= STEPS_MAX {
            self.steps.pop_front();
        }
        self.steps.push_back(Taken { place, time: passage.time, top: self.top });
        let known_at = before.unwrap_or(NEVER);
        let is_late = before.is_some_and(|b| passage.time.0.saturating_add(lateness_us) <= b.0);
        match &passage.content {
            PassageContent::Mark => {}
            PassageContent::Gap(gap) => {
                self.gaps.add(gap.from, gap.to, known_at);
                outcome.gaps += 1;
            }
            PassageContent::Vehicle(vehicle) => {
                let refusal = if is_late {
                    Some(Refusal::Late)
                } else if passage.expires <= said {
                    Some(Refusal::Expired)
                } else if self.held.len() >= HELD_MAX {
                    Some(Refusal::Overflow)
                } else {
                    None
                };
                if let Some(refusal) = refusal {
                    self.gaps.add(passage.time, passage.time, known_at);
                    return Err(refusal);
                }
                let Some(id) = passage.id() else { return Ok(outcome) };
                let held = Held {
                    at: origin,
                    track: vehicle.track,
                    class: vehicle.class,
                    class_confidence: vehicle.class_confidence,
                    lane: vehicle.lane.clone(),
                    crossing: Crossing::new(passage.time, passage.clock_uncertainty_us, vehicle),
                    vector: vehicle.embedding.clone(),
                    expires: passage.expires,
                };
                if self.times.insert(id, passage.time).is_some() {
                    return Err(Refusal::Duplicate);
                }
                self.expiries.insert((held.expires, id));
                self.held.insert((passage.time, id), held);
                outcome.vehicle = Some(id);
            }
        }
        Ok(outcome)
    }

    /// Whether the end's clock has jumped for good. A single message from another time is refused:
    /// nothing that it says can be believed.
    fn jumped(&mut self, passage: &Passage) -> Result<bool, Refusal> {
        let Some(said) = self.said else { return Ok(false) };
        if said.0.abs_diff(passage.time.0) <= JUMP_US.unsigned_abs() {
            self.suspect = None;
            return Ok(false);
        }
        let (time, sequence) = (passage.time, passage.sequence);
        let near = self.suspect.filter(|suspect| {
            suspect.time.0.abs_diff(time.0) <= CONFIRMED_WITHIN_US.unsigned_abs()
                && sequence > suspect.sequence
        });
        let count = near.map_or(1, |suspect| suspect.count + 1);
        if count < CONFIRMATIONS {
            self.suspect = Some(Suspect { time, sequence, count });
            return Err(Refusal::Clock);
        }
        self.suspect = None;
        Ok(true)
    }

    /// Forgets everything that was said by the old clock.
    fn reset(&mut self, time: EventTime) -> Vec<(EventTime, PassageId)> {
        let dropped = std::mem::take(&mut self.held).into_keys().collect();
        self.times.clear();
        self.expiries.clear();
        self.steps.clear();
        self.said = None;
        self.gaps.add(NEVER, time, NEVER);
        dropped
    }

    fn remember(&mut self, known: Option<usize>, passage: &Passage) -> Arc<Origin> {
        if let Some(run) = known.and_then(|index| self.runs.get_mut(index)) {
            run.sequence = passage.sequence;
            return Arc::clone(&run.origin);
        }
        if self.runs.len() >= RUNS_MAX {
            self.runs.pop_front();
        }
        let origin = Arc::new(Origin {
            site: passage.site.clone(),
            camera: passage.camera.clone(),
            run: passage.run.clone(),
        });
        self.runs.push_back(Run { origin: Arc::clone(&origin), sequence: passage.sequence });
        origin
    }

    /// Drops what has expired by `now`.
    pub(crate) fn expire(&mut self, now: EventTime) -> Vec<(EventTime, PassageId)> {
        let mut dropped = Vec::new();
        while let Some(&(expires, id)) = self.expiries.first() {
            if expires > now {
                break;
            }
            self.expiries.pop_first();
            if let Some(time) = self.times.remove(&id) {
                self.held.remove(&(time, id));
                dropped.push((time, id));
            }
        }
        dropped
    }

    /// Place of the oldest message that is needed to know everything from `time` on as it is known
    /// now; none where nothing was said yet.
    pub(crate) fn place_of(&self, time: EventTime) -> Option<u64> {
        let first = self.steps.iter().position(|step| step.time >= time);
        let before = first.unwrap_or(self.steps.len()).checked_sub(1);
        match before {
            Some(before) => self.steps.get(before).map(|step| step.top),
            None => self.steps.front().map(|step| step.place),
        }
    }

    /// Forgets what is not needed to know everything from `time` on.
    pub(crate) fn forget(&mut self, time: EventTime) {
        let first = self.steps.iter().position(|step| step.time >= time);
        let before = first.unwrap_or(self.steps.len()).saturating_sub(1);
        self.steps.drain(..before);
        self.gaps.forget(time);
        self.expired.forget(time);
    }
}
