//! What a log says of itself.

use crate::record::{Offset, Position};
use crate::topic::Topic;

/// The state of a log. Counters begin with the opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogStats {
    /// The topics, in the order of [`Topic::ALL`].
    pub topics: Vec<TopicStats>,
    /// The consumers' positions.
    pub consumers: Vec<ConsumerStats>,
    /// Bytes of the database file.
    pub file_bytes: u64,
    /// Bytes of the write-ahead log.
    pub wal_bytes: u64,
    /// Records that wait for the writer.
    pub queued_records: usize,
    /// Bytes that wait for the writer.
    pub queued_bytes: usize,
    /// Transactions that were committed.
    pub transactions: u64,
    /// Transactions that failed; nothing of them was stored, and each caller was told.
    pub failed_transactions: u64,
    /// Records stored.
    pub stored: u64,
    /// Records whose id was there already.
    pub duplicates: u64,
    /// Records of transactions that failed.
    pub refused_records: u64,
    /// Records that retention deleted.
    pub deleted: u64,
    /// Most requests that shared a transaction.
    pub group_jobs_max: u64,
    /// The process before this one did not close the log.
    pub was_unclean: bool,
}

/// The state of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicStats {
    /// The topic.
    pub topic: Topic,
    /// The first record that is there.
    pub begin: Offset,
    /// The next record that will be written.
    pub end: Offset,
    /// Records.
    pub records: u64,
    /// Their bytes, as in [`crate::Record::bytes`].
    pub bytes: u64,
}

/// How far a consumer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerStats {
    /// The consumer.
    pub consumer: String,
    /// The topic.
    pub topic: Topic,
    /// Its position.
    pub position: Position,
    /// Offsets between its position and the end.
    pub lag: u64,
}
