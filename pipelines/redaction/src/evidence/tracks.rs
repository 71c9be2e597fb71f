//! Links boxes over time, so that a frame in which a detector saw nothing is covered.

use wayside_picture::Detection;
use wayside_proto::{BoxPx, EventTime, RoadUserClass};

use super::boxes::{between, moved};

/// Longest time without a sighting that one track bridges, microseconds.
const GAP_US_MAX: i64 = 1_200_000;

/// For this long a track is taken to exist before its first and after its last sighting, microseconds.
const BEYOND_US: i64 = 250_000;

/// Overlap from which a sighting continues a track.
const LINK_IOU: f32 = 0.3;

/// Largest ratio of two areas that are of one road user.
const LINK_AREA: f32 = 2.2;

/// Score from which one sighting is believed, and from which three are.
const SCORE_ALONE: f32 = 0.35;
const SCORE_REPEATED: f32 = 0.2;

/// Most tracks open at once.
const OPEN_MAX: usize = 1024;

/// One road user over time.
#[derive(Clone, Debug)]
pub(super) struct Track {
    /// Number of the frame and what was seen there, in order.
    pub seen: Vec<(usize, Detection)>,
}

impl Track {
    /// The class of the strongest sighting.
    pub(super) fn class(&self) -> RoadUserClass {
        let best = self.seen.iter().max_by(|(_, a), (_, b)| a.score.total_cmp(&b.score));
        best.map_or(RoadUserClass::Car, |(_, seen)| seen.class)
    }

    /// The strongest sighting's score.
    pub(super) fn score(&self) -> f32 {
        self.seen.iter().map(|(_, seen)| seen.score).fold(0.0, f32::max)
    }

    /// Whether there is somebody: one sighting that is not weak, or several.
    pub(super) fn is_credible(&self) -> bool {
        let best = self.score();
        best >= SCORE_ALONE || (best >= SCORE_REPEATED && self.seen.len() >= 3)
    }

    fn last(&self) -> &(usize, Detection) {
        &self.seen[self.seen.len() - 1]
    }

    /// Where the track's box would be at `time`, by its last two sightings at least 0.1 s apart.
    fn predicted(&self, times: &[EventTime], time: EventTime) -> BoxPx {
        let (last_frame, last) = self.last();
        let last_time = times[*last_frame];
        let before = self.seen.iter().rev().find(|(f, _)| last_time.0 - times[*f].0 >= 100_000);
        drift(before.map(|(f, d)| (times[*f], d.box_px)), (last_time, last.box_px), time)
    }

    /// The box in each frame that the track covers: seen, between sightings, or a little beyond them.
    pub(super) fn boxes(&self, times: &[EventTime]) -> Vec<(usize, BoxPx)> {
        let mut out = Vec::with_capacity(self.seen.len());
        let (first, last) = (&self.seen[0], self.last());
        let at = |index: usize| {
            let (frame, seen) = &self.seen[index];
            (times[*frame], seen.box_px)
        };
        let early = self.seen.iter().position(|(f, _)| times[*f].0 - times[first.0].0 >= 100_000);
        for frame in (0..first.0).rev() {
            if times[first.0].0 - times[frame].0 > BEYOND_US {
                break;
            }
            out.push((frame, drift(early.map(at), at(0), times[frame])));
        }
        for pair in self.seen.windows(2) {
            let ((f0, a), (f1, b)) = (&pair[0], &pair[1]);
            let span = (times[*f1].0 - times[*f0].0).max(1) as f32;
            for frame in *f0..*f1 {
                let share = (times[frame].0 - times[*f0].0) as f32 / span;
                out.push((frame, between(&a.box_px, &b.box_px, share)));
            }
        }
        out.push((last.0, last.1.box_px));
        for (frame, time) in times.iter().enumerate().skip(last.0 + 1) {
            if time.0 - times[last.0].0 > BEYOND_US {
                break;
            }
            out.push((frame, self.predicted(times, *time)));
        }
        out
    }
}

/// `near` moved on to `time` with the velocity from `far` to it.
fn drift(far: Option<(EventTime, BoxPx)>, near: (EventTime, BoxPx), time: EventTime) -> BoxPx {
    let Some((far_time, far_box)) = far else { return near.1 };
    let middle = |b: &BoxPx| ((b.x0 + b.x1) / 2.0, (b.y0 + b.y1) / 2.0);
    let ((x0, y0), (x1, y1)) = (middle(&far_box), middle(&near.1));
    let span = (near.0.0 - far_time.0) as f32;
    let ahead = (time.0 - near.0.0) as f32 / if span == 0.0 { 1.0 } else { span };
    moved(&near.1, (x1 - x0) * ahead, (y1 - y0) * ahead)
}

/// Whether two sightings can be of one road user: both of a person, alone or riding, or neither; and of like
/// size.
fn alike(a: &Detection, b: &Detection) -> bool {
    let ratio = a.box_px.area() / b.box_px.area().max(1.0);
    has_person(a.class) == has_person(b.class) && (1.0 / LINK_AREA..LINK_AREA).contains(&ratio)
}

/// Whether a road user of that class is a person or shows its rider.
pub(super) fn has_person(class: RoadUserClass) -> bool {
    matches!(class, RoadUserClass::Person | RoadUserClass::Bicycle | RoadUserClass::Motorcycle)
}

/// Links the sightings of all frames into tracks.
pub(super) fn link(frames: &[Vec<Detection>], times: &[EventTime]) -> Vec<Track> {
    let mut done: Vec<Track> = Vec::new();
    let mut open: Vec<Track> = Vec::new();
    for (frame, seen) in frames.iter().enumerate() {
        let time = times[frame];
        let (kept, ended): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|t| time.0 - times[t.last().0].0 <= GAP_US_MAX);
        open = kept;
        done.extend(ended);
        let predicted: Vec<_> = open.iter().map(|t| t.predicted(times, time)).collect();
        let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
        for (a, found) in seen.iter().enumerate() {
            for (b, at) in predicted.iter().enumerate() {
                if !alike(&open[b].last().1, found) {
                    continue;
                }
                let overlap = at.iou(&found.box_px).max(open[b].last().1.box_px.iou(&found.box_px));
                if overlap >= LINK_IOU {
                    pairs.push((overlap, a, b));
                }
            }
        }
        pairs.sort_by(|p, q| q.0.total_cmp(&p.0).then((p.1, p.2).cmp(&(q.1, q.2))));
        let (mut used, mut linked) = (vec![false; seen.len()], vec![false; open.len()]);
        for (_, a, b) in pairs {
            if !used[a] && !linked[b] {
                (used[a], linked[b]) = (true, true);
                open[b].seen.push((frame, seen[a]));
            }
        }
        for (a, found) in seen.iter().enumerate() {
            if !used[a] && open.len() < OPEN_MAX {
                open.push(Track { seen: vec![(frame, *found)] });
            }
        }
    }
    done.extend(open);
    done
}
