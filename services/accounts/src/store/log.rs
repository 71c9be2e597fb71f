//! The log of sign-ins and of changes to accounts: append-only, and chained by hash.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use wayside_proto::{EventTime, Hash32};

use super::failed;
use crate::error::{Error, Result};

/// Entries read at a time.
const PAGE: u64 = 2_000;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number, from 0 without gaps.
    pub number: u64,
    /// When; never before the entry above.
    pub at: EventTime,
    /// Which account; empty where a sign-in failed for a name that no account has: it may be a password,
    /// typed into the wrong field.
    pub account: String,
    /// What: `sign-in`, `failed`, `sign-out`, `session-ended`, `setup`, `invite`, `password`,
    /// `passkey-added` and so on.
    pub act: String,
    /// How: `password`, `passkey`, `oidc:city`, `link`; empty where it says nothing.
    pub how: String,
    /// Who did it, where that is not the account itself: an administrator, or `command` for the program.
    pub actor: String,
    /// From which address.
    pub address: String,
    /// By which browser, as it says itself, shortened.
    pub agent: String,
    /// Why, or what came of it.
    pub why: String,
    /// Hash of the entry before; zeros for the first.
    pub previous: Hash32,
    /// Hash over all of the above.
    pub hash: Hash32,
}

/// What a sound log adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSummary {
    /// Entries.
    pub entries: u64,
    /// Hash of the last. Keep a copy elsewhere: a log that was cut off together with its head leaves no
    /// other trace.
    pub last_hash: Hash32,
}

/// Where the log breaks, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {at} of the log of sign-ins: {problem}")]
pub struct LogError {
    /// The number of the first entry that is wrong.
    pub at: u64,
    /// What is wrong.
    pub problem: LogProblem,
}

/// What is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogProblem {
    /// Some are gone.
    #[error("it is not there; the next one that is has number {found}")]
    Missing {
        /// The next number.
        found: u64,
    },
    /// Its content does not give its hash, or it follows on another one.
    #[error("it was changed, or one before it was")]
    Changed,
    /// It is older than the one before.
    #[error("its time is before that of the entry above")]
    TimeBackwards,
    /// Entries at the end are gone, or were added by other hands.
    #[error("the log ends here, and its head says otherwise")]
    End,
}

/// What is to be logged.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry<'a> {
    pub account: &'a str,
    pub act: &'a str,
    pub how: &'a str,
    pub actor: &'a str,
    pub address: &'a str,
    pub agent: &'a str,
    pub why: &'a str,
}

impl LogEntry {
    /// The hash that the other fields give: SHA-256 over `wayside.signins.v1`, then each field in the order
    /// above. Texts come after their length; numbers are 8 bytes, the highest first.
    #[must_use]
    pub fn computed(&self) -> Hash32 {
        let mut hash = Sha256::new();
        hash.update(b"wayside.signins.v1");
        hash.update(self.number.to_be_bytes());
        hash.update(self.at.0.to_be_bytes());
        let texts = [
            &self.account,
            &self.act,
            &self.how,
            &self.actor,
            &self.address,
            &self.agent,
            &self.why,
        ];
        for text in texts {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.update(self.previous.0);
        Hash32(hash.finalize().into())
    }
}

fn hash_of(bytes: Vec<u8>) -> Result<Hash32> {
    bytes.try_into().map(Hash32).map_err(|_| Error::Stored("a hash of the log".to_owned()))
}

fn head(connection: &Connection) -> Result<(u64, EventTime, Hash32)> {
    let sql = "SELECT number, at_us, hash FROM heads WHERE name = 'sign_ins'";
    let (number, at, hash): (i64, i64, Vec<u8>) = connection
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .map_err(failed("reading the head of the log"))?;
    Ok((u64::try_from(number).unwrap_or(0), EventTime(at), hash_of(hash)?))
}

/// Appends a line, in the transaction of what it tells.
pub(crate) fn append(tx: &Connection, now: EventTime, entry: &Entry<'_>) -> Result<()> {
    let (number, last, previous) = head(tx)?;
    let mut line = LogEntry {
        number,
        // Another process may have written since this act read the time.
        at: now.max(last),
        account: entry.account.to_owned(),
        act: entry.act.to_owned(),
        how: entry.how.to_owned(),
        actor: entry.actor.to_owned(),
        address: entry.address.to_owned(),
        agent: entry.agent.to_owned(),
        why: entry.why.to_owned(),
        previous,
        hash: Hash32::default(),
    };
    line.hash = line.computed();
    let writing = failed("writing the log");
    tx.prepare_cached(
        "INSERT INTO sign_ins (number, at_us, account, act, how, actor, address, agent, why, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )
    .map_err(&writing)?
    .execute(params![
        line.number as i64,
        line.at.0,
        line.account,
        line.act,
        line.how,
        line.actor,
        line.address,
        line.agent,
        line.why,
        line.previous.0,
        line.hash.0,
    ])
    .map_err(&writing)?;
    tx.execute(
        "UPDATE heads SET number = ?1, at_us = ?2, hash = ?3 WHERE name = 'sign_ins'",
        params![line.number as i64 + 1, line.at.0, line.hash.0],
    )
    .map_err(&writing)?;
    Ok(())
}

/// Entries from a number on.
pub(crate) fn entries(connection: &Connection, from: u64, limit: u64) -> Result<Vec<LogEntry>> {
    let reading = failed("reading the log");
    let mut statement = connection
        .prepare_cached(
            "SELECT number, at_us, account, act, how, actor, address, agent, why, previous, hash
             FROM sign_ins WHERE number >= ?1 ORDER BY number LIMIT ?2",
        )
        .map_err(&reading)?;
    let clip = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let rows = statement
        .query_map([clip(from), clip(limit)], |row| {
            let (previous, hash): (Vec<u8>, Vec<u8>) = (row.get(9)?, row.get(10)?);
            let entry = LogEntry {
                number: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0),
                at: EventTime(row.get(1)?),
                account: row.get(2)?,
                act: row.get(3)?,
                how: row.get(4)?,
                actor: row.get(5)?,
                address: row.get(6)?,
                agent: row.get(7)?,
                why: row.get(8)?,
                previous: Hash32::default(),
                hash: Hash32::default(),
            };
            Ok((entry, previous, hash))
        })
        .map_err(&reading)?;
    rows.map(|row| {
        let (mut entry, previous, hash) = row.map_err(&reading)?;
        entry.previous = hash_of(previous)?;
        entry.hash = hash_of(hash)?;
        Ok(entry)
    })
    .collect()
}

/// Reads the whole log and holds each entry to the one before.
pub(crate) fn verify(connection: &Connection) -> Result<LogSummary> {
    let (head_number, _, head_hash) = head(connection)?;
    let (mut at, mut last, mut time) = (0_u64, Hash32::default(), EventTime(i64::MIN));
    loop {
        let page = entries(connection, at, PAGE)?;
        for entry in &page {
            let wrong = |problem| Err(Error::Log(LogError { at, problem }));
            if entry.number != at {
                return wrong(LogProblem::Missing { found: entry.number });
            }
            if entry.computed() != entry.hash || entry.previous != last {
                return wrong(LogProblem::Changed);
            }
            if entry.at < time {
                return wrong(LogProblem::TimeBackwards);
            }
            (at, last, time) = (at + 1, entry.hash, entry.at);
        }
        if (page.len() as u64) < PAGE {
            break;
        }
    }
    if at != head_number || last != head_hash {
        return Err(LogError { at, problem: LogProblem::End }.into());
    }
    Ok(LogSummary { entries: at, last_hash: last })
}
