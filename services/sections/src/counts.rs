//! What became of everything that came in.

use std::collections::BTreeMap;

use wayside_proto::Abstention;

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// It came before.
    Duplicate,
    /// Its end has said later things, by more than the allowed lateness.
    Late,
    /// It had expired when it came.
    Expired,
    /// Its time is more than an hour away from what its end said before.
    Clock,
    /// It belongs to another section.
    Stranger,
    /// More is held than may be.
    Overflow,
}

impl Refusal {
    /// Every cause, in the order of declaration.
    pub const ALL: [Self; 6] =
        [Self::Duplicate, Self::Late, Self::Expired, Self::Clock, Self::Stranger, Self::Overflow];

    /// Name in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Late => "late",
            Self::Expired => "expired",
            Self::Clock => "clock",
            Self::Stranger => "stranger",
            Self::Overflow => "overflow",
        }
    }
}

/// Counts of one section since the core began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Vehicles taken, at the entry and at the exit.
    pub vehicles: [u64; 2],
    /// Marks taken.
    pub marks: u64,
    /// Gaps: said by an end, left-out numbers, new runs.
    pub gaps: u64,
    /// Messages that were not taken.
    pub refused: BTreeMap<Refusal, u64>,
    /// Vehicles at the exit that were matched.
    pub matched: u64,
    /// Vehicles at the exit that were not.
    pub abstained: BTreeMap<Abstention, u64>,
    /// Violations.
    pub violations: u64,
    /// Voids.
    pub voids: u64,
}

impl Counts {
    pub(crate) fn refuse(&mut self, cause: Refusal) {
        *self.refused.entry(cause).or_default() += 1;
    }

    pub(crate) fn abstain(&mut self, cause: Abstention) {
        *self.abstained.entry(cause).or_default() += 1;
    }
}
