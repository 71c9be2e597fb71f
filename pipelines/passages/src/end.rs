//! One end of a section: takes frames, follows tracks, asks for looks.

use std::collections::BTreeMap;

use wayside_proto::{
    EventTime, GapCause, MotorVehicleClass, Observation, SectionEnd, SectionId, TrackId, TrackState,
};

use crate::action::{Action, Appearance, Counts, Look, Refusal};
use crate::gate::{At, Gate, View};
use crate::looks::{score, slot};
use crate::watch::Watch;
use crate::words::{MARK_EVERY_S, MARK_LAG_S};

/// Tracks followed at one gate.
const WATCHES_MAX: usize = 256;
/// How far along the road a track is followed, metres either way.
const NEAR_M: f64 = 80.0;
/// How far beside the line, metres.
const BESIDE_M: f64 = 12.0;
/// A track that is not told of for this long has ended, seconds.
const ABSENT_S_MAX: f64 = 0.5;
/// One end of a section.
#[derive(Clone, Debug)]
pub(crate) struct End<V> {
    pub(crate) section: SectionId,
    pub(crate) end: SectionEnd,
    pub(crate) counts: Counts,
    pub(crate) gate: Gate,
    size_px: (u32, u32),
    pub(crate) expiry_s: f64,
    pub(crate) watches: BTreeMap<TrackId, Watch<V>>,
    pub(crate) sequence: u64,
    pub(crate) marked: Option<EventTime>,
    /// Up to when frames were looked at, or a gap was told.
    pub(crate) seen: Option<EventTime>,
    pub(crate) gap: Option<(GapCause, u32)>,
    /// Whether a part of the gap was told already.
    pub(crate) gap_told: bool,
}

impl<V: Appearance> End<V> {
    pub(crate) fn new(
        section: SectionId,
        end: SectionEnd,
        gate: Gate,
        size_px: (u32, u32),
        expiry_s: f64,
    ) -> Self {
        Self {
            section,
            end,
            counts: Counts::default(),
            gate,
            size_px,
            expiry_s,
            watches: BTreeMap::new(),
            sequence: 0,
            marked: None,
            seen: None,
            gap: None,
            gap_told: false,
        }
    }

    /// Takes the tracks of a frame. `index` is the end's place among the camera's.
    pub(crate) fn tracks(
        &mut self,
        observation: &Observation,
        tracks: &[TrackState],
        still: bool,
        index: usize,
        out: &mut Vec<Action>,
    ) {
        self.begin(observation, out);
        self.end_gap(observation, out);
        let clock = (observation.clock_source, observation.clock_uncertainty_us);
        for state in tracks {
            let view = self.gate.view(observation.time, state);
            let class = state.class.motor_vehicle().filter(|class| is_measured(*class));
            let (Some(class), true) = (class, self.is_near(&view)) else {
                // What turns out to be no motor vehicle is forgotten; what drives away has ended.
                if let Some(left) = self.watches.remove(&state.id).filter(|_| class.is_some()) {
                    self.ended(left, observation, out);
                }
                continue;
            };
            if let Some(watch) = self.watches.get_mut(&state.id) {
                watch.class = (class, state.class_confidence);
                watch.step(&self.gate, view, clock);
            } else if self.watches.len() >= WATCHES_MAX {
                self.counts.over_limit += 1;
            } else {
                self.late(&view, state, observation, out);
                self.watches.insert(state.id, Watch::new(state, class, view));
            }
        }
        let over = |watch: &Watch<V>| observation.time.since_s(watch.last.time) > ABSENT_S_MAX;
        let ended: Vec<TrackId> =
            self.watches.values().filter(|watch| over(watch)).map(|watch| watch.track).collect();
        for track in ended {
            if let Some(watch) = self.watches.remove(&track) {
                self.ended(watch, observation, out);
            }
        }
        self.publish_ripe(observation, out);
        if !still {
            self.look(tracks, observation.time, index, out);
        }
        self.mark(observation, observation.time.plus_s(-MARK_LAG_S), MARK_EVERY_S, out);
    }

    /// The last words. `last` is the last observation.
    pub(crate) fn finish(&mut self, last: &Observation, out: &mut Vec<Action>) {
        for watch in std::mem::take(&mut self.watches).into_values() {
            if let Some(pending) = watch.pending.clone() {
                self.decide(&watch, &pending, last, out);
            }
        }
        let to = if self.gap.is_some() { self.seen } else { Some(last.time) };
        self.mark(last, to.unwrap_or(last.time), 0.0, out);
    }

    /// The answer to a look.
    pub(crate) fn looked(&mut self, look: &Look, answer: Result<V, Refusal>) {
        match answer {
            Ok(vector) => {
                if let Some(watch) = self.watches.get_mut(&look.track) {
                    watch.looks.keep(look.slot, look.score, vector);
                }
            }
            Err(refusal) => *self.counts.refused.entry(refusal).or_default() += 1,
        }
    }

    fn is_near(&self, view: &View) -> bool {
        view.beyond_m.abs() <= NEAR_M && self.gate.beside_m(view.front) <= BESIDE_M
    }

    fn look(
        &mut self,
        tracks: &[TrackState],
        time: EventTime,
        index: usize,
        out: &mut Vec<Action>,
    ) {
        for state in tracks.iter().filter(|state| state.measured) {
            let (Some(watch), Some(box_px)) = (self.watches.get_mut(&state.id), state.box_px)
            else {
                continue;
            };
            let fresh = watch.last.time == time && !watch.decided;
            let (Some(slot), true) = (slot(&watch.last), fresh) else { continue };
            // Behind the gate only what has crossed it is looked at.
            if watch.last.beyond_m >= 0.0 && watch.pending.is_none()
                || self.gate.lane(watch.last.front) == At::Other
                || !self.gate.holds(watch.last.front)
                || !watch.looks.wants(slot, 1.0)
            {
                continue;
            }
            match score(state, watch.class.0, &box_px, tracks, self.size_px) {
                Ok(score) if watch.looks.wants(slot, score) => {
                    watch.looks.asked(slot);
                    self.counts.looks += 1;
                    let class = watch.class.0;
                    let track = state.id;
                    out.push(Action::Look(Look { track, class, box_px, score, end: index, slot }));
                }
                Ok(_) => {}
                Err(refusal) => *self.counts.refused.entry(refusal).or_default() += 1,
            }
        }
    }
}

/// Whether vehicles of a class are looked at. A motorcycle shows who rides it, and a detector may take a
/// bicycle for one: no vector is made of either (PV-3).
fn is_measured(class: MotorVehicleClass) -> bool {
    match class {
        MotorVehicleClass::Car | MotorVehicleClass::Truck | MotorVehicleClass::Bus => true,
        MotorVehicleClass::Motorcycle => false,
    }
}
