//! What may happen to a violation between its evidence and its citation.
//!
//! A case is a value of type [`Case<S>`], and `S` is its state. Each step consumes the case and gives the
//! next one, so a step that the state does not have cannot be written down (CT-1):
//!
//! ```text
//! Queued -> Claimed -> Queued (second review, senior review)
//!              |    -> Approved -> Issued -> (contested) Queued -> Claimed -> Issued (upheld)
//!              |          `-> Queued (undone)                         `-> Voided (withdrawn)
//!              |    -> Rejected
//!              `----> SentBack -> Queued
//! ```
//!
//! A [`wayside_proto::Citation`] comes from [`Case<Approved>`] and from [`Case<Voided>`] alone, and an
//! approved case comes from [`Case<Claimed>::decide`] alone, which a person with a claim calls.
//!
//! ```compile_fail,E0599
//! # use wayside_cases::{Case, Queued};
//! fn nobody_has_decided(case: Case<Queued>) {
//!     case.issue(wayside_proto::EventTime(0)); // only an approved case has `issue`
//! }
//! ```
//!
//! ```compile_fail,E0599
//! # use wayside_cases::{Case, Rejected};
//! fn rejected_is_final(case: Case<Rejected>) {
//!     case.issue(wayside_proto::EventTime(0));
//! }
//! ```
//!
//! ```compile_fail,E0599
//! # use wayside_cases::{Case, Issued, Actor, UNDO};
//! fn issued_is_not_undone(case: Case<Issued>, actor: &Actor) {
//!     case.undo(actor, wayside_proto::EventTime(0)); // it can be contested
//! }
//! ```
//!
//! ```compile_fail,E0382
//! # use wayside_cases::{Case, Approved};
//! fn issued_once(case: Case<Approved>) {
//!     let _ = case.issue(wayside_proto::EventTime(0));
//!     let _ = case.issue(wayside_proto::EventTime(0)); // the first took the case
//! }
//! ```
//!
//! ```compile_fail,E0451
//! # use wayside_cases::Approval;
//! # fn account() -> wayside_cases::Account { unimplemented!() }
//! fn nobody_writes_an_approval(at: wayside_proto::EventTime) -> Approval {
//!     Approval { reviewer: account(), second: None, at, note: String::new() } // private fields
//! }
//! ```
//!
//! Beside the states: who may do what ([`Role`]), reasons of rejection ([`Reason`]), the sample for a
//! second review and known cases ([`sample`]), agreement of reviewers ([`agreement`]), the error ledger
//! ([`ledger`]), retention ([`retention`]), and what holds for clocks ([`clock`]).
//!
//! Deliberately absent: a clock, a database, chance, plates, and a decision without a person.

mod account;
pub mod agreement;
mod case;
pub mod clock;
mod id;
pub mod ledger;
mod policy;
mod reason;
mod refused;
pub mod retention;
pub mod sample;
mod subject;
mod vote;
pub mod wilson;

pub use account::{Account, AccountError, Actor, Role};
pub use case::{
    AnyCase, Approved, Case, CitationEvent, Claim, Claimed, Contested, Damaged, Issue, Issued,
    Next, Progress, Queued, Rejected, SentBack, Stored, StoredState, Voided,
};
pub use id::{CaseId, ClaimToken};
pub use policy::{Policy, PolicyError};
pub use reason::Reason;
pub use refused::Refused;
pub use subject::{NotACase, Subject};
pub use vote::{Approval, Ballot, Decision, Review, Stage, Vote};
