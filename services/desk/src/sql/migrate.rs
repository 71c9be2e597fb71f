//! Brings tables to this version. Files in `migrations` are never changed once they are released: a
//! change is another file, and refinery compares the checksums of those that were applied.

use refinery::{Migration, Runner};

use super::Connection;
use crate::error::{DeskError, Result};

const TABLES: &str = include_str!("../../migrations/shared/V1__tables.sql");
const APPEND_ONLY_SQLITE: &str = include_str!("../../migrations/sqlite/V2__audit_append_only.sql");
const APPEND_ONLY_POSTGRES: &str =
    include_str!("../../migrations/postgres/V2__audit_append_only.sql");

const NO_DELIVERIES: &str = include_str!("../../migrations/shared/V3__no_deliveries.sql");

/// Any number, the same in every process: who migrates, alone.
const LOCK: i64 = 0x5741_5953_4944_4531;

pub(crate) fn migrate(connection: &mut Connection, place: &str) -> Result<()> {
    let failed = |cause: String| DeskError::Migration { place: place.to_owned(), cause };
    let append_only = match connection {
        Connection::Sqlite(_) => APPEND_ONLY_SQLITE,
        Connection::Postgres(_) => APPEND_ONLY_POSTGRES,
    };
    let files = [
        ("V1__tables", TABLES),
        ("V2__audit_append_only", append_only),
        ("V3__no_deliveries", NO_DELIVERIES),
    ];
    let migrations = files
        .into_iter()
        .map(|(name, sql)| Migration::unapplied(name, sql))
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|error| failed(error.to_string()))?;
    let runner = Runner::new(&migrations).set_grouped(true);
    match connection {
        Connection::Sqlite(connection) => {
            runner.run(connection).map_err(|error| failed(error.to_string()))?;
        }
        Connection::Postgres(pg) => {
            let client = pg.client();
            // Several processes may start at once.
            let lock = |sql: String, client: &mut postgres::Client| {
                client.batch_execute(&sql).map_err(|error| failed(error.to_string()))
            };
            lock(format!("SELECT pg_advisory_lock({LOCK})"), client)?;
            let ran = runner.run(client).map_err(|error| failed(error.to_string()));
            lock(format!("SELECT pg_advisory_unlock({LOCK})"), client)?;
            ran?;
        }
    }
    Ok(())
}
