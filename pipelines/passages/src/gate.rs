//! A gate on the road plane: where a front is from it, and on which lane.

use wayside_proto::{EventTime, TrackState};
use wayside_site::Site;
use wayside_site::geometry::{Polyline, Vec2, direction};

/// How far beside the line a front still crosses it, metres.
const BESIDE_M: f64 = 0.5;
/// Least cosine of the angle between a lane and the gate's direction.
const SAME_WAY_MIN: f64 = 0.5;
/// How far beyond its ends a lane's centreline still counts, metres.
const LANE_BEYOND_M: f64 = 10.0;

/// A gate and the lanes that cross it.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    middle: Vec2,
    half_m: f64,
    /// Along the line, unit.
    across: Vec2,
    /// The way it is crossed, unit.
    along: Vec2,
    lanes: Vec<GateLane>,
    /// Whether only some lanes count.
    chosen: bool,
}

#[derive(Clone, Debug)]
struct GateLane {
    id: String,
    centreline: Polyline,
    width_m: f64,
    counts: bool,
}

/// A front as seen from a gate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) time: EventTime,
    pub(crate) front: Vec2,
    /// Distance beyond the line, metres.
    pub(crate) beyond_m: f64,
    /// 1.96 standard deviations of that.
    pub(crate) margin_m: f64,
    pub(crate) velocity: Vec2,
    /// Speed across the line, metres a second.
    pub(crate) speed_ms: f64,
    pub(crate) speed_sigma_ms: f64,
    /// Whether it looks the way that vehicles cross.
    pub(crate) faces: bool,
    pub(crate) measured: bool,
    pub(crate) length_m: f64,
}

/// The lane at a point of the gate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum At {
    /// On this lane, or on none that is known, with the direction of the road there.
    Lane(Option<String>, Vec2),
    /// On a lane that does not count.
    Other,
}

impl Gate {
    pub(crate) fn new(site: &Site, gate: &wayside_site::Gate) -> Self {
        let [a, b] = gate.line;
        let length = (b - a).norm();
        let (middle, across) = ((a + b) / 2.0, (b - a) / length.max(1e-9));
        let lane = |lane: &wayside_site::model::Lane| {
            let centreline = Polyline::new(&lane.centreline_m);
            let same = centreline.along(middle)?.direction.dot(&gate.direction) >= SAME_WAY_MIN;
            same.then(|| GateLane {
                counts: gate.lanes.is_empty() || gate.lanes.contains(&lane.id),
                id: lane.id.clone(),
                centreline,
                width_m: lane.width_m,
            })
        };
        Self {
            middle,
            half_m: length / 2.0,
            across,
            along: gate.direction,
            lanes: site.file().lanes.iter().filter_map(lane).collect(),
            chosen: !gate.lanes.is_empty(),
        }
    }

    pub(crate) fn view(&self, time: EventTime, state: &TrackState) -> View {
        let front = Vec2::from(state.front_m);
        let velocity = Vec2::from(state.velocity_ms);
        let (x, y) = (self.along.x, self.along.y);
        View {
            time,
            front,
            beyond_m: (front - self.middle).dot(&self.along),
            margin_m: 1.96 * state.front_cov_m2.sigma_along(x, y),
            velocity,
            speed_ms: velocity.dot(&self.along),
            speed_sigma_ms: state.velocity_cov_m2s2.sigma_along(x, y),
            faces: direction(state.heading_rad).dot(&self.along) > 0.0,
            measured: state.measured,
            length_m: state.length_m,
        }
    }

    /// How far a point is beyond either end of the line, metres; 0 between them.
    pub(crate) fn beside_m(&self, point: Vec2) -> f64 {
        ((point - self.middle).dot(&self.across).abs() - self.half_m).max(0.0)
    }

    /// Whether a front that crosses at this point crosses the gate.
    pub(crate) fn holds(&self, point: Vec2) -> bool {
        self.beside_m(point) <= BESIDE_M
    }

    /// The lane whose centreline is nearest.
    pub(crate) fn lane(&self, point: Vec2) -> At {
        let mut best: Option<(f64, &GateLane, Vec2)> = None;
        for lane in &self.lanes {
            let Some(along) = lane.centreline.along(point) else { continue };
            let ends = lane.centreline.points().iter();
            let far = along.beyond && ends.clone().all(|end| (*end - point).norm() > LANE_BEYOND_M);
            let off = along.left_m.abs();
            if !far && off <= lane.width_m && best.is_none_or(|(nearest, ..)| off < nearest) {
                best = Some((off, lane, along.direction));
            }
        }
        match best {
            Some((_, lane, direction)) if lane.counts => At::Lane(Some(lane.id.clone()), direction),
            Some(_) => At::Other,
            None if self.chosen => At::Other,
            None => At::Lane(None, self.along),
        }
    }
}
