//! The statements inside a transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use crate::embedded::open::{Head, Heads};
use crate::embedded::schema;
use crate::embedded::tails::Tail;
use crate::error::BusError;
use crate::limits::CONSUMERS_MAX;
use crate::record::{Offset, Position, Record};
use crate::topic::Topic;

/// Why a request was not done.
pub(crate) enum Failed {
    /// It cannot be done; nothing was changed.
    Refused(BusError),
    /// The transaction has failed.
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// Stores records at the ends of their topics. Returns how many were stored and how many were
/// there already.
pub(super) fn insert<'a>(
    connection: &Connection,
    records: impl Iterator<Item = (Topic, &'a Record)>,
    heads: &mut Heads,
    tails: &mut [Tail; Topic::ALL.len()],
) -> rusqlite::Result<(u64, u64)> {
    let (mut stored, mut duplicates) = (0, 0);
    let mut latest: BTreeMap<(Topic, &str), u64> = BTreeMap::new();
    for (topic, record) in records {
        let (head, tail) = (&mut heads[topic.index()], &mut tails[topic.index()]);
        let offset = head.next;
        let id = record.id.as_deref();
        let sum = schema::sum(offset, record.time, &record.key, id, &record.value);
        let sql = insert_sql(topic);
        let changed = connection.prepare_cached(sql)?.execute((
            offset as i64,
            record.time,
            sum,
            &record.key,
            id,
            &record.value,
        ))?;
        if changed == 0 {
            duplicates += 1;
            continue;
        }
        stored += 1;
        head.next += 1;
        head.records += 1;
        head.bytes += record.bytes() as u64;
        if tail.newest.is_none() {
            tail.begin = offset;
        }
        tail.newest = Some(offset);
        tail.end = head.next;
        latest.insert((topic, &record.key), offset);
    }
    let mut statement = connection.prepare_cached(
        "INSERT INTO latest (topic, key, offset) VALUES (?1, ?2, ?3)
         ON CONFLICT (topic, key) DO UPDATE SET offset = excluded.offset",
    )?;
    for ((topic, key), offset) in latest {
        statement.execute((topic.index() as i64, key, offset as i64))?;
    }
    Ok((stored, duplicates))
}

fn insert_sql(topic: Topic) -> &'static str {
    macro_rules! sql {
        ($table:literal) => {
            concat!(
                "INSERT INTO ",
                $table,
                " (offset, time, sum, key, id, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                " ON CONFLICT (id) WHERE id IS NOT NULL DO NOTHING"
            )
        };
    }
    match topic {
        Topic::Observations => sql!("observations"),
        Topic::Passages => sql!("passages"),
        Topic::Signals => sql!("signals"),
        Topic::Violations => sql!("violations"),
        Topic::Evidence => sql!("evidence"),
        Topic::Citations => sql!("citations"),
        Topic::Signs => sql!("signs"),
        Topic::Health => sql!("health"),
        Topic::DeadLetter => sql!("deadletter"),
        Topic::TravelTimes => sql!("traveltimes"),
        Topic::Receipts => sql!("receipts"),
        Topic::StandDowns => sql!("standdowns"),
    }
}

/// Stores a consumer's position; it never goes back.
pub(super) fn position(
    connection: &Connection,
    consumer: &str,
    topic: Topic,
    position: Position,
    end: u64,
) -> Result<(), Failed> {
    let key = (topic.index() as i64, consumer);
    let least: Option<i64> = connection
        .prepare_cached("SELECT next FROM positions WHERE topic = ?1 AND consumer = ?2")?
        .query_row(key, |row| row.get(0))
        .optional()?;
    if least.is_none() {
        let count: i64 = connection
            .prepare_cached("SELECT count(*) FROM positions")?
            .query_row([], |row| row.get(0))?;
        if count >= CONSUMERS_MAX as i64 {
            let consumer = consumer.to_owned();
            return Err(Failed::Refused(BusError::Consumers { consumer, max: CONSUMERS_MAX }));
        }
    }
    let least = least.unwrap_or(0).max(0) as u64;
    if !(least..=end).contains(&position.next.0) {
        return Err(Failed::Refused(BusError::Position {
            consumer: consumer.to_owned(),
            topic,
            next: position.next,
            least: Offset(least),
            end: Offset(end),
        }));
    }
    connection
        .prepare_cached(
            "INSERT INTO positions (topic, consumer, next, rewind) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (topic, consumer)
             DO UPDATE SET next = excluded.next, rewind = excluded.rewind",
        )?
        .execute((key.0, key.1, position.next.0 as i64, position.rewind.0 as i64))?;
    Ok(())
}

/// Removes every position of a consumer. Returns how many there were.
pub(super) fn forget(connection: &Connection, consumer: &str) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("DELETE FROM positions WHERE consumer = ?1")?
        .execute([consumer])
        .map(|count| count as u64)
}

/// Stores a topic's counters.
pub(super) fn store_head(
    connection: &Connection,
    topic: Topic,
    head: &Head,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE topics SET next = ?2, records = ?3, bytes = ?4 WHERE topic = ?1")?
        .execute((
            topic.index() as i64,
            head.next as i64,
            head.records as i64,
            head.bytes as i64,
        ))?;
    Ok(())
}
