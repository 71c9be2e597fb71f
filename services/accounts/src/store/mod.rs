//! The file: SQLite, one writer, readers beside it. Every commit is on the disk when it returns.

mod accounts;
mod links;
mod log;
mod passkeys;
mod sessions;

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use refinery::{Migration, Runner};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{Error, Result};

pub(crate) use accounts::{AccountRecord, NewAccount};
pub(crate) use links::LinkKind;
pub(crate) use log::{Entry, append, entries, verify};
pub use log::{LogEntry, LogError, LogProblem, LogSummary};
pub(crate) use passkeys::PasskeyRecord;
pub(crate) use sessions::{ListedSession, NewSessionRow, SessionRecord};

/// Readers at once.
const READERS: usize = 4;
/// How long a statement waits for another process.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// How long noting that a session was used waits: it is not worth more.
const TOUCH_WAIT_MAX: Duration = Duration::from_millis(20);

/// The file of accounts.
pub(crate) struct Store {
    writer: Mutex<Connection>,
    readers: Vec<Mutex<Connection>>,
    toucher: Mutex<Connection>,
    turn: AtomicUsize,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

pub(crate) fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> Error {
    move |error| {
        let again = matches!(
            error.sqlite_error_code(),
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
        );
        Error::Database { doing, cause: error.to_string(), again }
    }
}

fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    /// Opens the file, for its owner alone where it is new.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let open = |cause: String| Error::Open { path: path.to_owned(), cause };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| open(error.to_string()))?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        options.open(path).map_err(|error| open(error.to_string()))?;
        let connect = |synchronous: &str, wait: Duration| -> Result<Connection> {
            let ready = || {
                let connection = Connection::open(path)?;
                connection.busy_timeout(wait)?;
                connection.execute_batch(&format!(
                    "PRAGMA secure_delete = ON;
                     PRAGMA journal_mode = WAL;
                     PRAGMA synchronous = {synchronous};
                     PRAGMA foreign_keys = ON;
                     PRAGMA temp_store = MEMORY;"
                ))?;
                Ok::<_, rusqlite::Error>(connection)
            };
            ready().map_err(|error| open(error.to_string()))
        };
        let mut writer = connect("FULL", WAIT_MAX)?;
        migrate(&mut writer, path)?;
        let readers = (0..READERS).map(|_| connect("FULL", WAIT_MAX).map(Mutex::new));
        Ok(Self {
            writer: Mutex::new(writer),
            readers: readers.collect::<Result<_>>()?,
            // When a session was last used may be lost with the power: the session then ends sooner.
            toucher: Mutex::new(connect("OFF", TOUCH_WAIT_MAX)?),
            turn: AtomicUsize::new(0),
        })
    }

    /// Runs a transaction that writes: all of it, or nothing where it fails.
    pub(crate) fn write<T>(&self, act: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut writer = lock(&self.writer);
        let tx = writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed("beginning"))?;
        let done = act(&tx)?;
        tx.commit().map_err(failed("committing"))?;
        Ok(done)
    }

    /// Reads, beside whoever writes.
    pub(crate) fn read<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let order = (0..self.readers.len()).map(|i| (turn + i) % self.readers.len());
        let free = order.filter_map(|i| self.readers.get(i)?.try_lock().ok()).next();
        match free {
            Some(reader) => act(&reader),
            None => match self.readers.get(turn % self.readers.len().max(1)) {
                Some(reader) => act(&lock(reader)),
                None => act(&lock(&self.writer)),
            },
        }
    }

    /// Notes that a session is used, unless somebody else is writing.
    pub(crate) fn touch(&self, act: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> bool {
        self.toucher.try_lock().is_ok_and(|connection| act(&connection).is_ok())
    }
}

/// Files in `migrations` are never changed once they are released: a change is another file, and refinery
/// compares the checksums of those that were applied.
fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    let wrong = |cause: refinery::Error| Error::Migration {
        path: path.to_owned(),
        cause: cause.to_string(),
    };
    let files = [
        ("V1__accounts", include_str!("../../migrations/V1__accounts.sql")),
        ("V2__log_append_only", include_str!("../../migrations/V2__log_append_only.sql")),
        ("V3__kind_of_browser", include_str!("../../migrations/V3__kind_of_browser.sql")),
    ];
    let migrations: std::result::Result<Vec<Migration>, refinery::Error> =
        files.into_iter().map(|(name, sql)| Migration::unapplied(name, sql)).collect();
    let runner = Runner::new(&migrations.map_err(wrong)?).set_grouped(true);
    runner.run(connection).map_err(wrong)?;
    Ok(())
}
