//! `wayside deadletter`: what could not be read, and how it gets back into its topic.
//!
//! `read` finds letters on the bus, `decode` tries the bytes with this version, `requeue` puts a record
//! back, `text` and `object` print.
//!
//! A record that was put back is told by a second letter with `requeued` set, under the same place: the
//! topic of dead letters is only ever appended to. Record first, note second: a crash between the two
//! lets the next call put it back again, under the same id, which the embedded log stores once. Kafka
//! has no such memory; what reads the topics takes each message once by its own id.
//!
//! Deliberately absent: passages. Their bytes hold an appearance embedding, which expires within
//! minutes; no letter keeps them, and nothing here shows or requeues them.

pub mod decode;
pub mod object;
pub mod read;
pub mod requeue;
pub mod text;

use std::fmt;

use wayside_bus::{Offset, Partition};
use wayside_proto::{DeadLetter, EventTime};

/// Where a letter stands on the dead-letter topic. Its name for people: `17`, or `3/17` where the
/// partition is not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The partition.
    pub partition: Partition,
    /// The place in it.
    pub offset: Offset,
}

impl Place {
    /// Reads `17` or `3/17`.
    ///
    /// # Errors
    /// Where the text is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (partition, offset) = text.split_once('/').unwrap_or(("0", text));
        let wrong =
            |_| "give the first column of `wayside deadletter list`, for example 17 or 3/17";
        let partition = Partition(partition.parse().map_err(wrong)?);
        Ok(Self { partition, offset: Offset(offset.parse().map_err(wrong)?) })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.partition == Partition(0) {
            self.offset.fmt(f)
        } else {
            write!(f, "{}/{}", self.partition, self.offset)
        }
    }
}

/// A letter without the record's bytes: many fit into memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// Event time of the record that could not be read, as the bus had it.
    pub time: EventTime,
    /// The record's topic.
    pub topic: String,
    /// What else the letter says; why it cannot be read itself, where that is so.
    pub letter: Result<DeadLetter, String>,
    /// Whether the record was put back.
    pub requeued: bool,
}
