//! Who moves on one arm, exactly.
//!
//! `path` has the ways, `mover` who is on them, `driver` how a vehicle gathers speed and brakes,
//! `arrivals` who comes next, `judge` which rules the exact motion breaks, `arm` moves it all on.

mod arm;
mod arrivals;
mod driver;
mod judge;
mod mover;
mod path;

pub(crate) use arm::Arm;
pub(crate) use judge::Broken;
pub(crate) use mover::Mover;
pub(crate) use path::Path;
