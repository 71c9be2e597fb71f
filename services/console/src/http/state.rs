//! What every request has at hand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::Semaphore;
use wayside_accounts::Accounts;
use wayside_bus::Bus;
use wayside_http::Problem;

use crate::parts::Parts;
use crate::pictures::Pictures;
use crate::queue::ReviewQueue;
use crate::shared::Shared;
use crate::signs::SignStates;
use crate::sites::Sites;

/// Requests that are worked on at once, live ones apart.
pub const REQUESTS_MAX: usize = 512;
/// Clients of live events.
pub const CLIENTS_MAX: usize = 1_000;
/// Clients of live events of one account: tabs of a browser, screens of a control room.
pub const CLIENTS_OF_ACCOUNT_MAX: usize = 250;
/// Scenes and receipts that are read from the bus at once.
const READS_MAX: usize = 4;
/// Pictures that are waited for at once.
const PICTURES_MAX: usize = 32;
/// Scenes that are kept.
const SCENES_MAX: usize = 32;

/// A clone is the same.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bus: Arc<dyn Bus>,
    sites: Arc<Sites>,
    shared: Arc<Shared>,
    accounts: Arc<Accounts>,
    pictures: Option<Arc<dyn Pictures>>,
    signs: Option<Arc<dyn SignStates>>,
    queue: Option<Arc<dyn ReviewQueue>>,
    reads: Semaphore,
    views: Semaphore,
    clients: Mutex<BTreeMap<String, usize>>,
    scenes: Mutex<VecDeque<(String, Bytes)>>,
}

impl App {
    pub(crate) fn new(parts: &Parts, shared: Arc<Shared>) -> Self {
        Self(Arc::new(Inner {
            bus: Arc::clone(&parts.bus),
            sites: Arc::clone(&parts.sites),
            shared,
            accounts: Arc::clone(&parts.accounts),
            pictures: parts.pictures.clone(),
            signs: parts.signs.clone(),
            queue: parts.queue.clone(),
            reads: Semaphore::new(READS_MAX),
            views: Semaphore::new(PICTURES_MAX),
            clients: Mutex::default(),
            scenes: Mutex::default(),
        }))
    }

    pub(crate) fn sites(&self) -> &Sites {
        &self.0.sites
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0.shared
    }

    pub(crate) fn signs(&self) -> Option<&Arc<dyn SignStates>> {
        self.0.signs.as_ref()
    }

    pub(crate) fn accounts(&self) -> &Arc<Accounts> {
        &self.0.accounts
    }

    /// Cases that wait, by site; none where review is not part of this console, or does not answer.
    pub(crate) async fn waiting(&self) -> Option<BTreeMap<String, u64>> {
        let queue = Arc::clone(self.0.queue.as_ref()?);
        tokio::task::spawn_blocking(move || queue.waiting()).await.ok().flatten()
    }

    /// Reads the bus on a thread that may wait. Who finds it busy waits until the request is over.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Bus) -> Result<T, wayside_bus::BusError> + Send + 'static,
    ) -> Result<T, Problem> {
        let Ok(_permit) = self.0.reads.acquire().await else {
            return Err(Problem::fault("the service ends"));
        };
        let bus = Arc::clone(&self.0.bus);
        let done = tokio::task::spawn_blocking(move || read(&*bus)).await;
        done.map_err(Problem::fault)?.map_err(|error| {
            tracing::error!("the bus cannot be read: {error}");
            Problem::new(
                axum::http::StatusCode::SERVICE_UNAVAILABLE,
                "bus-away",
                "the bus cannot be read now",
            )
            .hint("it is tried again all the time; the log of the service says why")
            .retry_after(5)
        })
    }

    /// Asks for a picture on a thread that may wait; none where there is no source of pictures.
    pub(crate) async fn picture<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Pictures) -> T + Send + 'static,
    ) -> Result<Option<T>, Problem> {
        let Some(pictures) = self.0.pictures.clone() else { return Ok(None) };
        let Ok(_permit) = self.0.views.try_acquire() else {
            return Err(Problem::new(
                axum::http::StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "too many pictures are asked for at once",
            )
            .retry_after(1));
        };
        let done = tokio::task::spawn_blocking(move || ask(&*pictures)).await;
        done.map(Some).map_err(Problem::fault)
    }

    pub(crate) fn known_scene(&self, id: &str) -> Option<Bytes> {
        let scenes = self.0.scenes.lock().unwrap_or_else(PoisonError::into_inner);
        scenes.iter().find(|(known, _)| known == id).map(|(_, bytes)| bytes.clone())
    }

    pub(crate) fn keep_scene(&self, id: &str, bytes: Bytes) {
        let mut scenes = self.0.scenes.lock().unwrap_or_else(PoisonError::into_inner);
        scenes.retain(|(known, _)| known != id);
        scenes.push_back((id.to_owned(), bytes));
        if scenes.len() > SCENES_MAX {
            scenes.pop_front();
        }
    }

    /// A place for a client of live events.
    ///
    /// # Errors
    /// Where there are too many, of the account or of all.
    pub(crate) fn seat(&self, account: &str) -> Result<Seat, Problem> {
        let full = |detail: &str| {
            Problem::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, "too-many-clients", detail)
                .hint("close pages that nobody looks at")
                .retry_after(10)
        };
        let mut clients = self.0.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if clients.values().sum::<usize>() >= CLIENTS_MAX {
            return Err(full("too many pages are live at once"));
        }
        let own = clients.entry(account.to_owned()).or_default();
        if *own >= CLIENTS_OF_ACCOUNT_MAX {
            return Err(full("too many pages of this account are live at once"));
        }
        *own += 1;
        drop(clients);
        Ok(Seat { app: self.clone(), account: account.to_owned() })
    }
}

/// The place of a client; free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    app: App,
    account: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut clients = self.app.0.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = clients.get_mut(&self.account) {
            *own -= 1;
            if *own == 0 {
                clients.remove(&self.account);
            }
        }
    }
}
