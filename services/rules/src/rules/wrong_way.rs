//! `wrong_way`, version 1.
//!
//! The law: traffic keeps to its side of the road, and one-way lanes are driven one way.
//! Recognised: the front is inside a lane's band, the velocity points against the lane (more than
//! 120 degrees from it) at more than 1 m/s, over at least `distance_m_min` and `duration_s_min`,
//! with interruptions of up to 1 s. A vehicle that looks the lane's way and moves back is
//! reversing, not driving the wrong way.
//!
//! A state is certain where no lane of matching direction could hold the front within 1.96
//! standard deviations; only certain states count towards the limits. One pass is one violation,
//! whatever lanes it takes, and also where the tracker lost the vehicle on the way: a track that is
//! seen driving against the direction within 5 s of another one that was lost doing so, and where
//! that one would be by now, carries its stretch on.
//!
//! Quantities of the stretch: `distance` (m), `duration` (s), `speed` (m/s, mean).
//!
//! Void: a gap in the stretch; certain states below the limits, all of them above, where at least a
//! quarter of the distance is certain (a car near the middle of its road is nothing); the class
//! uncertain.

use wayside_proto::{EventTime, Outcome, Unit};
use wayside_site::geometry::Vec2;

use crate::catalogue::WRONG_WAY;
use crate::lanes::{LaneHit, LaneHits};
use crate::scene::{BRIDGE_S_MAX, Draft, Scene, quantity, straddles};
use crate::track::{Sample, Step, Track};

/// Speed from which a direction means something, metres a second.
const SPEED_MS_MIN: f64 = 1.0;
/// Cosine of the angle from which a velocity is against, or along, a lane.
const COSINE: f64 = 0.5;
/// Share of the distance that must be certain for a void.
const CERTAIN_SHARE: f64 = 0.25;

/// How long a vehicle may be lost and still be the same, seconds.
const LOST_S_MAX: f64 = 5.0;
/// How far from its expected place it may be seen again: so many metres, and this share of the way.
const REACH_M: f64 = 4.0;
const REACH_SHARE: f64 = 0.3;

/// What a track has driven against the direction.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    stretch: Option<Stretch>,
    violated: bool,
    voided: bool,
    /// When, where and how fast it was last seen driving against the direction, beyond doubt.
    seen: Option<(EventTime, Vec2, Vec2)>,
}

#[derive(Clone, Copy, Debug)]
struct Stretch {
    begin: EventTime,
    lane: usize,
    last: EventTime,
    front: Vec2,
    distance_m: f64,
    certain_m: f64,
    certain_s: f64,
    margin_m: f64,
    step_s: f64,
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
    let against = against(now, hits);
    if against.is_some_and(|(_, explained)| !explained) {
        track.wrong_way.seen = Some((now.time, now.front, now.velocity));
    }
    let against = against.filter(|_| !track.wrong_way.violated);
    if track.wrong_way.stretch.is_some_and(|s| now.time.since_s(s.last) > BRIDGE_S_MAX) {
        close(scene, track, out);
    }
    let Some((hit, explained)) = against else { return };
    let margin_m = {
        let d = hit.along.direction;
        1.96 * std::f64::consts::SQRT_2 * now.cov.sigma_along(d.x, d.y)
    };
    let stretch = track.wrong_way.stretch.get_or_insert(Stretch {
        begin: now.time,
        lane: hit.lane,
        last: now.time,
        front: now.front,
        distance_m: 0.0,
        certain_m: 0.0,
        certain_s: 0.0,
        margin_m,
        step_s: step.dt_s(),
    });
    let moved = -(now.front - stretch.front).dot(&hit.along.direction);
    stretch.distance_m += moved;
    if !explained {
        stretch.certain_m += moved;
        stretch.certain_s += now.time.since_s(stretch.last);
    }
    stretch.margin_m = margin_m;
    stretch.step_s = stretch.step_s.max(now.time.since_s(stretch.last));
    stretch.front = now.front;
    stretch.last = now.time;
}

/// The lane that a state is driven against, and whether a lane of matching direction explains it.
fn against<'a>(now: &Sample, hits: &'a LaneHits) -> Option<(&'a LaneHit, bool)> {
    let speed = now.speed_ms();
    if speed <= SPEED_MS_MIN {
        return None;
    }
    let direction = now.velocity / speed;
    hits.iter()
        .find(|hit| hit.inside && hit.along.direction.dot(&direction) < -COSINE)
        .filter(|hit| !reverses(hit, now))
        .map(|hit| (hit, hits.iter().any(|h| h.along.direction.dot(&direction) > COSINE)))
}

/// Whether this state is the first that a track drives against a direction, beyond doubt.
pub(crate) fn begins(track: &Track, now: &Sample, hits: &LaneHits) -> bool {
    track.wrong_way.seen.is_none() && against(now, hits).is_some_and(|(_, explained)| !explained)
}

/// How far a lost track's way leads from where another one is seen now, metres; none where it
/// cannot be the same vehicle.
pub(crate) fn apart_m(lost: &Track, now: &Sample) -> Option<f64> {
    let (time, front, velocity) = lost.wrong_way.seen?;
    let hidden_s = now.time.since_s(time);
    let apart_m = (front + velocity * hidden_s - now.front).norm();
    let reach_m = REACH_M + REACH_SHARE * velocity.norm() * hidden_s;
    (hidden_s <= LOST_S_MAX && apart_m <= reach_m).then_some(apart_m)
}

/// What a track leaps was not driven.
pub(crate) fn leap(memory: &mut Memory, now: &Sample) {
    if let Some(stretch) = &mut memory.stretch {
        stretch.front = now.front;
    }
}

/// Carries on what `lost` had driven.
pub(crate) fn carry_on(lost: &mut Track, now: &Sample) -> Memory {
    let mut memory = std::mem::take(&mut lost.wrong_way);
    if let Some(stretch) = &mut memory.stretch {
        // What was driven unseen does not count.
        (stretch.last, stretch.front) = (now.time, now.front);
    }
    memory
}

fn reverses(hit: &LaneHit, now: &Sample) -> bool {
    now.heading_sigma_rad < 0.5 && hit.along.direction.dot(&now.ahead) > COSINE
}

/// Ends the stretch and judges it.
pub(crate) fn close(scene: &Scene<'_>, track: &mut Track, out: &mut Vec<Outcome>) {
    let Some(stretch) = track.wrong_way.stretch.take() else { return };
    let Some(limits) = &scene.map.rules.wrong_way else { return };
    let duration_s = stretch.last.since_s(stretch.begin);
    let (distance_m, margin_m) = (stretch.distance_m, stretch.margin_m);
    if distance_m < limits.distance_m_min || duration_s < limits.duration_s_min {
        return;
    }
    let low_m = (stretch.certain_m - margin_m).max(0.0);
    let certain = low_m >= limits.distance_m_min && stretch.certain_s >= limits.duration_s_min;
    if !certain && (stretch.certain_m < CERTAIN_SHARE * distance_m || track.wrong_way.voided) {
        return;
    }
    let unsure = if certain {
        None
    } else {
        let limit = limits.distance_m_min;
        straddles(format!(
            "{low_m:.1} m are against the direction for certain; the limit is {limit} m."
        ))
    };
    let void = scene.gap(stretch.begin, stretch.last).or(unsure);
    track.wrong_way.violated |= void.is_none();
    track.wrong_way.voided |= void.is_some();
    let mean = |metres: f64| metres / duration_s.max(1e-6);
    let quantities = vec![
        quantity("distance", distance_m, Some(low_m), Some(distance_m + margin_m), Unit::Metre),
        quantity(
            "duration",
            duration_s,
            Some(stretch.certain_s),
            Some(duration_s + 2.0 * stretch.step_s),
            Unit::Second,
        ),
        quantity(
            "speed",
            mean(distance_m),
            Some(mean((distance_m - margin_m).max(0.0))),
            Some(mean(distance_m + margin_m)),
            Unit::MetrePerSecond,
        ),
    ];
    let place = scene.map.lanes.get(stretch.lane).map_or("", |lane| lane.id.as_str());
    let draft = Draft {
        rule: &WRONG_WAY,
        subject: track.id,
        time: stretch.begin,
        place,
        lane: Some(stretch.lane),
        quantities,
        signal: None,
        void,
    };
    scene.conclude(track, draft, out);
}
