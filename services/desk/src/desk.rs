//! The handle: one transaction an act, and its line in the audit log.

use std::path::Path;
use std::sync::Arc;

use wayside_cases::{Actor, CaseId, Policy, clock};
use wayside_plates::Vault;
use wayside_proto::EventTime;

use crate::audit::{self, Entry};
use crate::error::{DeskError, Result};
use crate::options::{DeskOptions, Interrupt, PostgresTls};
use crate::sql::{self, Connection, Pool, Tx};

/// How often an act is tried again after a deadlock or a lost connection.
const TRIES_MAX: u32 = 4;

/// A handle to the database of decisions. Clones share its connections.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    options: DeskOptions,
    place: String,
    /// In SQLite one connection; in PostgreSQL all.
    writers: Pool<Connection>,
    /// In PostgreSQL readers come from `writers`.
    readers: Option<Pool<Connection>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("place", &self.inner.place).finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens a file of SQLite, and makes it where there is none.
    ///
    /// # Errors
    /// Where a setting is out of range, or the file cannot be opened or is of a newer version.
    pub fn sqlite(path: &Path, options: DeskOptions) -> Result<Self> {
        options.check()?;
        let (file, wait) = (path.to_owned(), options.wait_ms_max);
        let open = move || sql::open_sqlite(&file, wait);
        let read = open.clone();
        let writers = Pool::new(1, wait, Box::new(open));
        let readers = Pool::new(options.connections_max, wait, Box::new(read));
        Self::ready(options, path.display().to_string(), writers, Some(readers))
    }

    /// Opens a database of PostgreSQL: `postgresql://user:password@host/name` or `host=... user=...`.
    ///
    /// # Errors
    /// Where a setting is out of range, or the database cannot be reached or is of a newer version.
    pub fn postgres(url: &str, tls: Option<&PostgresTls>, options: DeskOptions) -> Result<Self> {
        options.check()?;
        let wait = options.wait_ms_max;
        let (place, open) = sql::open_postgres(url, tls, wait)?;
        let writers = Pool::new(options.connections_max, wait, Box::new(open));
        Self::ready(options, place, writers, None)
    }

    fn ready(
        options: DeskOptions,
        place: String,
        writers: Pool<Connection>,
        readers: Option<Pool<Connection>>,
    ) -> Result<Self> {
        let mut connection = writers.take()?;
        sql::migrate(&mut connection, &place)?;
        let mut tx = Tx::begin(connection, true, None)?;
        audit::prepare(&mut tx)?;
        tx.commit()?;
        Ok(Self { inner: Arc::new(Inner { options, place, writers, readers }) })
    }

    /// File, or host and name of the database.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.inner.place
    }

    /// Settings of review.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.inner.options.policy
    }

    pub(crate) fn options(&self) -> &DeskOptions {
        &self.inner.options
    }

    /// Runs one act: reads the clock of the log, does it, appends to the log, commits. Tried again where
    /// the database says that this can help.
    pub(crate) fn act<T>(
        &self,
        actor: &Actor,
        now: EventTime,
        act: impl Fn(&mut Act<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut tries = 1;
        loop {
            match self.act_once(actor, now, &act) {
                Err(DeskError::Database { again: true, .. }) if tries < TRIES_MAX => tries += 1,
                other => return other,
            }
        }
    }

    fn act_once<T>(
        &self,
        actor: &Actor,
        now: EventTime,
        act: &impl Fn(&mut Act<'_>) -> Result<T>,
    ) -> Result<T> {
        let connection = self.inner.writers.take()?;
        let mut tx = Tx::begin(connection, true, self.interrupt())?;
        let last = audit::last_stamp(&mut tx)?;
        let at = clock::stamp(now, last, self.policy())?;
        let mut act_now = Act { tx, at, actor: actor.clone(), entries: Vec::new(), desk: self };
        let done = act(&mut act_now)?;
        let Act { mut tx, entries, .. } = act_now;
        audit::append(&mut tx, actor, at, &entries)?;
        tx.commit()?;
        Ok(done)
    }

    /// Reads, from one state of the database.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let pool = self.inner.readers.as_ref().unwrap_or(&self.inner.writers);
        let mut tx = Tx::begin(pool.take()?, false, None)?;
        let found = read(&mut tx)?;
        tx.commit()?;
        Ok(found)
    }

    /// After an erasure.
    pub(crate) fn scrub(&self) {
        if let Ok(mut connection) = self.inner.writers.take() {
            sql::scrub(&mut connection);
        }
    }

    fn interrupt(&self) -> Option<Interrupt> {
        self.inner.options.interrupt.clone()
    }
}

/// An act while it runs.
pub(crate) struct Act<'a> {
    pub(crate) tx: Tx<'a>,
    /// Never before the last act on record.
    pub(crate) at: EventTime,
    pub(crate) actor: Actor,
    pub(crate) desk: &'a Desk,
    entries: Vec<Entry>,
}

impl Act<'_> {
    pub(crate) fn policy(&self) -> &Policy {
        self.desk.policy()
    }

    pub(crate) fn vault(&self) -> Result<&Vault> {
        self.desk.options().vault.as_deref().ok_or(DeskError::NoVault)
    }

    /// Adds a line to the audit log, at the end of the act.
    pub(crate) fn log(&mut self, act: &'static str, case: Option<&CaseId>, why: impl Into<String>) {
        let case = case.map(ToString::to_string).unwrap_or_default();
        self.entries.push(Entry { act, case, why: why.into() });
    }
}
