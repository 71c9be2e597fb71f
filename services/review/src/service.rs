//! All of it at once: cases in, the API, citations out. `wayside review` is this in a process of its own.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::Router;
use wayside_bus::Bus;
use wayside_cases::{Account, Actor, Role};
use wayside_desk::{Desk, QueueCounts};
use wayside_http::Clock;
use wayside_listen::{ListenError, Listening, Options, TlsFiles};

use crate::auth::Authenticator;
use crate::bus::{Intake, IntakeTotals, Published, Publisher};
use crate::http::{self, App, Limits, Parts};
use crate::packages::Packages;
use crate::reader::PlateReader;
use crate::totals::{Act, Totals, WebhookTotals};
use crate::webhooks::delivery::Policy;
use crate::webhooks::{Endpoint, EndpointError, SendOptions, Webhooks};

/// How long evidence is waited for, and how often the outbox is looked at.
const WAIT: Duration = Duration::from_millis(200);
/// How often the queue is counted, for metrics.
const COUNT_EVERY: Duration = Duration::from_secs(5);
/// How long bus or database may fail before the process gives up.
const FAIL_MAX: Duration = Duration::from_secs(60);
/// How long requests may take to end when the service stops.
const STOP_MAX: Duration = Duration::from_secs(5);
/// How long a client may take for the head of a request, and for the TLS before it.
const HEAD_MAX: Duration = Duration::from_secs(10);
/// Threads of the API that do not wait; those that do are apart.
const HTTP_THREADS: usize = 2;

/// Settings of the service.
#[derive(Clone, Debug)]
pub struct ServiceOptions {
    /// Where the API listens; port 0 takes a free one. None: it has no address of its own, and whoever
    /// started it serves [`Service::router`].
    pub listen: Option<SocketAddr>,
    /// Without it answers go out in the clear: on this machine, or behind something that encrypts.
    pub tls: Option<TlsFiles>,
    /// How often callers may ask.
    pub limits: Limits,
    /// Where citations go.
    pub endpoints: Vec<Endpoint>,
    /// How they go there.
    pub send: SendOptions,
    /// How often it is tried.
    pub delivery: Policy,
    /// The account of the service itself in the audit log.
    pub account: Account,
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The address, or TLS.
    #[error("the API of review is not served: {0}")]
    Listen(#[from] ListenError),
    /// A webhook.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The bus.
    #[error(transparent)]
    Bus(#[from] wayside_bus::BusError),
    /// The system.
    #[error("the service has no thread: {0}")]
    Thread(io::Error),
}

type Failure = Arc<Mutex<Option<String>>>;

/// Runs while it lives.
#[derive(Debug)]
pub struct Service {
    /// First, so that nobody is served any more when the rest ends.
    listening: Option<Listening>,
    app: App,
    threads: Vec<JoinHandle<()>>,
    webhooks: Webhooks,
    stop: Arc<AtomicBool>,
    failure: Failure,
    totals: Arc<Mutex<Shared>>,
}

/// What the threads have done.
#[derive(Debug, Default)]
struct Shared {
    intake: IntakeTotals,
    queue: Option<QueueCounts>,
    published: Published,
}

impl Service {
    /// Starts everything.
    ///
    /// # Errors
    /// Where the address, the certificate, a webhook or the bus cannot be used.
    pub fn start(
        bus: &Arc<dyn Bus>,
        desk: &Arc<Desk>,
        auth: Arc<dyn Authenticator>,
        packages: Packages,
        reader: Option<Arc<dyn PlateReader>>,
        clock: &Clock,
        options: ServiceOptions,
    ) -> Result<Self, ServiceError> {
        let ServiceOptions { listen, tls, limits, endpoints, send, delivery, account } = options;
        let webhooks = Webhooks::start(bus, &endpoints, &send, delivery, clock)?;
        let app = App::new(Parts {
            desk: Arc::clone(desk),
            auth,
            packages,
            reader,
            clock: clock.clone(),
            limits,
            webhooks: webhooks.states(),
            tls: tls.is_some(),
        });
        let serve = |addr| {
            let options = Options {
                name: "review-api",
                threads: HTTP_THREADS,
                head_max: HEAD_MAX,
                stop_max: STOP_MAX,
                ..Options::default()
            };
            Listening::start(addr, tls.as_ref(), http::router(app.clone()), options)
        };
        let listening = listen.map(serve).transpose()?;
        let actor = Actor::new(account, Role::System);
        let intake = Intake::join(Arc::clone(bus), Arc::clone(desk), actor.clone())?;
        let publisher = Publisher::new(Arc::clone(bus), Arc::clone(desk), actor);
        let mut service = Self {
            listening,
            app,
            threads: Vec::new(),
            webhooks,
            stop: Arc::new(AtomicBool::new(false)),
            failure: Failure::default(),
            totals: Arc::default(),
        };
        service.admit(intake, clock)?;
        service.publish(publisher, clock)?;
        Ok(service)
    }

    /// The API, to be served by whoever has an address for it. It may stand below a path. Handlers bound what
    /// fails by the caller's address, which they find as `ConnectInfo<SocketAddr>`.
    pub fn router(&self) -> Router {
        http::router(self.app.clone())
    }

    fn admit(&mut self, mut intake: Intake, clock: &Clock) -> Result<(), ServiceError> {
        let (clock, totals) = (clock.clone(), Arc::clone(&self.totals));
        self.repeat("review-intake", move || {
            let done = intake.run_once(clock.now(), WAIT).map_err(|error| error.to_string());
            totals.lock().unwrap_or_else(PoisonError::into_inner).intake = intake.totals();
            done
        })
    }

    fn publish(&mut self, publisher: Publisher, clock: &Clock) -> Result<(), ServiceError> {
        let (clock, totals) = (clock.clone(), Arc::clone(&self.totals));
        let mut counted: Option<Instant> = None;
        self.repeat("review-publish", move || {
            let done = publisher.run_once(clock.now()).map_err(|error| error.to_string())?;
            let due = counted.is_none_or(|last| last.elapsed() >= COUNT_EVERY);
            // A count that fails is none; what is published is what matters here.
            let queue = due.then(|| publisher.queue(clock.now()).ok()).flatten();
            if due {
                counted = Some(Instant::now());
            }
            let mut totals = totals.lock().unwrap_or_else(PoisonError::into_inner);
            totals.published += done;
            totals.queue = queue.or(totals.queue.take());
            drop(totals);
            if done.citations + done.stand_downs + done.issued == 0 {
                std::thread::sleep(WAIT);
            }
            Ok(())
        })
    }

    /// Does it again and again, until the service stops or it has failed for too long.
    fn repeat(
        &mut self,
        name: &'static str,
        mut turn: impl FnMut() -> Result<(), String> + Send + 'static,
    ) -> Result<(), ServiceError> {
        let (stop, failure) = (Arc::clone(&self.stop), Arc::clone(&self.failure));
        self.spawn(name, move || {
            let mut failing: Option<Instant> = None;
            while !stop.load(Ordering::Relaxed) {
                match turn() {
                    Ok(()) => failing = None,
                    Err(why) => {
                        let since = *failing.get_or_insert_with(Instant::now);
                        tracing::error!("{why}");
                        if since.elapsed() > FAIL_MAX {
                            return fail(&failure, why);
                        }
                        std::thread::sleep(WAIT);
                    }
                }
            }
        })
    }

    fn spawn(
        &mut self,
        name: &str,
        work: impl FnOnce() + Send + 'static,
    ) -> Result<(), ServiceError> {
        let thread = std::thread::Builder::new().name(name.to_owned());
        self.threads.push(thread.spawn(work).map_err(ServiceError::Thread)?);
        Ok(())
    }

    /// Where the API is, with the port that was found where 0 was asked for; none where it has no address
    /// of its own.
    #[must_use]
    pub fn addr(&self) -> Option<SocketAddr> {
        self.listening.as_ref().map(Listening::addr)
    }

    /// The same as a URL without a path.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        self.listening.as_ref().map(Listening::url)
    }

    /// What the intake has done.
    #[must_use]
    pub fn intake(&self) -> IntakeTotals {
        self.totals.lock().unwrap_or_else(PoisonError::into_inner).intake
    }

    /// What has been done since the start, for metrics.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut webhooks = WebhookTotals::default();
        for endpoint in self.webhooks.states().all() {
            webhooks.held += endpoint.state.held as u64;
            webhooks.delivered += endpoint.state.delivered;
            webhooks.failed += endpoint.state.failed;
            webhooks.given_up += endpoint.state.given_up;
        }
        let acts = Act::ALL.map(|act| self.app.acts().get(act));
        let shared = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        let Shared { intake, queue, published } = &*shared;
        Totals { intake: *intake, queue: queue.clone(), acts, published: *published, webhooks }
    }

    /// The webhooks.
    #[must_use]
    pub fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    /// Why the service cannot go on; none while it can.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| {
            let ended = self.threads.iter().find(|thread| thread.is_finished());
            ended.map(|thread| {
                format!(
                    "the thread {} ended before its time",
                    thread.thread().name().unwrap_or("?")
                )
            })
        })
        .or_else(|| self.listening.as_ref()?.failure())
        .or_else(|| (!self.webhooks.alive()).then(|| "a webhook's thread ended".to_owned()))
    }
}

fn fail(failure: &Failure, why: String) {
    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.listening = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
