//! Retention, in steps that are small enough to let cameras write in between.

use rusqlite::{Connection, OptionalExtension};

use crate::embedded::open::Head;
use crate::limits::RECORD_BYTES;
use crate::record::{Deleted, Held, Offset};
use crate::topic::Topic;

/// Records deleted in one step.
const STEP_RECORDS_MAX: i64 = 2_000;

/// What may go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due {
    /// Records of an earlier event time, microseconds.
    pub(crate) before_time: i64,
    /// The oldest, while there are more bytes than this.
    pub(crate) bytes_max: u64,
    /// Whether what a consumer needs is kept for it.
    pub(crate) held: bool,
}

/// Deletes some records that are due. True where there may be more.
pub(super) fn step(
    connection: &Connection,
    topic: Topic,
    due: &Due,
    head: &mut Head,
) -> rusqlite::Result<(Deleted, bool)> {
    let holder = if due.held { holder(connection, topic)? } else { None };
    let needed_from = holder.as_ref().map_or(i64::MAX, |(_, rewind)| *rewind);
    let mut deleted = by_time(connection, topic, due.before_time, needed_from)?;
    subtract(head, &deleted);
    let mut more = deleted.records >= STEP_RECORDS_MAX as u64;
    if !more && head.bytes > due.bytes_max {
        let excess = head.bytes - due.bytes_max;
        let forced = by_bytes(connection, topic, excess, needed_from)?;
        subtract(head, &forced);
        more = head.bytes > due.bytes_max && forced.records > 0;
        deleted.records += forced.records;
        deleted.bytes += forced.bytes;
        deleted.forced += forced.forced;
    }
    if !more {
        tidy(connection, topic)?;
        if let Some((consumer, rewind)) = holder {
            let sql =
                format!("SELECT count(*) FROM {} WHERE time < ?1 AND offset >= ?2", topic.table());
            let records: i64 =
                connection.query_row(&sql, (due.before_time, rewind), |row| row.get(0))?;
            deleted.held = (records > 0).then_some(Held {
                records: records.max(0) as u64,
                consumer,
                rewind: Offset(rewind.max(0) as u64),
            });
        }
    }
    Ok((deleted, more))
}

/// The consumer that is furthest behind, and the first record that it needs.
fn holder(connection: &Connection, topic: Topic) -> rusqlite::Result<Option<(String, i64)>> {
    connection
        .prepare_cached(
            "SELECT consumer, rewind FROM positions WHERE topic = ?1
             ORDER BY rewind, consumer LIMIT 1",
        )?
        .query_row([topic.index() as i64], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// Records of an earlier time, wherever they stand, that no consumer needs.
fn by_time(
    connection: &Connection,
    topic: Topic,
    before_time: i64,
    needed_from: i64,
) -> rusqlite::Result<Deleted> {
    let table = topic.table();
    let sql = format!(
        "DELETE FROM {table} WHERE offset IN (
             SELECT offset FROM {table} WHERE time < ?1 AND offset < ?2
             ORDER BY time LIMIT {STEP_RECORDS_MAX})
         RETURNING octet_length(key) + ifnull(octet_length(id), 0) + octet_length(value)"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query((before_time, needed_from))?;
    let mut deleted = Deleted::default();
    while let Some(row) = rows.next()? {
        deleted.records += 1;
        deleted.bytes += row.get::<_, i64>(0)?.max(0) as u64 + RECORD_BYTES as u64;
    }
    Ok(deleted)
}

/// The oldest records, until `excess` bytes are gone.
fn by_bytes(
    connection: &Connection,
    topic: Topic,
    excess: u64,
    needed_from: i64,
) -> rusqlite::Result<Deleted> {
    let table = topic.table();
    let sql = format!(
        "SELECT offset, octet_length(key) + ifnull(octet_length(id), 0) + octet_length(value)
         FROM {table} ORDER BY offset LIMIT {STEP_RECORDS_MAX}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut deleted = Deleted::default();
    let mut last = None;
    while let Some(row) = rows.next()? {
        if deleted.bytes >= excess {
            break;
        }
        let offset: i64 = row.get(0)?;
        deleted.records += 1;
        deleted.bytes += row.get::<_, i64>(1)?.max(0) as u64 + RECORD_BYTES as u64;
        deleted.forced += u64::from(offset >= needed_from);
        last = Some(offset);
    }
    drop(rows);
    if let Some(last) = last {
        let sql = format!("DELETE FROM {table} WHERE offset <= ?1");
        connection.prepare_cached(&sql)?.execute([last])?;
    }
    Ok(deleted)
}

/// Forgets the newest record of keys of which nothing is left.
fn tidy(connection: &Connection, topic: Topic) -> rusqlite::Result<()> {
    let table = topic.table();
    let sql = format!(
        "DELETE FROM latest WHERE topic = ?1
         AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.offset = latest.offset)"
    );
    connection.prepare_cached(&sql)?.execute([topic.index() as i64])?;
    Ok(())
}

fn subtract(head: &mut Head, deleted: &Deleted) {
    head.records = head.records.saturating_sub(deleted.records);
    head.bytes = head.bytes.saturating_sub(deleted.bytes);
}
