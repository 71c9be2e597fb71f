//! What signal groups showed, and when: from a controller's log, from lamps seen on camera, or both.
//!
//! `history` merges the sources and answers by event time, `csv` and `jsonl` read a log, `error`
//! says what is wrong with one.

mod csv;
mod error;
mod history;
mod jsonl;
mod rows;

pub use csv::read_csv;
pub use error::SignalFileError;
pub use history::{SignalHistory, Span};
pub use jsonl::read_jsonl;
pub use rows::ROWS_MAX;

use wayside_proto::{EventTime, SignalColour};

/// Where a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignalSource {
    /// The controller's log, or a message of the controller.
    Log,
    /// The lamp as a camera saw it.
    Lamp,
}

/// A signal group shows a state from this instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalRecord {
    /// From when.
    pub time: EventTime,
    /// The group.
    pub group: String,
    /// What it shows.
    pub state: SignalColour,
    /// Who says so.
    pub source: SignalSource,
}

/// A state that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The state.
    pub state: SignalColour,
    /// The instant of the change to it; none where it was in force before the first record.
    pub since: Option<EventTime>,
    /// The first record of it: `since`, or the first record of all.
    pub recorded: EventTime,
}

/// Why a state is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownCause {
    /// There is no record of the group at or before the instant.
    NoRecord,
    /// The last record is older than `state_s_max`.
    Expired,
    /// Two sources say different things.
    Disagreement,
}

impl UnknownCause {
    /// The cause as the end of a sentence about the signal group.
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Self::NoRecord => "has no record at or before the instant",
            Self::Expired => "has no record that is recent enough",
            Self::Disagreement => "is reported differently by the log and by the lamps",
        }
    }
}

/// What a group showed at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalAt {
    /// A state.
    Known(Known),
    /// Not known.
    Unknown(UnknownCause),
}

impl SignalAt {
    /// The state, where it is known.
    #[must_use]
    pub fn known(self) -> Option<Known> {
        match self {
            Self::Known(known) => Some(known),
            Self::Unknown(_) => None,
        }
    }

    /// Whether it is known to be `state`.
    #[must_use]
    pub fn is(self, state: SignalColour) -> bool {
        self.known().is_some_and(|known| known.state == state)
    }
}
