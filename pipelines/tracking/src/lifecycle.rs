//! When a track begins and when it ends.

use wayside_proto::{EventTime, RoadUserClass, TrackId};
use wayside_site::geometry::{CameraModel, Vec2};

use crate::class_vote::ClassVote;
use crate::config::TrackerConfig;
use crate::cuboid::{Edges, Shape};
use crate::filter::{EdgeUse, Filter};
use crate::heading::Lanes;
use crate::prior;
use crate::standing::Standing;
use crate::track::Track;

/// Less of its box than this inside the picture, and the track has left it.
const INSIDE_SHARE_MIN: f64 = 0.2;
/// More of its box than this behind nearer ones, and it is hidden.
const HIDDEN_SHARE: f64 = 0.4;
/// A detection that overlaps a track's box by more is no new road user (intersection over union).
const SAME_IOU: f64 = 0.5;
/// A detection inside a track's box by more than this share, and standing on its footprint, is a
/// part of it.
const PART_SHARE: f64 = 0.7;
/// How far beyond the half length a part of a vehicle may seem to stand, metres.
const PART_SLACK_M: f64 = 1.5;

/// What became of a track that was not detected.
pub(crate) fn goes_on(
    track: &Track,
    time: EventTime,
    nearer: &[Edges],
    camera: &CameraModel,
    config: &TrackerConfig,
) -> bool {
    let Some(filter) = track.filter() else { return false };
    let shape = Shape::of(track.class);
    let cuboid = filter.cuboid();
    // A part behind the camera: it passes below.
    let (Some(whole), Some(inside)) =
        (cuboid.edges(shape, camera), cuboid.edges_in_picture(shape, camera))
    else {
        return track.measured.is_some();
    };
    if track.measured.is_some() {
        return true;
    }
    let area = |e: &Edges| (e[2] - e[0]).max(0.0) * (e[3] - e[1]).max(0.0);
    if area(&inside) < INSIDE_SHARE_MIN * area(&whole) {
        return false;
    }
    let [cx, cy, _] = camera.position_m();
    if (cuboid.centre_m - Vec2::new(cx, cy)).norm() > config.range_m_max * 1.1 {
        return false;
    }
    let limit_s = if !track.confirmed {
        config.tentative_coast_s_max
    } else if crate::occlusion::hidden_share(&inside, nearer) > HIDDEN_SHARE {
        if track.standing.stands() { config.hidden_coast_s_max } else { config.moving_coast_s_max }
    } else if track.standing.stands() || filter.speed_ms().abs() < 0.5 {
        config.standing_coast_s_max
    } else {
        config.moving_coast_s_max
    };
    time.since_s(track.last_hit) <= limit_s
}

/// Whether a detection that no track took is a new road user rather than a second box, or a part, of
/// one that is tracked. `known` are class, box and footprint middle with half length of each track.
pub(crate) fn is_new(
    class: RoadUserClass,
    measured: &Edges,
    centre_m: Vec2,
    known: &[(RoadUserClass, Edges, Vec2, f64)],
) -> bool {
    let area = |e: &Edges| (e[2] - e[0]).max(0.0) * (e[3] - e[1]).max(0.0);
    known.iter().all(|(other, e, middle, half_length_m)| {
        if prior::confusion_cost(*other, class).is_none() {
            return true;
        }
        let common = area(&[
            e[0].max(measured[0]),
            e[1].max(measured[1]),
            e[2].min(measured[2]).max(e[0].max(measured[0])),
            e[3].min(measured[3]).max(e[1].max(measured[1])),
        ]);
        let union = area(e) + area(measured) - common;
        let smaller = area(e).min(area(measured));
        let same = common > SAME_IOU * union;
        let part = common > PART_SHARE * smaller
            && (centre_m - middle).norm() < half_length_m + PART_SLACK_M;
        !same && !part
    })
}

/// A track from its first detection; none where the box cannot stand on the road.
#[allow(clippy::too_many_arguments)]
pub(crate) fn begin(
    id: TrackId,
    time: EventTime,
    detection: &wayside_picture::Detection,
    measured: &Edges,
    usable: &[EdgeUse; 4],
    lanes: &Lanes,
    camera: &CameraModel,
    config: &TrackerConfig,
) -> Option<Track> {
    let foot = [(measured[0] + measured[2]) / 2.0, measured[3]];
    let near = camera.homography().to_ground(foot)?;
    let mut hypotheses: Vec<(f64, Filter)> = lanes
        .guesses(near, detection.class)
        .into_iter()
        .filter_map(|guess| {
            let (mut filter, update) =
                Filter::birth(measured, usable, detection.class, guess, camera, config)?;
            let centre = filter.cuboid().centre_m;
            let (this, other) = (
                lanes.log_prior(centre, guess.0),
                lanes.log_prior(centre, guess.0 + std::f64::consts::PI),
            );
            if other > this {
                filter.turn_round();
            }
            Some((update.log_likelihood + this.max(other), filter))
        })
        .collect();
    hypotheses.sort_by(|a, b| b.0.total_cmp(&a.0));
    if hypotheses.is_empty() {
        return None;
    }
    let farthest_m = hypotheses[0].1.cuboid().centre_m;
    let mut vote = ClassVote::default();
    vote.add(detection.class, detection.score);
    Some(Track {
        id,
        vote,
        class: detection.class,
        hypotheses,
        born: time,
        last_hit: time,
        hits: 1,
        confirmed: config.confirm_hits <= 1,
        measured: Some((detection.box_px, detection.score)),
        standing: Standing::default(),
        forwards_m: 0.0,
        farthest_m,
        doubled_s: 0.0,
    })
}
