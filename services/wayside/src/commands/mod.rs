//! One file per command.

pub mod bench;
pub mod bus_args;
pub mod camera;
pub mod deadletter;
pub mod doctor;
pub mod enforce;
pub mod eval;
pub mod index_args;
pub mod models;
pub mod receipts;
pub mod replay;
pub mod run;
pub mod simulate;
pub mod site;
mod site_picture;
mod stored_bus;
pub mod topics;
pub mod whatif;
