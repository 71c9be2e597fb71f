//! A server that speaks Qdrant's gRPC and stores through the embedded engine: for tests.
//!
//! No package ships the real server. This one answers those calls that a client of vectors and
//! filters needs, with the engine that the real server has inside; every other call is answered
//! `Unimplemented`, and so is a part of a call that it does not know. It checks the API key, speaks TLS
//! if it is given a certificate, and keeps its collections in a directory, so that it can be
//! stopped and started again. What it cannot show: replication, the real server's time-outs, its
//! optimisers.

mod collections;
mod convert;
mod points;
mod question;
mod service;
mod world;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use qdrant_client::qdrant::collections_server::CollectionsServer;
use qdrant_client::qdrant::points_server::PointsServer;
use qdrant_client::qdrant::qdrant_server::QdrantServer;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Identity, Server, ServerTlsConfig};
use tonic::{Request, Status};

use crate::error::IndexError;
use world::World;

/// Bytes of a question.
const QUESTION_BYTES_MAX: usize = 64 << 20;

/// What the server demands and listens on.
#[derive(Clone, Default)]
pub struct ShimOptions {
    /// Port on this machine; 0: a free one.
    pub port: u16,
    /// The key that every call must bring.
    pub api_key: Option<String>,
    /// Certificate chain and key, PEM: TLS.
    pub tls: Option<(String, String)>,
}

/// A running server; it stops when it is dropped.
pub struct Shim {
    address: SocketAddr,
    tls: bool,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<Runtime>,
}

impl Shim {
    /// Starts a server that keeps its collections in `dir`.
    ///
    /// # Errors
    /// [`IndexError::Directory`] if it cannot listen; those of an embedded index for what is in `dir`.
    pub fn start(dir: &Path, options: ShimOptions) -> Result<Self, IndexError> {
        let failed = |error: std::io::Error| IndexError::io(dir, "served", &error);
        let world = Arc::new(World::open(dir)?);
        let runtime =
            Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(failed)?;
        let listener =
            runtime.block_on(TcpListener::bind(("127.0.0.1", options.port))).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let tls = options.tls.is_some();
        let mut server = Server::builder();
        if let Some((certificate, key)) = options.tls {
            let config = ServerTlsConfig::new().identity(Identity::from_pem(certificate, key));
            server = server
                .tls_config(config)
                .map_err(|error| failed(std::io::Error::other(error.to_string())))?;
        }
        let check = key_check(options.api_key);
        let points = PointsServer::new(points::PointsService(Arc::clone(&world)))
            .max_decoding_message_size(QUESTION_BYTES_MAX);
        let collections =
            CollectionsServer::new(collections::CollectionsService(Arc::clone(&world)));
        let router = server
            .add_service(InterceptedService::new(points, check.clone()))
            .add_service(InterceptedService::new(collections, check))
            .add_service(QdrantServer::new(service::HealthService));
        let (stop, stopped) = oneshot::channel::<()>();
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        runtime.spawn(async move {
            tokio::select! {
                // Without grace: clients keep their connections open for ever.
                _ = stopped => {}
                _ = router.serve_with_incoming(incoming) => {}
            }
        });
        Ok(Self { address, tls, world, stop: Some(stop), runtime: Some(runtime) })
    }

    /// Its address, as a client takes it.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://localhost:{}", self.address.port())
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What a real server does in the background: makes durable, and takes dead bytes off the disk.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn maintain(&self) -> Result<(), IndexError> {
        self.world.maintain()
    }
}

impl Drop for Shim {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(runtime) = self.runtime.take() {
            // Connections and calls end here, so that the port and the directory are free.
            runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        }
    }
}

fn key_check(key: Option<String>) -> impl Fn(Request<()>) -> Result<Request<()>, Status> + Clone {
    move |request| {
        let given = request.metadata().get("api-key").and_then(|value| value.to_str().ok());
        match &key {
            Some(key) if given != Some(key.as_str()) => {
                Err(Status::unauthenticated("Invalid API key or JWT"))
            }
            _ => Ok(request),
        }
    }
}
