//! `reserved_lane`, version 1.
//!
//! The law: some lanes are for some classes, for example buses, at some hours. Recognised: a
//! vehicle whose class is not among the lane's `classes` drives at least `distance_m_min` in the
//! lane, along its direction, at its hours (local time of the site; see `hours`). Distance counts as
//! certain where the front is inside the lane beyond 1.96 standard deviations of its lateral
//! position. Interruptions of up to 1 s are bridged.
//!
//! Quantity: `distance` (m). Void: a gap in the stretch; certain distance below the limit and all of it
//! above, where at least a quarter is certain; the class uncertain.

use wayside_proto::{EventTime, Outcome, Unit};
use wayside_site::geometry::Vec2;

use crate::catalogue::RESERVED_LANE;
use crate::lanes::LaneHits;
use crate::map::class_bit;
use crate::scene::{BRIDGE_S_MAX, Draft, Scene, quantity, straddles};
use crate::track::{Step, Track};

const CERTAIN_SHARE: f64 = 0.25;

/// What a track has driven in a reserved lane.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    stretch: Option<Stretch>,
}

#[derive(Clone, Copy, Debug)]
struct Stretch {
    begin: EventTime,
    lane: usize,
    last: EventTime,
    front: Vec2,
    distance_m: f64,
    certain_m: f64,
    margin_m: f64,
}

/// Takes a step of a track.
pub(crate) fn update(
    scene: &Scene<'_>,
    track: &mut Track,
    step: &Step,
    hits: &LaneHits,
    out: &mut Vec<Outcome>,
) {
    let now = &step.now;
    let class = class_bit(track.class);
    let going = track.reserved.stretch.map(|stretch| stretch.lane);
    let reserved = hits
        .iter()
        .filter(|hit| hit.inside && hit.along.direction.dot(&now.velocity) >= 0.0)
        .filter(|hit| scene.lane_hours.get(hit.lane).copied().unwrap_or(false))
        .filter(|hit| {
            let lane = scene.map.lanes.get(hit.lane);
            lane.and_then(|lane| lane.classes).is_some_and(|classes| classes & class == 0)
        })
        .min_by_key(|hit| (going != Some(hit.lane), hit.lane));
    let stale = |stretch: Stretch| now.time.since_s(stretch.last) > BRIDGE_S_MAX;
    let changed = |stretch: Stretch| reserved.is_some_and(|hit| hit.lane != stretch.lane);
    if track.reserved.stretch.is_some_and(|stretch| stale(stretch) || changed(stretch)) {
        close(scene, track, out);
    }
    let Some(hit) = reserved else { return };
    let direction = hit.along.direction;
    let margin_m = 1.96 * std::f64::consts::SQRT_2 * now.cov.sigma_along(direction.x, direction.y);
    let stretch = track.reserved.stretch.get_or_insert(Stretch {
        begin: now.time,
        lane: hit.lane,
        last: now.time,
        front: now.front,
        distance_m: 0.0,
        certain_m: 0.0,
        margin_m,
    });
    let moved = (now.front - stretch.front).dot(&direction);
    stretch.distance_m += moved;
    if hit.certain {
        stretch.certain_m += moved;
    }
    stretch.margin_m = margin_m;
    stretch.front = now.front;
    stretch.last = now.time;
}

/// Ends the stretch and judges it.
pub(crate) fn close(scene: &Scene<'_>, track: &mut Track, out: &mut Vec<Outcome>) {
    let Some(stretch) = track.reserved.stretch.take() else { return };
    let Some(limits) = &scene.map.rules.reserved_lane else { return };
    let Some(lane) = scene.map.lanes.get(stretch.lane) else { return };
    // The vote may have changed since.
    if lane.classes.is_none_or(|classes| classes & class_bit(track.class) != 0) {
        return;
    }
    let limit = limits.distance_m_min;
    let low = (stretch.certain_m - stretch.margin_m).max(0.0);
    if stretch.distance_m < limit
        || (low < limit && stretch.certain_m < CERTAIN_SHARE * stretch.distance_m)
    {
        return;
    }
    let unsure = if low >= limit {
        None
    } else {
        straddles(format!("{low:.1} m are inside the lane for certain; the limit is {limit} m."))
    };
    let high = stretch.distance_m + stretch.margin_m;
    let draft = Draft {
        rule: &RESERVED_LANE,
        subject: track.id,
        time: stretch.begin,
        place: &lane.id,
        lane: Some(stretch.lane),
        quantities: vec![quantity(
            "distance",
            stretch.distance_m,
            Some(low),
            Some(high),
            Unit::Metre,
        )],
        signal: None,
        void: scene.gap(stretch.begin, stretch.last).or(unsure),
    };
    scene.conclude(track, draft, out);
}
