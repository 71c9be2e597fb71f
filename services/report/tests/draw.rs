//! What is drawn, and what must not go wrong while drawing.

mod common;

use common::{grey, site, track};
use proptest::prelude::*;
use wayside_picture::Picture;
use wayside_proto::{RoadUserClass, SignalColour, TrackId, TrackState};
use wayside_report::{Annotator, Banner, FrameNotes, Severity, draw_site};

fn annotate(picture: &mut Picture, tracks: &[TrackState], banners: &[Banner], seconds: &[f64]) {
    let site = site("Small junction");
    let mut annotator = Annotator::new(&site, "north").expect("a camera");
    let signals = [("A".to_owned(), Some(SignalColour::Red)), ("B".to_owned(), None)];
    for second in seconds {
        let time = site.start().plus_s(*second);
        annotator.annotate(picture, &FrameNotes { time, tracks, signals: &signals, banners });
    }
}

/// Luma samples that differ in a part of the picture.
fn changed(a: &Picture, b: &Picture, x: std::ops::Range<u32>, y: std::ops::Range<u32>) -> usize {
    let index = |x: u32, y: u32| (y * a.width + x) as usize;
    let places = y.flat_map(|y| x.clone().map(move |x| (x, y)));
    places.filter(|&(x, y)| a.y[index(x, y)] != b.y[index(x, y)]).count()
}

#[test]
fn an_unknown_camera_is_named() {
    let error = Annotator::new(&site("s"), "south").err().expect("an error");
    insta::assert_snapshot!(error, @"site `small` has no camera `south`; it has `north`");
}

#[test]
fn a_vehicle_is_drawn_where_it_is() {
    let (mut with, mut without) = (grey(1280, 720), grey(1280, 720));
    annotate(&mut with, &[track(12, RoadUserClass::Car, [0.0, 30.0])], &[], &[0.0]);
    annotate(&mut without, &[], &[], &[0.0]);
    assert!(changed(&with, &without, 560..720, 380..640) > 2000);
    // Nothing else of the road changes.
    assert_eq!(changed(&with, &without, 0..400, 100..720), 0);
    assert_eq!(changed(&with, &without, 880..1280, 100..720), 0);
}

#[test]
fn vehicles_behind_the_camera_and_odd_numbers_are_skipped() {
    let mut odd = vec![
        track(1, RoadUserClass::Car, [0.0, -30.0]),
        track(2, RoadUserClass::Truck, [0.0, -1.83]),
        track(3, RoadUserClass::Car, [f64::NAN, 30.0]),
        track(4, RoadUserClass::Car, [f64::INFINITY, 30.0]),
        track(5, RoadUserClass::Car, [1e300, 1e300]),
    ];
    odd.push(TrackState { length_m: f64::NAN, ..track(6, RoadUserClass::Car, [0.0, 30.0]) });
    let (mut with, mut without) = (grey(1280, 720), grey(1280, 720));
    annotate(&mut with, &odd, &[], &[0.0, 0.1]);
    annotate(&mut without, &[], &[], &[0.0, 0.1]);
    assert!(with == without, "something was drawn");
}

#[test]
fn a_banner_stays_for_three_seconds_and_no_longer() {
    let banner = Banner {
        text: "red light: car 12".to_owned(),
        severity: Severity::Violation,
        track: Some(TrackId(12)),
    };
    let site = site("Small junction");
    let shown = |second: f64| {
        let mut annotator = Annotator::new(&site, "north").expect("a camera");
        let mut picture = grey(1280, 720);
        let banners = std::slice::from_ref(&banner);
        for (time, banners) in [(0.0, banners), (second, &[][..])] {
            picture = grey(1280, 720);
            let time = site.start().plus_s(time);
            let notes = FrameNotes { time, tracks: &[], signals: &[], banners };
            annotator.annotate(&mut picture, &notes);
        }
        let mut bare = grey(1280, 720);
        annotate_plain(&site, &mut bare, second);
        changed(&picture, &bare, 0..400, 28..80) > 0
    };
    assert!(shown(2.9));
    assert!(!shown(3.1));
    // Time that jumps back begins anew.
    assert!(!shown(-1.0));
}

fn annotate_plain(site: &wayside_site::Site, picture: &mut Picture, second: f64) {
    let mut annotator = Annotator::new(site, "north").expect("a camera");
    let time = site.start().plus_s(second);
    let notes = FrameNotes { time, tracks: &[], signals: &[], banners: &[] };
    annotator.annotate(picture, &notes);
}

#[test]
fn a_person_is_a_dot_without_a_name() {
    let (mut with, mut without) = (grey(1280, 720), grey(1280, 720));
    annotate(&mut with, &[track(12, RoadUserClass::Person, [0.0, 30.0])], &[], &[0.0]);
    annotate(&mut without, &[], &[], &[0.0]);
    let drawn = changed(&with, &without, 0..1280, 0..720);
    assert!((5..120).contains(&drawn), "{drawn} samples");
}

#[test]
fn the_site_is_drawn_over_any_picture() {
    let site = site("Small junction");
    for (width, height) in [(2, 2), (640, 352), (1280, 720), (16, 900)] {
        let drawn = draw_site(&site, "north", &grey(width, height));
        assert!(drawn.width() >= 1280 && drawn.height() > height, "{width} by {height}");
    }
    let known = draw_site(&site, "north", &grey(1280, 720));
    let unknown = draw_site(&site, "south", &grey(1280, 720));
    assert_ne!(known, unknown);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_picture_and_no_track_is_too_odd(
        half in (0u32..90, 0u32..70),
        tracks in prop::collection::vec(
            (0u64..9, 0usize..6, -60.0f64..60.0, -20.0f64..120.0, -4.0f64..4.0, 0.0f64..30.0), 0..12),
        text in ".{0,40}",
    ) {
        let tracks: Vec<_> = tracks.into_iter().map(|(id, class, x, y, heading_rad, length_m)| {
            let class = RoadUserClass::ALL[class];
            TrackState { heading_rad, length_m, ..track(id, class, [x, y]) }
        }).collect();
        let banner = Banner { text, severity: Severity::Warning, track: Some(TrackId(3)) };
        let mut picture = grey(half.0 * 2, half.1 * 2);
        annotate(&mut picture, &tracks, &[banner], &[0.0, 0.5, 9.0]);
        prop_assert_eq!(picture.y.len() as u32, half.0 * half.1 * 4);
    }
}

#[test]
fn planes_of_the_wrong_length_do_not_panic() {
    let mut picture = grey(64, 48);
    picture.y = std::sync::Arc::new(vec![7; 11]);
    picture.u = std::sync::Arc::new(Vec::new());
    annotate(&mut picture, &[track(1, RoadUserClass::Car, [0.0, 30.0])], &[], &[0.0]);
    assert_eq!(picture.y.len(), 11);
    assert_eq!(draw_site(&site("s"), "north", &picture).width(), 1280);
}
