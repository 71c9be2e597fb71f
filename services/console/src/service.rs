//! All of it at once: the feed, the API, the web app. `wayside console` is this in a process of its own.

use std::net::SocketAddr;
use std::sync::Arc;

use wayside_listen::{Bound, ListenError, Listening, Options, TlsFiles};

use crate::feed::Feed;
use crate::http;
use crate::parts::Parts;
use crate::shared::Shared;

/// Threads of the API that do not wait; those that do are apart.
const HTTP_THREADS: usize = 2;

/// Settings of the service.
#[derive(Debug)]
pub struct ServiceOptions {
    /// Where it listens.
    pub listen: Bound,
    /// Without it answers go out in the clear: on this machine, or behind something that encrypts.
    pub tls: Option<TlsFiles>,
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The certificate, or a thread.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The system.
    #[error("the console has no thread: {0}")]
    Thread(std::io::Error),
}

/// Runs while it lives.
#[derive(Debug)]
pub struct Service {
    shared: Arc<Shared>,
    server: Option<Listening>,
    feed: Feed,
}

impl Service {
    /// Starts everything.
    ///
    /// # Errors
    /// Where the certificate cannot be used, or no thread can be had.
    pub fn start(parts: Parts, options: ServiceOptions) -> Result<Self, ServiceError> {
        let shared = Arc::new(Shared::new(&parts.sites, parts.clock.clone()));
        let feed = Feed::start(
            Arc::clone(&parts.bus),
            Arc::clone(&parts.sites),
            Arc::clone(&shared),
            parts.signs.clone(),
            parts.look_back,
        )
        .map_err(ServiceError::Thread)?;
        let router = http::router(&parts, Arc::clone(&shared));
        let how = Options { name: "console-http", threads: HTTP_THREADS, ..Options::default() };
        let server = Listening::serve(options.listen, options.tls.as_ref(), router, how)?;
        Ok(Self { shared, server: Some(server), feed })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.server.as_ref().map_or(SocketAddr::from(([0, 0, 0, 0], 0)), Listening::addr)
    }

    /// What is known, and the live events.
    #[must_use]
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Why the service cannot go on; none while it can. A bus that is away is none: it is tried again, and said
    /// on every page.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.server.as_ref().and_then(Listening::failure).or_else(|| self.feed.failure())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Streams do not end by themselves: the server would wait for them.
        self.shared.hub().close();
        self.server.take();
    }
}
