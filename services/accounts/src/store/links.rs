//! One-time links: what is kept is the digest, and what it is for.

use rusqlite::{Connection, OptionalExtension, params};
use wayside_cases::Account;
use wayside_proto::EventTime;

use super::failed;
use crate::error::{Error, Result};
use crate::secret::Digest32;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkKind {
    /// The first account.
    Setup,
    /// A password for an account that is there.
    Invite,
}

impl LinkKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Invite => "invite",
        }
    }

    /// Makes a link; one of the same kind for the same account ends.
    pub(crate) fn insert(
        self,
        tx: &Connection,
        digest: &Digest32,
        account: Option<&Account>,
        expires: EventTime,
    ) -> Result<()> {
        self.end(tx, account)?;
        tx.execute(
            "INSERT INTO links (digest, kind, account, expires_us) VALUES (?1, ?2, ?3, ?4)",
            params![digest, self.as_str(), account.map(Account::as_str), expires.0],
        )
        .map_err(failed("making a link"))?;
        Ok(())
    }

    /// Ends links of this kind for this account.
    pub(crate) fn end(self, tx: &Connection, account: Option<&Account>) -> Result<()> {
        tx.execute(
            "DELETE FROM links WHERE kind = ?1 AND account IS ?2",
            params![self.as_str(), account.map(Account::as_str)],
        )
        .map_err(failed("ending a link"))?;
        Ok(())
    }

    /// Whose link this is: none for that of the first account.
    pub(crate) fn look(
        self,
        connection: &Connection,
        digest: &Digest32,
        now: EventTime,
    ) -> Result<Option<Account>> {
        let found: Option<Option<String>> = connection
            .query_row(
                "SELECT account FROM links WHERE digest = ?1 AND kind = ?2 AND expires_us > ?3",
                params![digest, self.as_str(), now.0],
                |row| row.get(0),
            )
            .optional()
            .map_err(failed("reading a link"))?;
        let account = found.ok_or(Error::Link)?;
        account
            .map(|name| Account::new(&name).map_err(|error| Error::Stored(error.to_string())))
            .transpose()
    }

    /// The same, and the link is gone: it works once.
    pub(crate) fn take(
        self,
        tx: &Connection,
        digest: &Digest32,
        now: EventTime,
    ) -> Result<Option<Account>> {
        let account = self.look(tx, digest, now)?;
        tx.execute("DELETE FROM links WHERE digest = ?1", [digest])
            .map_err(failed("taking a link"))?;
        Ok(account)
    }
}
