//! One file per command.

pub mod bench;
pub mod bus_args;
pub mod camera;
pub mod deadletter;
pub mod desk_args;
pub mod doctor;
pub mod enforce;
pub mod eval;
pub mod evidence;
pub mod index_args;
pub mod keys;
pub mod models;
pub mod receipts;
pub mod replay;
pub mod retention;
pub mod review;
pub mod run;
pub mod simulate;
pub mod site;
mod site_picture;
pub mod store_args;
mod stored_bus;
pub mod topics;
pub mod verify;
pub mod whatif;
