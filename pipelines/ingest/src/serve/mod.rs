//! Redacted clips over HTTP: `POST /v1/clips` with a protobuf `ClipRequest` answers a protobuf
//! `RedactedClip`, or a status with a JSON object of `cause` and `detail`.
//!
//! Only with a bearer token, which is compared in constant time. Everything that a stranger could make large
//! or slow is bounded: head and body of a request, their time, connections, clips that wait.
//!
//! Deliberately absent: anything but that one page, and any way to a picture that is not redacted (PV-1).

mod pages;
mod token;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use wayside_proto::{ClipRequest, RedactedClip};

pub use self::token::{TOKEN_CHARS_MIN, Token};
use crate::live::{Clips, Refused};

/// The head of a request must have come within this time.
const HEAD_MAX: Duration = Duration::from_secs(5);
/// How long open connections may take to end when the server stops.
const STOP_MAX: Duration = Duration::from_millis(500);

/// Who makes clips.
pub trait Maker: Send + Sync + 'static {
    /// A redacted clip; waits for it.
    ///
    /// # Errors
    /// Where there is none now, or never will be.
    fn ask(&self, request: &ClipRequest) -> Result<RedactedClip, Refused>;
}

impl Maker for Clips {
    fn ask(&self, request: &ClipRequest) -> Result<RedactedClip, Refused> {
        Self::ask(self, request)
    }
}

/// Files of a certificate and its key, PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, those of its authorities after it.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Why clips cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("clips cannot be served on {addr}: {cause}. Take another address with `--clips`.")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The certificate or its key is of no use.
    #[error("{} and {} cannot be used for TLS: {cause}. They are PEM files, the key that of the certificate.", files.certificate.display(), files.key.display())]
    Tls {
        /// The files.
        files: TlsFiles,
        /// What is wrong.
        cause: std::io::Error,
    },
    /// The system gives no thread.
    #[error("clips cannot be served: no thread ({0})")]
    Thread(std::io::Error),
}

/// Clips are served while this lives.
pub struct ClipServer {
    addr: SocketAddr,
    tls: bool,
    handle: Handle<SocketAddr>,
    thread: Option<JoinHandle<()>>,
}

impl ClipServer {
    /// Serves what `maker` makes. Port 0 takes a free one.
    ///
    /// # Errors
    /// Where the address cannot be listened on, the certificate is of no use, or no thread can be had.
    pub fn start(
        addr: SocketAddr,
        token: Token,
        tls: Option<&TlsFiles>,
        maker: Arc<dyn Maker>,
    ) -> Result<Self, ServeError> {
        let listen = |cause| ServeError::Listen { addr, cause };
        let listener = TcpListener::bind(addr).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let bound = listener.local_addr().map_err(listen)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(pages::ASKING_MAX)
            .thread_name("clips-http")
            .enable_all()
            .build()
            .map_err(ServeError::Thread)?;
        let config = match tls {
            None => None,
            Some(files) => {
                // Another part of the program may have installed the same one.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let config = RustlsConfig::from_pem_file(&files.certificate, &files.key);
                let files = files.clone();
                let config = runtime.block_on(config);
                Some(config.map_err(|cause| ServeError::Tls { files, cause })?)
            }
        };
        let handle = Handle::new();
        let (told, pages) = (handle.clone(), pages::router(token, maker).into_make_service());
        let tls = config.is_some();
        let serve = move || {
            let served = runtime.block_on(async {
                match config {
                    Some(config) => {
                        let mut server = axum_server::from_tcp_rustls(listener, config)?
                            .handle(told)
                            .http1_only()
                            .first_request_timeout(HEAD_MAX);
                        server.http_builder().http1().header_read_timeout(HEAD_MAX);
                        server.serve(pages).await
                    }
                    None => {
                        let mut server = axum_server::from_tcp(listener)?
                            .handle(told)
                            .http1_only()
                            .first_request_timeout(HEAD_MAX);
                        server.http_builder().http1().header_read_timeout(HEAD_MAX);
                        server.serve(pages).await
                    }
                }
            });
            if let Err(error) = served {
                tracing::error!("clips are served no more: {error}");
            }
            runtime.shutdown_timeout(STOP_MAX);
        };
        let thread = std::thread::Builder::new().name("clips-http".to_owned()).spawn(serve);
        Ok(Self { addr: bound, tls, handle, thread: Some(thread.map_err(ServeError::Thread)?) })
    }

    /// Where clips are served, with the port that was found where 0 was asked for.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address for the health of cameras, where it is not another that others know this worker by.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.addr)
    }
}

impl Drop for ClipServer {
    fn drop(&mut self) {
        self.handle.shutdown();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
