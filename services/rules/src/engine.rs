//! Runs the rules of a site over one camera's observations.

mod on_red;
mod origins;

use std::collections::BTreeMap;

use wayside_proto::{
    CameraId, Content, EventTime, Observation, Outcome, RoadUserClass, RunId, TrackId, TrackState,
};
use wayside_site::Site;

use origins::Origins;

use crate::counts::{Counts, Crossings, Flow, Occupancy, People};
use crate::gaps::Gaps;
use crate::inherit;
use crate::lanes::LaneHits;
use crate::lines::{self, LineWatch};
use crate::map::Map;
use crate::rules::{
    Ending, box_junction, crossing_yield, illegal_turn, no_stopping, red_light, reserved_lane,
    stop_line, wrong_way,
};
use crate::scene::Scene;
use crate::signals::SignalHistory;
use crate::standing::{self, Stand};
use crate::track::{Sample, Step, Track};

/// A track that was not seen for this long has ended, seconds.
const DEAD_S: f64 = 10.0;
/// How often dead tracks are looked for, seconds.
const SWEEP_S: f64 = 1.0;
/// A track seen this shortly before the end of the recording was cut off by it, seconds.
const CUT_OFF_S: f64 = 1.0;

/// The rules of one site over one camera's observations, in order of event time.
pub struct Engine {
    map: Map,
    camera: CameraId,
    run: Option<RunId>,
    tracks: BTreeMap<TrackId, Track>,
    origins: Origins,
    gaps: Gaps,
    last: Option<EventTime>,
    swept: Option<EventTime>,
    clock_s: f64,
    lane_hours: Vec<bool>,
    hours_minute: Option<i64>,
    people: People,
    flow: Flow,
    occupancy: Occupancy,
    crossings: Crossings,
    out_of_order: u64,
    invalid_states: u64,
}

impl Engine {
    /// The rules of `site`, compiled once.
    #[must_use]
    pub fn new(site: &Site) -> Self {
        let map = Map::new(site);
        Self {
            occupancy: Occupancy::new(&map),
            lane_hours: vec![true; map.lanes.len()],
            map,
            camera: CameraId(String::new()),
            run: None,
            tracks: BTreeMap::new(),
            origins: Origins::default(),
            gaps: Gaps::default(),
            last: None,
            swept: None,
            clock_s: 0.0,
            hours_minute: None,
            people: People::default(),
            flow: Flow::default(),
            crossings: Crossings::default(),
            out_of_order: 0,
            invalid_states: 0,
        }
    }

    /// Takes the next observation and returns what the rules concluded with it, in order of event
    /// time, rule, track and place. `signals` should reach up to the observation's time.
    ///
    /// An observation that is not later than the one before it is ignored and counted. Another run
    /// ends the tracks of the one before it as the end of a recording would.
    pub fn observe(&mut self, observation: &Observation, signals: &SignalHistory) -> Vec<Outcome> {
        let mut out = Vec::new();
        if self.run.as_ref().is_some_and(|run| *run != observation.run)
            || (self.run.is_some() && self.camera != observation.camera)
        {
            self.end_tracks(signals, &mut out);
            self.last = None;
        }
        if self.run.as_ref() != Some(&observation.run) || self.camera != observation.camera {
            self.camera = observation.camera.clone();
            self.run = Some(observation.run.clone());
        }
        match &observation.content {
            Content::Gap(gap) => self.gaps.push(*gap),
            Content::Tracks { .. } if self.last.is_some_and(|last| observation.time <= last) => {
                self.out_of_order += 1;
            }
            Content::Tracks { tracks, .. } => {
                self.clock_s = f64::from(observation.clock_uncertainty_us) / 1e6;
                self.frame(observation.time, tracks, signals, &mut out);
            }
        }
        sort(&mut out);
        out
    }

    /// Ends the recording. What cannot be decided any more is a void where it would have counted.
    pub fn finish(&mut self, signals: &SignalHistory) -> (Vec<Outcome>, Counts) {
        let mut out = Vec::new();
        self.end_tracks(signals, &mut out);
        sort(&mut out);
        let occupancy = if self.map.rules.flow.is_some() {
            self.occupancy.counts(&self.map)
        } else {
            BTreeMap::new()
        };
        let counts = Counts {
            pedestrian_on_red: self.people.counts(&self.map),
            flow: self.flow.counts(&self.map),
            occupancy,
            stop_lines: self.crossings.counts(&self.map),
            out_of_order: self.out_of_order,
            invalid_states: self.invalid_states,
        };
        (out, counts)
    }

    fn frame(
        &mut self,
        time: EventTime,
        states: &[TrackState],
        signals: &SignalHistory,
        out: &mut Vec<Outcome>,
    ) {
        self.update_hours(time);
        self.people.on_bands.clear();
        // People first: what vehicles do is judged against where they are in this very frame.
        for state in states.iter().filter(|state| state.class == RoadUserClass::Person) {
            self.person(time, state, signals);
        }
        let mut waiting = Vec::new();
        for state in states.iter().filter(|state| state.class != RoadUserClass::Person) {
            if self.vehicle(time, state, signals, out) {
                waiting.push(state.id);
            }
        }
        for id in waiting {
            self.look_at_queue(id, time, signals);
        }
        let dt_s = self.last.map_or(0.0, |last| {
            if self.gaps.overlapping(last, time).is_some() { 0.0 } else { time.since_s(last) }
        });
        self.occupancy.observed(dt_s);
        self.last = Some(time);
        if self.swept.is_none_or(|swept| time.since_s(swept).abs() >= SWEEP_S) {
            self.swept = Some(time);
            self.sweep(time, signals, out);
        }
    }

    fn update_hours(&mut self, time: EventTime) {
        let minute = time.0.div_euclid(60_000_000);
        if self.hours_minute == Some(minute) {
            return;
        }
        self.hours_minute = Some(minute);
        for (lane, open) in self.map.lanes.iter().zip(&mut self.lane_hours) {
            *open = lane.hours.contain(time);
        }
    }

    /// The track of a state, and its step; none where the state does not decide anything.
    fn step(&mut self, time: EventTime, state: &TrackState) -> Option<(TrackId, Step)> {
        let sample = Sample::new(time, state);
        if sample.is_none() {
            self.invalid_states += 1;
        }
        if !state.measured {
            if let Some(track) = self.tracks.get_mut(&state.id) {
                track.seen = time;
            }
            return None;
        }
        let now = sample?;
        let track = self.tracks.entry(state.id).or_insert_with(|| Track::new(state, time));
        if track.last.is_some_and(|last| last.time >= time) {
            // The same id twice in one observation: the first holds.
            self.invalid_states += 1;
            return None;
        }
        track.seen = time;
        track.class = state.class;
        track.class_confidence = state.class_confidence;
        let step = Step { before: track.last.replace(now), now };
        if step.before.is_none() {
            self.origins.begin(state.id, time);
        }
        if track.leaps.step(&step) {
            wrong_way::leap(&mut track.wrong_way, &step.now);
        }
        Some((state.id, step))
    }

    fn person(&mut self, time: EventTime, state: &TrackState, signals: &SignalHistory) {
        let Some((id, step)) = self.step(time, state) else { return };
        let Some(track) = self.tracks.get_mut(&id) else { return };
        let memory = track.person.get_or_insert_default();
        self.people.walk(&self.map, signals, memory, &step.now, step.before.is_none());
    }

    /// Takes a state of a vehicle. True where its queue is to be looked at.
    fn vehicle(
        &mut self,
        time: EventTime,
        state: &TrackState,
        signals: &SignalHistory,
        out: &mut Vec<Outcome>,
    ) -> bool {
        let Some((id, step)) = self.step(time, state) else { return false };
        let inherited = if step.before.is_none() {
            inherit::stand(&mut self.tracks, id, &step.now, self.last)
        } else {
            None
        };
        let hits = LaneHits::at(&self.map, &step.now);
        let carried = inherit::wrong_way(&mut self.tracks, id, &step.now, &hits, self.last);
        if inherited.is_some() || carried.is_some() {
            self.origins.carry(id, time, &self.tracks);
        }
        let Some(run) = &self.run else { return false };
        let scene = Scene {
            map: &self.map,
            signals,
            gaps: &self.gaps,
            camera: &self.camera,
            run,
            clock_s: self.clock_s,
            lane_hours: &self.lane_hours,
        };
        let Some(track) = self.tracks.get_mut(&id) else { return false };
        if let Some(stand) = inherited {
            track.stand = Some(stand);
        }
        if let Some(memory) = carried {
            track.wrong_way = memory;
        }
        self.flow.drive(&self.map, &mut track.driven, track.class, &step, &hits);
        self.occupancy.cover(&self.map, &step.now);
        if let Some(ended) = standing::update(&mut track.stand, id, step.before.as_ref(), &step.now)
        {
            judge_stand(&scene, track, &ended, out);
        }
        near_lines(&scene, track, &step, &mut self.flow, &mut self.crossings, out);
        if track.subject().is_none() {
            return false;
        }
        illegal_turn::update(&scene, track, &step, out);
        wrong_way::update(&scene, track, &step, &hits, out);
        reserved_lane::update(&scene, track, &step, &hits, out);
        crossing_yield::update(&scene, track, &step.now, &self.people.on_bands, out);
        queue_is_due(&self.map, track, time)
    }

    fn look_at_queue(&mut self, id: TrackId, time: EventTime, signals: &SignalHistory) {
        let Some(limits) = &self.map.rules.no_stopping else { return };
        let gap_m = limits.queue_gap_m;
        let reason = crate::queue::reason(&self.map, signals, &self.tracks, id, time, gap_m);
        let stand = self.tracks.get_mut(&id).and_then(|track| track.stand.as_mut());
        let Some(stand) = stand else { return };
        stand.queue.last = Some(time);
        stand.queue.looked = stand.queue.looked.saturating_add(1);
        if reason.is_some() {
            stand.queue.queueing = stand.queue.queueing.saturating_add(1);
            stand.queue.reason = reason;
        }
    }

    fn sweep(&mut self, time: EventTime, signals: &SignalHistory, out: &mut Vec<Outcome>) {
        let Some(run) = &self.run else { return };
        let scene = Scene {
            map: &self.map,
            signals,
            gaps: &self.gaps,
            camera: &self.camera,
            run,
            clock_s: self.clock_s,
            lane_hours: &self.lane_hours,
        };
        self.tracks.retain(|_, track| {
            let dead = time.since_s(track.seen) > DEAD_S;
            if dead {
                end_track(&scene, track, Ending::Lost, out);
            }
            !dead
        });
        self.origins.keep(&self.tracks);
    }

    fn end_tracks(&mut self, signals: &SignalHistory, out: &mut Vec<Outcome>) {
        let (Some(run), Some(last)) = (&self.run, self.last) else { return };
        let scene = Scene {
            map: &self.map,
            signals,
            gaps: &self.gaps,
            camera: &self.camera,
            run,
            clock_s: self.clock_s,
            lane_hours: &self.lane_hours,
        };
        for track in self.tracks.values_mut() {
            let cut_off = last.since_s(track.seen) <= CUT_OFF_S;
            let ending = if cut_off { Ending::Recording } else { Ending::Lost };
            end_track(&scene, track, ending, out);
        }
        self.tracks.clear();
        self.origins = Origins::default();
    }
}

fn near_lines(
    scene: &Scene<'_>,
    track: &mut Track,
    step: &Step,
    flow: &mut Flow,
    crossings: &mut Crossings,
    out: &mut Vec<Outcome>,
) {
    let mut watches = std::mem::take(&mut track.lines);
    for mut left in lines::leave(&mut watches, scene.map, step.now.front) {
        judge_crossing(scene, track, &mut left, Ending::Left, out);
    }
    let (driven, turn, class) = (&mut track.driven, &mut track.turn, track.class);
    let stand = track.stand.as_ref();
    lines::update(&mut watches, scene.map, step, scene.clock_s, stand, |line, crossing| {
        flow.count(scene.map, driven, crossing.lane, class, crossing.at);
        crossings.count(scene.map, scene.signals, line, crossing.at);
        illegal_turn::enter(turn, line, crossing);
    });
    for watch in &mut watches {
        if watch.pending.as_ref().is_some_and(lines::Crossing::is_ripe) {
            judge_crossing(scene, track, watch, Ending::Seen, out);
        }
    }
    track.lines = watches;
}

fn judge_crossing(
    scene: &Scene<'_>,
    track: &Track,
    watch: &mut LineWatch,
    ending: Ending,
    out: &mut Vec<Outcome>,
) {
    let Some(line) = scene.map.lines.get(watch.line) else { return };
    let Some(crossing) = lines::decide(watch) else { return };
    red_light::judge(scene, track, line, &crossing, ending, out);
    stop_line::judge(scene, track, line, &crossing, out);
}

fn judge_stand(scene: &Scene<'_>, track: &Track, stand: &Stand, out: &mut Vec<Outcome>) {
    no_stopping::judge(scene, track, stand, out);
    box_junction::judge(scene, track, stand, out);
}

/// Judges what a track leaves behind when it ends.
fn end_track(scene: &Scene<'_>, track: &mut Track, ending: Ending, out: &mut Vec<Outcome>) {
    for mut watch in std::mem::take(&mut track.lines) {
        judge_crossing(scene, track, &mut watch, ending, out);
    }
    wrong_way::close(scene, track, out);
    reserved_lane::close(scene, track, out);
    if let Some(stand) = track.stand.take() {
        judge_stand(scene, track, &stand, out);
    }
    for passage in std::mem::take(&mut track.passages) {
        crossing_yield::judge(scene, track, &passage, out);
    }
}

fn queue_is_due(map: &Map, track: &Track, time: EventTime) -> bool {
    let (Some(limits), Some(stand)) = (&map.rules.no_stopping, &track.stand) else { return false };
    time.since_s(stand.begin()) > limits.dwell_s_max
        && !stand.is_away()
        && stand.queue.last.is_none_or(|last| time.since_s(last) >= crate::queue::LOOK_EVERY_S)
        && no_stopping::zone(map, stand).is_some()
}

fn sort(out: &mut [Outcome]) {
    out.sort_by(|a, b| {
        (a.event_time, a.rule, a.track, &a.place).cmp(&(b.event_time, b.rule, b.track, &b.place))
    });
}
