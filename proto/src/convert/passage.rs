//! `wayside.v1.Passage`.

use super::ConvertError;
use super::check::{self, Checked, wrong};
use super::observation::{
    class_from_wire, clock_source_from_wire, clock_source_to_wire, gap_cause_from_wire,
    gap_cause_to_wire,
};
use crate::{
    CameraId, EventTime, Gap, MotorVehicleClass, PassageContent, PassingVehicle, RoadUserClass,
    RunId, SectionEnd, SectionId, SiteId, TrackId, wire,
};
use crate::{Passage, wire::passage::Content};

/// Numbers that an embedding may have.
pub const EMBEDDING_DIMENSIONS_MAX: usize = 1_024;
/// How far the length of an embedding may be from 1, for arithmetic of single precision.
pub const EMBEDDING_LENGTH_TOLERANCE: f64 = 1e-3;
/// Longest life of a passage, seconds.
pub const PASSAGE_LIFE_S_MAX: i64 = 3_600;
/// No road vehicle is faster, metres a second.
const SPEED_MS_MAX: f64 = 150.0;

impl TryFrom<&Passage> for wire::Passage {
    type Error = ConvertError;

    fn try_from(passage: &Passage) -> Checked<Self> {
        let content = match &passage.content {
            PassageContent::Vehicle(vehicle) => Content::Vehicle(vehicle_to_wire(vehicle)),
            PassageContent::Mark => Content::Mark(wire::PassageMark {}),
            PassageContent::Gap(gap) => Content::Gap(wire::Gap {
                from_us: gap.from.0,
                to_us: gap.to.0,
                cause: gap_cause_to_wire(gap.cause).into(),
                frames: gap.frames,
            }),
        };
        let end = match passage.end {
            SectionEnd::Entry => wire::SectionEnd::Entry,
            SectionEnd::Exit => wire::SectionEnd::Exit,
        };
        let message = Self {
            section: passage.section.0.clone(),
            end: end.into(),
            site: passage.site.0.clone(),
            camera: passage.camera.0.clone(),
            run: passage.run.0.clone(),
            sequence: passage.sequence,
            time_us: passage.time.0,
            clock_source: clock_source_to_wire(passage.clock_source).into(),
            clock_uncertainty_us: passage.clock_uncertainty_us,
            expires_us: passage.expires.0,
            content: Some(content),
        };
        // The same path as a reader's, so that what is written can be read.
        Passage::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::Passage> for Passage {
    type Error = ConvertError;

    fn try_from(message: wire::Passage) -> Checked<Self> {
        check::id("section", &message.section)?;
        let end = match wire::SectionEnd::try_from(message.end) {
            Ok(wire::SectionEnd::Entry) => SectionEnd::Entry,
            Ok(wire::SectionEnd::Exit) => SectionEnd::Exit,
            Ok(wire::SectionEnd::Unspecified) | Err(_) => {
                return Err(wrong("end", message.end, "an end of a section, 1 or 2"));
            }
        };
        check::id("site", &message.site)?;
        check::id("camera", &message.camera)?;
        check::name("run", &message.run)?;
        let time = check::time("time_us", message.time_us)?;
        let clock_source = clock_source_from_wire(message.clock_source)?;
        let expires = check::time("expires_us", message.expires_us)?;
        let life = expires.0.saturating_sub(time.0);
        if life <= 0 || life > PASSAGE_LIFE_S_MAX * 1_000_000 {
            let expected = format!("after time_us, and at most {PASSAGE_LIFE_S_MAX} s after it");
            return Err(wrong("expires_us", expires.0, expected));
        }
        let content = match message.content {
            Some(Content::Vehicle(vehicle)) => PassageContent::Vehicle(vehicle_from_wire(vehicle)?),
            Some(Content::Mark(wire::PassageMark {})) => PassageContent::Mark,
            Some(Content::Gap(gap)) => PassageContent::Gap(gap_from_wire(&gap, time)?),
            None => return Err(wrong("content", "nothing", "a vehicle, a mark or a gap")),
        };
        Ok(Self {
            section: SectionId(message.section),
            end,
            site: SiteId(message.site),
            camera: CameraId(message.camera),
            run: RunId(message.run),
            sequence: message.sequence,
            time,
            clock_source,
            clock_uncertainty_us: message.clock_uncertainty_us,
            expires,
            content,
        })
    }
}

fn vehicle_to_wire(vehicle: &PassingVehicle) -> wire::PassingVehicle {
    wire::PassingVehicle {
        track: vehicle.track.0,
        class: wire::RoadUserClass::from(RoadUserClass::from(vehicle.class)).into(),
        class_confidence: vehicle.class_confidence,
        lane: vehicle.lane.clone().unwrap_or_default(),
        time_uncertainty_us: vehicle.time_uncertainty_us,
        speed_ms: vehicle.speed_ms,
        speed_sigma_ms: vehicle.speed_sigma_ms,
        embedding: vehicle.embedding.clone(),
        looks: vehicle.looks,
    }
}

fn vehicle_from_wire(message: wire::PassingVehicle) -> Checked<PassingVehicle> {
    let class = class(message.class)?;
    check::share("vehicle.class_confidence", message.class_confidence)?;
    let lane = match message.lane {
        lane if lane.is_empty() => None,
        lane => {
            check::name("vehicle.lane", &lane)?;
            Some(lane)
        }
    };
    check::not_negative("vehicle.speed_ms", message.speed_ms)?;
    if message.speed_ms > SPEED_MS_MAX {
        let expected = format!("a speed on a road, at most {SPEED_MS_MAX} m/s");
        return Err(wrong("vehicle.speed_ms", message.speed_ms, expected));
    }
    check::not_negative("vehicle.speed_sigma_ms", message.speed_sigma_ms)?;
    embedding(&message.embedding)?;
    if message.looks == 0 {
        return Err(wrong("vehicle.looks", 0, "the number of crops, 1 or more"));
    }
    Ok(PassingVehicle {
        track: TrackId(message.track),
        class,
        class_confidence: message.class_confidence,
        lane,
        time_uncertainty_us: message.time_uncertainty_us,
        speed_ms: message.speed_ms,
        speed_sigma_ms: message.speed_sigma_ms,
        embedding: message.embedding,
        looks: message.looks,
    })
}

/// Motor vehicles only: nobody else has a passage.
fn class(number: i32) -> Checked<MotorVehicleClass> {
    let class = class_from_wire("vehicle.class", number)?;
    class.motor_vehicle().ok_or_else(|| {
        wrong("vehicle.class", class.as_str(), "a motor vehicle; nobody else has a passage")
    })
}

fn embedding(vector: &[f32]) -> Checked {
    let count = vector.len();
    if count == 0 || count > EMBEDDING_DIMENSIONS_MAX {
        let expected = format!("1 to {EMBEDDING_DIMENSIONS_MAX} numbers");
        return Err(wrong("vehicle.embedding", format!("{count} numbers"), expected));
    }
    for (index, value) in vector.iter().enumerate() {
        check::finite(&format!("vehicle.embedding[{index}]"), f64::from(*value))?;
    }
    let length = vector.iter().map(|v| f64::from(*v) * f64::from(*v)).sum::<f64>().sqrt();
    if (length - 1.0).abs() > EMBEDDING_LENGTH_TOLERANCE {
        let value = format!("a vector of length {length:.4}");
        return Err(wrong("vehicle.embedding", value, "one of length 1"));
    }
    Ok(())
}

fn gap_from_wire(message: &wire::Gap, time: EventTime) -> Checked<Gap> {
    let from = check::time("gap.from_us", message.from_us)?;
    let to = check::time("gap.to_us", message.to_us)?;
    if to < from {
        return Err(wrong("gap.to_us", to.0, "at or after gap.from_us"));
    }
    if to > time {
        return Err(wrong("gap.to_us", to.0, "at or before time_us"));
    }
    let cause = gap_cause_from_wire("gap.cause", message.cause)?;
    Ok(Gap { from, to, cause, frames: message.frames })
}
