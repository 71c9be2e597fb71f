//! The topics. They are fixed: a name that nobody knows is a mistake.

use std::fmt;

/// A sequence of records of one kind. Names, keys and values are those of the Kafka topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// What cameras saw, keyed by camera.
    Observations,
    /// Vehicles that pass an end of a section, keyed by section.
    Passages,
    /// States of signal groups, keyed by site.
    Signals,
    /// Violations and voids, keyed by site.
    Violations,
    /// Sealed evidence packages, keyed by site and violation.
    Evidence,
    /// Issued citations, keyed by site and violation.
    Citations,
    /// Messages of roadside signs, keyed by sign.
    Signs,
    /// How cameras do, keyed by camera.
    Health,
    /// What could not be read, keyed by the topic that it came from.
    DeadLetter,
    /// Travel times of sections, keyed by section.
    TravelTimes,
    /// Receipts of deletions, keyed by what was deleted from.
    Receipts,
    /// Rules of cameras that stand down after too many errors, keyed by camera.
    StandDowns,
}

impl Topic {
    /// Every topic, in the order of declaration; new ones come last.
    pub const ALL: [Self; 12] = [
        Self::Observations,
        Self::Passages,
        Self::Signals,
        Self::Violations,
        Self::Evidence,
        Self::Citations,
        Self::Signs,
        Self::Health,
        Self::DeadLetter,
        Self::TravelTimes,
        Self::Receipts,
        Self::StandDowns,
    ];

    /// The full name, with the version of the messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Observations => "wayside.observations.v1",
            Self::Passages => "wayside.passages.v1",
            Self::Signals => "wayside.signals.v1",
            Self::Violations => "wayside.violations.v1",
            Self::Evidence => "wayside.evidence.v1",
            Self::Citations => "wayside.citations.v1",
            Self::Signs => "wayside.signs.v1",
            Self::Health => "wayside.health.v1",
            Self::DeadLetter => "wayside.deadletter.v1",
            Self::TravelTimes => "wayside.traveltimes.v1",
            Self::Receipts => "wayside.receipts.v1",
            Self::StandDowns => "wayside.standdowns.v1",
        }
    }

    /// Whether its records stay, however old they are: a decision of a person, a receipt, and what the
    /// rules must find again when they judge again.
    #[must_use]
    pub fn stays(self) -> bool {
        matches!(self, Self::Citations | Self::Receipts | Self::StandDowns)
    }

    /// The topic with this full name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// Place in [`Topic::ALL`].
    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// Name of its table.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Observations => "observations",
            Self::Passages => "passages",
            Self::Signals => "signals",
            Self::Violations => "violations",
            Self::Evidence => "evidence",
            Self::Citations => "citations",
            Self::Signs => "signs",
            Self::Health => "health",
            Self::DeadLetter => "deadletter",
            Self::TravelTimes => "traveltimes",
            Self::Receipts => "receipts",
            Self::StandDowns => "standdowns",
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_places_and_tables_belong_together() {
        for (place, topic) in Topic::ALL.into_iter().enumerate() {
            assert_eq!(topic.index(), place);
            assert_eq!(Topic::parse(topic.name()), Some(topic));
            assert_eq!(topic.name(), format!("wayside.{}.v1", topic.table()));
        }
        assert_eq!(Topic::parse("observations"), None);
    }
}
