//! Any passage and any travel time that keeps the contract.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use wayside_proto::{
    Abstention, ClockSource, EventTime, Gap, GapCause, MotorVehicleClass, Passage, PassageContent,
    PassingVehicle, RunId, SectionEnd, SectionId, SiteId, Spread, TrackId, TravelTime,
};

fn embedding() -> impl Strategy<Value = Vec<f32>> {
    vec(-1.0..1.0_f32, 1..80).prop_filter_map("no direction", |mut numbers| {
        let length = numbers.iter().map(|n| n * n).sum::<f32>().sqrt();
        (length > 0.1).then(|| {
            numbers.iter_mut().for_each(|n| *n /= length);
            numbers
        })
    })
}

fn content() -> impl Strategy<Value = PassageContent> {
    let classes = vec![
        MotorVehicleClass::Car,
        MotorVehicleClass::Truck,
        MotorVehicleClass::Bus,
        MotorVehicleClass::Motorcycle,
    ];
    let vehicle = (
        any::<u64>(),
        proptest::sample::select(classes),
        0.0..=1.0_f32,
        option::of(super::common::name()),
        any::<u32>(),
        0.0..90.0_f64,
        0.0..9.0_f64,
        embedding(),
        1..9_u32,
    )
        .prop_map(
            |(
                track,
                class,
                class_confidence,
                lane,
                time_uncertainty_us,
                speed,
                sigma,
                embedding,
                looks,
            )| {
                PassageContent::Vehicle(PassingVehicle {
                    track: TrackId(track),
                    class,
                    class_confidence,
                    lane,
                    time_uncertainty_us,
                    speed_ms: speed,
                    speed_sigma_ms: sigma,
                    embedding,
                    looks,
                })
            },
        );
    let gap = (0..9_000_000_i64, 0..9_000_000_i64).prop_map(|(before, length)| {
        let to = EventTime(-before);
        PassageContent::Gap(Gap {
            from: EventTime(to.0 - length),
            to,
            cause: GapCause::Stalled,
            frames: 3,
        })
    });
    prop_oneof![4 => vehicle, 1 => Just(PassageContent::Mark), 1 => gap]
}

/// Any sound one.
pub fn passage() -> impl Strategy<Value = Passage> {
    let head = (
        super::common::id(),
        proptest::sample::select(SectionEnd::ALL.to_vec()),
        super::common::id(),
        super::common::id(),
        super::common::name(),
        any::<u64>(),
    );
    (head, super::common::time(), any::<u32>(), 1..3_600_000_000_i64, content()).prop_map(
        |(head, time, clock_uncertainty_us, life, content)| Passage {
            section: SectionId(head.0),
            end: head.1,
            site: SiteId(head.2),
            camera: head.3.as_str().into(),
            run: RunId(head.4),
            sequence: head.5,
            time,
            clock_source: ClockSource::Rtcp,
            clock_uncertainty_us,
            expires: EventTime(time.0 + life),
            content: match content {
                PassageContent::Gap(gap) => PassageContent::Gap(Gap {
                    from: EventTime(time.0 + gap.from.0),
                    to: EventTime(time.0 + gap.to.0),
                    ..gap
                }),
                other => other,
            },
        },
    )
}

fn spread() -> impl Strategy<Value = Spread> {
    (0.0..900.0_f64, 0.0..9.0_f64, 0.0..9.0_f64).prop_map(|(low, up, further)| Spread {
        lower_quartile: low,
        median: low + up,
        upper_quartile: low + up + further,
    })
}

/// Any sound one.
pub fn travel_time() -> impl Strategy<Value = TravelTime> {
    let causes = proptest::sample::subsequence(Abstention::ALL.to_vec(), 0..5);
    let counts = (0..400_u32, any::<u32>(), vec(0..90_u32, 5));
    (super::common::id(), super::common::time(), 1..3_600_u32, counts, causes, spread(), spread())
        .prop_map(
            |(section, time, window_s, (matched, entered, counts), causes, seconds, speed)| {
                let abstained: Vec<_> = causes.into_iter().zip(counts).collect();
                TravelTime {
                    section: SectionId(section),
                    time,
                    window_s,
                    matched,
                    entered,
                    left: matched + abstained.iter().map(|(_, count)| count).sum::<u32>(),
                    abstained,
                    travel_time_s: (matched >= 3).then_some(seconds),
                    mean_speed_ms: (matched >= 3).then_some(speed),
                }
            },
        )
}
