use proptest::prelude::*;

use super::*;

const RECT: PixelRect = PixelRect { x: 100, y: 60, width: 128, height: 64 };

/// The box in the middle of `RECT`.
const OWN: BoxPx = BoxPx { x0: 124.0, y0: 68.0, x1: 204.0, y1: 116.0 };

/// An outline of 64 x 32 pixels, two of the picture each; `says` gives the shares at a point of the picture.
fn drawn(says: impl Fn(f32, f32) -> (u8, u8)) -> Outline {
    let at = |n: usize| says(101.0 + 2.0 * (n % 64) as f32, 61.0 + 2.0 * (n / 64) as f32);
    let own = (0..64 * 32).map(|n| at(n).0).collect();
    let other = (0..64 * 32).map(|n| at(n).1).collect();
    Outline::new(RECT, (64, 32), own, other).expect("fits")
}

fn inside(b: &BoxPx, x: f32, y: f32) -> bool {
    x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1
}

fn filled(b: BoxPx) -> Outline {
    drawn(|x, y| if inside(&b, x, y) { (255, 0) } else { (0, 0) })
}

#[test]
fn lengths_that_do_not_fit_are_no_outline() {
    let made = |(columns, rows), own, other, rect| {
        Outline::new(rect, (columns, rows), vec![0; own], vec![0; other]).is_some()
    };
    assert!(made((4, 3), 12, 12, RECT));
    assert!(!made((4, 3), 11, 12, RECT));
    assert!(!made((4, 3), 12, 13, RECT));
    assert!(!made((0, 3), 0, 0, RECT));
    assert!(!made((usize::MAX, 2), 12, 12, RECT));
    assert!(!made((4, 3), 12, 12, PixelRect { width: 0, ..RECT }));
}

#[test]
fn shares_are_read_where_they_lie_in_the_picture() {
    let outline = drawn(|x, _| if x < 164.0 { (255, 0) } else { (0, 255) });
    assert_eq!(outline.at(110.0, 80.0), Some((255.0, 0.0)));
    assert_eq!(outline.at(220.0, 80.0), Some((0.0, 255.0)));
    assert_eq!(outline.at(164.0, 80.0), Some((127.5, 127.5)));
    assert_eq!(outline.at(99.9, 80.0), None);
    assert_eq!(outline.at(228.0, 80.0), None);
    assert_eq!(outline.at(f32::NAN, 80.0), None);
}

#[test]
fn only_what_looks_like_a_vehicle_in_its_box_is_believed() {
    assert!(filled(OWN).is_plausible(&OWN));
    // Half of it behind somebody.
    let half = drawn(|x, y| match inside(&OWN, x, y) {
        true if x < 164.0 => (0, 255),
        true => (255, 0),
        false => (0, 0),
    });
    assert!(half.is_plausible(&OWN));
    assert!((half.covered(&OWN) - 0.5).abs() < 0.05);
    // Nothing there; all another's; far larger than the box; unsure.
    assert!(!drawn(|_, _| (0, 0)).is_plausible(&OWN));
    assert!(!drawn(|_, _| (0, 255)).is_plausible(&OWN));
    assert!(!drawn(|_, _| (255, 0)).is_plausible(&OWN));
    let unsure = drawn(|x, y| if inside(&OWN, x, y) { (110, 100) } else { (0, 0) });
    assert!(!unsure.is_plausible(&OWN));
    // A small part of the box only, the rest street.
    let corner = BoxPx { x1: 144.0, y1: 88.0, ..OWN };
    assert!(!filled(corner).is_plausible(&OWN));
    let elsewhere = BoxPx { x0: 0.0, y0: 0.0, x1: 20.0, y1: 20.0 };
    assert!(!filled(OWN).is_plausible(&elsewhere));
}

#[test]
fn an_outline_that_jumps_is_not_believed_in_that_picture() {
    let left = filled(BoxPx { x1: 160.0, ..OWN });
    let right = filled(BoxPx { x0: 168.0, ..OWN });
    let times: Vec<EventTime> = (0..6).map(|n| EventTime(n * 80_000)).collect();
    let seen = |all: [&Outline; 6]| -> Vec<bool> {
        let all: Vec<_> = all.into_iter().map(|outline| Some(outline.clone())).collect();
        believed(&times, &[Some(OWN); 6], &all)
    };
    assert_eq!(seen([&left; 6]), [true; 6]);
    let once = seen([&left, &left, &right, &left, &left, &left]);
    assert_eq!(once, [true, true, false, true, true, true]);
    let ends = seen([&right, &left, &left, &left, &left, &right]);
    assert_eq!(ends, [false, true, true, true, true, false]);
    // Without a box, and alone, there is none.
    assert_eq!(believed(&times[..1], &[None], &[Some(left.clone())]), [false]);
    assert_eq!(believed(&times[..1], &[Some(OWN)], &[Some(left)]), [false]);
}

proptest! {
    #[test]
    fn any_numbers_end_without_a_panic(
        shares in proptest::collection::vec(any::<(u8, u8)>(), 12),
        b in prop::array::uniform4(-1e6f32..1e6), x in -400f32..400.0, y in any::<f32>(),
    ) {
        let (own, other) = shares.into_iter().unzip();
        let outline = Outline::new(RECT, (4, 3), own, other).expect("fits");
        let own = BoxPx { x0: b[0], y0: b[1], x1: b[2], y1: b[3] };
        let _ = outline.is_plausible(&own);
        let covered = outline.covered(&own);
        prop_assert!((0.0..=1.0).contains(&covered));
        if let Some((o, t)) = outline.at(x, y) {
            prop_assert!((0.0..=255.0).contains(&o) && (0.0..=255.0).contains(&t));
        }
    }
}
