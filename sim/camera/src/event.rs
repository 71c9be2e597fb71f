//! What happens at a camera, in short lines for people.

use std::fmt;
use std::net::SocketAddr;

use crate::faults::Fault;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A client's stream began.
    Joined {
        /// Number of its connection, from 1, never used again.
        client: u64,
        /// Its address.
        peer: SocketAddr,
        /// `TCP`, `TLS` or `UDP`.
        transport: &'static str,
    },
    /// A client's connection ended.
    Left {
        /// Number of its connection.
        client: u64,
        /// Its address.
        peer: SocketAddr,
        /// Why it ended.
        cause: String,
    },
    /// A request was refused: wrong password, unknown path, transport that is not served.
    Refused {
        /// Number of the connection.
        client: u64,
        /// Its address.
        peer: SocketAddr,
        /// Why.
        cause: String,
    },
    /// A fault began.
    FaultBegan {
        /// The fault.
        fault: Fault,
    },
    /// A fault is over.
    FaultOver {
        /// The fault.
        fault: Fault,
    },
    /// Something went wrong that nobody asked for.
    Trouble {
        /// What, and why.
        cause: String,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Joined { client, peer, transport } => {
                write!(f, "client {client} at {peer} plays over {transport}")
            }
            Self::Left { client, peer, cause } => {
                write!(f, "client {client} at {peer} left: {cause}")
            }
            Self::Refused { client, peer, cause } => {
                write!(f, "client {client} at {peer} was refused: {cause}")
            }
            Self::FaultBegan { fault } => write!(f, "fault: {fault}"),
            Self::FaultOver { fault } => write!(f, "fault over: {}", fault.kind.name()),
            Self::Trouble { cause } => write!(f, "trouble: {cause}"),
        }
    }
}
