//! Rows of sessions. The cookie is nowhere; its digest is the key.

use rusqlite::{Connection, OptionalExtension, params};
use wayside_cases::Account;
use wayside_proto::EventTime;

use super::failed;
use crate::error::{Error, Result};
use crate::policy::{BrowserKind, Device, Role, Roles, SessionLife, SystemKind};
use crate::secret::Digest32;

/// Sessions of one account at once; the one that was used least lately ends.
pub(crate) const SESSIONS_MAX: usize = 20;

/// A session, with what its account is now.
#[derive(Clone, Debug)]
pub(crate) struct SessionRecord {
    pub account: Account,
    pub name: String,
    pub roles: Vec<Role>,
    pub began: EventTime,
    pub used: EventTime,
}

/// One that begins.
pub(crate) struct NewSessionRow<'a> {
    pub digest: &'a Digest32,
    pub account: &'a Account,
    pub how: &'a str,
    pub address: &'a str,
    pub agent: &'a str,
    pub device: Device,
}

/// A session in the list of its account.
#[derive(Clone, Debug)]
pub(crate) struct ListedSession {
    pub digest: Digest32,
    pub began: EventTime,
    pub used: EventTime,
    pub how: String,
    pub address: String,
    pub device: Device,
}

impl ListedSession {
    /// Those of an account, at most [`SESSIONS_MAX`]. Whether they have expired is not asked.
    pub(crate) fn of(connection: &Connection, account: &Account) -> Result<Vec<Self>> {
        let sql = "SELECT digest, began_us, used_us, how, address, browser, system
             FROM sessions WHERE account = ?1 ORDER BY used_us DESC, digest LIMIT ?2";
        let reading = failed("reading sessions");
        let mut statement = connection.prepare_cached(sql).map_err(&reading)?;
        let rows = statement
            .query_map(params![account.as_str(), SESSIONS_MAX as i64], |row| {
                let (browser, system): (Option<String>, Option<String>) =
                    (row.get(5)?, row.get(6)?);
                Ok(Self {
                    digest: row.get(0)?,
                    began: EventTime(row.get(1)?),
                    used: EventTime(row.get(2)?),
                    how: row.get(3)?,
                    address: row.get(4)?,
                    device: Device {
                        browser: browser.as_deref().and_then(BrowserKind::parse),
                        system: system.as_deref().and_then(SystemKind::parse),
                    },
                })
            })
            .map_err(&reading)?;
        rows.map(|row| row.map_err(&reading)).collect()
    }
}

impl SessionRecord {
    /// The session with this digest, unless its account is disabled. Whether it has expired is not asked.
    pub(crate) fn find(connection: &Connection, digest: &Digest32) -> Result<Option<Self>> {
        let sql = "SELECT accounts.account, accounts.name, accounts.roles, began_us, used_us
             FROM sessions JOIN accounts ON accounts.account = sessions.account
             WHERE digest = ?1 AND accounts.disabled = 0";
        let reading = failed("reading a session");
        let mut statement = connection.prepare_cached(sql).map_err(&reading)?;
        let found: Option<(String, String, String, i64, i64)> = statement
            .query_row([digest], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
            .optional()
            .map_err(&reading)?;
        let Some((account, name, roles, began, used)) = found else { return Ok(None) };
        let account = Account::new(&account).map_err(|error| Error::Stored(error.to_string()))?;
        let roles = Roles::parse(&roles).map_err(|error| Error::Stored(error.to_string()))?;
        let (began, used) = (EventTime(began), EventTime(used));
        Ok(Some(Self { account, name, roles: roles.to_vec(), began, used }))
    }

    /// Begins a session. Those that have expired go, and where the account has too many, the oldest.
    pub(crate) fn insert(
        tx: &Connection,
        new: &NewSessionRow<'_>,
        life: SessionLife,
        now: EventTime,
    ) -> Result<()> {
        let writing = failed("beginning a session");
        tx.execute(
            "DELETE FROM sessions WHERE began_us <= ?1 OR used_us <= ?2",
            params![now.plus_s(-life.max_s).0, now.plus_s(-life.idle_s).0],
        )
        .map_err(&writing)?;
        tx.execute(
            "DELETE FROM sessions WHERE account = ?1 AND digest NOT IN (
                 SELECT digest FROM sessions WHERE account = ?1 ORDER BY used_us DESC LIMIT ?2)",
            params![new.account.as_str(), SESSIONS_MAX as i64 - 1],
        )
        .map_err(&writing)?;
        tx.execute(
            "INSERT INTO sessions (digest, account, began_us, used_us, how, address, agent, browser, system)
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new.digest,
                new.account.as_str(),
                now.0,
                new.how,
                new.address,
                new.agent,
                new.device.browser.map(BrowserKind::as_str),
                new.device.system.map(SystemKind::as_str),
            ],
        )
        .map_err(&writing)?;
        Ok(())
    }

    pub(crate) fn end(tx: &Connection, digest: &Digest32) -> Result<bool> {
        let ended = tx.execute("DELETE FROM sessions WHERE digest = ?1", [digest]);
        Ok(ended.map_err(failed("ending a session"))? > 0)
    }

    /// Ends those of an account, but for one.
    pub(crate) fn end_all(
        tx: &Connection,
        account: &Account,
        but: Option<&Digest32>,
    ) -> Result<usize> {
        tx.execute(
            "DELETE FROM sessions WHERE account = ?1 AND (?2 IS NULL OR digest <> ?2)",
            params![account.as_str(), but.map(<[u8; 32]>::as_slice)],
        )
        .map_err(failed("ending sessions"))
    }

    pub(crate) fn touch(
        connection: &Connection,
        digest: &Digest32,
        now: EventTime,
    ) -> rusqlite::Result<()> {
        let sql = "UPDATE sessions SET used_us = ?2 WHERE digest = ?1 AND used_us < ?2";
        connection.prepare_cached(sql)?.execute(params![digest, now.0])?;
        Ok(())
    }
}
