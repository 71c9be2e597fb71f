//! The stream of one client: packets, reports, and when each is due.

mod player;
mod report;
mod sdp;
mod transport;

pub(crate) use player::{Packet, Player, Timing};
pub(crate) use sdp::sdp;
pub(crate) use transport::{Offer, Transport, offers};
