//! Who has passed, and of whom that is not known well enough.

use wayside_proto::{
    EventTime, Gap, GapCause, MotorVehicleClass, Observation, PassageContent, PassingVehicle,
    TrackId, TrackState,
};
use wayside_site::geometry::Vec2;

use crate::action::{Action, Appearance, Unmatchable};
use crate::end::End;
use crate::gate::{At, View};
use crate::looks::{CLASS_MIN, Looks};
use crate::watch::{Crossing, Watch};

/// A track that begins so soon behind the gate has passed it, and one that ends so soon before it may
/// have: seconds, metres, and the least speed.
const MISSED_S_MAX: f64 = 1.5;
const MISSED_M_MAX: f64 = 12.0;
const MISSED_MS_MIN: f64 = 1.5;
/// Fronts nearer than this are of one vehicle, metres.
const SAME_M: f64 = 4.0;

impl<V: Appearance> End<V> {
    /// A new track right behind the gate has passed it without being seen.
    pub(crate) fn late(
        &mut self,
        view: &View,
        state: &TrackState,
        observation: &Observation,
        out: &mut Vec<Action>,
    ) {
        let ago_s = view.beyond_m / view.speed_ms;
        let doubled = self
            .watches
            .values()
            .any(|other| other.last.measured && (other.last.front - view.front).norm() < SAME_M);
        if view.beyond_m < 0.0 || doubled || !self.is_missed(view, state.class_confidence, ago_s) {
            return;
        }
        let from = view.time.plus_s(-(view.beyond_m + view.margin_m) / view.speed_ms);
        self.missed(Unmatchable::Late, from, view.time, observation, out);
    }

    /// Whether a vehicle of which this is the first or last view has passed, or may have: it is
    /// `ago_s` behind the gate, or, where negative, before it.
    fn is_missed(&self, view: &View, confidence: f32, ago_s: f64) -> bool {
        let point = view.front - view.velocity * ago_s;
        view.faces
            && confidence >= CLASS_MIN
            && view.speed_ms >= MISSED_MS_MIN
            && view.beyond_m.abs() <= MISSED_M_MAX
            && (-MISSED_S_MAX..=MISSED_S_MAX).contains(&ago_s)
            && (ago_s < 0.0) == (view.beyond_m < 0.0)
            && self.gate.holds(point)
            && self.gate.lane(point) != At::Other
    }

    /// A track has ended, or left.
    pub(crate) fn ended(
        &mut self,
        watch: Watch<V>,
        observation: &Observation,
        out: &mut Vec<Action>,
    ) {
        if let Some(pending) = watch.pending.clone() {
            self.decide(&watch, &pending, observation, out);
            return;
        }
        let last = watch.last;
        let ago_s = last.beyond_m / last.speed_ms;
        if watch.decided || last.beyond_m >= 0.0 || !self.is_missed(&last, watch.class.1, ago_s) {
            return;
        }
        let front = last.front + last.velocity * observation.time.since_s(last.time);
        if !self.goes_on(front) {
            let to = last.time.plus_s((last.margin_m - last.beyond_m) / last.speed_ms);
            self.missed(Unmatchable::Lost, last.time, to.max(observation.time), observation, out);
        }
    }

    /// Whether another track that was before the gate is where a lost one would be.
    fn goes_on(&self, front: Vec2) -> bool {
        self.watches.values().any(|other| {
            other.first.beyond_m < 0.0
                && other.last.measured
                && (other.last.front - front).norm() < SAME_M
        })
    }

    pub(crate) fn publish_ripe(&mut self, observation: &Observation, out: &mut Vec<Action>) {
        let ripe: Vec<TrackId> = self
            .watches
            .values()
            .filter(|watch| watch.is_ripe() || watch.is_stuck())
            .map(|watch| watch.track)
            .collect();
        for track in ripe {
            let Some(mut watch) = self.watches.remove(&track) else { continue };
            if let Some(pending) = watch.pending.clone() {
                self.decide(&watch, &pending, observation, out);
                watch.pending = None;
                watch.decided = true;
            }
            watch.looks = Looks::new();
            self.watches.insert(track, watch);
        }
    }

    /// Publishes a crossing, or says that it cannot be matched.
    pub(crate) fn decide(
        &mut self,
        watch: &Watch<V>,
        pending: &Crossing,
        observation: &Observation,
        out: &mut Vec<Action>,
    ) {
        let (from, to) = pending.span(watch.last.time);
        if watch.is_stuck() {
            self.missed(Unmatchable::Untimed, from, to, observation, out);
            return;
        }
        if !pending.is_certain() {
            let front = watch.last.front;
            if !self.goes_on(front) {
                self.missed(Unmatchable::Lost, from, to, observation, out);
            }
            return;
        }
        let Some(time_uncertainty_us) = pending.half_us() else {
            self.missed(Unmatchable::Untimed, from, to, observation, out);
            return;
        };
        let looks = watch.looks.best();
        let Some(embedding) = V::mean(&looks).filter(|_| !looks.is_empty()) else {
            self.missed(Unmatchable::Unseen, from, to, observation, out);
            return;
        };
        self.counts.passages += 1;
        let (class, class_confidence): (MotorVehicleClass, f32) = watch.class;
        let vehicle = PassingVehicle {
            track: watch.track,
            class,
            class_confidence,
            lane: pending.lane.clone(),
            time_uncertainty_us,
            speed_ms: pending.speed_ms,
            speed_sigma_ms: pending.speed_sigma_ms,
            embedding,
            looks: u32::try_from(looks.len()).unwrap_or(u32::MAX),
        };
        let (clock_source, clock_uncertainty_us) = pending.clock;
        let of = Observation { clock_source, clock_uncertainty_us, ..observation.clone() };
        self.say(&of, pending.at, PassageContent::Vehicle(vehicle), out);
    }

    /// A vehicle passed, or may have, and cannot be matched.
    fn missed(
        &mut self,
        why: Unmatchable,
        from: EventTime,
        to: EventTime,
        observation: &Observation,
        out: &mut Vec<Action>,
    ) {
        *self.counts.unmatchable.entry(why).or_default() += 1;
        // What was said is said.
        let from = self.marked.map_or(from, |marked| from.max(EventTime(marked.0 + 1)));
        let to = to.max(from);
        let gap = Gap { from, to, cause: GapCause::StoodDown, frames: 0 };
        self.say(observation, to, PassageContent::Gap(gap), out);
    }
}
