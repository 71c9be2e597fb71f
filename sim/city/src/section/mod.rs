//! Sections: stretches of road between two sites of a pair, and the vehicles that drive over them.
//!
//! `plan` says where a section is, `looks` what vehicles look like, `stream` drives them. They are
//! vehicles of their own, beside those of the junctions' traffic, so that sites stay independent of each
//! other; their tracks have ids that the junctions' never reach.

mod looks;
mod plan;
mod stream;

pub(crate) use plan::GATE_OUT_M;
pub use plan::SectionPlan;
pub use stream::SectionStream;
