//! Rows of accounts.

use rusqlite::{Connection, OptionalExtension, Row, params};
use wayside_cases::Account;
use wayside_proto::EventTime;

use super::failed;
use crate::error::{Error, Result};
use crate::policy::Roles;

/// An account as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct AccountRecord {
    pub account: Account,
    pub handle: [u8; 16],
    pub name: String,
    pub roles: Roles,
    pub password: Option<String>,
    pub disabled: bool,
    pub language: Option<String>,
    pub provider: Option<String>,
    pub seen: Option<EventTime>,
    pub passkeys: u64,
}

/// One that is to be made.
pub(crate) struct NewAccount<'a> {
    pub account: &'a Account,
    pub handle: [u8; 16],
    pub name: &'a str,
    pub roles: &'a Roles,
    pub password: Option<&'a str>,
    /// Provider and subject of OpenID Connect.
    pub subject: Option<(&'a str, &'a str)>,
}

const COLUMNS: &str =
    "account, handle, name, roles, password, disabled, language, provider, seen_us,
    (SELECT COUNT(*) FROM passkeys WHERE passkeys.account = accounts.account)";

type Raw = (
    String,
    Vec<u8>,
    String,
    String,
    Option<String>,
    bool,
    Option<String>,
    Option<String>,
    Option<i64>,
    i64,
);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
        row.get(9)?,
    ))
}

fn record(raw: Raw) -> Result<AccountRecord> {
    let (account, handle, name, roles, password, disabled, language, provider, seen, passkeys) =
        raw;
    let stored = |problem: String| Error::Stored(problem);
    Ok(AccountRecord {
        account: Account::new(&account).map_err(|error| stored(error.to_string()))?,
        handle: handle.try_into().map_err(|_| stored(format!("the handle of {account}")))?,
        name,
        roles: Roles::parse(&roles).map_err(|error| stored(format!("{account}: {error}")))?,
        password,
        disabled,
        language,
        provider,
        seen: seen.map(EventTime),
        passkeys: u64::try_from(passkeys).unwrap_or(0),
    })
}

fn one(
    connection: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
) -> Result<Option<AccountRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM accounts WHERE {condition}");
    let mut statement = connection.prepare_cached(&sql).map_err(failed("reading an account"))?;
    let found = statement.query_row(values, raw).optional();
    found.map_err(failed("reading an account"))?.map(record).transpose()
}

impl AccountRecord {
    pub(crate) fn find(connection: &Connection, account: &Account) -> Result<Option<Self>> {
        one(connection, "account = ?1", [account.as_str()])
    }

    /// The account of this name.
    pub(crate) fn get(connection: &Connection, account: &Account) -> Result<Self> {
        let found = Self::find(connection, account)?;
        found.ok_or_else(|| Error::NoAccount { account: account.clone() })
    }

    pub(crate) fn of_subject(
        connection: &Connection,
        provider: &str,
        subject: &str,
    ) -> Result<Option<Self>> {
        one(connection, "provider = ?1 AND subject = ?2", [provider, subject])
    }

    pub(crate) fn all(connection: &Connection) -> Result<Vec<Self>> {
        let sql = format!("SELECT {COLUMNS} FROM accounts ORDER BY account");
        let reading = failed("reading accounts");
        let mut statement = connection.prepare_cached(&sql).map_err(&reading)?;
        let rows = statement.query_map([], raw).map_err(&reading)?;
        rows.map(|row| record(row.map_err(&reading)?)).collect()
    }

    pub(crate) fn count(connection: &Connection) -> Result<usize> {
        let count: i64 = connection
            .query_row("SELECT COUNT(*) FROM accounts", [], |row| row.get(0))
            .map_err(failed("counting accounts"))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    pub(crate) fn insert(tx: &Connection, new: &NewAccount<'_>, now: EventTime) -> Result<()> {
        tx.execute(
            "INSERT INTO accounts (account, handle, name, roles, password, provider, subject, created_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new.account.as_str(),
                new.handle,
                new.name,
                new.roles.to_string(),
                new.password,
                new.subject.map(|(provider, _)| provider),
                new.subject.map(|(_, subject)| subject),
                now.0,
            ],
        )
        .map_err(failed("making an account"))?;
        Ok(())
    }

    fn set(tx: &Connection, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        tx.execute(sql, values).map_err(failed("changing an account"))?;
        Ok(())
    }

    pub(crate) fn set_password(tx: &Connection, account: &Account, hash: &str) -> Result<()> {
        let sql = "UPDATE accounts SET password = ?2 WHERE account = ?1";
        Self::set(tx, sql, [account.as_str(), hash])
    }

    pub(crate) fn set_roles(tx: &Connection, account: &Account, roles: &Roles) -> Result<()> {
        let sql = "UPDATE accounts SET roles = ?2 WHERE account = ?1";
        Self::set(tx, sql, [account.as_str(), &roles.to_string()])
    }

    pub(crate) fn set_disabled(tx: &Connection, account: &Account, disabled: bool) -> Result<()> {
        let sql = "UPDATE accounts SET disabled = ?2 WHERE account = ?1";
        Self::set(tx, sql, params![account.as_str(), disabled])
    }

    pub(crate) fn set_profile(
        tx: &Connection,
        account: &Account,
        name: &str,
        language: Option<&str>,
    ) -> Result<()> {
        let sql = "UPDATE accounts SET name = ?2, language = ?3 WHERE account = ?1";
        Self::set(tx, sql, params![account.as_str(), name, language])
    }

    pub(crate) fn set_seen(tx: &Connection, account: &Account, now: EventTime) -> Result<()> {
        let sql = "UPDATE accounts SET seen_us = ?2 WHERE account = ?1";
        Self::set(tx, sql, params![account.as_str(), now.0])
    }
}
