//! SQLite: one file, one writer, readers beside it (WAL).

use std::path::Path;
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ToSql, params_from_iter};

use super::{Row, Value};
use crate::error::{DeskError, Result};

/// Opens the file. Every commit is on the disk when it returns, and deleted content is overwritten.
pub(crate) fn open_sqlite(path: &Path, wait_ms_max: u64) -> Result<super::Connection> {
    let failed = |error: rusqlite::Error| DeskError::Open {
        place: path.display().to_string(),
        cause: error.to_string(),
    };
    let connection = Connection::open(path).map_err(failed)?;
    connection.busy_timeout(Duration::from_millis(wait_ms_max)).map_err(failed)?;
    // `secure_delete` is asked for before anything is written.
    connection
        .execute_batch(
            "PRAGMA secure_delete = ON;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = 1000;
             PRAGMA temp_store = MEMORY;",
        )
        .map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(super::Connection::Sqlite(connection))
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => rusqlite::types::Null.into(),
            Self::Int(value) => (*value).into(),
            Self::Text(value) => value.as_str().into(),
            Self::Bytes(value) => value.as_slice().into(),
        })
    }
}

fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> DeskError {
    move |error| {
        let again = matches!(
            error.sqlite_error_code(),
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
        );
        DeskError::Database { doing, cause: error.to_string(), again }
    }
}

/// `$1` of PostgreSQL is `?1` here; no statement has a `$` elsewhere.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

pub(super) fn execute(connection: &Connection, sql: &str, values: &[Value]) -> Result<u64> {
    let mut statement =
        connection.prepare_cached(&numbered(sql)).map_err(failed("preparing a statement"))?;
    let changed = statement.execute(params_from_iter(values)).map_err(failed("writing"))?;
    Ok(changed as u64)
}

pub(super) fn query(connection: &Connection, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
    let mut statement =
        connection.prepare_cached(&numbered(sql)).map_err(failed("preparing a statement"))?;
    let columns = statement.column_count();
    let mut rows = statement.query(params_from_iter(values)).map_err(failed("reading"))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed("reading"))? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(match row.get_ref(column).map_err(failed("reading"))? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(value) => Value::Int(value),
                ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into_owned()),
                ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
                ValueRef::Real(_) => {
                    let problem = format!("column {column} is a fraction");
                    return Err(DeskError::Stored { what: "a row", problem });
                }
            });
        }
        found.push(Row(values));
    }
    Ok(found)
}

pub(super) fn control(connection: &Connection, sql: &str) -> Result<()> {
    connection.execute_batch(sql).map_err(failed("ending or beginning a transaction"))
}
