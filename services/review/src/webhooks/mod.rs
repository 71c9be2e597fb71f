//! Citations on their way to ticketing systems: CloudEvents 1.0 in structured mode, signed by the
//! Standard Webhooks scheme.
//!
//! [`delivery`] decides what to send when (pure), `send` sends one message, `sign` signs it, `endpoint`
//! is the thread of one endpoint, and a position on the bus says how far it is. Each endpoint is a group of its
//! own on `wayside.citations.v1`, so that none waits for another.
//!
//! Deliberately absent: a store of what was delivered (the position on the bus and the receiver's own
//! memory of ids are enough), redirects, and anything from a receiver's answer but its status.

pub mod delivery;
mod endpoint;
mod send;
pub mod sign;
mod states;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use wayside_bus::Bus;
use wayside_http::Clock;

use delivery::{Delivery, Policy};
pub use send::{Endpoint, EndpointError, SendOptions};
pub use states::EndpointState;
use states::Shared;

/// Endpoints of one process.
pub const ENDPOINTS_MAX: usize = 32;

/// The threads that deliver.
#[derive(Debug)]
pub struct Webhooks {
    threads: Vec<JoinHandle<()>>,
    shared: Vec<Arc<Shared>>,
    stop: Arc<AtomicBool>,
}

/// Reads how the endpoints are.
#[derive(Clone, Debug, Default)]
pub struct WebhookStates(Vec<Arc<Shared>>);

impl WebhookStates {
    /// Every endpoint, in the order of the arguments.
    #[must_use]
    pub fn all(&self) -> Vec<EndpointState> {
        self.0.iter().map(|shared| shared.get()).collect()
    }
}

impl Webhooks {
    /// Starts a thread for each endpoint.
    ///
    /// # Errors
    /// Where the authorities cannot be read.
    pub fn start(
        bus: &Arc<dyn Bus>,
        endpoints: &[Endpoint],
        options: &SendOptions,
        policy: Policy,
        clock: &Clock,
    ) -> Result<Self, EndpointError> {
        let stop = Arc::new(AtomicBool::new(false));
        let (mut threads, mut all) = (Vec::new(), Vec::new());
        for endpoint in endpoints.iter().take(ENDPOINTS_MAX) {
            let idle = Delivery::new(endpoint.url(), policy).state();
            let shared = Arc::new(Shared::new(endpoint.shown(), idle));
            let worker = endpoint::Worker {
                bus: Arc::clone(bus),
                sender: send::Sender::new(endpoint.clone(), options)?,
                shown: endpoint.shown(),
                policy,
                clock: clock.clone(),
                shared: Arc::clone(&shared),
                stop: Arc::clone(&stop),
            };
            let url = endpoint.url().to_owned();
            let thread = std::thread::Builder::new().name("webhook".to_owned());
            match thread.spawn(move || worker.run(&url)) {
                Ok(thread) => threads.push(thread),
                Err(error) => tracing::error!("a webhook has no thread: {error}"),
            }
            all.push(shared);
        }
        Ok(Self { threads, shared: all, stop })
    }

    /// Reads how the endpoints are.
    #[must_use]
    pub fn states(&self) -> WebhookStates {
        WebhookStates(self.shared.clone())
    }

    /// Whether every thread runs.
    #[must_use]
    pub fn alive(&self) -> bool {
        self.threads.len() == self.shared.len() && self.threads.iter().all(|t| !t.is_finished())
    }
}

impl Drop for Webhooks {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
