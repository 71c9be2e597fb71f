//! What goes into the core of deliveries and what comes out.

use std::sync::Arc;

use wayside_bus::{Offset, Partition};
use wayside_proto::EventTime;

/// What is to be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `CITATION/REVISION`; the same at each try.
    pub id: String,
    /// The citation.
    pub citation: String,
    /// From 1.
    pub revision: u32,
    /// The body.
    pub body: Arc<str>,
    /// Where it stands on the bus.
    pub partition: Partition,
    /// Its place there.
    pub offset: Offset,
}

/// A message that is to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// The message.
    pub message: Message,
    /// Counts the tries, from 1.
    pub attempt: u32,
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// It will be delivered.
    Taken,
    /// It is waiting already.
    Known,
    /// There is no room.
    Full,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send this, and ask again.
    Send(Sending),
    /// Ask again then; at the next offer or answer where there is no time.
    Wait(Option<EventTime>),
    /// Never anything more: the endpoint said that it is gone.
    Gone,
}

/// What came of a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 200 to 299: it has the message.
    Taken,
    /// 410: it wants no message any more.
    Gone,
    /// Anything else.
    Failed(Failed),
}

/// A send that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// How.
    pub what: Lost,
    /// How long the receiver asks to wait, seconds.
    pub retry_after_s: Option<u32>,
}

/// How a send failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lost {
    /// It answered with this status; redirects are not followed.
    Status(u16),
    /// It did not answer in time.
    Timeout,
    /// It cannot be reached.
    Unreachable,
    /// TLS failed.
    Tls,
    /// It closed the connection, or answered what is no HTTP.
    Broken,
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(status) => write!(f, "it answered {status}"),
            Self::Timeout => f.write_str("it did not answer in time"),
            Self::Unreachable => f.write_str("it cannot be reached"),
            Self::Tls => {
                f.write_str("TLS failed: its certificate is not trusted, or it speaks no TLS")
            }
            Self::Broken => f.write_str("it closed the connection without an answer"),
        }
    }
}

/// What happened, for the log and the position on the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The endpoint has it.
    Delivered(Message),
    /// It will be tried again.
    Failed {
        /// Failures of this message in a row.
        failures: u32,
        /// The last one.
        what: Lost,
    },
    /// It is not tried any more, although the endpoint takes others.
    GivenUp {
        /// The message.
        message: Message,
        /// Failures in a row.
        failures: u32,
        /// The last one.
        last: Lost,
    },
    /// The circuit has opened: the endpoint takes nothing.
    Open,
    /// The circuit has closed.
    Back,
    /// The endpoint is gone. Nothing is sent until the service starts again.
    Gone,
}

/// How an endpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Messages that are held.
    pub held: usize,
    /// Those of them that are on their way.
    pub in_flight: usize,
    /// Messages that arrived, since the start.
    pub delivered: u64,
    /// Sends that failed, since the start.
    pub failed: u64,
    /// Messages given up, since the start.
    pub given_up: u64,
    /// Whether the circuit is open.
    pub open: bool,
    /// Whether the endpoint is gone.
    pub gone: bool,
    /// When it took a message last.
    pub took: Option<EventTime>,
}
