//! The ways of the tracks, thinned out for the plan view.

use std::collections::BTreeMap;

use wayside_proto::{BoxPx, EventTime, RoadUserClass, TrackId, TrackState};

/// Time between two points of a way, seconds.
const STEP_S: f64 = 0.35;
/// Most tracks that are remembered.
const TRACKS_MAX: usize = 5_000;
/// Most points that are remembered.
const POINTS_MAX: usize = 300_000;

/// The way of one track.
#[derive(Clone, Debug)]
pub struct Way {
    /// The class at the last point.
    pub class: RoadUserClass,
    /// Points of it, in order of time.
    pub points: Vec<WayPoint>,
}

/// One point of a way.
#[derive(Clone, Copy, Debug)]
pub struct WayPoint {
    /// When.
    pub time: EventTime,
    /// The front point, metres.
    pub front_m: [f64; 2],
    /// The box in the picture.
    pub box_px: Option<BoxPx>,
}

/// The ways of all tracks.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    ways: BTreeMap<TrackId, Way>,
    points: usize,
    /// Tracks that were not remembered.
    pub left_out: u64,
    /// Every track that there was, by class at its last state.
    tracks: u64,
}

impl Paths {
    /// Adds the states of one instant.
    pub fn add(&mut self, time: EventTime, tracks: &[TrackState]) {
        for track in tracks {
            let known = self.ways.contains_key(&track.id);
            if !known && (self.ways.len() == TRACKS_MAX || self.points >= POINTS_MAX) {
                self.left_out += 1;
                continue;
            }
            self.tracks += u64::from(!known);
            let way = self
                .ways
                .entry(track.id)
                .or_insert_with(|| Way { class: track.class, points: Vec::new() });
            way.class = track.class;
            let due = way.points.last().is_none_or(|last| time.since_s(last.time) >= STEP_S);
            if due && self.points < POINTS_MAX {
                way.points.push(WayPoint { time, front_m: track.front_m, box_px: track.box_px });
                self.points += 1;
            }
        }
    }

    /// The ways, in order of track.
    pub fn iter(&self) -> impl Iterator<Item = (&TrackId, &Way)> {
        self.ways.iter()
    }

    /// Where the track was in the picture at about `time`.
    pub fn box_at(&self, track: TrackId, time: EventTime) -> Option<BoxPx> {
        let points = &self.ways.get(&track)?.points;
        let seen = points.iter().filter(|point| point.box_px.is_some());
        seen.min_by_key(|point| (point.time.0 - time.0).abs()).and_then(|point| point.box_px)
    }

    /// How many tracks there were.
    pub fn tracks(&self) -> u64 {
        self.tracks
    }
}
