//! One file per rule.

pub(crate) mod box_junction;
pub(crate) mod crossing_yield;
pub(crate) mod dwell;
pub(crate) mod illegal_turn;
pub(crate) mod no_stopping;
pub(crate) mod red;
pub(crate) mod red_light;
pub(crate) mod reserved_lane;
pub(crate) mod stop_line;
pub(crate) mod wrong_way;

use wayside_proto::VoidCause;

use crate::scene::Reason;

/// How a track, or a place in it, came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The rule has seen what it needs.
    Seen,
    /// The vehicle went away from the place.
    Left,
    /// The track was not seen again.
    Lost,
    /// The recording ended, or was interrupted.
    Recording,
}

impl Ending {
    /// The reason to abstain that follows from it.
    pub(crate) fn reason(self) -> Option<Reason> {
        match self {
            Self::Seen | Self::Left => None,
            Self::Lost => {
                Some((VoidCause::TrackLost, "The track ended before the rule could decide.".into()))
            }
            Self::Recording => Some((
                VoidCause::RecordingEnded,
                "The recording ended before the rule could decide.".into(),
            )),
        }
    }
}
