//! One file per command.

pub mod bench;
pub mod doctor;
pub mod eval;
pub mod replay;
pub mod site;
