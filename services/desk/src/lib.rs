//! Where cases, decisions, citations and the audit log are kept: SQLite or PostgreSQL.
//!
//! [`Desk`] is a handle that threads share. Each act names its [`wayside_cases::Actor`] and the time, runs
//! in one transaction, and appends to the audit log in the same one: what is not in the log has
//! not happened. Which act a state allows is decided by `wayside-cases`; this crate puts a case together
//! from its rows, takes the step, and stores what came of it.
//!
//! Calls block, and those to PostgreSQL bring a runtime of their own: from async code call them on a thread
//! for blocking work (`tokio::task::spawn_blocking`).
//!
//! Deliberately absent: a clock (times are passed in), HTTP, the bus (see `outbox_take`), packages, a
//! plate in the clear, any way to change the audit log.

mod acts;
mod audit;
mod desk;
mod error;
mod options;
mod rows;
mod sql;
mod types;

pub use audit::{AuditEntry, AuditError, AuditProblem, AuditSummary};
pub use desk::Desk;
pub use error::{DeskError, ErrorKind};
#[doc(hidden)]
pub use options::Interrupt;
pub use options::{CONNECTIONS_MAX, DeskOptions, PostgresTls};
pub use types::{
    Admitted, AgreementReport, CaseView, CitationView, ClaimFilter, ClaimedCase, Decided, Erased,
    EvidenceView, KnownResult, KnownScore, Outbox, OutboxId, OutboxTopic, QueueCounts, StatusTaken,
    Step, ToDelete,
};
