//! Why an act is refused, in sentences for the person who tried.

use wayside_proto::EventTime;

use crate::{Account, Actor, Reason};

/// An act that does not happen. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The role may not.
    #[error("{actor} may not {act}; this is for: {}", .allowed.join(", "))]
    NotAllowed {
        /// Who tried.
        actor: Actor,
        /// What, as a verb: "decide cases".
        act: &'static str,
        /// Roles that may.
        allowed: Vec<&'static str>,
    },
    /// Somebody was faster.
    #[error("the case was already decided by {by} at {at}")]
    AlreadyDecided {
        /// Who decided.
        by: Actor,
        /// When.
        at: EventTime,
    },
    /// The claim ran out.
    #[error("the claim expired at {until}; claim the case again")]
    ClaimExpired {
        /// Until when it held.
        until: EventTime,
    },
    /// The case is somebody else's for now.
    #[error("the case is claimed by {account} until {until}")]
    ClaimOfAnother {
        /// The account that holds it.
        account: Account,
        /// Until when.
        until: EventTime,
    },
    /// Nobody holds the case.
    #[error("the case is not claimed; claim it first")]
    NotClaimed,
    /// The same person again.
    #[error("{account} has already decided in this case; a second review is by somebody else")]
    OwnReview {
        /// The account.
        account: Account,
    },
    /// Two reviewers disagree.
    #[error("two reviewers disagree on this case; a senior decides, not {actor}")]
    NeedsSenior {
        /// Who tried.
        actor: Actor,
    },
    /// The decision cannot be undone any more.
    #[error("the decision could be undone until {until}; a citation is contested instead")]
    UndoTooLate {
        /// The end of the window.
        until: EventTime,
    },
    /// Somebody else's decision.
    #[error("the decision is {by}'s; it is undone by {by} or by a senior")]
    UndoOfAnother {
        /// Whose it is.
        by: Account,
    },
    /// The citation is not due yet.
    #[error("the decision can be undone until {until}; the citation is issued after that")]
    NotDue {
        /// The end of the window.
        until: EventTime,
    },
    /// The state does not have this step.
    #[error("cannot {act}: the case is {state}")]
    WrongState {
        /// What was tried, as a verb.
        act: &'static str,
        /// The state's name.
        state: &'static str,
    },
    /// The reason is not for reviewers.
    #[error("`{reason}` is not a reviewer's reason; the evidence service says it")]
    NotAReviewersReason {
        /// The reason.
        reason: Reason,
    },
    /// A text is too long or has control characters.
    #[error("the {what} is not a text of {min} to {max} bytes without control characters")]
    BadText {
        /// Which text.
        what: &'static str,
        /// Fewest bytes.
        min: usize,
        /// Most bytes.
        max: usize,
    },
    /// A citation's status that does not follow on what it is.
    #[error("the citation is {is}; `{wanted}` does not follow on that")]
    StatusDoesNotFollow {
        /// What it is.
        is: &'static str,
        /// What was reported.
        wanted: &'static str,
    },
    /// The clock is behind what is already recorded.
    #[error(
        "the clock says {now}, but an act of {last} is on record; set the clock right, acts up to {back_s_max} s back are taken"
    )]
    ClockBackwards {
        /// What the clock says.
        now: EventTime,
        /// The latest that is on record.
        last: EventTime,
        /// What is tolerated.
        back_s_max: u32,
    },
}
