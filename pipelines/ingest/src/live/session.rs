//! From a session's events to the core's words.

use std::time::Duration;

use wayside_capture::live::{Ended, EndedWhy};
use wayside_live::Ended as Core;
use wayside_telemetry::DisconnectCause;

/// What the core makes of the end of a session that was open for `open`, where `connect_max` was the
/// longest that the camera could take until its first packet.
pub(super) fn ended(ended: &Ended, open: Duration, connect_max: Duration) -> Core {
    match ended.why {
        // Nobody is soon found not to be there; this one said nothing.
        EndedWhy::Unreachable if open >= connect_max => Core::Mute,
        EndedWhy::Unreachable | EndedWhy::Closed | EndedWhy::Failed => Core::Gone,
        EndedWhy::Unauthorized | EndedWhy::NotFound | EndedWhy::Refused | EndedWhy::Unsupported => {
            Core::Refused
        }
        EndedWhy::Undecodable => Core::Undecodable,
    }
}

/// What the metrics make of it.
pub(super) fn cause(ended: &Ended) -> DisconnectCause {
    match ended.why {
        EndedWhy::Unreachable => DisconnectCause::Unreachable,
        EndedWhy::Unauthorized => DisconnectCause::Unauthorised,
        EndedWhy::NotFound => DisconnectCause::NotFound,
        EndedWhy::Refused => DisconnectCause::Refused,
        EndedWhy::Undecodable => DisconnectCause::Undecodable,
        EndedWhy::Unsupported => DisconnectCause::Unsupported,
        EndedWhy::Closed => DisconnectCause::Ended,
        EndedWhy::Failed => DisconnectCause::Other,
    }
}
