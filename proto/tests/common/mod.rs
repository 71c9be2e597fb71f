//! Messages out of thin air, for property tests.
#![allow(dead_code)]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use wayside_proto::convert::{QUANTITY_NAMES, RULE_NAMES};
use wayside_proto::{
    BoxPx, CameraId, ClockSource, Content, Covariance2, EventTime, Gap, GapCause,
    MotorVehicleClass, Observation, Outcome, OutcomeId, Quantity, RoadUserClass, RunId, Signal,
    SignalColour, SiteId, TrackId, TrackState, Unit, Verdict, VoidCause,
};

pub fn id() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_-]{1,20}"
}

/// Names of runs and places: anything printable, quotes and backslashes too.
pub fn name() -> impl Strategy<Value = String> {
    "[ -~äß路]{1,20}"
}

pub fn time() -> impl Strategy<Value = EventTime> {
    (-2_000_000_000_000_000_i64..4_000_000_000_000_000).prop_map(EventTime)
}

fn covariance() -> impl Strategy<Value = Covariance2> {
    (0.0..9.0, -3.0..3.0, 0.0..9.0).prop_map(|(xx, xy, yy)| Covariance2 { xx, xy, yy })
}

fn box_px() -> impl Strategy<Value = BoxPx> {
    (-10.0..2_000_f32, -10.0..2_000_f32, 0.0..500_f32, 0.0..500_f32)
        .prop_map(|(x0, y0, w, h)| BoxPx { x0, y0, x1: x0 + w, y1: y0 + h })
}

fn track() -> impl Strategy<Value = TrackState> {
    let seen = (
        proptest::sample::select(&RoadUserClass::ALL[..]),
        0.0..=1.0_f32,
        0.0..=1.0_f32,
        option::of(box_px()),
        any::<bool>(),
    );
    let road = (
        [-500.0..500.0, -500.0..500.0],
        covariance(),
        -3.1..3.1,
        0.0..1.0,
        [-30.0..30.0, -30.0..30.0],
        covariance(),
        [0.1..20.0, 0.1..3.0],
    );
    (seen, road).prop_map(|(seen, road)| TrackState {
        id: TrackId(0),
        class: seen.0,
        class_confidence: seen.1,
        confidence: seen.2,
        box_px: seen.3,
        measured: seen.4,
        front_m: road.0,
        front_cov_m2: road.1,
        heading_rad: road.2,
        heading_sigma_rad: road.3,
        velocity_ms: road.4,
        velocity_cov_m2s2: road.5,
        length_m: road.6[0],
        width_m: road.6[1],
    })
}

fn content() -> impl Strategy<Value = Content> {
    let causes = [
        GapCause::Lost,
        GapCause::Stalled,
        GapCause::Undecodable,
        GapCause::Overload,
        GapCause::StoodDown,
    ];
    let cause = proptest::sample::select(causes.to_vec());
    let gap =
        (time(), 0_i64..9_000_000, cause, any::<u32>()).prop_map(|(from, span, cause, frames)| {
            Content::Gap(Gap { from, to: EventTime(from.0 + span), cause, frames })
        });
    let tracks = (vec((track(), 1_u64..1_000), 0..12), any::<bool>()).prop_map(|(steps, still)| {
        let mut last = 0;
        let tracks = steps
            .into_iter()
            .map(|(track, step)| {
                last += step;
                TrackState { id: TrackId(last), ..track }
            })
            .collect();
        Content::Tracks { tracks, skipped_still: still }
    });
    prop_oneof![1 => gap, 6 => tracks]
}

pub fn observation() -> impl Strategy<Value = Observation> {
    let sources = vec![ClockSource::Recording, ClockSource::Rtcp, ClockSource::Arrival];
    let head = (id(), id(), name(), any::<u64>(), time(), proptest::sample::select(sources));
    (head, any::<u32>(), content()).prop_map(|(head, clock_uncertainty_us, content)| Observation {
        site: SiteId(head.0),
        camera: CameraId(head.1),
        run: RunId(head.2),
        sequence: head.3,
        time: head.4,
        clock_source: head.5,
        clock_uncertainty_us,
        content,
    })
}

fn quantities() -> impl Strategy<Value = Vec<Quantity>> {
    let units = vec![Unit::Second, Unit::Metre, Unit::MetrePerSecond];
    let one = (
        -1e4..1e4_f64,
        option::of(0.0..10.0_f64),
        option::of(0.0..10.0_f64),
        proptest::sample::select(units),
    );
    (proptest::sample::subsequence(QUANTITY_NAMES.to_vec(), 0..4), vec(one, 4)).prop_map(
        |(names, values)| {
            names
                .into_iter()
                .zip(values)
                .map(|(name, (value, below, above, unit))| Quantity {
                    name,
                    value,
                    low: below.map(|below| value - below),
                    high: above.map(|above| value + above),
                    unit,
                })
                .collect()
        },
    )
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let void = (proptest::sample::select(&VoidCause::ALL[..]), "\\PC{0,40}")
        .prop_map(|(cause, detail)| Verdict::Void { cause, detail });
    prop_oneof![Just(Verdict::Violation), void]
}

pub fn outcome() -> impl Strategy<Value = Outcome> {
    let classes = vec![
        MotorVehicleClass::Car,
        MotorVehicleClass::Truck,
        MotorVehicleClass::Bus,
        MotorVehicleClass::Motorcycle,
    ];
    let states = vec![SignalColour::Red, SignalColour::Yellow, SignalColour::Green];
    let signal = (name(), proptest::sample::select(states), option::of(time()))
        .prop_map(|(group, state, since)| Signal { group, state, since });
    let who = (id(), id(), name(), any::<u64>(), proptest::sample::select(classes));
    let what = (
        "[0-9a-f]{32}",
        proptest::sample::select(&RULE_NAMES[..]),
        1_u32..9,
        time(),
        name(),
        option::of(name()),
        option::of(name()),
    );
    (who, what, quantities(), option::of(signal), verdict()).prop_map(
        |(who, what, quantities, signal, verdict)| Outcome {
            id: OutcomeId(what.0),
            rule: what.1,
            rule_version: what.2,
            site: SiteId(who.0),
            camera: CameraId(who.1),
            run: RunId(who.2),
            track: TrackId(who.3),
            class: who.4,
            event_time: what.3,
            place: what.4,
            approach: what.5,
            lane: what.6,
            quantities,
            signal,
            verdict,
        },
    )
}
