//! From a session's events to the core's words.

use wayside_capture::live::{Ended, EndedWhy};
use wayside_live::Ended as Core;
use wayside_telemetry::DisconnectCause;

/// What the core makes of the end of a session.
pub(super) fn ended(ended: &Ended) -> Core {
    match ended.why {
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
        EndedWhy::NotFound | EndedWhy::Refused => DisconnectCause::Refused,
        EndedWhy::Undecodable | EndedWhy::Unsupported => DisconnectCause::Undecodable,
        EndedWhy::Closed => DisconnectCause::Ended,
        EndedWhy::Failed => DisconnectCause::Other,
    }
}
