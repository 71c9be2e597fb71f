//! `crossing_yield`, version 1.
//!
//! The law: who drives over a crossing gives way to the people on it. Recognised: a vehicle's
//! footprint is on the crossing's band, at `speed_ms_min` or faster, while a person is on the half of
//! the band that it drives over. People who stepped on when their signal was red do not count.
//! One passage of a vehicle over a crossing is one event; nobody on foot is ever its subject.
//!
//! Quantities: `distance_to_person` (m), the smallest distance between the person and the footprint;
//! `speed` (m/s), at that instant.
//!
//! Void: a gap in the passage; the person on that half, or on the band at all, only within 1.96
//! standard deviations; the signal unknown when the person stepped on (also where the track of the
//! person began on the band and the signal was red then: it may have turned red on the way); the
//! class uncertain.

use wayside_proto::{EventTime, Outcome, Unit, VoidCause};
use wayside_site::geometry::Vec2;

use crate::catalogue::CROSSING_YIELD;
use crate::counts::{PersonOnBand, SteppedOn};
use crate::map::Crossing;
use crate::scene::{BRIDGE_S_MAX, Draft, Reason, Scene, quantity, straddles};
use crate::track::{Sample, Track};

/// Crossings that one vehicle passes at a time.
const PASSAGES_MAX: usize = 4;

/// A vehicle on a crossing.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    crossing: usize,
    begin: EventTime,
    last: EventTime,
    certain: Option<Meeting>,
    unsure: Option<(Meeting, VoidCause)>,
}

/// The instant of the smallest distance to a person, and the first instant of the meeting.
#[derive(Clone, Copy, Debug)]
struct Meeting {
    first: EventTime,
    distance_m: f64,
    margin_m: f64,
    speed_ms: f64,
    speed_margin_ms: f64,
}

/// Takes a measured state of a vehicle.
pub(crate) fn update(
    scene: &Scene<'_>,
    track: &mut Track,
    now: &Sample,
    people: &[PersonOnBand],
    out: &mut Vec<Outcome>,
) {
    let Some(limits) = &scene.map.rules.crossing_yield else { return };
    if track.passages.iter().any(|p| now.time.since_s(p.last) > BRIDGE_S_MAX) {
        let (over, on): (Vec<_>, Vec<_>) = std::mem::take(&mut track.passages)
            .into_iter()
            .partition(|p| now.time.since_s(p.last) > BRIDGE_S_MAX);
        track.passages = on;
        for passage in over {
            judge(scene, track, &passage, out);
        }
    }
    for (index, crossing) in scene.map.crossings.iter().enumerate() {
        let Some(at_m) = place_on(crossing, now) else { continue };
        if now.speed_ms() < limits.speed_ms_min {
            continue;
        }
        let position = track.passages.iter().position(|p| p.crossing == index);
        let position = match position {
            Some(position) => position,
            None if track.passages.len() < PASSAGES_MAX => {
                track.passages.push(Passage {
                    crossing: index,
                    begin: now.time,
                    last: now.time,
                    certain: None,
                    unsure: None,
                });
                track.passages.len() - 1
            }
            None => continue,
        };
        let Some(passage) = track.passages.get_mut(position) else { continue };
        passage.last = now.time;
        for person in people.iter().filter(|person| person.crossing == index) {
            meet(passage, crossing, now, at_m, person);
        }
    }
}

fn meet(
    passage: &mut Passage,
    crossing: &Crossing,
    now: &Sample,
    at_m: f64,
    person: &PersonOnBand,
) {
    let low_half = at_m < crossing.split_m;
    let same_half = (person.along_m < crossing.split_m) == low_half;
    if !same_half || person.stepped_on == SteppedOn::OnRed {
        return;
    }
    let margin = person.along_margin_m;
    let from_split = (person.along_m - crossing.split_m).abs();
    let from_kerb = if low_half { person.along_m } else { crossing.length_m - person.along_m };
    // On a one-way road the far kerb is where the halves meet: nothing to confuse there but the kerb.
    let meeting = Meeting {
        first: now.time,
        distance_m: now.distance_to(person.point),
        margin_m: person.margin_m + 1.96 * now.cov.sigma_along(now.ahead.x, now.ahead.y),
        speed_ms: now.speed_ms(),
        speed_margin_ms: 1.96 * now.speed_sigma_ms(),
    };
    let nearer = |old: Meeting| {
        let nearest = if meeting.distance_m < old.distance_m { meeting } else { old };
        Meeting { first: old.first, ..nearest }
    };
    let unsure = if from_split <= margin || from_kerb <= margin {
        Some(VoidCause::IntervalStraddlesLimit)
    } else if person.stepped_on == SteppedOn::Unknown {
        Some(VoidCause::SignalUnknown)
    } else {
        None
    };
    match unsure {
        None => passage.certain = Some(passage.certain.map_or(meeting, nearer)),
        Some(cause) => {
            let (old, cause) = match passage.unsure {
                Some((old, cause)) => (nearer(old), cause),
                None => (meeting, cause),
            };
            passage.unsure = Some((old, cause));
        }
    }
}

/// Where along the crossing's axis the footprint is on its band, metres; none where it is not.
fn place_on(crossing: &Crossing, now: &Sample) -> Option<f64> {
    let reach = now.length_m + now.width_m;
    let offset = now.front - crossing.kerb;
    let along = offset.dot(&crossing.along);
    let across = crossing.along.perp(&offset);
    if along < -reach
        || along > crossing.length_m + reach
        || across.abs() > crossing.half_width_m + reach
    {
        return None;
    }
    let rear = now.front - now.ahead * now.length_m;
    let rear_across = crossing.along.perp(&(rear - crossing.kerb));
    let (low, high) = (across.min(rear_across), across.max(rear_across));
    if low > crossing.half_width_m || high < -crossing.half_width_m {
        return None;
    }
    // The point of the vehicle's axis that is nearest to the crossing's axis.
    let share =
        if across == rear_across { 0.0 } else { (across / (across - rear_across)).clamp(0.0, 1.0) };
    let point: Vec2 = now.front + (rear - now.front) * share;
    let at_m = (point - crossing.kerb).dot(&crossing.along);
    (0.0..=crossing.length_m).contains(&at_m).then_some(at_m)
}

/// Judges a passage that is over.
pub(crate) fn judge(scene: &Scene<'_>, track: &Track, passage: &Passage, out: &mut Vec<Outcome>) {
    let Some(crossing) = scene.map.crossings.get(passage.crossing) else { return };
    let (meeting, unsure): (Meeting, Option<Reason>) = match (passage.certain, passage.unsure) {
        (Some(meeting), _) => (meeting, None),
        (None, Some((meeting, VoidCause::SignalUnknown))) => {
            let detail =
                "It is not known what the person's signal showed when the person stepped on.";
            (meeting, Some((VoidCause::SignalUnknown, detail.to_owned())))
        }
        (None, Some((meeting, _))) => (
            meeting,
            straddles("The person may not have been on the vehicle's half of the crossing."),
        ),
        (None, None) => return,
    };
    let (distance, margin) = (meeting.distance_m, meeting.margin_m);
    let (speed, speed_margin) = (meeting.speed_ms, meeting.speed_margin_ms);
    let draft = Draft {
        rule: &CROSSING_YIELD,
        subject: track.id,
        time: meeting.first,
        place: &crossing.id,
        lane: None,
        quantities: vec![
            quantity(
                "distance_to_person",
                distance,
                Some((distance - margin).max(0.0)),
                Some(distance + margin),
                Unit::Metre,
            ),
            quantity(
                "speed",
                speed,
                Some((speed - speed_margin).max(0.0)),
                Some(speed + speed_margin),
                Unit::MetrePerSecond,
            ),
        ],
        signal: None,
        void: scene.gap(passage.begin, passage.last).or(unsure),
    };
    scene.conclude(track, draft, out);
}
