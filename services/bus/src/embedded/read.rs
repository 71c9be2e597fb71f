//! Readers: connections of their own, kept for the next one.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};

use crate::embedded::open;
use crate::embedded::schema;
use crate::error::BusError;
use crate::limits::{READ_BYTES_MAX, READ_RECORDS_MAX};
use crate::partition::Partition;
use crate::record::{Offset, Position, Stored};
use crate::topic::Topic;

/// Connections that are kept while nobody reads.
const IDLE_MAX: usize = 8;
/// Cache of a reader, KiB, negative as SQLite wants it.
const CACHE_KIB: i64 = -2 * 1024;

/// Read-only connections to one log.
#[derive(Debug)]
pub(crate) struct Readers {
    dir: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), idle: Mutex::new(Vec::new()) }
    }

    /// Runs `read` on a connection of its own.
    pub(crate) fn with<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, BusError> {
        let failed = |error: rusqlite::Error| BusError::sql(&self.dir, doing, &error);
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => self.connect().map_err(failed)?,
        };
        let result = read(&connection).map_err(failed);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(connection);
        }
        result
    }

    /// Closes the connections, so that the writer's is the last and can tidy up.
    pub(crate) fn close(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(
            open::file(&self.dir),
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.pragma_update(None, "cache_size", CACHE_KIB)?;
        Ok(connection)
    }

    /// Records from `from` on. A damaged one ends them, and is an error where it is the first.
    pub(crate) fn read(
        &self,
        topic: Topic,
        from: Offset,
        records_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Stored>, BusError> {
        let records_max = records_max.min(READ_RECORDS_MAX);
        let bytes_max = bytes_max.min(READ_BYTES_MAX);
        // Beyond the last offset that there can be, there is nothing.
        let Ok(from) = i64::try_from(from.0) else { return Ok(Vec::new()) };
        let table = topic.table();
        let sql = format!(
            "SELECT offset, time, sum, key, id, value FROM {table} WHERE offset >= ?1
             ORDER BY offset LIMIT ?2"
        );
        let (records, damaged) = self.with("reading", |connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query((from, records_max as i64))?;
            let (mut records, mut bytes) = (Vec::new(), 0_usize);
            while let Some(row) = rows.next()? {
                let stored = match stored(row)? {
                    Ok(stored) => stored,
                    Err(damaged) => return Ok((records, Some(damaged))),
                };
                bytes = bytes.saturating_add(stored.key.len() + stored.value.len());
                if !records.is_empty() && bytes > bytes_max {
                    break;
                }
                records.push(stored);
            }
            Ok((records, None))
        })?;
        match damaged {
            Some(offset) if records.is_empty() => Err(self.damaged(topic, offset)),
            _ => Ok(records),
        }
    }

    pub(crate) fn last(&self, topic: Topic, key: &str) -> Result<Option<Stored>, BusError> {
        let table = topic.table();
        let sql = format!(
            "SELECT r.offset, r.time, r.sum, r.key, r.id, r.value
             FROM latest JOIN {table} AS r ON r.offset = latest.offset
             WHERE latest.topic = ?1 AND latest.key = ?2"
        );
        let found = self.with("reading", |connection| {
            connection
                .prepare_cached(&sql)?
                .query_row((topic.index() as i64, key), stored)
                .optional()
        })?;
        found.transpose().map_err(|offset| self.damaged(topic, offset))
    }

    pub(crate) fn first_since(&self, topic: Topic, time: i64) -> Result<Option<Offset>, BusError> {
        let table = topic.table();
        let sql = format!("SELECT offset FROM {table} WHERE time >= ?1 ORDER BY offset LIMIT 1");
        self.with("looking for an instant", |connection| {
            connection
                .prepare_cached(&sql)?
                .query_row([time], |row| row.get::<_, i64>(0))
                .optional()
                .map(|found| found.map(|offset| Offset(offset.max(0) as u64)))
        })
    }

    pub(crate) fn position(
        &self,
        consumer: &str,
        topic: Topic,
    ) -> Result<Option<Position>, BusError> {
        self.with("reading a position", |connection| {
            connection
                .prepare_cached(
                    "SELECT next, rewind FROM positions WHERE topic = ?1 AND consumer = ?2",
                )?
                .query_row((topic.index() as i64, consumer), |row| {
                    let offset =
                        |column| row.get::<_, i64>(column).map(|n| Offset(n.max(0) as u64));
                    Ok(Position { next: offset(0)?, rewind: offset(1)? })
                })
                .optional()
        })
    }

    fn damaged(&self, topic: Topic, offset: u64) -> BusError {
        let what = format!("record {offset} of {topic} is not what was written");
        BusError::Damaged { dir: self.dir.clone(), what }
    }
}

/// The record of a row, or its offset where the checksum is another one.
fn stored(row: &Row<'_>) -> rusqlite::Result<Result<Stored, u64>> {
    let offset = row.get::<_, i64>(0)?.max(0) as u64;
    let (time, sum) = (row.get(1)?, row.get::<_, i64>(2)?);
    let (key, id, value): (String, Option<String>, Vec<u8>) =
        (row.get(3)?, row.get(4)?, row.get(5)?);
    if schema::sum(offset, time, &key, id.as_deref(), &value) != sum {
        return Ok(Err(offset));
    }
    Ok(Ok(Stored { partition: Partition(0), offset: Offset(offset), key, time, id, value }))
}
