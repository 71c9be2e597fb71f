//! What goes into the log and comes out of it.

use std::fmt;

use crate::limits::RECORD_BYTES;
use crate::partition::Partition;

/// Place of a record in its partition, from 0. Never used twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(pub u64);

impl Offset {
    /// The place after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A record to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What the record is about; 1 to [`crate::KEY_BYTES_MAX`] bytes.
    pub key: String,
    /// Event time, microseconds since 1970-01-01T00:00:00Z. Retention goes by it.
    pub time: i64,
    /// Unique within the topic, 1 to [`crate::ID_BYTES_MAX`] bytes: a second record with the same
    /// id is not stored, but counted, for as long as the first one is kept.
    pub id: Option<String>,
    /// The message, at most [`crate::VALUE_BYTES_MAX`] bytes.
    pub value: Vec<u8>,
}

impl Record {
    /// What it counts against bounds: its bytes and a fixed share, [`RECORD_BYTES`].
    #[must_use]
    pub fn bytes(&self) -> usize {
        let id = self.id.as_ref().map_or(0, String::len);
        RECORD_BYTES + self.key.len() + id + self.value.len()
    }
}

/// A record of the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its partition.
    pub partition: Partition,
    /// Its place there.
    pub offset: Offset,
    /// What it is about.
    pub key: String,
    /// Event time, microseconds.
    pub time: i64,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// The message.
    pub value: Vec<u8>,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Offset of the first record that was stored; the others follow it without a hole. The end of
    /// the topic where none was.
    pub first: Offset,
    /// Records stored.
    pub stored: u64,
    /// Records whose id was there already.
    pub duplicates: u64,
}

/// How far a consumer is in a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The first record that it has not handled.
    pub next: Offset,
    /// The first record that it would need to come to where it stands; at most `next`.
    pub rewind: Offset,
}

/// What became of a consumer's outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Records stored.
    pub stored: u64,
    /// Records whose id was there already.
    pub duplicates: u64,
}

/// What retention did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Records deleted.
    pub records: u64,
    /// Their bytes, as in [`Record::bytes`].
    pub bytes: u64,
    /// Those of them that a consumer still needed: the bound on bytes left no choice.
    pub forced: u64,
    /// Records that are too old and were kept, because a consumer needs them.
    pub held: Option<Held>,
}

/// Records that a consumer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// How many.
    pub records: u64,
    /// The consumer that is furthest behind.
    pub consumer: String,
    /// The first record that it needs.
    pub rewind: Offset,
}
