//! What a roadside sign shows, and until when: the pure half of `wayside signs`.
//!
//! `message` makes messages: a [`Stimulus`] (something that happened, without who it happened to) meets
//! the entries of a [`SignPlan`], and a [`Composer`] gives texts out of [`Templates`]. `arbiter` decides
//! what a sign shows now: [`Arbiter`] takes messages and signs of life of their sources, and returns
//! [`Action`]s; each [`Show`] carries the instant at which the sign itself goes blank (SG-1). `multi`
//! builds, reads, checks and previews the markup of NTCIP 1203; `pictogram` has the drawings.
//!
//! **Markup.** The crate `ntcip` 0.15 (Minnesota Department of Transportation) renders MULTI, and its
//! parser is private: it neither builds nor reads markup, says nothing of what a sign permits, and has no
//! part for SNMP. It serves here as the judge of our own renderer: `tests/sign_markup.rs` holds both against
//! each other, lamp by lamp.
//!
//! Deliberately absent: clocks, sockets, disks, SNMP, HTTP (`wayside-dms` has them), and any place for a
//! picture, a plate, a vehicle, a track, a colour or a person in what a sign can show.

mod arbiter;
mod message;
pub mod multi;
mod pictogram;

pub use arbiter::{Action, Arbiter, Limits, MESSAGES_MAX, Refused, SOURCES_MAX, Show, Why};
pub use message::{
    Composed, Composer, PlanError, Sample, SignPlan, Stimulus, Template, TemplateError, Templates,
    Trigger, What,
};
pub use pictogram::pictogram_svg;
