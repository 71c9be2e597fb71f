//! Faces in the offending vehicle, carried from the frames in which they were seen to those around them.
//!
//! A face behind glass is found in one frame and missed in the next. Within a vehicle it hardly moves, so a
//! face is hidden at the same place of the vehicle's box a while before and after it was seen.

use std::collections::VecDeque;

use wayside_picture::{Detection, Picture};
use wayside_proto::{BoxPx, EventTime, SubjectAt};
use wayside_redaction::evidence::{Look, Outline};

/// How long before and after it was seen a face is hidden, microseconds.
const HOLD_US: i64 = 400_000;
/// The most faces that are kept of one look; the detector gives the strongest first.
const FACES_MAX: usize = 32;
/// In a vehicle whose box is less high a face has half a dozen pixels: nobody is known by those.
const OWN_HEIGHT_PX_MIN: f32 = 48.0;
/// How much of the surroundings of the vehicle's box is looked at, as a share of its size: boxes are not
/// exact.
const AROUND: f32 = 0.1;

/// A picture and what was seen in it.
pub(crate) struct Seen {
    pub(crate) picture: Picture,
    pub(crate) road_users: Look<Detection>,
    pub(crate) outline: Option<Outline>,
}

/// A frame that waits until what comes after it is known.
pub(crate) struct Waiting {
    pub(crate) time: EventTime,
    pub(crate) seen: Seen,
    own: Option<BoxPx>,
}

/// Frames in which faces of later frames are still to be hidden: as many as come in 0.4 s.
pub(crate) struct Faces<'a> {
    subject: &'a [SubjectAt],
    waiting: VecDeque<Waiting>,
    /// When it was seen, and where in the vehicle's box, in shares of it.
    seen: VecDeque<(EventTime, BoxPx)>,
    /// When somebody looked, whatever was seen.
    looks: VecDeque<EventTime>,
    last_look: Option<EventTime>,
    every_us: i64,
    hold_us: i64,
}

impl<'a> Faces<'a> {
    /// With a detector (`detected`) frames wait; without one they pass at once.
    pub(crate) fn new(subject: &'a [SubjectAt], detected: bool, every_us: i64) -> Self {
        let hold_us = if detected { HOLD_US } else { 0 };
        let (waiting, seen, looks) = (VecDeque::new(), VecDeque::new(), VecDeque::new());
        Self { subject, waiting, seen, looks, last_look: None, every_us, hold_us }
    }

    /// Where to look for faces in a frame of this instant; none where it is not due, or nothing is there.
    pub(crate) fn look_at(&mut self, time: EventTime) -> Option<BoxPx> {
        let due = self.last_look.is_none_or(|last| time.0 - last.0 >= self.every_us);
        let near = |own: &BoxPx| own.y1 - own.y0 >= OWN_HEIGHT_PX_MIN;
        let own = place(self.subject, time).filter(|own| due && self.hold_us > 0 && near(own))?;
        self.last_look = Some(time);
        let (dx, dy) = (AROUND * (own.x1 - own.x0), AROUND * (own.y1 - own.y0));
        Some(BoxPx { x0: own.x0 - dx, y0: own.y0 - dy, x1: own.x1 + dx, y1: own.y1 + dy })
    }

    /// Takes a frame and the faces that were found in it.
    pub(crate) fn push(&mut self, time: EventTime, seen: Seen, faces: &Look<BoxPx>) {
        let own = place(self.subject, time);
        if faces.happened() {
            self.looks.push_back(time);
        }
        if let Some(own) = &own {
            let inside = faces.seen().iter().take(FACES_MAX).filter_map(|face| relative(face, own));
            self.seen.extend(inside.map(|face| (time, face)));
        }
        self.waiting.push_back(Waiting { time, seen, own });
    }

    /// The next frame with its faces, once what follows it is known (or `ended`). Nobody looked where there was no
    /// look within the time for which a face is hidden.
    pub(crate) fn pop(&mut self, ended: bool) -> Option<(Waiting, Look<BoxPx>)> {
        let newest = self.waiting.back()?.time;
        let first = self.waiting.front()?.time;
        if !ended && newest.0 - first.0 < self.hold_us {
            return None;
        }
        let frame = self.waiting.pop_front()?;
        while self.seen.front().is_some_and(|(time, _)| time.0 < frame.time.0 - self.hold_us) {
            self.seen.pop_front();
        }
        while self.looks.front().is_some_and(|time| time.0 < frame.time.0 - self.hold_us) {
            self.looks.pop_front();
        }
        let near = |time: &EventTime| (time.0 - frame.time.0).abs() <= self.hold_us;
        let mut faces: Vec<BoxPx> = Vec::new();
        if let Some(own) = &frame.own {
            for (_, face) in self.seen.iter().filter(|(time, _)| near(time)) {
                let face = absolute(face, own);
                // The same face seen again says nothing new.
                if !faces.iter().any(|known| known.iou(&face) > 0.8) {
                    faces.push(face);
                }
            }
        }
        let looked = self.looks.iter().any(near);
        Some((frame, if looked { Look::Saw(faces) } else { Look::NotLooked }))
    }
}

/// Where the vehicle is at an instant: between the places that are known; none before and after them.
pub(crate) fn place(subject: &[SubjectAt], time: EventTime) -> Option<BoxPx> {
    let next = subject.partition_point(|at| at.time < time);
    let after = subject.get(next)?;
    if after.time == time {
        return Some(after.box_px);
    }
    let before = subject.get(next.checked_sub(1)?)?;
    let share = (time.0 - before.time.0) as f32 / (after.time.0 - before.time.0).max(1) as f32;
    let mix = |a: f32, b: f32| a + (b - a) * share;
    let (a, b) = (&before.box_px, &after.box_px);
    Some(BoxPx {
        x0: mix(a.x0, b.x0),
        y0: mix(a.y0, b.y0),
        x1: mix(a.x1, b.x1),
        y1: mix(a.y1, b.y1),
    })
}

/// A box in shares of another; none where that has no area.
fn relative(face: &BoxPx, own: &BoxPx) -> Option<BoxPx> {
    let (width, height) = (own.x1 - own.x0, own.y1 - own.y0);
    let some = width > 0.0 && height > 0.0;
    some.then(|| BoxPx {
        x0: (face.x0 - own.x0) / width,
        y0: (face.y0 - own.y0) / height,
        x1: (face.x1 - own.x0) / width,
        y1: (face.y1 - own.y0) / height,
    })
}

fn absolute(face: &BoxPx, own: &BoxPx) -> BoxPx {
    let (width, height) = (own.x1 - own.x0, own.y1 - own.y0);
    BoxPx {
        x0: own.x0 + face.x0 * width,
        y0: own.y0 + face.y0 * height,
        x1: own.x0 + face.x1 * width,
        y1: own.y0 + face.y1 * height,
    }
}

#[cfg(test)]
mod tests {
    use wayside_picture::Matrix;

    use super::*;

    fn at(ms: i64, x: f32) -> SubjectAt {
        let box_px = BoxPx { x0: x, y0: 0.0, x1: x + 100.0, y1: 50.0 };
        SubjectAt { time: EventTime(ms * 1000), box_px }
    }

    #[test]
    fn a_face_seen_once_is_hidden_around_that_instant_where_the_vehicle_then_is() {
        let subject = [at(0, 0.0), at(2_000, 200.0)];
        let mut faces = Faces::new(&subject, true, 0);
        let picture = Picture::filled(16, 16, [16, 128, 128], Matrix::Bt601).expect("even");
        let mut got = Vec::new();
        for n in 0..20i64 {
            let time = EventTime(n * 100_000);
            let own = place(&subject, time).expect("known");
            let face = BoxPx { x0: own.x0 + 50.0, y0: 10.0, x1: own.x0 + 60.0, y1: 20.0 };
            assert!(faces.look_at(time).is_some());
            let seen = if n == 10 { vec![face] } else { Vec::new() };
            faces.push(time, empty(&picture), &Look::Saw(seen));
            while let Some((frame, boxes)) = faces.pop(n == 19) {
                got.push((frame.time.0 / 100_000, boxes));
            }
        }
        assert_eq!(got.len(), 20);
        for (n, boxes) in got {
            assert!(boxes.happened(), "{n}");
            assert_eq!(boxes.seen().len(), usize::from((6..=14).contains(&n)), "{n}");
            if let [face] = boxes.seen() {
                assert!((face.x0 - (10.0 * n as f32 + 50.0)).abs() < 0.1, "{n}: {face:?}");
            }
        }
    }

    fn empty(picture: &Picture) -> Seen {
        Seen { picture: picture.clone(), road_users: Look::NotLooked, outline: None }
    }

    #[test]
    fn frames_far_from_any_look_are_not_looked_at() {
        let subject = [at(0, 0.0), at(2_000, 200.0)];
        let mut faces = Faces::new(&subject, true, 0);
        let picture = Picture::filled(16, 16, [16, 128, 128], Matrix::Bt601).expect("even");
        let mut got = Vec::new();
        for n in 0..20i64 {
            let look = if n == 3 { Look::Saw(Vec::new()) } else { Look::NotLooked };
            faces.push(EventTime(n * 100_000), empty(&picture), &look);
            while let Some((_, boxes)) = faces.pop(n == 19) {
                got.push(boxes.happened());
            }
        }
        assert_eq!(got, (0..20).map(|n| n <= 7).collect::<Vec<_>>());
    }

    #[test]
    fn without_a_detector_no_frame_waits() {
        let subject = [at(0, 0.0), at(2_000, 200.0)];
        let mut faces = Faces::new(&subject, false, 0);
        let picture = Picture::filled(16, 16, [16, 128, 128], Matrix::Bt601).expect("even");
        assert_eq!(faces.look_at(EventTime(5)), None);
        faces.push(EventTime(5), empty(&picture), &Look::NotLooked);
        assert!(faces.pop(false).is_some_and(|(_, boxes)| boxes == Look::NotLooked));
    }

    #[test]
    fn nothing_is_known_beyond_the_track() {
        let subject = [at(100, 0.0), at(200, 10.0)];
        assert_eq!(place(&subject, EventTime(99_999)), None);
        assert_eq!(place(&subject, EventTime(100_000)).map(|b| b.x0), Some(0.0));
        assert_eq!(place(&subject, EventTime(150_000)).map(|b| b.x0), Some(5.0));
        assert_eq!(place(&subject, EventTime(200_001)), None);
        assert_eq!(place(&[], EventTime(0)), None);
    }
}
