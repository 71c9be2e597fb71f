//! What a log says of itself.

use std::path::Path;
use std::sync::atomic::Ordering;

use super::Log;
use crate::embedded::open;
use crate::embedded::stats::{ConsumerStats, LogStats, TopicStats};
use crate::error::BusError;
use crate::record::{Offset, Position};
use crate::topic::Topic;

impl Log {
    /// Reads the whole database through and compares its parts. Takes seconds for a gigabyte.
    ///
    /// # Errors
    /// Where something is wrong with it.
    pub fn check(&self) -> Result<(), BusError> {
        self.inner.readers.with("examining the database", |connection| {
            Ok(open::check(&self.inner.dir, connection))
        })?
    }

    /// The state of the log.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn stats(&self) -> Result<LogStats, BusError> {
        let (topics, consumers) = self.inner.readers.with("reading the topics", |connection| {
            Ok((self.topics(connection)?, self.consumers(connection)?))
        })?;
        let file = open::file(&self.inner.dir);
        let mut wal = file.clone().into_os_string();
        wal.push("-wal");
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let counters = &self.inner.counters;
        let (queued_records, queued_bytes) = self.inner.queue.waiting();
        Ok(LogStats {
            topics,
            consumers,
            file_bytes: size(&file),
            wal_bytes: size(Path::new(&wal)),
            queued_records,
            queued_bytes,
            transactions: counters.transactions.load(Ordering::Relaxed),
            failed_transactions: counters.failed_transactions.load(Ordering::Relaxed),
            stored: counters.stored.load(Ordering::Relaxed),
            duplicates: counters.duplicates.load(Ordering::Relaxed),
            refused_records: counters.refused_records.load(Ordering::Relaxed),
            deleted: counters.deleted.load(Ordering::Relaxed),
            group_jobs_max: counters.group_jobs_max.load(Ordering::Relaxed),
            was_unclean: !self.inner.lock.was_clean,
        })
    }

    fn topics(&self, connection: &rusqlite::Connection) -> rusqlite::Result<Vec<TopicStats>> {
        let mut statement =
            connection.prepare_cached("SELECT records, bytes FROM topics WHERE topic = ?1")?;
        let mut topics = Vec::with_capacity(Topic::ALL.len());
        for topic in Topic::ALL {
            let (records, bytes): (i64, i64) = statement
                .query_row([topic.index() as i64], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let tail = self.inner.tails.of(topic);
            topics.push(TopicStats {
                topic,
                begin: Offset(tail.begin),
                end: Offset(tail.end),
                records: records.max(0) as u64,
                bytes: bytes.max(0) as u64,
            });
        }
        Ok(topics)
    }

    fn consumers(&self, connection: &rusqlite::Connection) -> rusqlite::Result<Vec<ConsumerStats>> {
        let mut statement = connection.prepare_cached(
            "SELECT topic, consumer, next, rewind FROM positions ORDER BY topic, consumer",
        )?;
        let mut rows = statement.query([])?;
        let mut consumers = Vec::new();
        while let Some(row) = rows.next()? {
            let index = row.get::<_, i64>(0)?.max(0) as usize;
            let Some(topic) = Topic::ALL.get(index).copied() else { continue };
            let offset = |column| row.get::<_, i64>(column).map(|n| Offset(n.max(0) as u64));
            let position = Position { next: offset(2)?, rewind: offset(3)? };
            let lag = self.end(topic).0.saturating_sub(position.next.0);
            consumers.push(ConsumerStats { consumer: row.get(1)?, topic, position, lag });
        }
        Ok(consumers)
    }
}
