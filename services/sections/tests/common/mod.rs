//! Messages of a section, and a driver that answers questions exactly.
#![allow(dead_code)]

pub mod pairs;
pub mod random;
pub mod traffic;

use wayside_proto::{
    CameraId, ClockSource, EventTime, Gap, GapCause, MotorVehicleClass, Passage, PassageContent,
    PassingVehicle, RunId, SectionEnd, SectionId, SiteId, TrackId,
};
use wayside_sections::{Action, Begin, SectionCore, Settings, SpeedRule, Step};

pub const START: i64 = 1_780_297_200_000_000;

/// The instant `seconds` after the start of the test.
pub fn at(seconds: f64) -> EventTime {
    EventTime(START).plus_s(seconds)
}

/// A section of 1000 m with a limit of 80 km/h, 60 for trucks.
pub fn settings() -> Settings {
    let ms = |kmh: f64| kmh / 3.6;
    Settings {
        section: SectionId::from("A1"),
        length_m: 1_000.0,
        length_sigma_m: 1.0,
        travel_time_us_min: 14_356_800,
        travel_time_us_max: 120_000_000,
        similarity_min: 0.75,
        margin_min: 0.1,
        lateness_us: 10_000_000,
        window_s: 60,
        rule: Some(SpeedRule {
            limit_ms: [ms(80.0), ms(60.0), ms(80.0), ms(80.0)],
            tolerance_ms: 0.0,
            similarity_min: 0.85,
            margin_min: 0.25,
            speeds_agree_share: 0.1,
            class_confidence_min: 0.6,
        }),
    }
}

/// A message without content.
pub fn message(end: SectionEnd, sequence: u64, seconds: f64) -> Passage {
    let camera = match end {
        SectionEnd::Entry => "north",
        SectionEnd::Exit => "south",
    };
    Passage {
        section: SectionId::from("A1"),
        end,
        site: SiteId::from("site"),
        camera: CameraId::from(camera),
        run: RunId::from("r1"),
        sequence,
        time: at(seconds),
        clock_source: ClockSource::Rtcp,
        clock_uncertainty_us: 10_000,
        expires: at(seconds + 600.0),
        content: PassageContent::Mark,
    }
}

pub fn vehicle(track: u64, speed_ms: f64, vector: Vec<f32>) -> PassingVehicle {
    PassingVehicle {
        track: TrackId(track),
        class: MotorVehicleClass::Car,
        class_confidence: 0.95,
        lane: Some("1".to_owned()),
        time_uncertainty_us: 30_000,
        speed_ms,
        speed_sigma_ms: 0.5,
        embedding: vector,
        looks: 3,
    }
}

pub fn gap(from: f64, to: f64) -> PassageContent {
    PassageContent::Gap(Gap { from: at(from), to: at(to), cause: GapCause::Lost, frames: 0 })
}

/// A vector of unit length in the direction of these numbers.
pub fn unit(numbers: &[f32]) -> Vec<f32> {
    let length = numbers.iter().map(|n| n * n).sum::<f32>().sqrt();
    numbers.iter().map(|n| n / length).collect()
}

/// What the core tells until it has nothing to do, without what is to be stored.
pub fn drain(core: &mut SectionCore) -> Vec<Action> {
    let mut told = Vec::new();
    while let Some(step) = core.poll() {
        match step {
            Step::Ask(question) => {
                let hits = core.exact_hits(&question);
                core.answer(&hits);
            }
            Step::Do(Action::Store(..)) => {}
            Step::Do(action) => told.push(action),
        }
    }
    told
}

/// Takes the messages, with their number as their place.
pub fn drive(core: &mut SectionCore, from: u64, messages: &[Passage]) -> Vec<Action> {
    let mut told = Vec::new();
    for (index, passage) in messages.iter().enumerate() {
        let _ = core.take(from + index as u64, passage.clone());
        told.extend(drain(core));
    }
    told
}

pub fn cold() -> SectionCore {
    SectionCore::new(settings(), Begin::Cold)
}
