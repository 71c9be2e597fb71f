//! Eviction and times, without a camera.

use std::time::Instant;

use proptest::prelude::*;

use super::mux::times;
use super::*;
use crate::live::{Arrival, Codec, Packet};

const SECOND: i64 = 1_000_000;

fn unit(index: u64, key: bool, bytes: usize, size: u32) -> Unit {
    crate::elements::start().unwrap();
    Unit {
        index,
        rtp: 0,
        key,
        bytes,
        arrived: Arrival { wall: EventTime(0), mono: Instant::now() },
        dropped: None,
        packet: Packet::new(Codec::H264, size, 96, vec![0; bytes]).unwrap(),
    }
}

fn ring(window_s: u64, bytes_max: usize) -> Ring {
    Ring::new(RingLimits { window: Duration::from_secs(window_s), bytes_max })
}

/// One unit of 100 bytes a second, a key frame every `gop`.
fn filled(ring: &mut Ring, seconds: i64, gop: i64) {
    for n in 0..seconds {
        ring.push(EventTime(n * SECOND), &unit(n as u64, n % gop == 0, 100, 160));
    }
}

#[test]
fn the_window_is_kept_in_whole_groups() {
    let mut ring = ring(10, 1 << 20);
    filled(&mut ring, 38, 5);
    // 27 s is wanted, 25 s is the key frame before.
    assert_eq!(ring.span(), Some((EventTime(25 * SECOND), EventTime(37 * SECOND))));
    assert_eq!(ring.bytes(), 1300);
    assert_eq!(ring.stats(), RingStats::default());
}

#[test]
fn bytes_win_over_the_window() {
    let mut ring = ring(10, 700);
    filled(&mut ring, 38, 5);
    assert_eq!(ring.span(), Some((EventTime(35 * SECOND), EventTime(37 * SECOND))));
    assert!(ring.stats().groups_crowded_out > 0);
}

#[test]
fn a_group_larger_than_the_bound_is_let_go_whole() {
    let mut ring = ring(10, 350);
    filled(&mut ring, 9, 5);
    assert_eq!((ring.span(), ring.bytes()), (None, 0));
    assert_eq!(ring.stats().groups_oversized, 2);
    assert_eq!(ring.stats().units_refused, 1);
    ring.push(EventTime(9 * SECOND), &unit(9, true, 100, 160));
    assert_eq!(ring.bytes(), 100);
}

#[test]
fn lost_units_and_what_follows_them_are_not_kept() {
    let mut ring = ring(60, 1 << 20);
    for n in 0..10 {
        let mut unit = unit(n, n % 5 == 0, 100, 160);
        unit.dropped = match n {
            2 => Some(GapCause::Lost),
            7 => Some(GapCause::Overload),
            _ => None,
        };
        ring.push(EventTime(n as i64 * SECOND), &unit);
    }
    // 0, 1, then 5 to 9: what the decoder had no time for is whole.
    assert_eq!(ring.bytes(), 700);
    assert_eq!(ring.stats().units_refused, 3);
}

#[test]
fn a_clock_set_back_empties_the_ring() {
    let mut ring = ring(60, 1 << 20);
    filled(&mut ring, 20, 5);
    ring.push(EventTime(14 * SECOND), &unit(20, true, 100, 160));
    assert_eq!(ring.span(), Some((EventTime(14 * SECOND), EventTime(14 * SECOND))));
    assert_eq!(ring.stats().clock_set_back, 1);
}

#[test]
fn what_cannot_be_cut_is_said() {
    let at = |s: f64| EventTime::parse("2026-06-01T07:00:00Z").unwrap().plus_s(s);
    let mut ring = ring(3, 1 << 20);
    let mut text = vec![ring.select(at(0.0), at(1.0)).unwrap_err()];
    for n in 0..10 {
        ring.push(at(n as f64), &unit(n, true, 100, 160));
    }
    for (from, to) in [(5.5, 8.0), (9.5, 12.0), (8.0, 7.0)] {
        text.push(ring.select(at(from), at(to)).unwrap_err());
    }
    let text: Vec<String> = text.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn a_cut_holds_what_its_pictures_need() {
    let mut ring = ring(60, 1 << 20);
    // Order of decoding; 4 is shown before the key frame 5, and predicted from it.
    for (n, (time, key)) in
        [(0, true), (3, false), (1, false), (2, false), (5, true), (4, false), (6, false)]
            .iter()
            .enumerate()
    {
        ring.push(EventTime(time * SECOND), &unit(n as u64, *key, 100, 160));
    }
    let frames = |from: i64, to: i64| {
        ring.select(EventTime(from * SECOND), EventTime(to * SECOND)).unwrap().frames()
    };
    assert_eq!(frames(0, 0), 1);
    // 1, 3, which comes before it, and 2, which would be a hole.
    assert_eq!(frames(1, 1), 4);
    assert_eq!(frames(0, 4), 6);
    // 4 cannot be decoded without the group before.
    assert_eq!(frames(5, 5), 1);
    assert_eq!(frames(5, 6), 2);
    assert_eq!(frames(4, 6), 7);
}

#[test]
fn decoding_times_with_pictures_out_of_order() {
    let at = [0, 120, 40, 80, 160].map(|ms| EventTime(1_000 * ms));
    let found: Vec<(u64, u64)> =
        times(&at).iter().map(|t| (t.pts_us / 1000, t.dts_us / 1000)).collect();
    assert_eq!(found, [(40, 0), (160, 40), (80, 80), (120, 120), (200, 160)]);
    assert_eq!(times(&[]), []);
    assert_eq!(times(&at[..1])[0].duration_us, 40_000);
}

proptest! {
    #[test]
    fn decoding_times_are_valid(events in proptest::collection::vec(-1000i64..1000, 1..60)) {
        let events: Vec<EventTime> = events.into_iter().map(EventTime).collect();
        let times = times(&events);
        prop_assert_eq!(times.len(), events.len());
        prop_assert!(times.windows(2).all(|w| w[0].dts_us < w[1].dts_us));
        prop_assert!(times.iter().all(|t| t.dts_us <= t.pts_us && t.duration_us > 0));
        for (a, ta) in events.iter().zip(&times) {
            for (b, tb) in events.iter().zip(&times) {
                prop_assert!(a >= b || ta.pts_us < tb.pts_us);
            }
        }
    }

    #[test]
    fn the_bound_holds_and_cuts_begin_in_time(
        window in 1u64..20, bytes_max in 500usize..5_000,
        units in proptest::collection::vec((0u8..8, 1usize..400, -2i64..3, 0u8..20), 1..150),
    ) {
        let mut ring = ring(window, bytes_max);
        let mut keys = Vec::new();
        for (n, (kind, bytes, shift, lost)) in (0i64..).zip(units) {
            let key = kind == 0;
            let time = EventTime(n * SECOND + if key { 0 } else { shift * SECOND });
            let mut unit = unit(n as u64, key, bytes, 160);
            unit.dropped = (lost == 0).then_some(GapCause::Lost);
            if key && lost != 0 {
                keys.push(time);
            }
            ring.push(time, &unit);
            prop_assert!(ring.bytes() <= bytes_max);
            let Some((oldest, newest)) = ring.span() else { continue };
            prop_assert!(keys.contains(&oldest));
            let crowded = ring.stats().groups_crowded_out + ring.stats().groups_oversized > 0;
            prop_assert!(
                crowded || oldest == keys[0] || newest.since_s(oldest) >= window as f64
            );
            for from in [oldest, EventTime(oldest.0.midpoint(newest.0)), newest] {
                let cut = ring.select(from, newest).unwrap();
                prop_assert!(cut.frames() > 0);
                prop_assert!(cut.start().unwrap() <= from);
            }
        }
    }
}
