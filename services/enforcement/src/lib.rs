//! Runs the rules over the event bus.
//!
//! [`Enforcer`] consumes `wayside.observations.v1` (and signal reports from `wayside.signals.v1`),
//! runs one [`wayside_rules::Engine`] per camera, and stores violations and voids in
//! `wayside.violations.v1`, each under its deterministic id, so that a redelivery stores nothing
//! twice (EV-1). Position and outcomes go into one transaction (BU-1). What cannot be read goes to
//! `wayside.deadletter.v1` with its origin and the error. A violation of a rule that stands down at its
//! camera (`wayside.standdowns.v1`) is stored as a void.
//!
//! **Order.** The observations of a camera are judged in the order of the log, each when the camera
//! has gone on by the allowed lateness, so that signals which come a little late count. Between
//! cameras there is no order. The outcomes of one judgement are stored in order of event time,
//! rule, track and place; those of a camera in order of judgement.
//!
//! **Restart.** No state is stored. Each commit says from where on observations are still needed
//! (`rewind`): [`MARGIN_S`] before the first instant that any living track remembers. After a
//! restart they are read and judged again with fresh engines, and what was decided before the
//! commit is not stored a second time. The result is that of a run without interruption, byte for
//! byte, with these exceptions, all of them counted in [`Totals`]: a track older than
//! [`Options::rewind_s_max`] is given up, and a camera that was silent for that long begins anew;
//! a signal report that comes later than the allowed lateness, or a stand-down that comes after the
//! judgement, may be known to a second judgement and not to the first, and the first one holds.
//!
//! `core` is pure: observations in, outcomes out. `camera`, `marks` and `cut` are its parts,
//! `enforcer` the shell around it that knows the bus, `letters` and `reports` read and write messages.
//!
//! Deliberately absent: the rules themselves, pictures, clocks, threads, `section_speed` (it needs
//! two cameras).

mod camera;
mod core;
mod cut;
mod enforcer;
mod error;
mod follow;
mod lane;
mod letters;
mod marks;
mod options;
mod progress;
mod reports;
mod sections;
mod sites;
mod standdowns;

pub use camera::MARGIN_S;
pub use enforcer::{Enforcer, GROUP};
pub use error::EnforceError;
pub use options::Options;
pub use progress::{Progress, Totals};
pub use sections::{
    SECTIONS_GROUP, SectionTotals, Sections, SectionsError, SectionsProgress, VECTOR_DIMENSION,
    has_sections,
};
