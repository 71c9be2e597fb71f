//! The tables.
//!
//! Each topic has a rowid table whose rowid is the offset, an index of ids, and an index of event
//! times for retention. `topics` has what is known of each topic as a whole; `latest` the newest
//! record of each key; `positions` how far consumers are. Every change of a record changes these in
//! the same transaction.

use rusqlite::Connection;

use crate::topic::Topic;

/// `WSLG`, in the header of the file.
pub(crate) const APPLICATION_ID: i64 = 0x5753_4c47;
/// Version of the tables.
pub(crate) const VERSION: i64 = 3;
/// How many topics each older version knew, from version 1 on; new topics come last.
const TOPICS_OF: [usize; 2] = [9, 11];
/// Bytes of a page: several records of 1 KB fit.
const PAGE_BYTES: i64 = 8_192;
/// The write-ahead log is cut back to this after a checkpoint, bytes.
const JOURNAL_BYTES: i64 = 64 * 1024 * 1024;
/// Cache of the writer, KiB, negative as SQLite wants it.
const WRITER_CACHE_KIB: i64 = -8 * 1024;

/// Settings that must come before anything is in the file.
pub(crate) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "page_size", PAGE_BYTES)
}

/// Settings of the connection that writes.
pub(crate) fn writer(connection: &Connection) -> rusqlite::Result<()> {
    let _: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "journal_size_limit", JOURNAL_BYTES)?;
    // What retention deletes is overwritten, not only forgotten (PV-2).
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")
}

/// Makes the tables, in one transaction.
pub(crate) fn create(connection: &Connection) -> rusqlite::Result<()> {
    let mut sql = String::from(
        "BEGIN IMMEDIATE;
         CREATE TABLE topics (
             topic INTEGER PRIMARY KEY, name TEXT NOT NULL,
             next INTEGER NOT NULL, records INTEGER NOT NULL, bytes INTEGER NOT NULL);
         CREATE TABLE latest (
             topic INTEGER NOT NULL, key TEXT NOT NULL, offset INTEGER NOT NULL,
             UNIQUE (topic, key));
         CREATE TABLE positions (
             topic INTEGER NOT NULL, consumer TEXT NOT NULL,
             next INTEGER NOT NULL, rewind INTEGER NOT NULL,
             UNIQUE (topic, consumer));",
    );
    sql += &tables(&Topic::ALL);
    sql += &format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; COMMIT;"
    );
    connection.execute_batch(&sql)
}

/// Brings tables of an older version up to date, in one transaction.
pub(crate) fn migrate(connection: &Connection, version: i64) -> rusqlite::Result<()> {
    if version >= VERSION {
        return Ok(());
    }
    // Version 0 is a file of ours whose version was lost: its first table is refused as there already.
    let known = usize::try_from(version - 1).ok().and_then(|place| TOPICS_OF.get(place));
    let new = tables(Topic::ALL.get(known.copied().unwrap_or(0)..).unwrap_or_default());
    connection
        .execute_batch(&format!("BEGIN IMMEDIATE; {new} PRAGMA user_version = {VERSION}; COMMIT;"))
}

/// The tables of these topics.
fn tables(topics: &[Topic]) -> String {
    let mut sql = String::new();
    for topic in topics {
        let (table, index, name) = (topic.table(), topic.index(), topic.name());
        sql += &format!(
            "CREATE TABLE {table} (
                 offset INTEGER PRIMARY KEY, time INTEGER NOT NULL, sum INTEGER NOT NULL,
                 key TEXT NOT NULL, id TEXT, value BLOB NOT NULL);
             CREATE UNIQUE INDEX {table}_id ON {table} (id) WHERE id IS NOT NULL;
             CREATE INDEX {table}_time ON {table} (time);
             INSERT INTO topics VALUES ({index}, '{name}', 0, 0, 0);"
        );
    }
    sql
}

/// Checksum of a record: CRC-32 over every column.
pub(crate) fn sum(offset: u64, time: i64, key: &str, id: Option<&str>, value: &[u8]) -> i64 {
    let mut hash = crc32fast::Hasher::new();
    hash.update(&offset.to_le_bytes());
    hash.update(&time.to_le_bytes());
    for text in [Some(key), id] {
        // The length keeps ("ab", "c") apart from ("a", "bc"), and none apart from an empty one.
        hash.update(&text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
        hash.update(text.unwrap_or_default().as_bytes());
    }
    hash.update(value);
    i64::from(hash.finalize())
}
