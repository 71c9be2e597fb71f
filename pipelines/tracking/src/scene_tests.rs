//! The tracker as a whole on scenes whose truth is known.

use proptest::prelude::*;
use wayside_picture::Detection;
use wayside_proto::{BoxPx, EventTime, RoadUserClass, TrackState};

use crate::scene::{camera, car, detect, lanes};
use crate::{Tracker, TrackerConfig};

const NORTH: f64 = std::f64::consts::FRAC_PI_2;

fn tracker() -> Tracker {
    Tracker::new(camera(9.0), &lanes(), TrackerConfig::default())
}

/// Frames of one car whose middle is at `place(t)`, at `rate` frames a second.
fn drive(
    tracker: &mut Tracker,
    rate: f64,
    seconds: f64,
    heading: f64,
    place: impl Fn(f64) -> [f64; 2],
) -> Vec<(f64, Vec<TrackState>)> {
    let frames = (seconds * rate) as u32;
    (0..frames)
        .map(|frame| {
            let t = f64::from(frame) / rate;
            let seen = detect(&car(place(t), heading), RoadUserClass::Car, &camera(9.0));
            let seen: Vec<Detection> = seen.into_iter().collect();
            (t, tracker.step(EventTime(0).plus_s(t), &seen))
        })
        .collect()
}

#[test]
fn the_front_of_a_car_that_is_seen_from_behind_is_found_at_any_frame_rate() {
    for rate in [5.0, 12.5, 25.0] {
        let states = drive(&mut tracker(), rate, 4.0, NORTH, |t| [3.0, 18.0 + 10.0 * t]);
        let (t, last) = states.last().expect("frames");
        let [state] = last.as_slice() else { panic!("one car, {} tracks", last.len()) };
        let truth_m = 18.0 + 10.0 * t + 2.3;
        let sigma_m = state.front_cov_m2.sigma_along(0.0, 1.0);
        let off_m = (state.front_m[1] - truth_m).abs();
        assert!(off_m < 2.0 * sigma_m && off_m < 0.8, "{rate}: {off_m} {sigma_m}");
        assert!((state.speed_ms() - 10.0).abs() < 0.6, "{rate}: {}", state.speed_ms());
        assert!((state.heading_rad - NORTH).abs() < 0.1);
        assert!(states.iter().all(|(_, s)| s.iter().all(|s| s.id == state.id)));
    }
}

#[test]
fn a_standing_car_does_not_creep_and_its_start_is_noticed() {
    let start_s = 6.0;
    let place = |t: f64| {
        let driving = (t - start_s).max(0.0);
        [3.0, 30.0 + driving * driving]
    };
    let states = drive(&mut tracker(), 12.5, 8.0, NORTH, place);
    let at = |t: f64| states.iter().find(|(s, _)| *s >= t).expect("a frame").1[0];
    let crept_m = (at(2.0).front_m[1] - at(5.9).front_m[1]).abs();
    assert!(crept_m < 0.2, "{crept_m}");
    assert!(at(5.9).speed_ms() < 0.1, "{}", at(5.9).speed_ms());
    assert!(at(6.9).speed_ms() > 0.8, "{}", at(6.9).speed_ms());
}

#[test]
fn a_driver_against_the_lane_is_turned_round() {
    // Southwards in the northbound lane.
    let states = drive(&mut tracker(), 12.5, 4.0, -NORTH, |t| [3.0, 70.0 - 11.0 * t]);
    let last = states.last().expect("frames").1[0];
    assert!((last.heading_rad + NORTH).abs() < 0.15, "{}", last.heading_rad);
    assert!((last.velocity_ms[1] + 11.0).abs() < 1.0, "{:?}", last.velocity_ms);
}

#[test]
fn a_lost_car_coasts_and_ends_and_its_number_is_not_used_again() {
    let mut tracker = tracker();
    let before = drive(&mut tracker, 12.5, 2.0, NORTH, |t| [3.0, 25.0 + 8.0 * t]);
    let old = before.last().expect("frames").1[0];
    let soon = tracker.step(EventTime(2_400_000), &[]);
    assert_eq!(soon.len(), 1);
    assert!(!soon[0].measured && soon[0].confidence == 0.0);
    assert!(soon[0].front_m[1] > old.front_m[1] + 2.0);
    tracker.gap(EventTime(8_000_000));
    assert!(tracker.boxes().is_empty());
    let camera = camera(9.0);
    let seen = detect(&car([3.0, 30.0], NORTH), RoadUserClass::Car, &camera).expect("in view");
    let mut new = Vec::new();
    for frame in 0..4 {
        new = tracker.step(EventTime(8_100_000 + frame * 80_000), &[seen]);
    }
    assert_eq!(new.len(), 1);
    assert!(new[0].id > old.id);
}

#[test]
fn what_cannot_be_used_is_dropped_and_counted() {
    let mut tracker = tracker();
    let detection = |x0: f32, y0: f32, x1: f32, y1: f32, score: f32| Detection {
        class: RoadUserClass::Car,
        score,
        box_px: BoxPx { x0, y0, x1, y1 },
    };
    let bad = [
        detection(f32::NAN, 10.0, 20.0, 30.0, 0.9),
        detection(0.0, 10.0, f32::INFINITY, 30.0, 0.9),
        detection(50.0, 400.0, 50.0, 430.0, 0.9),
        detection(60.0, 400.0, 50.0, 430.0, 0.9),
        detection(10.0, 400.0, 50.0, 430.0, f32::NAN),
        detection(2000.0, 400.0, 2100.0, 430.0, 0.9),
        detection(600.0, 10.0, 650.0, 40.0, 0.9),
    ];
    assert!(tracker.step(EventTime(0), &bad).is_empty());
    assert_eq!((tracker.dropped().invalid, tracker.dropped().out_of_range), (6, 1));
    assert!(tracker.step(EventTime(0), &[]).is_empty());
    tracker.gap(EventTime(-5));
    assert_eq!(tracker.dropped().out_of_order, 2);
    let many = vec![detection(600.0, 400.0, 650.0, 440.0, 0.2); 600];
    tracker.step(EventTime(1), &many);
    assert_eq!(tracker.dropped().over_limit, 600 - 512);
}

fn any_detection() -> impl Strategy<Value = Detection> {
    let edge = prop_oneof![-200.0_f32..1500.0, Just(f32::NAN), Just(f32::INFINITY), Just(0.0)];
    let size = prop_oneof![10.0_f32..300.0, Just(0.0), Just(-5.0), Just(f32::NAN)];
    (0_usize..6, 0.0_f32..1.0, edge, 300.0_f32..800.0, size, 10.0_f32..300.0).prop_map(
        |(class, score, x0, y0, w, h)| Detection {
            class: RoadUserClass::ALL[class],
            score,
            box_px: BoxPx { x0, y0, x1: x0 + w, y1: y0 + h },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_boxes_give_sound_states(
        frames in prop::collection::vec(prop::collection::vec(any_detection(), 0..6), 1..6),
        steps in prop::collection::vec(1_i64..2_000_000, 6),
    ) {
        let mut tracker = tracker();
        let mut time = 0;
        for (frame, step) in frames.iter().zip(&steps) {
            // The same boxes three times, so that tracks are confirmed.
            for repeat in 1..=3 {
                time += step / repeat;
                for state in tracker.step(EventTime(time), frame) {
                    let c = state.front_cov_m2;
                    prop_assert!(c.xx > 0.0 && c.yy > 0.0 && c.xx * c.yy > c.xy * c.xy);
                    let v = state.velocity_cov_m2s2;
                    prop_assert!(v.xx >= 0.0 && v.yy >= 0.0);
                    prop_assert!(state.front_m.iter().all(|m| m.is_finite()));
                    prop_assert!(state.heading_rad.abs() <= std::f64::consts::PI + 1e-9);
                    prop_assert!(state.length_m > 0.0 && state.width_m > 0.0);
                }
            }
            tracker.gap(EventTime(time + step / 2));
            time += step / 2;
        }
    }

    #[test]
    fn the_order_of_detections_does_not_matter(
        places in prop::collection::vec((-12.0_f64..12.0, 18.0_f64..60.0), 2..7),
        turn in 1_usize..6,
    ) {
        let (mut straight, mut shuffled) = (tracker(), tracker());
        for frame in 0..6 {
            let moved = 0.6 * f64::from(frame);
            let mut seen: Vec<Detection> = places
                .iter()
                .filter_map(|&(x, y)| {
                    detect(&car([x, y + moved], NORTH), RoadUserClass::Car, &camera(9.0))
                })
                .collect();
            let time = EventTime(i64::from(frame) * 80_000);
            let one = straight.step(time, &seen);
            let by = turn % seen.len().max(1);
            seen.rotate_left(by);
            seen.reverse();
            prop_assert_eq!(one, shuffled.step(time, &seen));
            prop_assert_eq!(straight.boxes(), shuffled.boxes());
        }
    }

    #[test]
    fn a_known_car_is_recovered(x in -3.5_f64..3.5, y in 20.0_f64..45.0) {
        // Alone on its lane, seen for two seconds, driving at 6 m/s.
        let lane_x = if x > 0.0 { 3.0 } else { -3.0 } + x / 7.0;
        let (heading, way) = if x > 0.0 { (NORTH, 1.0) } else { (-NORTH, -1.0) };
        let start = if way > 0.0 { y } else { y + 14.0 };
        let place = |t: f64| [lane_x, start + way * 6.0 * t];
        let states = drive(&mut tracker(), 12.5, 2.0, heading, place);
        let (t, last) = states.last().expect("frames");
        prop_assert_eq!(last.len(), 1);
        let state = last[0];
        let truth = [place(*t)[0], place(*t)[1] + way * 2.3];
        let off = [state.front_m[0] - truth[0], state.front_m[1] - truth[1]];
        let sigma = state.front_cov_m2;
        prop_assert!(off[0].abs() < 0.7 && off[0].abs() < 3.0 * sigma.sigma_along(1.0, 0.0));
        prop_assert!(off[1].abs() < 1.2 && off[1].abs() < 3.0 * sigma.sigma_along(0.0, 1.0));
        prop_assert!(state.measured && state.class == RoadUserClass::Car);
    }
}
