//! Which motor vehicles pass the end of a section, when, and when it is worth looking at them.
//!
//! [`Gates`] takes the observations of one camera in order and returns [`Action`]s: look at a vehicle
//! in the picture of this very frame ([`Look`], to be answered by [`Gates::looked`]), or publish what
//! an end of a section has to say (a passage, a mark, a gap). Only vehicles near a gate are looked at,
//! at most [`LOOKS_MAX`] times, and what was seen of one that does not pass is dropped with its track.
//! A vehicle that passed without a good look cannot be matched: the end then says that a passage may
//! be missing (a gap as long as the crossing is uncertain), so that nobody takes another for it.
//!
//! Files: `gate` has the geometry, `watch` follows one track at one gate, `looks` chooses the looks,
//! `end` is one end of a section, `passed` says who has passed it, `words` whatever else it says, `gates`
//! puts them together.
//!
//! Deliberately absent: pictures and models (whoever drives it has them; a vector is an
//! [`Appearance`], opaque here), clocks, disks; people and bicycles, which no [`Look`] can name, and
//! motorcycles, which show a person (PV-3);
//! anything that outlives the track of a vehicle.

mod action;
mod end;
mod gate;
mod gates;
mod looks;
mod passed;
mod watch;
mod words;

pub use action::{Action, Appearance, Counted, Counts, Look, Refusal, Unmatchable};
pub use gates::Gates;
pub use looks::LOOKS_MAX;
