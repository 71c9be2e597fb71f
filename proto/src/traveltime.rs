//! How long vehicles take over a section: sums over vehicles, never one vehicle.

use crate::{EventTime, SectionId};

/// Matched vehicles below which no travel time is told: no single trip shows.
pub const TRAVEL_TIME_MATCHED_MIN: u32 = 3;

/// One window of one section.
#[derive(Clone, Debug, PartialEq)]
pub struct TravelTime {
    /// The section.
    pub section: SectionId,
    /// End of the window.
    pub time: EventTime,
    /// Length of the window, seconds.
    pub window_s: u32,
    /// Vehicles that left in the window and were matched with their entry.
    pub matched: u32,
    /// Vehicles that crossed the entry gate in the window.
    pub entered: u32,
    /// Vehicles that crossed the exit gate in the window.
    pub left: u32,
    /// Why the others that left were not matched, in order of cause. With `matched` they add up to
    /// `left`.
    pub abstained: Vec<(Abstention, u32)>,
    /// Seconds over the section; none where fewer than [`TRAVEL_TIME_MATCHED_MIN`] were matched.
    pub travel_time_s: Option<Spread>,
    /// Mean speed over the section, metres a second; none as above.
    pub mean_speed_ms: Option<Spread>,
}

/// How values lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Half of the values are below.
    pub median: f64,
    /// A quarter of them is below.
    pub lower_quartile: f64,
    /// A quarter of them is above.
    pub upper_quartile: f64,
}

/// Why a vehicle at the exit was not matched with one at the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Abstention {
    /// Nobody entered at a time that physics allows.
    NoCandidate,
    /// The most similar one is not similar enough.
    BelowSimilarity,
    /// Another one is nearly as similar.
    Ambiguous,
    /// The most similar entry is more similar to another exit.
    NotMutual,
    /// Passages may be missing at one of the ends.
    Gap,
    /// The two are of different classes.
    Class,
    /// The clock of a camera jumped.
    Clock,
    /// What it would have been matched with had expired.
    Expired,
    /// The index did not know what it should have known.
    Index,
    /// More vehicles than can be held.
    Overflow,
}

impl Abstention {
    /// Every cause, in the order of declaration.
    pub const ALL: [Self; 10] = [
        Self::NoCandidate,
        Self::BelowSimilarity,
        Self::Ambiguous,
        Self::NotMutual,
        Self::Gap,
        Self::Class,
        Self::Clock,
        Self::Expired,
        Self::Index,
        Self::Overflow,
    ];

    /// The cause's name in metrics and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoCandidate => "no_candidate",
            Self::BelowSimilarity => "below_similarity",
            Self::Ambiguous => "ambiguous",
            Self::NotMutual => "not_mutual",
            Self::Gap => "gap",
            Self::Class => "class",
            Self::Clock => "clock",
            Self::Expired => "expired",
            Self::Index => "index",
            Self::Overflow => "overflow",
        }
    }

    /// The cause with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == name)
    }
}
