//! A vehicle at one end of a section.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{
    CameraId, ClockSource, EventTime, Gap, MotorVehicleClass, RunId, SectionId, SiteId, TrackId,
};

/// What one end of a section has to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// The section.
    pub section: SectionId,
    /// Which of its gates.
    pub end: SectionEnd,
    /// The junction whose camera sees the gate.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// The run of the worker.
    pub run: RunId,
    /// Number of the message within end, camera and run, from 0. A number that is left out is a gap.
    pub sequence: u64,
    /// Of a vehicle: when its front crossed the gate. Of a mark: the instant up to which all was
    /// said. Of a gap: its last instant or later.
    pub time: EventTime,
    /// Where capture instants come from.
    pub clock_source: ClockSource,
    /// Half-width of the 95% interval of the camera's clock, microseconds.
    pub clock_uncertainty_us: u32,
    /// From this instant on the message must be nowhere any more.
    pub expires: EventTime,
    /// What there is to say.
    pub content: PassageContent,
}

/// The gates of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionEnd {
    /// By which vehicles come into the section.
    Entry,
    /// By which they leave it.
    Exit,
}

impl SectionEnd {
    /// Both ends, in the order of travel.
    pub const ALL: [Self; 2] = [Self::Entry, Self::Exit];

    /// Name in files and indexes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Exit => "exit",
        }
    }

    /// The end with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.as_str() == name)
    }

    /// The other end.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Entry => Self::Exit,
            Self::Exit => Self::Entry,
        }
    }
}

/// What a message of one end says.
#[derive(Clone, Debug, PartialEq)]
pub enum PassageContent {
    /// A motor vehicle crossed the gate.
    Vehicle(PassingVehicle),
    /// This end has said everything up to the message's time.
    Mark,
    /// Passages may be missing in this span.
    Gap(Gap),
}

/// A motor vehicle whose front crossed a gate. There is no place for a person: the class has no
/// such variant (PV-3).
#[derive(Clone, Debug, PartialEq)]
pub struct PassingVehicle {
    /// The track.
    pub track: TrackId,
    /// The class voted over the track.
    pub class: MotorVehicleClass,
    /// Share of that class in the vote, 0 to 1.
    pub class_confidence: f32,
    /// Lane, where one is known.
    pub lane: Option<String>,
    /// Half-width of the 95% interval of the crossing within the camera's own time, microseconds;
    /// the clock's comes on top.
    pub time_uncertainty_us: u32,
    /// Along the road at the gate, metres a second, 0 or more.
    pub speed_ms: f64,
    /// Standard deviation of that.
    pub speed_sigma_ms: f64,
    /// How the vehicle looks: 1 to 1024 numbers of unit length. Serves the travel time over this
    /// section and nothing else.
    pub embedding: Vec<f32>,
    /// Crops that the embedding is the mean of, 1 or more.
    pub looks: u32,
}

/// Deterministic id of a vehicle's passage: the first 16 bytes of a SHA-256 over what makes it one
/// passage. As a number or as a UUID it names the passage in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PassageId(pub [u8; 16]);

impl PassageId {
    /// The id of the passage of `track` at `time`.
    #[must_use]
    pub fn derive(
        section: &SectionId,
        end: SectionEnd,
        site: &SiteId,
        camera: &CameraId,
        run: &RunId,
        track: TrackId,
        time: EventTime,
    ) -> Self {
        let mut hash = Sha256::new();
        let parts = [section.as_str(), end.as_str(), site.as_str(), camera.as_str(), run.as_str()];
        for part in parts {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(track.0.to_be_bytes());
        hash.update(time.0.to_be_bytes());
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        Self(id)
    }

    /// The id as the number of a UUID.
    #[must_use]
    pub fn as_u128(self) -> u128 {
        u128::from_be_bytes(self.0)
    }

    /// The id as a UUID of version 8 (RFC 9562: 122 bits of the maker's own).
    #[must_use]
    pub fn to_uuid(self) -> String {
        let id = self.as_u128() & !(0xf << 76) & !(0x3 << 62) | (0x8 << 76) | (0x2 << 62);
        let part = |from: u32, digits: usize| {
            let value = (id >> from) & ((1 << (4 * digits)) - 1);
            format!("{value:0digits$x}")
        };
        [part(96, 8), part(80, 4), part(64, 4), part(48, 4), part(0, 12)].join("-")
    }
}

impl fmt::Display for PassageId {
    /// 32 digits in lower-case hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.as_u128())
    }
}

impl Passage {
    /// The id of the vehicle's passage; none of a mark or gap.
    #[must_use]
    pub fn id(&self) -> Option<PassageId> {
        let track = self.vehicle()?.track;
        Some(PassageId::derive(
            &self.section,
            self.end,
            &self.site,
            &self.camera,
            &self.run,
            track,
            self.time,
        ))
    }

    /// The vehicle, where the message is about one.
    #[must_use]
    pub fn vehicle(&self) -> Option<&PassingVehicle> {
        match &self.content {
            PassageContent::Vehicle(vehicle) => Some(vehicle),
            PassageContent::Mark | PassageContent::Gap(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(run: &str, track: u64) -> PassageId {
        let section = SectionId::from("A1");
        let (site, camera, run) = (SiteId::from("s"), CameraId::from("c"), RunId::from(run));
        let end = SectionEnd::Entry;
        PassageId::derive(&section, end, &site, &camera, &run, TrackId(track), EventTime(7))
    }

    #[test]
    fn ids_depend_on_every_part() {
        assert_eq!(id("r", 1), id("r", 1));
        assert_ne!(id("r", 1), id("r", 2));
        assert_ne!(id("r", 1), id("q", 1));
        assert_eq!(id("r", 1).to_string().len(), 32);
    }

    #[test]
    fn uuids_are_of_version_8() {
        let uuid = PassageId([0xff; 16]).to_uuid();
        assert_eq!(uuid, "ffffffff-ffff-8fff-bfff-ffffffffffff");
        let uuid = PassageId([0; 16]).to_uuid();
        assert_eq!(uuid, "00000000-0000-8000-8000-000000000000");
    }
}
