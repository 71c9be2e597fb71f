//! The audit log: who did what, when and why. Append-only, and chained by hash.

use sha2::{Digest, Sha256};
use wayside_cases::Actor;
use wayside_proto::{EventTime, Hash32};

use crate::error::{DeskError, Result};
use crate::sql::{Row, Tx, values};

/// Entries read at a time.
const PAGE: i64 = 2_000;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number, from 0 without gaps.
    pub number: u64,
    /// When; never before the entry above.
    pub at: EventTime,
    /// Which account.
    pub account: String,
    /// In which role.
    pub role: String,
    /// What: `claim`, `decide`, `view`, `plate` and so on.
    pub act: String,
    /// Which case; empty where it is about none.
    pub case: String,
    /// Why, or with which result. Never a plate.
    pub why: String,
    /// Hash of the entry before; zeros for the first.
    pub previous: Hash32,
    /// Hash over all of the above.
    pub hash: Hash32,
}

/// What a sound log adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSummary {
    /// Entries.
    pub entries: u64,
    /// Times of the first and the last.
    pub when: Option<(EventTime, EventTime)>,
    /// Hash of the last. Keep a copy elsewhere: a log that was cut off together with its head leaves no
    /// other trace.
    pub last_hash: Hash32,
}

/// Where the log breaks, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {at} of the audit log: {problem}")]
pub struct AuditError {
    /// The number of the first entry that is wrong.
    pub at: u64,
    /// What is wrong.
    pub problem: AuditProblem,
}

/// What is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditProblem {
    /// Some are gone.
    #[error("it is not there; the next one that is has number {found}")]
    Missing {
        /// The next number.
        found: u64,
    },
    /// The content does not give the hash.
    #[error("its content was changed: its fields give {computed}, and it says {stated}")]
    Changed {
        /// What the fields give.
        computed: Hash32,
        /// What it says.
        stated: Hash32,
    },
    /// It follows on another one than the one before it.
    #[error("it was written after an entry with hash {stated}, and the one before it has {found}")]
    WrongPrevious {
        /// What it says.
        stated: Hash32,
        /// What is there.
        found: Hash32,
    },
    /// It is older than the one before.
    #[error("its time {at} is before that of the entry above, {before}")]
    TimeBackwards {
        /// Its time.
        at: EventTime,
        /// The time of the one before.
        before: EventTime,
    },
    /// Entries at the end are gone, or were added by other hands.
    #[error("the log ends here, and its head says that it has {head} entries")]
    End {
        /// What the head says.
        head: u64,
    },
    /// The head is another chain's.
    #[error("the head of the log has hash {head}, and the last entry has {found}")]
    Head {
        /// What the head says.
        head: Hash32,
        /// What is there.
        found: Hash32,
    },
}

impl AuditEntry {
    /// The hash that the other fields give: SHA-256 over `wayside.audit.v1`, then each field in the order
    /// above. Texts and bytes come after their length; numbers are 8 bytes, the highest first.
    #[must_use]
    pub fn computed(&self) -> Hash32 {
        let mut hash = Sha256::new();
        hash.update(b"wayside.audit.v1");
        hash.update(self.number.to_be_bytes());
        hash.update(self.at.0.to_be_bytes());
        for text in [&self.account, &self.role, &self.act, &self.case, &self.why] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.update((self.previous.0.len() as u64).to_be_bytes());
        hash.update(self.previous.0);
        Hash32(hash.finalize().into())
    }
}

/// A line that an act adds.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) act: &'static str,
    pub(crate) case: String,
    pub(crate) why: String,
}

/// Makes the head of an empty log.
pub(crate) fn prepare(tx: &mut Tx<'_>) -> Result<()> {
    let sql = "INSERT INTO heads (name, number, at_us, hash) VALUES ('audit', 0, $1, $2)
               ON CONFLICT (name) DO NOTHING";
    tx.execute(sql, values![i64::MIN, vec![0_u8; 32]])?;
    Ok(())
}

/// The time of the last entry; none where there is none.
pub(crate) fn last_stamp(tx: &mut Tx<'_>) -> Result<Option<EventTime>> {
    let row = tx.first("SELECT at_us FROM heads WHERE name = 'audit'", &[])?;
    let at = row.ok_or_else(no_head)?.int(0)?;
    Ok((at != i64::MIN).then_some(EventTime(at)))
}

fn no_head() -> DeskError {
    DeskError::Stored { what: "the audit log", problem: "its head is not there".to_owned() }
}

/// Appends lines. Whoever appends holds the head until the transaction ends: the chain has one order.
pub(crate) fn append(
    tx: &mut Tx<'_>,
    actor: &Actor,
    at: EventTime,
    entries: &[Entry],
) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let sql = "SELECT number, at_us, hash FROM heads WHERE name = 'audit' /*lock*/";
    let head = tx.first(sql, &[])?.ok_or_else(no_head)?;
    let (mut number, mut previous) = (head.count(0)?, hash(&head, 2)?);
    // Another process may have written since this act read the time.
    let at = at.max(EventTime(head.int(1)?));
    for entry in entries {
        let mut line = AuditEntry {
            number,
            at,
            account: actor.account.to_string(),
            role: actor.role.as_str().to_owned(),
            act: entry.act.to_owned(),
            case: entry.case.clone(),
            why: entry.why.clone(),
            previous,
            hash: Hash32::default(),
        };
        line.hash = line.computed();
        tx.execute(
            "INSERT INTO audit (number, at_us, account, role, act, case_id, why, previous, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values![
                line.number,
                line.at,
                &line.account,
                &line.role,
                &line.act,
                &line.case,
                &line.why,
                line.previous.0.to_vec(),
                line.hash.0.to_vec(),
            ],
        )?;
        previous = line.hash;
        number += 1;
    }
    let sql = "UPDATE heads SET number = $1, at_us = $2, hash = $3 WHERE name = 'audit'";
    tx.execute(sql, values![number, at, previous.0.to_vec()])?;
    Ok(())
}

fn hash(row: &Row, column: usize) -> Result<Hash32> {
    let bytes = row.bytes(column)?;
    let length = bytes.len();
    bytes.try_into().map(Hash32).map_err(|_| DeskError::Stored {
        what: "a hash",
        problem: format!("it has {length} bytes"),
    })
}

fn entry(row: &Row) -> Result<AuditEntry> {
    Ok(AuditEntry {
        number: row.count(0)?,
        at: EventTime(row.int(1)?),
        account: row.text(2)?,
        role: row.text(3)?,
        act: row.text(4)?,
        case: row.text(5)?,
        why: row.text(6)?,
        previous: hash(row, 7)?,
        hash: hash(row, 8)?,
    })
}

/// Entries from a number on, of one case or of all (`case` empty).
pub(crate) fn entries(
    tx: &mut Tx<'_>,
    case: &str,
    from: u64,
    limit: u64,
) -> Result<Vec<AuditEntry>> {
    let rows = tx.query(
        "SELECT number, at_us, account, role, act, case_id, why, previous, hash FROM audit
         WHERE number >= $1 AND ($2 = '' OR case_id = $2) ORDER BY number LIMIT $3",
        values![from, case, limit],
    )?;
    rows.iter().map(entry).collect()
}

/// Reads the whole log and holds each entry to the one before.
pub(crate) fn verify(tx: &mut Tx<'_>) -> Result<AuditSummary> {
    let sql = "SELECT number, hash FROM heads WHERE name = 'audit'";
    let head = tx.first(sql, &[])?.ok_or_else(no_head)?;
    let (head_number, head_hash) = (head.count(0)?, hash(&head, 1)?);
    let mut summary = AuditSummary { entries: 0, when: None, last_hash: Hash32::default() };
    loop {
        let page = entries(tx, "", summary.entries, PAGE as u64)?;
        for entry in &page {
            check(&summary, entry)?;
            summary.entries += 1;
            let first = summary.when.map_or(entry.at, |(first, _)| first);
            summary.when = Some((first, entry.at));
            summary.last_hash = entry.hash;
        }
        if page.len() < PAGE as usize {
            break;
        }
    }
    let at = summary.entries;
    if at != head_number {
        return Err(AuditError { at, problem: AuditProblem::End { head: head_number } }.into());
    }
    if summary.last_hash != head_hash {
        let problem = AuditProblem::Head { head: head_hash, found: summary.last_hash };
        return Err(AuditError { at: at.saturating_sub(1), problem }.into());
    }
    Ok(summary)
}

fn check(so_far: &AuditSummary, entry: &AuditEntry) -> std::result::Result<(), AuditError> {
    let at = so_far.entries;
    let wrong = |problem| Err(AuditError { at, problem });
    if entry.number != at {
        return wrong(AuditProblem::Missing { found: entry.number });
    }
    let computed = entry.computed();
    if computed != entry.hash {
        return wrong(AuditProblem::Changed { computed, stated: entry.hash });
    }
    if entry.previous != so_far.last_hash {
        let (stated, found) = (entry.previous, so_far.last_hash);
        return wrong(AuditProblem::WrongPrevious { stated, found });
    }
    match so_far.when {
        Some((_, before)) if before > entry.at => {
            wrong(AuditProblem::TimeBackwards { at: entry.at, before })
        }
        _ => Ok(()),
    }
}
