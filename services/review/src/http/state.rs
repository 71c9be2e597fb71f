//! What every request has at hand.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;
use wayside_desk::{Desk, DeskError};
use wayside_http::{Buckets, Clock, Problem, Rate};
use wayside_proto::EventTime;

use super::refusals::refused;
use crate::auth::Authenticator;
use crate::packages::Packages;
use crate::reader::PlateReader;
use crate::totals::Acts;
use crate::webhooks::WebhookStates;

/// Requests that are worked on at once.
pub const REQUESTS_MAX: usize = 512;
/// Acts on the desk and packages that wait for threads at once.
const WORK_MAX: usize = 64;

/// How often callers may ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Each token.
    pub token: Rate,
    /// Failed sign-ins of each address.
    pub failures: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            token: Rate { burst: 200.0, per_s: 50.0 },
            failures: Rate { burst: 10.0, per_s: 1.0 / 6.0 },
        }
    }
}

/// What the API is made of.
#[derive(Debug)]
pub struct Parts {
    /// Cases and decisions.
    pub desk: Arc<Desk>,
    /// Who calls.
    pub auth: Arc<dyn Authenticator>,
    /// Evidence.
    pub packages: Packages,
    /// Reads plates; none where no model is there.
    pub reader: Option<Arc<dyn PlateReader>>,
    /// The time.
    pub clock: Clock,
    /// How often callers may ask.
    pub limits: Limits,
    /// How the webhooks are.
    pub webhooks: WebhookStates,
    /// Whether answers go out over TLS.
    pub tls: bool,
}

/// A clone is the same.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: Parts,
    tokens: Mutex<Buckets<u64>>,
    failures: Mutex<Buckets<IpAddr>>,
    acts: Acts,
    work: Semaphore,
}

impl App {
    /// An API of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let limits = parts.limits;
        Self(Arc::new(Inner {
            parts,
            tokens: Mutex::new(Buckets::new(limits.token)),
            failures: Mutex::new(Buckets::new(limits.failures)),
            acts: Acts::default(),
            work: Semaphore::new(WORK_MAX),
        }))
    }

    /// What people did, for metrics.
    pub(crate) fn acts(&self) -> &Acts {
        &self.0.acts
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    pub(super) fn now(&self) -> EventTime {
        self.0.parts.clock.now()
    }

    /// Whether this address may try to sign in.
    pub(super) fn may_try(&self, address: IpAddr) -> Result<(), u32> {
        let failures = self.0.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.look(&address, self.now())
    }

    /// This address has failed to sign in.
    pub(super) fn failed(&self, address: IpAddr) {
        let mut failures = self.0.failures.lock().unwrap_or_else(PoisonError::into_inner);
        // Where there is nothing left, nothing is taken.
        let _ = failures.take(&address, self.now());
    }

    /// A request of this token.
    pub(super) fn count(&self, key: u64) -> Result<(), u32> {
        let mut tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.take(&key, self.now())
    }

    /// Works on a thread that may wait: the desk and the store do.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Parts, EventTime) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let Ok(_permit) = self.0.work.acquire().await else {
            return Err(Problem::fault("the service ends"));
        };
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || act(app.parts(), app.now())).await;
        done.unwrap_or_else(|error| Err(Problem::fault(error)))
    }

    /// An act of the desk.
    pub(super) async fn desk<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Desk, EventTime) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.work(move |parts, now| act(&parts.desk, now).map_err(refused)).await
    }
}
