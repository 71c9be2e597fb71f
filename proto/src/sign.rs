//! What a roadside sign is to show. Deliberately absent: a picture, a plate, a vehicle, a track, a colour,
//! anything about a person.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{EventTime, SignId, SiteId};

/// What a source says about a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignMessage {
    /// The junction.
    pub site: SiteId,
    /// The sign, unique among all sites that share a bus.
    pub sign: SignId,
    /// Who says so.
    pub source: String,
    /// When the source said so, by its clock.
    pub time: EventTime,
    /// What it says.
    pub content: SignContent,
}

/// What a source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignContent {
    /// This is to be shown.
    Text(SignText),
    /// The source is there.
    Alive,
}

/// One message of a sign. It has no form without an expiry (SG-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignText {
    /// The same for the same message, however often it comes.
    pub id: SignMessageId,
    /// What it is about: a newer message of its source with the same slot takes its place.
    pub slot: String,
    /// 1 to 255; the highest is shown.
    pub priority: u8,
    /// From when it holds.
    pub not_before: EventTime,
    /// When it ends: this instant does not belong to it.
    pub expires: EventTime,
    /// The text, line by line.
    pub lines: Vec<String>,
    /// The same in MULTI, the markup of NTCIP 1203; empty where the sign is a page.
    pub multi: String,
    /// A drawing beside the text.
    pub pictogram: Option<SignPictogram>,
}

/// Name of a message: 32 digits in lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignMessageId(pub String);

impl SignMessageId {
    /// The name of what this sign is to show in this slot from then on: the first half of a SHA-256. Two
    /// programs that come to the same conclusion give the same name.
    #[must_use]
    pub fn of(site: &SiteId, sign: &SignId, slot: &str, not_before: EventTime) -> Self {
        let mut digest = Sha256::new();
        for part in [site.as_str(), sign.as_str(), slot, &not_before.0.to_string()] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        let digest = digest.finalize();
        Self(digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Display for SignMessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Drawings, the only pictures that a sign can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignPictogram {
    /// Somebody on a crossing, as on the traffic sign.
    PedestrianCrossing,
    /// A signal head that shows red.
    RedLight,
    /// No entry.
    WrongWay,
    /// Vehicles behind one another.
    Queue,
    /// A clock.
    Clock,
}

impl SignPictogram {
    /// Every one, in the order of declaration.
    pub const ALL: [Self; 5] =
        [Self::PedestrianCrossing, Self::RedLight, Self::WrongWay, Self::Queue, Self::Clock];

    /// Its name in files and lines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PedestrianCrossing => "pedestrian_crossing",
            Self::RedLight => "red_light",
            Self::WrongWay => "wrong_way",
            Self::Queue => "queue",
            Self::Clock => "clock",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pictogram| pictogram.as_str() == name)
    }
}
