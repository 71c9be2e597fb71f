//! Live updates for many clients.
//!
//! [`Hub`] numbers what happens and keeps the newest of it in a ring that all clients share: each event is
//! serialised once. A [`Client`] has a place in the ring and nothing more, so that a client costs the same
//! however slow it is. It may be behind by [`BEHIND_MAX`] events or by [`BEHIND_S`] seconds, whichever is more;
//! beyond it is told how much it missed and goes on with the newest. One that comes back goes on where it
//! was, as long as the ring reaches back that far, and is told to start anew otherwise.
//!
//! Tracks and the clock are not numbered: of them only the newest counts. `beat` hands them out.
//!
//! Deliberately absent: what an event means, who may see it, HTTP.

mod client;
mod frame;
mod hub;
mod ring;
mod tracks;

pub use client::Client;
pub use hub::{BEHIND_MAX, BEHIND_S, Hub};
pub use ring::{RING_BYTES_MAX, RING_EVENTS_MAX};

pub(crate) use frame::frame;
