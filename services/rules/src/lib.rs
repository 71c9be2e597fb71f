//! Recognises violations in observations and signal phases: the pure heart of Wayside.
//!
//! [`Engine`] takes one camera's [`wayside_proto::Observation`]s in order of event time, joins them
//! with a [`signals::SignalHistory`], and returns [`wayside_proto::Outcome`]s: violations, and voids
//! with their cause. `rules` has one file per rule; `lines` says when a front crosses a stop line,
//! `leaps` when a track may have
//! passed from one vehicle to another, `standing` when a vehicle stands, `queue` when it waits for others; `counts` holds what is only
//! counted. [`catalogue`] lists the rules with their versions and quantities.
//!
//! Every time is event time; the same input gives the same outcomes, byte by byte (EV-2). A window
//! with a gap yields no violation (EV-3); a quantity whose interval straddles its limit voids
//! (EV-4). Memory is bounded, and a state costs the same with 10 tracks as with 10,000.
//!
//! Deliberately absent: clocks, disks, sockets, randomness, hash-ordered iteration, pixels, any
//! violation of a person or a bicycle ([`wayside_proto::MotorVehicleClass`] has no such variant),
//! `section_speed` (it needs two cameras: crate `wayside-sections`) and `spot_speed` (advisory).

mod bounds;
mod catalogue;
mod counts;
mod engine;
mod gaps;
mod hours;
mod inherit;
mod lanes;
mod leaps;
mod lines;
mod map;
mod queue;
mod rules;
mod scene;
pub mod signals;
mod standing;
mod track;

pub use catalogue::{RuleInfo, SECTION_SPEED, catalogue};
pub use counts::{Counts, FlowCount, LaneOccupancy, PedestrianCount, StopLineCount};
pub use engine::Engine;
