//! What can be done with accounts. Calls block, and some hash passwords: from async code they go through
//! [`Accounts::work`] and [`Accounts::hash_work`].

mod ceremonies;
mod cookie;
mod invite;
mod manage;
mod oidc;
mod passkeys;
mod profile;
mod session;
mod sessions;
mod setup;
mod sign_in;
mod tries;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::OptionalExtension;
use tokio::sync::Semaphore;
use wayside_proto::EventTime;
use webauthn_rs::Webauthn;
use webauthn_rs::WebauthnBuilder;

use crate::error::{Error, Result};
use crate::hashing;
use crate::oidc::Providers;
use crate::options::AccountsOptions;
use crate::policy::Device;
use crate::secret::{Password, random};
use crate::store::{LogEntry, LogSummary, Store, failed};

use ceremonies::Ceremonies;
pub use cookie::CookieNames;
pub(crate) use cookie::read_cookie;
pub use manage::AccountRow;
pub use passkeys::{PasskeyRow, SignInCeremony};
use session::Cache;
pub use session::{NewSession, ROLE_HEADER, SessionView, Unknown};
pub use sessions::SessionRow;
use tries::Trying;

/// Acts on the file that wait for threads at once.
const WORK_MAX: usize = 32;
/// Passwords that are hashed at once: each takes a core and its memory.
const HASH_MAX: usize = 2;
/// Passwords that wait for that.
const HASH_WAITING_MAX: usize = 32;
/// Acts that wait for a provider of OpenID Connect at once.
const PROVIDER_MAX: usize = 8;

/// From where somebody acts, for the log and for their list of sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The address.
    pub address: std::net::IpAddr,
    /// The browser as it says itself: printable ASCII, at most 120 characters.
    pub agent: String,
    /// Browser and system, as the whole of that says.
    pub device: Device,
}

impl Client {
    /// From this address, with this `User-Agent`.
    #[must_use]
    pub fn new(address: std::net::IpAddr, agent: &str) -> Self {
        let printable = |c: &char| matches!(c, ' '..='~');
        let device = Device::of_agent(agent);
        Self { address, agent: agent.chars().filter(printable).take(120).collect(), device }
    }
}

/// A one-time link that was just made. It is shown once.
#[derive(Clone)]
pub struct Link(pub(crate) String);

impl Link {
    /// The path and fragment, for example `/#/invite?token=...`. Fragments are not sent to servers.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Link(...)")
    }
}

/// The accounts of one installation. Threads and tasks share it.
pub struct Accounts {
    pub(crate) store: Store,
    pub(crate) options: AccountsOptions,
    pub(crate) cookies: CookieNames,
    pub(crate) providers: Providers,
    cache: Mutex<Cache>,
    trying: Mutex<Trying>,
    ceremonies: Mutex<Ceremonies>,
    webauthn: Option<Webauthn>,
    /// Key of credentials that nobody has, for accounts that are not there.
    fake_key: [u8; 32],
    /// A hash that fits no password, for accounts that are not there.
    no_hash: String,
    /// Passwords that were checked.
    checked: AtomicU64,
    work: Semaphore,
    hashing: Semaphore,
    hash_waiting: Semaphore,
    providing: Semaphore,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounts").field("options", &self.options).finish_non_exhaustive()
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Accounts {
    /// Opens the file, and makes it where it is not there, for its owner alone.
    ///
    /// # Errors
    /// Where it cannot be opened or written, was made by a newer program, or a provider's settings cannot be
    /// used.
    pub fn open(path: &Path, options: AccountsOptions) -> Result<Arc<Self>> {
        let store = Store::open(path)?;
        let fake_key = installation_key(&store)?;
        let nobody = Password::new(
            random::<16>()?.map(|byte| char::from(byte % 94 + 33)).iter().collect::<String>(),
        );
        let webauthn = match options.public_url.passkey_domain() {
            None => None,
            Some(domain) => {
                let builder = WebauthnBuilder::new(domain, options.public_url.url());
                let built = builder.and_then(|builder| builder.rp_name("Wayside").build());
                Some(built.map_err(|_| Error::PasskeysUnavailable)?)
            }
        };
        Ok(Arc::new(Self {
            store,
            cookies: CookieNames::new(options.public_url.is_secure()),
            providers: Providers::new(&options)?,
            cache: Mutex::default(),
            trying: Mutex::new(Trying::new(&options.limits)),
            ceremonies: Mutex::default(),
            webauthn,
            fake_key,
            no_hash: hashing::hash(&nobody, options.cost)?,
            checked: AtomicU64::new(0),
            work: Semaphore::new(WORK_MAX),
            hashing: Semaphore::new(HASH_MAX),
            hash_waiting: Semaphore::new(HASH_WAITING_MAX),
            providing: Semaphore::new(PROVIDER_MAX),
            options,
        }))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> EventTime {
        self.options.clock.now()
    }

    /// How many passwords were held against a hash since the start: what a sign-in costs.
    #[must_use]
    pub fn passwords_checked(&self) -> u64 {
        self.checked.load(Ordering::Relaxed)
    }

    /// Entries of the log of sign-ins, from a number on, at most 1,000.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn log(&self, from: u64, limit: u64) -> Result<Vec<LogEntry>> {
        self.store.read(|connection| crate::store::entries(connection, from, limit.min(1_000)))
    }

    /// Reads the whole log and holds each entry to the one before.
    ///
    /// # Errors
    /// Where it breaks, and how.
    pub fn verify_log(&self) -> Result<LogSummary> {
        self.store.read(crate::store::verify)
    }

    fn count_checked(&self) {
        self.checked.fetch_add(1, Ordering::Relaxed);
    }

    /// Runs an act on a thread that may wait.
    ///
    /// # Errors
    /// Those of the act.
    pub(crate) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Self, EventTime) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _permit = self.work.acquire().await.map_err(|_| Error::Busy)?;
        self.blocking(act).await
    }

    /// Runs an act that hashes a password: two at once, some more wait, the others are sent away.
    ///
    /// # Errors
    /// Those of the act; `Busy`.
    pub(crate) async fn hash_work<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Self, EventTime) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _waiting = self.hash_waiting.try_acquire().map_err(|_| Error::Busy)?;
        let _permit = self.hashing.acquire().await.map_err(|_| Error::Busy)?;
        self.blocking(act).await
    }

    /// Runs an act that waits for a provider of OpenID Connect.
    ///
    /// # Errors
    /// Those of the act; `Busy`.
    pub(crate) async fn provider_work<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Self, EventTime) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _permit = self.providing.try_acquire().map_err(|_| Error::Busy)?;
        self.blocking(act).await
    }

    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Self, EventTime) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let this = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || act(&this, this.now())).await;
        done.unwrap_or_else(|error| Err(Error::Stored(error.to_string())))
    }
}

/// A key of this installation, made when it is first needed.
fn installation_key(store: &Store) -> Result<[u8; 32]> {
    let new = random::<32>()?;
    store.write(|tx| {
        let keys = failed("reading a key");
        tx.execute("INSERT OR IGNORE INTO keys (name, value) VALUES ('fake-passkeys', ?1)", [new])
            .map_err(&keys)?;
        let sql = "SELECT value FROM keys WHERE name = 'fake-passkeys'";
        let key: Option<Vec<u8>> =
            tx.query_row(sql, [], |row| row.get(0)).optional().map_err(&keys)?;
        let key = key.and_then(|key| key.try_into().ok());
        key.ok_or_else(|| Error::Stored("a key of 32 bytes".to_owned()))
    })
}
