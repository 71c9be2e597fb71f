//! PostgreSQL.

use std::collections::BTreeMap;
use std::time::Duration;

use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};

use super::{Row, Value, tls};
use crate::PostgresTls;
use crate::error::{DeskError, Result};

/// A connection and the statements that it has prepared.
pub(crate) struct Pg {
    client: Client,
    prepared: BTreeMap<&'static str, Statement>,
    broken: bool,
}

/// Reads the settings once; connections are opened from them later.
pub(crate) fn open_postgres(
    url: &str,
    tls: Option<&PostgresTls>,
    wait_ms_max: u64,
) -> Result<(String, impl Fn() -> Result<super::Connection> + Send + Sync + 'static)> {
    let mut config: Config = url.parse().map_err(|error: postgres::Error| DeskError::Open {
        // The text may have a password in it.
        place: "PostgreSQL".to_owned(),
        cause: said(&error),
    })?;
    let place = place(&config);
    if tls.is_none() && config.get_ssl_mode() == postgres::config::SslMode::Require {
        return Err(DeskError::Open {
            place,
            cause: "sslmode=require needs the file of the authorities to trust".to_owned(),
        });
    }
    config.application_name("wayside-desk");
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_millis(wait_ms_max.max(1)));
    }
    let tls = tls.map(|tls| tls::connector(tls, &place)).transpose()?;
    if tls.is_some() {
        config.ssl_mode(postgres::config::SslMode::Require);
    }
    let shown = place.clone();
    let open = move || {
        let failed =
            |error: postgres::Error| DeskError::Open { place: place.clone(), cause: said(&error) };
        let mut client = match &tls {
            Some(tls) => config.connect(tls.clone()).map_err(failed)?,
            None => config.connect(NoTls).map_err(failed)?,
        };
        // A lock that is never given back must not hold reviewers up for ever. And the queue is read in
        // the order of its index: before the statistics of a young table are there, the planner would
        // rather sort all that waits, for each claim.
        let limits = format!(
            "SET lock_timeout = {wait_ms_max}; SET synchronous_commit = on; SET jit = off; \
             SET enable_sort = off; SET enable_bitmapscan = off; SET enable_seqscan = off"
        );
        client.batch_execute(&limits).map_err(failed)?;
        let pg = Pg { client, prepared: BTreeMap::new(), broken: false };
        Ok(super::Connection::Postgres(Box::new(pg)))
    };
    Ok((shown, open))
}

/// Host and database, never user or password.
fn place(config: &Config) -> String {
    use postgres::config::Host;
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    format!("PostgreSQL at {}/{}", hosts.join(","), config.get_dbname().unwrap_or_default())
}

/// The message with its causes: the first alone says little.
fn said(error: &postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            // Beside a number in a statement PostgreSQL expects its smaller type.
            Self::Int(value) if *kind == Type::INT4 => {
                i32::try_from(*value)?.to_sql_checked(kind, out)
            }
            Self::Int(value) => value.to_sql_checked(kind, out),
            Self::Text(value) => value.to_sql_checked(kind, out),
            Self::Bytes(value) => value.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Each value checks itself.
        true
    }

    to_sql_checked!();
}

impl Pg {
    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    pub(super) fn is_sound(&self) -> bool {
        !self.broken && !self.client.is_closed()
    }

    fn failed(&mut self, doing: &'static str, error: &postgres::Error) -> DeskError {
        let state = error.code().map(postgres::error::SqlState::code).unwrap_or_default();
        // Connections lost or shut down; deadlocks, serialisation, locks not had in time.
        let lost = self.client.is_closed() || state.starts_with("57P") || state.starts_with("08");
        self.broken |= lost;
        let again = lost || matches!(state, "40001" | "40P01" | "55P03");
        DeskError::Database { doing, cause: said(error), again }
    }

    fn statement(&mut self, sql: &'static str) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let text =
            sql.replace("/*lock*/", "FOR UPDATE").replace("/*skip*/", "FOR UPDATE SKIP LOCKED");
        match self.client.prepare(&text) {
            Ok(statement) => {
                self.prepared.insert(sql, statement.clone());
                Ok(statement)
            }
            Err(error) => Err(self.failed("preparing a statement", &error)),
        }
    }

    pub(super) fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        let statement = self.statement(sql)?;
        let given: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        self.client.execute(&statement, &given).map_err(|error| self.failed("writing", &error))
    }

    pub(super) fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>> {
        let statement = self.statement(sql)?;
        let given: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let rows = self
            .client
            .query(&statement, &given)
            .map_err(|error| self.failed("reading", &error))?;
        rows.iter().map(row).collect()
    }

    pub(super) fn control(&mut self, sql: &str) -> Result<()> {
        self.client
            .batch_execute(sql)
            .map_err(|error| self.failed("ending or beginning a transaction", &error))
    }
}

fn row(row: &postgres::Row) -> Result<Row> {
    let mut values = Vec::with_capacity(row.len());
    for (index, column) in row.columns().iter().enumerate() {
        let failed = |error: postgres::Error| DeskError::Stored {
            what: "a row",
            problem: format!("column {}: {}", column.name(), said(&error)),
        };
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(index).map_err(failed)?.into(),
            Type::INT4 => {
                row.try_get::<_, Option<i32>>(index).map_err(failed)?.map(i64::from).into()
            }
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index).map_err(failed)?.into(),
            _ => row.try_get::<_, Option<String>>(index).map_err(failed)?.into(),
        };
        values.push(value);
    }
    Ok(Row(values))
}
