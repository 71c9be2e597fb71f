//! What one end of a section has to say.

use std::collections::BTreeMap;

use wayside_proto::{
    EventTime, Gap, GapCause, MotorVehicleClass, Observation, Passage, PassageContent,
    PassingVehicle, SectionEnd, SectionId, TrackId, TrackState,
};
use wayside_site::geometry::Vec2;

use crate::action::{Action, Appearance, Counts, Look, Refusal, Unmatchable};
use crate::gate::{At, Gate, View};
use crate::looks::{CLASS_MIN, score, slot};
use crate::watch::{Crossing, STEP_S_MAX, Watch};

/// How often an end says that it has said everything, seconds.
const MARK_EVERY_S: f64 = 5.0;
/// How far a mark stays behind: so old a crossing can still turn out to have been missed, seconds.
const MARK_LAG_S: f64 = 2.0;
/// Tracks followed at one gate.
const WATCHES_MAX: usize = 256;
/// How far along the road a track is followed, metres either way.
const NEAR_M: f64 = 80.0;
/// How far beside the line, metres.
const BESIDE_M: f64 = 12.0;
/// A track that is not told of for this long has ended, seconds.
const ABSENT_S_MAX: f64 = 0.5;
/// A track that begins so soon behind the gate has passed it, and one that ends so soon before it may
/// have: seconds, metres, and the least speed.
const MISSED_S_MAX: f64 = 1.5;
const MISSED_M_MAX: f64 = 12.0;
const MISSED_MS_MIN: f64 = 1.5;
/// Fronts nearer than this are of one vehicle, metres.
const SAME_M: f64 = 4.0;

/// One end of a section.
#[derive(Clone, Debug)]
pub(crate) struct End<V> {
    pub(crate) section: SectionId,
    pub(crate) end: SectionEnd,
    pub(crate) counts: Counts,
    gate: Gate,
    size_px: (u32, u32),
    expiry_s: f64,
    watches: BTreeMap<TrackId, Watch<V>>,
    sequence: u64,
    marked: Option<EventTime>,
    /// Up to when frames were looked at, or a gap was told.
    seen: Option<EventTime>,
    gap: Option<(GapCause, u32)>,
    /// Whether a part of the gap was told already.
    gap_told: bool,
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
            let class = state.class.motor_vehicle();
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

    /// The first word: from here on this end is watched.
    fn begin(&mut self, observation: &Observation, out: &mut Vec<Action>) {
        if self.marked.is_none() {
            self.marked = Some(observation.time);
            self.say(observation, observation.time, PassageContent::Mark, out);
        }
    }

    /// Frames are looked at again.
    fn end_gap(&mut self, observation: &Observation, out: &mut Vec<Action>) {
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
    fn mark(&mut self, of: &Observation, to: EventTime, every_s: f64, out: &mut Vec<Action>) {
        let open = self.watches.values().filter_map(|watch| watch.pending.as_ref());
        let to = open.map(|pending| EventTime(pending.at.0 - 1)).fold(to, EventTime::min);
        let due = |marked: EventTime| to > marked && to.since_s(marked) >= every_s;
        if self.marked.is_some_and(due) {
            self.marked = Some(to);
            self.say(of, to, PassageContent::Mark, out);
        }
    }

    /// A new track right behind the gate has passed it without being seen.
    fn late(
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
        if doubled || !self.is_missed(view, state.class_confidence, ago_s) {
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
    fn ended(&mut self, watch: Watch<V>, observation: &Observation, out: &mut Vec<Action>) {
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

    fn publish_ripe(&mut self, observation: &Observation, out: &mut Vec<Action>) {
        let ripe: Vec<TrackId> = self
            .watches
            .values()
            .filter(|watch| watch.is_ripe())
            .map(|watch| watch.track)
            .collect();
        for track in ripe {
            let Some(mut watch) = self.watches.remove(&track) else { continue };
            if let Some(pending) = watch.pending.take() {
                self.decide(&watch, &pending, observation, out);
                watch.decided = true;
            }
            watch.looks = crate::looks::Looks::new();
            self.watches.insert(track, watch);
        }
    }

    /// Publishes a crossing, or says that it cannot be matched.
    fn decide(
        &mut self,
        watch: &Watch<V>,
        pending: &Crossing,
        observation: &Observation,
        out: &mut Vec<Action>,
    ) {
        let (from, to) = pending.span(watch.last.time);
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

    fn say(
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
