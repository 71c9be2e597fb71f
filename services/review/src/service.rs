//! All of it at once: cases in, the API, citations out. `wayside review` is this in a process of its own.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum_server::Handle;
use wayside_bus::Bus;
use wayside_cases::{Account, Actor, Role};
use wayside_desk::Desk;

use crate::auth::Authenticator;
use crate::bus::{Intake, IntakeTotals, Publisher};
use crate::clock::Clock;
use crate::http::{self, App, Limits, Parts};
use crate::packages::Packages;
use crate::reader::PlateReader;
use crate::tls::TlsFiles;
use crate::webhooks::delivery::Policy;
use crate::webhooks::{Endpoint, EndpointError, SendOptions, Webhooks};

/// How long evidence is waited for, and how often the outbox is looked at.
const WAIT: Duration = Duration::from_millis(200);
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
    /// Where the API listens; port 0 takes a free one.
    pub listen: SocketAddr,
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
    /// The address.
    #[error(
        "the API cannot listen on {addr}: {cause}\n  hint: is another process there? --listen names another address"
    )]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        cause: io::Error,
    },
    /// TLS.
    #[error("{0}")]
    Tls(String),
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
    addr: SocketAddr,
    handle: Handle<SocketAddr>,
    threads: Vec<JoinHandle<()>>,
    webhooks: Webhooks,
    stop: Arc<AtomicBool>,
    failure: Failure,
    totals: Arc<Mutex<IntakeTotals>>,
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
        let listen = |cause| ServiceError::Listen { addr: options.listen, cause };
        let listener = TcpListener::bind(options.listen).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let addr = listener.local_addr().map_err(listen)?;
        let webhooks =
            Webhooks::start(bus, &options.endpoints, &options.send, options.delivery, clock)?;
        let app = App::new(Parts {
            desk: Arc::clone(desk),
            auth,
            packages,
            reader,
            clock: clock.clone(),
            limits: options.limits,
            webhooks: webhooks.states(),
            tls: options.tls.is_some(),
        });
        let actor = Actor::new(options.account, Role::System);
        let intake = Intake::join(Arc::clone(bus), Arc::clone(desk), actor.clone())?;
        let publisher = Publisher::new(Arc::clone(bus), Arc::clone(desk), actor);
        let mut service = Self {
            addr,
            handle: Handle::new(),
            threads: Vec::new(),
            webhooks,
            stop: Arc::new(AtomicBool::new(false)),
            failure: Failure::default(),
            totals: Arc::default(),
        };
        service.serve(listener, app, options.tls.as_ref())?;
        service.admit(intake, clock)?;
        service.publish(publisher, clock)?;
        Ok(service)
    }

    fn serve(
        &mut self,
        listener: TcpListener,
        app: App,
        tls: Option<&TlsFiles>,
    ) -> Result<(), ServiceError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(HTTP_THREADS)
            .thread_name("review-http")
            .enable_all()
            .build()
            .map_err(ServiceError::Thread)?;
        let tls =
            tls.map(|tls| runtime.block_on(tls.load())).transpose().map_err(ServiceError::Tls)?;
        let (handle, addr) = (self.handle.clone(), self.addr);
        let pages = http::router(app).into_make_service_with_connect_info::<SocketAddr>();
        let failure = Arc::clone(&self.failure);
        self.spawn("review-api", move || {
            let served = runtime.block_on(async {
                match tls {
                    Some(tls) => {
                        let mut server = axum_server::from_tcp_rustls(listener, tls)?
                            .handle(handle)
                            .http1_only()
                            .first_request_timeout(HEAD_MAX);
                        server.http_builder().http1().header_read_timeout(HEAD_MAX);
                        server.serve(pages).await
                    }
                    None => {
                        let mut server = axum_server::from_tcp(listener)?
                            .handle(handle)
                            .http1_only()
                            .first_request_timeout(HEAD_MAX);
                        server.http_builder().http1().header_read_timeout(HEAD_MAX);
                        server.serve(pages).await
                    }
                }
            });
            if let Err(error) = served {
                fail(&failure, format!("the API on {addr} has ended: {error}"));
            }
            runtime.shutdown_timeout(STOP_MAX);
        })
    }

    fn admit(&mut self, mut intake: Intake, clock: &Clock) -> Result<(), ServiceError> {
        let (clock, totals) = (clock.clone(), Arc::clone(&self.totals));
        self.repeat("review-intake", move || {
            let done = intake.run_once(clock.now(), WAIT).map_err(|error| error.to_string());
            *totals.lock().unwrap_or_else(PoisonError::into_inner) = intake.totals();
            done
        })
    }

    fn publish(&mut self, publisher: Publisher, clock: &Clock) -> Result<(), ServiceError> {
        let clock = clock.clone();
        self.repeat("review-publish", move || {
            let done = publisher.run_once(clock.now()).map_err(|error| error.to_string())?;
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

    /// Where the API is, with the port that was found where 0 was asked for.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What the intake has done.
    #[must_use]
    pub fn intake(&self) -> IntakeTotals {
        *self.totals.lock().unwrap_or_else(PoisonError::into_inner)
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
        .or_else(|| (!self.webhooks.alive()).then(|| "a webhook's thread ended".to_owned()))
    }
}

fn fail(failure: &Failure, why: String) {
    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.handle.graceful_shutdown(Some(STOP_MAX));
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
