use proptest::prelude::*;
use wayside_picture::{Detection, PixelRect};
use wayside_proto::{EventTime, RoadUserClass};

use super::super::look::Look;
use super::super::tracks::Track;
use super::*;

/// In steps of 2 pixels.
const SIZE: (usize, usize) = (100, 60);

const OWN: BoxPx = BoxPx { x0: 60.0, y0: 40.0, x1: 140.0, y1: 90.0 };

fn drawn(says: impl Fn(f32, f32) -> (u8, u8)) -> Outline {
    let rect = PixelRect { x: 40, y: 30, width: 120, height: 72 };
    let at = |n: usize| says(41.0 + 2.0 * (n % 60) as f32, 31.0 + 2.0 * (n / 60) as f32);
    let own = (0..60 * 36).map(|n| at(n).0).collect();
    let other = (0..60 * 36).map(|n| at(n).1).collect();
    Outline::new(rect, (60, 36), own, other).expect("fits")
}

fn holds(b: &BoxPx, x: f32, y: f32) -> bool {
    x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1
}

fn frame(outline: &Outline, others: &[(RoadUserClass, BoxPx)], shows: bool) -> Frame {
    let time = EventTime(0);
    let tracks: Vec<Track> = others
        .iter()
        .map(|(class, box_px)| Track {
            seen: vec![(0, Detection { class: *class, score: 0.9, box_px: *box_px })],
        })
        .collect();
    let outlines = vec![(Some(outline.clone()), shows)];
    let mut frames = Frame::all(&[time], vec![Some(OWN)], &tracks, vec![Look::NotLooked], outlines);
    frames.pop().expect("one")
}

/// What the outline makes of a mask in which the boxes of others are hidden, and all around the vehicle's box.
fn changed(outline: &Outline, others: &[(RoadUserClass, BoxPx)]) -> Mask {
    changed_if(outline, others, (true, false))
}

fn changed_if(
    outline: &Outline,
    others: &[(RoadUserClass, BoxPx)],
    (shows, rider): (bool, bool),
) -> Mask {
    let mut mask = Mask::clear(SIZE.0, SIZE.1);
    mask.raise_where(&grown(&OWN, 0.2, 0.0), LEVEL_MIN, |x, y| !holds(&OWN, x, y));
    for (_, b) in others {
        mask.raise(b, LEVEL_MIN);
    }
    let frame = frame(outline, others, shows);
    Region::of(outline, &frame, SIZE).change(&mut mask, &frame, &OWN, rider);
    mask
}

#[test]
fn the_vehicle_is_clear_also_where_the_box_of_somebody_behind_it_lies_over_it() {
    let outline = drawn(|x, y| if holds(&OWN, x, y) { (255, 0) } else { (0, 0) });
    let behind = BoxPx { x0: 100.0, y0: 20.0, x1: 150.0, y1: 60.0 };
    let mask = changed(&outline, &[(RoadUserClass::Car, behind)]);
    assert!(!mask.hides(120, 50), "the vehicle");
    assert!(mask.hides(120, 34) && mask.hides(146, 50), "who is behind it");
}

#[test]
fn somebody_whom_no_detector_saw_is_hidden_by_the_outline() {
    let corner = BoxPx { x0: 110.0, y0: 40.0, x1: 140.0, y1: 60.0 };
    let outline = drawn(|x, y| match () {
        () if holds(&corner, x, y) => (0, 255),
        () if holds(&OWN, x, y) => (255, 0),
        () => (0, 0),
    });
    let mask = changed(&outline, &[]);
    assert!(mask.hides(125, 50) && !mask.hides(80, 60));
}

#[test]
fn a_weak_hint_of_another_hides_only_where_somebody_was_seen_near() {
    let corner = BoxPx { x0: 110.0, y0: 40.0, x1: 140.0, y1: 60.0 };
    let outline = drawn(|x, y| match () {
        () if holds(&corner, x, y) => (120, 100),
        () if holds(&OWN, x, y) => (255, 0),
        () => (0, 0),
    });
    assert!(!changed(&outline, &[]).hides(125, 50), "the model alone");
    let beside = BoxPx { x0: 138.0, y0: 20.0, x1: 180.0, y1: 70.0 };
    assert!(changed(&outline, &[(RoadUserClass::Car, beside)]).hides(133, 50), "and a detector");
}

#[test]
fn a_vehicle_before_it_is_hidden_as_seen_and_one_that_the_outline_misses_as_a_box() {
    let car = BoxPx { x0: 116.0, y0: 50.0, x1: 158.0, y1: 92.0 };
    let seen = with_somebody(&BoxPx { x0: 124.0, ..car });
    let mask = changed(&seen, &[(RoadUserClass::Car, car)]);
    assert!(mask.hides(127, 60) && mask.hides(122, 60), "the other and a rim");
    assert!(!mask.hides(117, 60), "the vehicle in the corner of the other's box");
    let missed = drawn(|x, y| if holds(&OWN, x, y) { (255, 0) } else { (0, 0) });
    let mask = changed(&missed, &[(RoadUserClass::Car, car)]);
    assert!(mask.hides(117, 60) && mask.hides(134, 88), "the whole box");
    assert!(!mask.hides(70, 60));
}

#[test]
fn the_box_of_a_person_stays_hidden_unless_it_may_be_the_rider() {
    let person = BoxPx { x0: 96.0, y0: 50.0, x1: 116.0, y1: 92.0 };
    let seen = with_somebody(&BoxPx { x0: 102.0, x1: 110.0, ..person });
    let mask = changed(&seen, &[(RoadUserClass::Person, person)]);
    assert!(mask.hides(97, 60) && mask.hides(114, 88), "the whole box");
    let mask = changed_if(&seen, &[(RoadUserClass::Person, person)], (true, true));
    assert!(mask.hides(105, 60) && !mask.hides(97, 60), "as seen");
}

/// The vehicle, and another in that box before it.
fn with_somebody(before: &BoxPx) -> Outline {
    drawn(|x, y| match () {
        () if holds(before, x, y) => (0, 255),
        () if holds(&OWN, x, y) => (255, 0),
        () => (0, 0),
    })
}

#[test]
fn where_it_is_of_two_minds_boxes_stand() {
    let outline = drawn(|_, _| (120, 60));
    let person = BoxPx { x0: 96.0, y0: 50.0, x1: 116.0, y1: 92.0 };
    let mask = changed(&outline, &[(RoadUserClass::Car, person)]);
    assert!(mask.hides(100, 60) && mask.hides(50, 60));
    assert!(!mask.hides(80, 60));
}

#[test]
fn an_outline_that_is_not_believed_hides_and_shows_nothing() {
    let corner = BoxPx { x0: 110.0, y0: 40.0, x1: 140.0, y1: 60.0 };
    let outline = drawn(|x, y| if holds(&corner, x, y) { (0, 255) } else { (255, 0) });
    let car = BoxPx { x0: 60.0, y0: 60.0, x1: 90.0, y1: 90.0 };
    let mask = changed_if(&outline, &[(RoadUserClass::Car, car)], (false, false));
    assert!(mask.hides(125, 50) && mask.hides(75, 75) && !mask.hides(100, 75));
    assert!(!changed_if(&outline, &[(RoadUserClass::Car, car)], (true, false)).hides(75, 65));
}

#[test]
fn a_rider_is_told_from_an_empty_seat() {
    let band = BoxPx { y1: 70.0, ..OWN };
    let rider = BoxPx { x0: 90.0, x1: 110.0, y0: 40.0, y1: 70.0 };
    let with = drawn(|x, y| if holds(&rider, x, y) { (0, 255) } else { (255, 0) });
    assert!(Region::of(&with, &frame(&with, &[], true), SIZE).has_rider(&band));
    let without = drawn(|_, _| (255, 0));
    assert!(!Region::of(&without, &frame(&without, &[], true), SIZE).has_rider(&band));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever the outline says, it never shows a pixel that it takes for another's, nor one that boxes hide and that is
    /// not surely the vehicle's.
    #[test]
    fn nothing_opens_but_the_vehicle(
        seed in any::<u32>(), b in (0f32..200.0, 0f32..120.0, 4f32..80.0, 4f32..60.0),
    ) {
        let value = |x: f32, y: f32| {
            let h = (x as u32 / 8).wrapping_mul(0x9E37_79B1) ^ (y as u32 / 8).wrapping_mul(0x85EB_CA77) ^ seed;
            let h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
            let own = (h >> 24) as u8;
            (own, ((h >> 8) as u8).min(255 - own))
        };
        let outline = drawn(value);
        let person = BoxPx { x0: b.0, y0: b.1, x1: b.0 + b.2, y1: b.1 + b.3 };
        let mask = changed(&outline, &[(RoadUserClass::Person, person)]);
        for y in (31..102).step_by(2) {
            for x in (41..160).step_by(2) {
                let (x, y, at) = (x as f32, y as f32, (x, y));
                let (o, t) = outline.at(x, y).expect("inside");
                let boxed = holds(&person, x, y) || !holds(&OWN, x, y) && holds(&grown(&OWN, 0.2, 0.0), x, y);
                let near = holds(&grown(&person, NEAR_SHARE.0, NEAR_SHARE.1), x, y);
                let least = if near { OTHER_MIN } else { OTHER_ALONE_MIN };
                if t >= least || (boxed && o < OWN_SURE) {
                    prop_assert!(mask.hides(at.0, at.1), "{x}, {y}: {o} {t}");
                }
            }
        }
    }
}
