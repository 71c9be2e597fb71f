//! Signs by the road, whatever they speak.

mod snmp;
mod wait;

use wayside_proto::EventTime;
use wayside_signs::Show;

pub use snmp::SnmpSign;
pub use wait::NextWait;

/// A sign that is told what to show. Calls wait for the sign, up to time-outs of their own; whoever calls
/// tries again.
pub trait Sign: Send {
    /// Where it is, for messages. No secret is in it.
    fn place(&self) -> String;

    /// Shows a message, and has the sign go blank by itself at the instant that is returned: never after
    /// `show.until`, whatever happens to this program.
    ///
    /// # Errors
    /// Where the sign does not answer or refuses. It may then show the message, what was there, or nothing;
    /// each ends by the sign's own timer.
    fn show(&mut self, show: &Show, now: EventTime) -> Result<EventTime, SignError>;

    /// Goes blank at once.
    ///
    /// # Errors
    /// Where the sign does not answer or refuses.
    fn blank(&mut self) -> Result<(), SignError>;

    /// The markup that it shows; none where it is blank.
    ///
    /// # Errors
    /// Where the sign does not answer.
    fn state(&mut self) -> Result<Option<String>, SignError>;
}

/// Why a sign does not do what it is told.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SignError {
    /// It does not answer.
    #[error(
        "{place} does not answer: {cause}\n  hint: look at its power, its network and its community or user"
    )]
    Silent {
        /// Where it is.
        place: String,
        /// What the network said.
        cause: String,
    },
    /// It refuses an object.
    #[error("{place} refuses {object}: {cause}")]
    Refused {
        /// Where it is.
        place: String,
        /// The name of the object.
        object: &'static str,
        /// What it said.
        cause: String,
    },
    /// It cannot be made to go blank by itself.
    #[error(
        "{place} cannot be told to go blank by itself ({object}: {cause}), so it is told nothing\n  hint: a sign that outlives its source would lie (SG-1); look at the firmware of its controller"
    )]
    NoTimer {
        /// Where it is.
        place: String,
        /// The name of the object.
        object: &'static str,
        /// What it said.
        cause: String,
    },
    /// The message ends before the sign's timer could end it.
    #[error("{place} counts minutes, and the message ends within {left_s:.0} s")]
    TooShort {
        /// Where it is.
        place: String,
        /// Seconds that are left.
        left_s: f64,
    },
}
