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

    /// Where the track was in the picture at `time`, between the points that are remembered.
    pub fn box_at(&self, track: TrackId, time: EventTime) -> Option<BoxPx> {
        let points = &self.ways.get(&track)?.points;
        let seen = |point: &&WayPoint| point.box_px.is_some();
        let before = points.iter().filter(seen).rfind(|point| point.time <= time);
        let after = points.iter().filter(seen).find(|point| point.time >= time);
        let (Some(before), Some(after)) = (before, after) else {
            return before.or(after).and_then(|point| point.box_px);
        };
        let span_s = after.time.since_s(before.time);
        let share = if span_s > 0.0 { time.since_s(before.time) / span_s } else { 0.0 } as f32;
        let (a, b) = (before.box_px?, after.box_px?);
        let between = |a: f32, b: f32| a + (b - a) * share;
        Some(BoxPx {
            x0: between(a.x0, b.x0),
            y0: between(a.y0, b.y0),
            x1: between(a.x1, b.x1),
            y1: between(a.y1, b.y1),
        })
    }

    /// How many tracks there were.
    pub fn tracks(&self) -> u64 {
        self.tracks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time_s: i64, x0: f32) -> WayPoint {
        let box_px = Some(BoxPx { x0, y0: 0.0, x1: x0 + 10.0, y1: 10.0 });
        WayPoint { time: EventTime(time_s * 1_000_000), front_m: [0.0, 0.0], box_px }
    }

    #[test]
    fn a_box_lies_between_its_neighbours() {
        let mut paths = Paths::default();
        let points = vec![at(1, 0.0), at(3, 100.0)];
        paths.ways.insert(TrackId(1), Way { class: RoadUserClass::Car, points });
        let x0 = |us: i64| paths.box_at(TrackId(1), EventTime(us)).map(|box_px| box_px.x0);
        assert_eq!(x0(1_500_000), Some(25.0));
        assert_eq!(x0(0), Some(0.0));
        assert_eq!(x0(9_000_000), Some(100.0));
        assert_eq!(paths.box_at(TrackId(2), EventTime(0)), None);
    }
}
