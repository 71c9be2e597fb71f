//! What can go wrong, with its cause and a hint.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::kafka::KafkaFault;
use crate::partition::Partition;
use crate::record::Offset;
use crate::topic::Topic;

/// Why the bus could not do what it was asked. Several callers may share one cause, so it can be
/// cloned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// The directory cannot be made or written.
    #[error(
        "the event log {} cannot be {doing}: {cause}\n  hint: {}", .dir.display(), .hint
    )]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        cause: String,
        /// What may help.
        hint: &'static str,
    },
    /// Another process has it open.
    #[error(
        "the event log {} is in use by another process{}\n  hint: one process holds a log; stop \
         the other one, or choose another directory",
        .dir.display(), .pid.map_or(String::new(), |pid| format!(" (process {pid})"))
    )]
    Locked {
        /// The directory.
        dir: PathBuf,
        /// The other process, where it said.
        pid: Option<u32>,
    },
    /// The database is not what was written.
    #[error(
        "the event log {} is damaged: {what}\n  hint: look after the disk; move the directory away \
         and keep it, then start with an empty one", .dir.display()
    )]
    Damaged {
        /// The directory.
        dir: PathBuf,
        /// What was found.
        what: String,
    },
    /// The file belongs to another program.
    #[error(
        "{} is an SQLite database, but not an event log\n  hint: choose another directory",
        .file.display()
    )]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// A newer version of Wayside wrote it.
    #[error(
        "the event log {} has schema version {found}; this program reads up to version {known}\n  \
         hint: use the version of Wayside that wrote it, or a newer one", .dir.display()
    )]
    NewerSchema {
        /// The directory.
        dir: PathBuf,
        /// Version of the database.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// There is no room; nothing of the batch was stored.
    #[error(
        "the event log {} is full: {}\n  hint: {}", .dir.display(),
        .limit_bytes.map_or("no space is left on the disk".to_owned(), |limit| format!(
            "its file has reached the limit of {limit} bytes")),
        .limit_bytes.map_or("make room on the disk; the log goes on by itself as soon as there is some",
            |_| "raise the limit, or shorten the retention")
    )]
    DiskFull {
        /// The directory.
        dir: PathBuf,
        /// The limit of the options, where that was the cause.
        limit_bytes: Option<u64>,
    },
    /// The writer cannot keep up; nothing of the batch was stored.
    #[error(
        "the event log {} cannot keep up: {records} records ({bytes} bytes) are waiting, and there \
         was no room for {waited_ms} ms\n  hint: the disk is too slow, or the cameras are too many",
        .dir.display()
    )]
    Full {
        /// The directory.
        dir: PathBuf,
        /// Records that wait.
        records: usize,
        /// Bytes that wait.
        bytes: usize,
        /// How long there was no room.
        waited_ms: u64,
    },
    /// A record breaks a bound.
    #[error(
        "the {what} of a record of {topic} (key {key:?}) has {found} bytes, not {min} to {max}"
    )]
    Record {
        /// The topic.
        topic: Topic,
        /// The record's key, shortened.
        key: String,
        /// Which part of it.
        what: &'static str,
        /// Bytes found.
        found: usize,
        /// Least.
        min: usize,
        /// Most.
        max: usize,
    },
    /// A batch is too large.
    #[error("a batch has {found} {what}, more than {max}\n  hint: append it in several batches")]
    Batch {
        /// Records or bytes.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many it may have.
        max: usize,
    },
    /// A name that a consumer cannot have.
    #[error("{name:?} is no name for a consumer: 1 to {max} bytes without control characters")]
    ConsumerName {
        /// The name, shortened.
        name: String,
        /// Most bytes.
        max: usize,
    },
    /// There are too many consumers.
    #[error(
        "{consumer} cannot be remembered: there are {max} positions\n  hint: forget consumers that \
         are not used any more"
    )]
    Consumers {
        /// The consumer.
        consumer: String,
        /// Most.
        max: usize,
    },
    /// A position whose rewind lies after it.
    #[error(
        "{consumer} cannot commit next = {next} with rewind = {rewind}: the rewind lies after it"
    )]
    Rewind {
        /// The consumer.
        consumer: String,
        /// Position.
        next: Offset,
        /// Rewind.
        rewind: Offset,
    },
    /// A position that does not follow the one before it.
    #[error(
        "{consumer} cannot commit {next} in {topic}: it must lie between {least}, which it has \
         committed, and {end}, the end\n  hint: is the same consumer running twice?"
    )]
    Position {
        /// The consumer.
        consumer: String,
        /// The topic.
        topic: Topic,
        /// Position.
        next: Offset,
        /// Least that is possible.
        least: Offset,
        /// End of the topic.
        end: Offset,
    },
    /// A partition is another consumer's.
    #[error(
        "{consumer} does not have partition {partition} of {topic} any more: another member of the \
         group has it, and does again what was not committed"
    )]
    Lost {
        /// The group.
        consumer: String,
        /// The topic.
        topic: Topic,
        /// The partition.
        partition: Partition,
    },
    /// Records that are known to be there did not come.
    #[error(
        "{place}: partition {partition} of {topic} has more records, and none came for {waited_ms} ms\n  \
         hint: look after the brokers and the network"
    )]
    Silent {
        /// The bus.
        place: String,
        /// The topic.
        topic: Topic,
        /// The partition.
        partition: Partition,
        /// How long was waited.
        waited_ms: u64,
    },
    /// There is no such partition.
    #[error("{topic} has {partitions} partitions, numbered from 0; there is no {partition}")]
    NoPartition {
        /// The topic.
        topic: Topic,
        /// The partition.
        partition: Partition,
        /// How many there are.
        partitions: u32,
    },
    /// The log was closed, or its writer has failed.
    #[error("the event log {} is closed", .dir.display())]
    Closed {
        /// The directory.
        dir: PathBuf,
    },
    /// Kafka could not do it.
    #[error(transparent)]
    Kafka(#[from] KafkaFault),
    /// Anything else.
    #[error("the event log {} failed while {doing}: {cause}\n  hint: look after the disk", .dir.display())]
    Storage {
        /// The directory.
        dir: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What SQLite said.
        cause: String,
    },
}

impl BusError {
    /// From an error of the file system.
    pub(crate) fn io(dir: &Path, doing: &'static str, cause: &std::io::Error) -> Self {
        let hint = match cause.kind() {
            std::io::ErrorKind::PermissionDenied => "check who owns the directory",
            std::io::ErrorKind::ReadOnlyFilesystem => "the disk is mounted read-only",
            std::io::ErrorKind::StorageFull => "make room on the disk",
            std::io::ErrorKind::NotADirectory | std::io::ErrorKind::AlreadyExists => {
                "a file is in the way; choose another directory"
            }
            _ => "check the path and the disk",
        };
        Self::Directory { dir: dir.to_owned(), doing, cause: cause.to_string(), hint }
    }

    /// From an error of SQLite.
    pub(crate) fn sql(dir: &Path, doing: &'static str, cause: &rusqlite::Error) -> Self {
        let dir = dir.to_owned();
        match cause.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull { dir, limit_bytes: None },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { dir, what: cause.to_string() }
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                let (cause, hint) =
                    (cause.to_string(), "check who owns the directory and its files");
                Self::Directory { dir, doing: "opened for writing", cause, hint }
            }
            _ => Self::Storage { dir, doing, cause: cause.to_string() },
        }
    }
}
