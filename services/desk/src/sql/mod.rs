//! A thin layer over both databases: the same statements, values and rows.
//!
//! Statements are written for PostgreSQL with `$1`; for SQLite that becomes `?1`. `/*lock*/` and
//! `/*skip*/` become `FOR UPDATE` and `FOR UPDATE SKIP LOCKED` in PostgreSQL, and stay comments in
//! SQLite, which has one writer. Sums are cast to BIGINT.

mod migrate;
mod pg;
mod pool;
mod row;
mod sqlite;
mod tls;

pub(crate) use migrate::migrate;
pub(crate) use pg::open_postgres;
pub(crate) use pool::{Pool, Pooled};
pub(crate) use row::{Row, Value, values};
pub(crate) use sqlite::open_sqlite;

use crate::error::{DeskError, Result};
use crate::options::Interrupt;

/// A connection to one of the two.
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(Box<pg::Pg>),
}

impl Connection {
    fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        match self {
            Self::Sqlite(connection) => sqlite::execute(connection, sql, values),
            Self::Postgres(pg) => pg.execute(sql, values),
        }
    }

    fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(connection) => sqlite::query(connection, sql, values),
            Self::Postgres(pg) => pg.query(sql, values),
        }
    }

    fn control(&mut self, sql: &'static str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => sqlite::control(connection, sql),
            Self::Postgres(pg) => pg.control(sql),
        }
    }

    /// Whether it can be used again.
    fn is_sound(&self) -> bool {
        match self {
            Self::Sqlite(connection) => connection.is_autocommit(),
            Self::Postgres(pg) => pg.is_sound(),
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

/// A transaction: rolled back unless it is committed, also where a thread panics.
pub(crate) struct Tx<'a> {
    connection: Pooled<'a, Connection>,
    interrupt: Option<Interrupt>,
    open: bool,
}

impl<'a> Tx<'a> {
    pub(crate) fn begin(
        mut connection: Pooled<'a, Connection>,
        writes: bool,
        interrupt: Option<Interrupt>,
    ) -> Result<Self> {
        // SQLite's writers take their lock at once: to upgrade a read later can fail.
        let begin = match (connection.is_sqlite(), writes) {
            (true, true) => "BEGIN IMMEDIATE",
            (false, false) => "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
            _ => "BEGIN",
        };
        connection.control(begin)?;
        Ok(Self { connection, interrupt, open: true })
    }

    fn step(&self) -> Result<()> {
        let Some(Interrupt(left)) = &self.interrupt else { return Ok(()) };
        match left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) {
            1 => Err(DeskError::Interrupted),
            _ => Ok(()),
        }
    }

    /// Rows changed.
    pub(crate) fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        self.step()?;
        self.connection.execute(sql, values)
    }

    pub(crate) fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>> {
        self.step()?;
        self.connection.query(sql, values)
    }

    /// The first row, where there is one.
    pub(crate) fn first(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    pub(crate) fn commit(mut self) -> Result<()> {
        self.step()?;
        self.connection.control("COMMIT")?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        let rolled_back = !self.open || self.connection.control("ROLLBACK").is_ok();
        if !rolled_back || !self.connection.is_sound() {
            self.connection.discard();
        }
    }
}

/// Shrinks what a database keeps of deleted content. Best effort: what matters is encrypted.
pub(crate) fn scrub(connection: &mut Connection) {
    let sql = match connection {
        Connection::Sqlite(_) => "PRAGMA wal_checkpoint(TRUNCATE)",
        Connection::Postgres(_) => "VACUUM plates",
    };
    // Readers may hold it up; the next erasure does it then.
    let _ = connection.control(sql);
}
