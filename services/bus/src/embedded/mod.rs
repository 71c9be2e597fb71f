//! The bus of one machine: a durable log in SQLite.
//!
//! A [`Log`] is a directory that one process holds. Each topic is one sequence of records, one
//! partition, with offsets from 0 that are never used twice. [`Log::append`] returns when the records
//! are on disk; [`Log::commit`] stores a consumer's position and what it made of the records in one
//! transaction (BU-1). A record with an id is stored once, however often it is appended (EV-1).
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
//! Deliberately absent: the wall clock (times are event times that the caller gives), groups over
//! several processes (one process holds its log), compaction.

mod consumer;
mod groups;
mod lock;
mod log;
mod open;
mod options;
mod read;
mod reader;
mod schema;
mod stats;
mod tails;
mod write;

pub use log::Log;
pub use options::LogOptions;
pub use stats::{ConsumerStats, LogStats, TopicStats};
