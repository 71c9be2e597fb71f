//! Drives roadside signs (DMS: dynamic message sign).
//!
//! [`Service`] has two halves, which know each other only over the topic `wayside.signs.v1`. `feed` reads
//! violations, travel times and, where a sign warns of people, observations; it writes messages, and every
//! few seconds that it is there. `show` reads that topic, from whoever writes it, asks one
//! [`wayside_signs::Arbiter`] a sign what is to be shown, and tells pages and adapters. `adapter` has the
//! trait [`Sign`] and [`SnmpSign`], NTCIP 1203 over SNMP. `pages` has the public page of each sign.
//!
//! Whatever dies, the sign goes blank: a feed by the silence of its messages, the whole service by the timer
//! of the sign and of the page, which are never told more than a message has left (SG-1).
//!
//! Deliberately absent: what a sign shows when (`wayside-signs`, pure), the address that pages listen on,
//! accounts (whoever stands before a sign may read it), pictures of anything, plates.

mod adapter;
mod board;
mod error;
mod feed;
mod options;
mod pages;
mod service;
mod show;
mod state;
mod tail;

pub use adapter::{NextWait, Sign, SignError, SnmpSign};
pub use board::Board;
pub use error::DmsError;
pub use options::{Options, SiteFile};
pub use service::{Service, Totals};
pub use state::{Lamps, SignState, Standing};
