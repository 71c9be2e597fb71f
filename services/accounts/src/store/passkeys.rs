//! Rows of passkeys: public keys and counters.

use rusqlite::{Connection, ToSql, params};
use wayside_cases::Account;
use wayside_proto::EventTime;
use webauthn_rs::prelude::Passkey;

use super::failed;
use crate::error::{Error, Result};

/// A passkey as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct PasskeyRecord {
    pub id: String,
    pub label: String,
    pub passkey: Passkey,
    pub created: EventTime,
    pub used: Option<EventTime>,
}

fn text(passkey: &Passkey) -> Result<String> {
    serde_json::to_string(passkey).map_err(|error| Error::Stored(error.to_string()))
}

impl PasskeyRecord {
    pub(crate) fn of(connection: &Connection, account: &Account) -> Result<Vec<Self>> {
        let all = Self::rows(connection, "account = ?1 ORDER BY created_us, id", account.as_str())?;
        Ok(all.into_iter().map(|(_, record)| record).collect())
    }

    /// The passkey with this credential, and whose it is.
    pub(crate) fn of_credential(
        connection: &Connection,
        credential_id: &[u8],
    ) -> Result<Option<(Account, Self)>> {
        let found = Self::rows(connection, "credential_id = ?1", credential_id)?;
        let Some((account, record)) = found.into_iter().next() else { return Ok(None) };
        let account = Account::new(&account).map_err(|error| Error::Stored(error.to_string()))?;
        Ok(Some((account, record)))
    }

    fn rows(
        connection: &Connection,
        condition: &str,
        value: impl ToSql,
    ) -> Result<Vec<(String, Self)>> {
        let sql = format!(
            "SELECT account, id, label, credential, created_us, used_us FROM passkeys WHERE {condition}"
        );
        let reading = failed("reading passkeys");
        let mut statement = connection.prepare_cached(&sql).map_err(&reading)?;
        let rows = statement
            .query_map([value], |row| {
                let texts: (String, String, String, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                let times: (i64, Option<i64>) = (row.get(4)?, row.get(5)?);
                Ok((texts, times))
            })
            .map_err(&reading)?;
        rows.map(|row| {
            let ((account, id, label, credential), (created, used)) = row.map_err(&reading)?;
            let passkey = serde_json::from_str(&credential)
                .map_err(|error| Error::Stored(format!("passkey {id}: {error}")))?;
            let (created, used) = (EventTime(created), used.map(EventTime));
            Ok((account, Self { id, label, passkey, created, used }))
        })
        .collect()
    }

    /// Whether some account has this credential.
    pub(crate) fn is_known(connection: &Connection, credential_id: &[u8]) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM passkeys WHERE credential_id = ?1)";
        let known = connection.query_row(sql, [credential_id], |row| row.get(0));
        known.map_err(failed("reading passkeys"))
    }

    pub(crate) fn insert(&self, tx: &Connection, account: &Account) -> Result<()> {
        tx.execute(
            "INSERT INTO passkeys (id, account, label, credential_id, credential, created_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                self.id,
                account.as_str(),
                self.label,
                self.passkey.cred_id().as_ref() as &[u8],
                text(&self.passkey)?,
                self.created.0,
            ],
        )
        .map_err(failed("adding a passkey"))?;
        Ok(())
    }

    /// Stores its counters, and that it was used.
    pub(crate) fn used(tx: &Connection, id: &str, passkey: &Passkey, now: EventTime) -> Result<()> {
        tx.execute(
            "UPDATE passkeys SET credential = ?2, used_us = ?3 WHERE id = ?1",
            params![id, text(passkey)?, now.0],
        )
        .map_err(failed("using a passkey"))?;
        Ok(())
    }

    pub(crate) fn remove(tx: &Connection, account: &Account, id: &str) -> Result<bool> {
        let removed = tx
            .execute("DELETE FROM passkeys WHERE account = ?1 AND id = ?2", [account.as_str(), id]);
        Ok(removed.map_err(failed("removing a passkey"))? > 0)
    }
}
