//! The threads that serve.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;

use crate::{Bound, ListenError, TlsFiles};

/// How it is served.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Name of the threads, 15 bytes at most.
    pub name: &'static str,
    /// Threads that never wait.
    pub threads: usize,
    /// Threads for what waits (files, databases), at most.
    pub blocking_threads_max: usize,
    /// How long a client may take for the head of a request, and for the TLS before it.
    pub head_max: Duration,
    /// How long requests may take to end when it is dropped.
    pub stop_max: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: "http",
            threads: 2,
            blocking_threads_max: 512,
            head_max: Duration::from_secs(10),
            stop_max: Duration::from_secs(5),
        }
    }
}

/// Serves while it lives.
#[derive(Debug)]
pub struct Listening {
    addr: SocketAddr,
    tls: bool,
    handle: Handle<SocketAddr>,
    stop_max: Duration,
    thread: Option<JoinHandle<()>>,
    failure: Arc<Mutex<Option<String>>>,
}

impl Listening {
    /// Serves `router` at `addr`; port 0 takes a free one.
    ///
    /// # Errors
    /// As [`Self::serve`], and where the address cannot be listened on.
    pub fn start(
        addr: SocketAddr,
        tls: Option<&TlsFiles>,
        router: Router,
        options: Options,
    ) -> Result<Self, ListenError> {
        Self::serve(Bound::to(addr)?, tls, router, options)
    }

    /// Serves `router` at an address that is taken already. Handlers find the caller's address as
    /// `ConnectInfo<SocketAddr>`.
    ///
    /// # Errors
    /// Where the certificate is of no use, or no thread can be had.
    pub fn serve(
        bound: Bound,
        tls: Option<&TlsFiles>,
        router: Router,
        options: Options,
    ) -> Result<Self, ListenError> {
        let (addr, listener) = (bound.addr(), bound.listener);
        let Options { name, head_max, stop_max, .. } = options;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(options.threads)
            .max_blocking_threads(options.blocking_threads_max)
            .thread_name(name)
            .enable_all()
            .build()
            .map_err(ListenError::Thread)?;
        let config = tls.map(|files| runtime.block_on(files.load())).transpose()?;
        let handle = Handle::new();
        let failure = Arc::new(Mutex::new(None));
        let (known, told, tls) = (handle.clone(), Arc::clone(&failure), config.is_some());
        let pages = router.into_make_service_with_connect_info::<SocketAddr>();
        let serve = move || {
            let served = runtime.block_on(async {
                match config {
                    Some(config) => {
                        let mut server = axum_server::from_tcp_rustls(listener, config)?
                            .handle(known)
                            .http1_only()
                            .first_request_timeout(head_max);
                        server.http_builder().http1().header_read_timeout(head_max);
                        server.serve(pages).await
                    }
                    None => {
                        let mut server = axum_server::from_tcp(listener)?
                            .handle(known)
                            .http1_only()
                            .first_request_timeout(head_max);
                        server.http_builder().http1().header_read_timeout(head_max);
                        server.serve(pages).await
                    }
                }
            });
            if let Err(error) = served {
                let why = format!("nothing is served on {addr} any more: {error}");
                tracing::error!("{why}");
                told.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
            }
            runtime.shutdown_timeout(stop_max);
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(serve);
        let thread = Some(thread.map_err(ListenError::Thread)?);
        Ok(Self { addr, tls, handle, stop_max, thread, failure })
    }

    /// Where it is served, with the port that was found where 0 was asked for.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address as a URL without a path.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.addr)
    }

    /// Why nothing is served any more; none while it is.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| {
            let ended = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
            ended.then(|| format!("the thread that serves {} ended before its time", self.addr))
        })
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.handle.graceful_shutdown(Some(self.stop_max));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
