//! What people and programs do at the desk, one file each.

mod admit;
mod back;
mod citations;
mod claim;
mod decide;
mod evidence;
mod issue;
mod known;
mod ledger;
mod look;
mod outbox;
mod plate;
mod retention;
mod status;
