//! What the desk refuses, and what can go wrong with its database.

use wayside_cases::{CaseId, Damaged, NotACase, PolicyError, Refused};
use wayside_plates::VaultError;
use wayside_proto::convert::FrameProblem;
use wayside_proto::{CitationId, OutcomeId};

use crate::AuditError;

/// Why an act did not happen. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The rules of a case refuse it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// What was admitted is no case.
    #[error(transparent)]
    NotACase(#[from] NotACase),
    /// Nothing has this id.
    #[error("there is no case {case}")]
    UnknownCase {
        /// The id.
        case: CaseId,
    },
    /// Nothing has this id.
    #[error("there is no citation {citation}")]
    UnknownCitation {
        /// The id.
        citation: CitationId,
    },
    /// Its content is gone.
    #[error("the content of case {case} was erased: {class}")]
    Erased {
        /// The case.
        case: CaseId,
        /// Which retention class took it, or that its evidence failed.
        class: String,
    },
    /// It is not yet time.
    #[error("case {case} is {state}: its retention has not ended, nothing was erased")]
    Retained {
        /// The case.
        case: CaseId,
        /// Its state.
        state: String,
    },
    /// An approval without a plate.
    #[error(
        "an approval needs the plate that the reviewer has read; reject as plate_not_legible where none can be"
    )]
    PlateNeeded,
    /// The plate is not where it would be printed.
    #[error(
        "the {what} contains the plate; it is kept apart and encrypted, leave it out of the text"
    )]
    PlateInText {
        /// Which text.
        what: &'static str,
    },
    /// A contested citation is upheld with another plate.
    #[error(
        "the plate differs from the one that the citation rests on; withdraw it as wrong_vehicle, or read again"
    )]
    PlateDiffers,
    /// No plate is kept.
    #[error("no plate is kept for citation {citation}")]
    NoPlate {
        /// The citation.
        citation: CitationId,
    },
    /// The citation does not hold any more.
    #[error("citation {citation} is voided; its plate is not given out")]
    Voided {
        /// The citation.
        citation: CitationId,
    },
    /// No master key.
    #[error("plates cannot be kept or read: the desk was opened without master keys")]
    NoVault,
    /// The vault refuses.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A reference stands for one report.
    #[error(
        "reference `{reference}` of citation {citation} was `{before}` before; give a new reference to `{now}`"
    )]
    ReferenceReused {
        /// The citation.
        citation: CitationId,
        /// The reference.
        reference: String,
        /// What was reported under it.
        before: String,
        /// What is reported now.
        now: &'static str,
    },
    /// A rule that does not stand down cannot be put back.
    #[error("rule {rule} of camera {camera} at {site} does not stand down")]
    NotStoodDown {
        /// The junction.
        site: String,
        /// The camera.
        camera: String,
        /// The rule.
        rule: String,
    },
    /// It is a known case already.
    #[error("violation {violation} is a known case already")]
    KnownAlready {
        /// The violation.
        violation: OutcomeId,
    },
    /// A setting is out of range.
    #[error("settings of review: {0}")]
    Policy(#[from] PolicyError),
    /// A setting cannot be.
    #[error("settings of the desk: {0}")]
    Setting(String),
    /// A message breaks the contract.
    #[error("a message cannot be kept: {0}")]
    Message(#[from] FrameProblem),
    /// Every connection is in use.
    #[error("the database is busy: no connection was free for {waited_ms} ms; try again")]
    Busy {
        /// How long was waited.
        waited_ms: u64,
    },
    /// The database cannot be opened.
    #[error("{place}: the database cannot be opened: {cause}")]
    Open {
        /// File, or host and name of the database; never a password.
        place: String,
        /// What it said.
        cause: String,
    },
    /// The tables cannot be brought to this version.
    #[error("{place}: tables cannot be brought to this version: {cause}")]
    Migration {
        /// File, or host and name of the database.
        place: String,
        /// What went wrong.
        cause: String,
    },
    /// The database refused or was lost. Where the commit itself was lost, the act may have happened:
    /// acts can be repeated safely.
    #[error("the database failed while {doing}: {cause}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What it said.
        cause: String,
        /// Whether trying again can help: a deadlock, or a connection that was lost.
        again: bool,
    },
    /// What is stored cannot be read.
    #[error("the database holds {what} that cannot be read: {problem}")]
    Stored {
        /// What it is.
        what: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// A stored case contradicts itself.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// The audit log is broken.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// A test stopped the act here.
    #[error("interrupted by a test")]
    Interrupted,
}

/// What an error means to a caller, for a status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// There is no such thing.
    NotFound,
    /// There was, and its content is gone.
    Gone,
    /// The role may not.
    Forbidden,
    /// The state does not allow it (now).
    Conflict,
    /// The request itself is wrong.
    Invalid,
    /// Try again.
    Busy,
    /// It is not the caller's fault.
    Internal,
}

impl DeskError {
    /// What it means to a caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownCase { .. } | Self::UnknownCitation { .. } | Self::NoPlate { .. } => {
                ErrorKind::NotFound
            }
            Self::Erased { .. } | Self::Voided { .. } => ErrorKind::Gone,
            Self::Refused(Refused::NotAllowed { .. } | Refused::NeedsSenior { .. }) => {
                ErrorKind::Forbidden
            }
            Self::Refused(Refused::BadText { .. } | Refused::NotAReviewersReason { .. })
            | Self::NotACase(_)
            | Self::PlateNeeded
            | Self::PlateInText { .. }
            | Self::Message(_) => ErrorKind::Invalid,
            Self::Refused(Refused::ClockBackwards { .. }) => ErrorKind::Internal,
            Self::Refused(_)
            | Self::Retained { .. }
            | Self::PlateDiffers
            | Self::ReferenceReused { .. }
            | Self::NotStoodDown { .. }
            | Self::KnownAlready { .. } => ErrorKind::Conflict,
            Self::Busy { .. } => ErrorKind::Busy,
            Self::Database { again, .. } if *again => ErrorKind::Busy,
            _ => ErrorKind::Internal,
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, DeskError>;
