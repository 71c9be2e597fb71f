//! How a log is opened.

use std::time::Duration;

use crate::limits::{BATCH_BYTES_MAX, BATCH_RECORDS_MAX};

/// Bounds of a log. The defaults suit a worker with a hundred cameras.
#[derive(Clone, Debug)]
pub struct LogOptions {
    /// Records that may wait for the writer; at least [`BATCH_RECORDS_MAX`].
    pub queue_records_max: usize,
    /// Bytes that may wait for the writer; at least [`BATCH_BYTES_MAX`].
    pub queue_bytes_max: usize,
    /// How long a caller waits for room in the queue before [`crate::BusError::Full`].
    pub queue_wait: Duration,
    /// Records after which the writer commits, although more are waiting.
    pub group_records_max: usize,
    /// Most bytes that the database file may have; none for as many as the disk has. The
    /// write-ahead log comes on top, usually less than 64 MiB.
    pub file_bytes_max: Option<u64>,
    /// After an unclean shutdown the database is examined if it has at most this many bytes.
    pub check_bytes_max: u64,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            queue_records_max: 50_000,
            queue_bytes_max: 2 * BATCH_BYTES_MAX,
            queue_wait: Duration::from_secs(10),
            group_records_max: 4_096,
            file_bytes_max: None,
            check_bytes_max: 256 * 1024 * 1024,
        }
    }
}

impl LogOptions {
    /// The options, with every bound large enough for one batch.
    pub(crate) fn sound(mut self) -> Self {
        self.queue_records_max = self.queue_records_max.max(BATCH_RECORDS_MAX);
        self.queue_bytes_max = self.queue_bytes_max.max(BATCH_BYTES_MAX);
        self.group_records_max = self.group_records_max.clamp(1, 100_000);
        self
    }
}
