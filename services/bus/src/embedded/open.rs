//! Opens the directory: the lock, the file, its tables, what is in them.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::embedded::lock::DirLock;
use crate::embedded::options::LogOptions;
use crate::embedded::schema;
use crate::embedded::tails::Tail;
use crate::error::BusError;
use crate::topic::Topic;

const FILE: &str = "log.sqlite";

/// A directory that was opened.
pub(crate) struct Opened {
    pub(crate) lock: DirLock,
    pub(crate) connection: Connection,
    pub(crate) heads: Heads,
    pub(crate) tails: [Tail; Topic::ALL.len()],
}

/// What the writer knows of each topic.
pub(crate) type Heads = [Head; Topic::ALL.len()];

/// A topic's counters, as in the table `topics`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) next: u64,
    pub(crate) records: u64,
    pub(crate) bytes: u64,
}

pub(crate) fn file(dir: &Path) -> PathBuf {
    dir.join(FILE)
}

pub(crate) fn open(dir: &Path, options: &LogOptions) -> Result<Opened, BusError> {
    std::fs::create_dir_all(dir).map_err(|error| BusError::io(dir, "made", &error))?;
    let lock = DirLock::take(dir)?;
    let opening = |error: rusqlite::Error| BusError::sql(dir, "opening the database", &error);
    let file = file(dir);
    let connection = Connection::open_with_flags(
        &file,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(opening)?;
    schema::prepare(&connection).map_err(opening)?;
    prepare_tables(dir, &connection)?;
    if !lock.was_clean {
        let bytes = std::fs::metadata(&file).map_or(0, |metadata| metadata.len());
        if bytes <= options.check_bytes_max {
            check(dir, &connection)?;
        }
    }
    if let Some(limit) = options.file_bytes_max {
        let page = pragma(&connection, "page_size").map_err(opening)?.max(1) as u64;
        let pages =
            i64::try_from(limit / page).unwrap_or(i64::MAX).clamp(1, i64::from(u32::MAX - 1));
        let set: rusqlite::Result<i64> =
            connection.pragma_update_and_check(None, "max_page_count", pages, |row| row.get(0));
        set.map_err(opening)?;
    }
    // The directory's own entry of a new file must reach the disk, too.
    std::fs::File::open(dir)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| BusError::io(dir, "synchronised", &error))?;
    let heads = heads(dir, &connection)?;
    let mut tails = [Tail::default(); Topic::ALL.len()];
    for topic in Topic::ALL {
        tails[topic.index()] = tail(&connection, topic, &heads[topic.index()]).map_err(opening)?;
        let newest = tails[topic.index()].newest;
        if newest.is_some_and(|newest| newest >= heads[topic.index()].next) {
            let what = format!("{topic} has records beyond its end");
            return Err(BusError::Damaged { dir: dir.to_owned(), what });
        }
    }
    Ok(Opened { lock, connection, heads, tails })
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

/// Makes the tables in a new file, and refuses what is no log.
fn prepare_tables(dir: &Path, connection: &Connection) -> Result<(), BusError> {
    let opening = |error: rusqlite::Error| BusError::sql(dir, "opening the database", &error);
    let application = pragma(connection, "application_id").map_err(opening)?;
    let version = pragma(connection, "user_version").map_err(opening)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(opening)?;
    let is_new = application == 0 && version == 0 && tables == 0;
    if !is_new && application != schema::APPLICATION_ID {
        return Err(BusError::Foreign { file: file(dir) });
    }
    if version > schema::VERSION {
        let (found, known) = (version, schema::VERSION);
        return Err(BusError::NewerSchema { dir: dir.to_owned(), found, known });
    }
    schema::writer(connection).map_err(opening)?;
    let tables =
        if is_new { schema::create(connection) } else { schema::migrate(connection, version) };
    tables.map_err(opening)
}

/// Reads the whole database through and compares its parts.
pub(crate) fn check(dir: &Path, connection: &Connection) -> Result<(), BusError> {
    let failed = |error: rusqlite::Error| BusError::sql(dir, "examining the database", &error);
    let found: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if found == "ok" {
        return Ok(());
    }
    Err(BusError::Damaged {
        dir: dir.to_owned(),
        what: found.lines().collect::<Vec<_>>().join(" "),
    })
}

fn heads(dir: &Path, connection: &Connection) -> Result<Heads, BusError> {
    let failed = |error: rusqlite::Error| BusError::sql(dir, "reading the topics", &error);
    let mut heads = Heads::default();
    for topic in Topic::ALL {
        let sql = "SELECT next, records, bytes FROM topics WHERE topic = ?1 AND name = ?2";
        let key = (topic.index() as i64, topic.name());
        heads[topic.index()] = connection
            .query_row(sql, key, |row| {
                let number = |column| row.get::<_, i64>(column).map(|n| n.max(0) as u64);
                Ok(Head { next: number(0)?, records: number(1)?, bytes: number(2)? })
            })
            .map_err(failed)?;
    }
    Ok(heads)
}

/// Begin and newest record of a topic as they are in the table.
pub(crate) fn tail(connection: &Connection, topic: Topic, head: &Head) -> rusqlite::Result<Tail> {
    let table = topic.table();
    let end = |which: &str| {
        let sql = format!("SELECT {which}(offset) FROM {table}");
        connection
            .prepare_cached(&sql)?
            .query_row([], |row| row.get::<_, Option<i64>>(0))
            .map(|offset| offset.map(|offset| offset.max(0) as u64))
    };
    let (begin, newest) = (end("min")?, end("max")?);
    Ok(Tail { begin: begin.unwrap_or(head.next), newest, end: head.next })
}
