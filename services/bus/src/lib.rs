//! The event bus of one machine: a durable log in SQLite.
//!
//! A [`Log`] is a directory that one process holds. Each [`Topic`] is a sequence of records with
//! offsets from 0 that are never used twice. [`Log::append`] returns when the records are on disk;
//! [`Log::commit`] stores a consumer's position and what it made of the records in one transaction
//! (BU-1). A record with an id is stored once, however often it is appended (EV-1).
//!
//! One writer thread owns the only connection that writes. Whatever waits while a transaction is
//! synchronised to disk goes into the next one together (`write`). Readers have connections of
//! their own and never wait for the writer.
//!
//! What holds after a crash at any instant: a batch is there whole or not at all; what was
//! acknowledged is there; a position is there exactly if its outputs are. SQLite's write-ahead log
//! with `synchronous=FULL` gives this, and a checksum on every record tells a damaged one.
//! A database is examined on opening only after a shutdown that was not clean, and only up to
//! [`LogOptions::check_bytes_max`]: reading a large one through would keep the cameras waiting.
//! [`Log::check`] does it at any time.
//!
//! Order: records are stored in the order in which they were handed over; those of one batch stand
//! together. A reader sees only what is durable.
//!
//! Deliberately absent: what the messages mean, the wall clock (times are event times that the
//! caller gives), consumer groups and rebalancing (one process reads its own log), compaction.

mod error;
mod limits;
mod lock;
mod log;
mod open;
mod options;
mod read;
mod record;
mod schema;
mod stats;
mod tails;
mod topic;
mod write;

pub use error::BusError;
pub use limits::{
    BATCH_BYTES_MAX, BATCH_RECORDS_MAX, CONSUMER_BYTES_MAX, CONSUMERS_MAX, ID_BYTES_MAX,
    KEY_BYTES_MAX, READ_BYTES_MAX, READ_RECORDS_MAX, RECORD_BYTES, VALUE_BYTES_MAX,
};
pub use log::{Log, Pending};
pub use options::LogOptions;
pub use record::{Appended, Committed, Deleted, Held, Offset, Position, Record, Stored};
pub use stats::{ConsumerStats, LogStats, TopicStats};
pub use topic::Topic;
