//! One connection, its runtime, and attempts that are repeated.
//!
//! The stubs come from `qdrant-client`; its own `Qdrant` is not used, because it knows neither a
//! certificate authority of one's own nor how to keep an API key with a stray character out of an
//! error message, and prints to standard output.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request, Response, Status};

use super::options::ServerOptions;
use crate::error::IndexError;

/// Longest pause between attempts.
const PAUSE_MAX: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Connection {
    /// None only while it is dropped.
    runtime: Option<Runtime>,
    shared: Arc<Shared>,
}

/// What an attempt needs.
#[derive(Debug)]
struct Shared {
    channel: Channel,
    key: Option<MetadataValue<Ascii>>,
    url: String,
    timeout: Duration,
    attempts_max: u32,
    backoff: Duration,
    jitter_seed: u64,
    /// Calls so far: no two have the same jitter.
    calls: AtomicU64,
}

impl Connection {
    /// Prepares a connection; the first call makes it.
    pub(super) fn new(options: &ServerOptions) -> Result<Self, IndexError> {
        let wrong = |what: String, hint| IndexError::Options { what, hint };
        let sendable = |key: &String| -> Result<_, IndexError> {
            let mut value: MetadataValue<Ascii> = key.parse().map_err(|_| {
                wrong(
                    "the API key of the Qdrant server has characters that cannot be sent"
                        .to_owned(),
                    "it may have a line break at its end; it is not shown here",
                )
            })?;
            value.set_sensitive(true);
            Ok(value)
        };
        let key = options.api_key.as_ref().map(sendable).transpose()?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("wayside-index")
            .enable_all()
            .build()
            .map_err(|error| {
                wrong(format!("no thread can be started: {error}"), "see the limits")
            })?;
        let channel = {
            let _inside = runtime.enter();
            endpoint(options)?.connect_lazy()
        };
        let shared = Shared {
            channel,
            key,
            url: options.url.clone(),
            timeout: options.timeout,
            attempts_max: options.attempts_max,
            backoff: options.backoff,
            jitter_seed: options.jitter_seed,
            calls: AtomicU64::new(0),
        };
        Ok(Self { runtime: Some(runtime), shared: Arc::new(shared) })
    }

    pub(super) fn url(&self) -> &str {
        &self.shared.url
    }

    /// Makes a call, again after a pause while the server is not there, and waits for its answer. The
    /// calling thread may belong to another runtime.
    pub(super) fn call<Q, A, F>(
        &self,
        doing: &'static str,
        question: Q,
        call: impl Fn(Channel, Request<Q>) -> F + Send + 'static,
    ) -> Result<A, Failed>
    where
        Q: Clone + Send + 'static,
        A: Send + 'static,
        F: Future<Output = Result<Response<A>, Status>> + Send,
    {
        let failed =
            |attempts, status| Failed { url: self.url().to_owned(), doing, attempts, status };
        let gone = || failed(0, Status::internal("its thread is gone"));
        let shared = Arc::clone(&self.shared);
        let (sender, answer) = mpsc::sync_channel(1);
        self.runtime.as_ref().ok_or_else(gone)?.spawn(async move {
            // Nobody waits any more: nothing to tell.
            let _ = sender.send(shared.attempts(question, call).await);
        });
        let (attempts, result) = answer.recv().map_err(|_| gone())?;
        result.map_err(|status| failed(attempts, status))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Waiting for the threads would panic inside another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn endpoint(options: &ServerOptions) -> Result<Endpoint, IndexError> {
    let wrong = |what: String, hint| IndexError::Options { what, hint };
    let address = "an address looks like http://qdrant:6334, with TLS https://qdrant:6334";
    let tls = options.url.starts_with("https://");
    if !tls && !options.url.starts_with("http://") {
        return Err(wrong(format!("{:?} is no address of a Qdrant server", options.url), address));
    }
    let mut endpoint = Endpoint::from_shared(options.url.clone())
        .map_err(|error| wrong(format!("{:?} is no address: {error}", options.url), address))?
        .timeout(options.timeout)
        .connect_timeout(options.timeout)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_while_idle(true);
    if tls {
        let mut config = ClientTlsConfig::new();
        config = match &options.ca_file {
            None => config.with_native_roots(),
            Some(file) => {
                let pem = std::fs::read(file).map_err(|error| {
                    let what = format!("{} cannot be read: {error}", file.display());
                    wrong(what, "it holds the certificate of the authority, PEM")
                })?;
                config.ca_certificate(Certificate::from_pem(pem))
            }
        };
        endpoint = endpoint
            .tls_config(config)
            .map_err(|error| wrong(format!("TLS cannot be set up: {error}"), "see the CA file"))?;
    }
    Ok(endpoint)
}

impl Shared {
    async fn attempts<Q: Clone, A, F>(
        &self,
        question: Q,
        call: impl Fn(Channel, Request<Q>) -> F,
    ) -> (u32, Result<A, Status>)
    where
        F: Future<Output = Result<Response<A>, Status>>,
    {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let mut attempt = 1;
        loop {
            let mut request = Request::new(question.clone());
            if let Some(key) = &self.key {
                request.metadata_mut().insert("api-key", key.clone());
            }
            let answer = call(self.channel.clone(), request);
            let result = match tokio::time::timeout(self.timeout, answer).await {
                Ok(result) => result.map(Response::into_inner),
                Err(_) => {
                    let text = format!("no answer within {:?}", self.timeout);
                    Err(Status::deadline_exceeded(text))
                }
            };
            match result {
                Err(status) if is_passing(&status) && attempt < self.attempts_max => {
                    tokio::time::sleep(self.pause(number, attempt)).await;
                    attempt += 1;
                }
                result => return (attempt, result),
            }
        }
    }

    /// The pause after an attempt.
    fn pause(&self, call: u64, attempt: u32) -> Duration {
        let doubled = self.backoff.saturating_mul(1 << (attempt - 1).min(16)).min(PAUSE_MAX);
        let chance = mix(self.jitter_seed ^ mix(call) ^ u64::from(attempt)) >> 11;
        // 0.75 to 1.25: what has failed together shall not come back together.
        doubled.mul_f64(0.75 + 0.5 * (chance as f64 / (1_u64 << 53) as f64))
    }
}

/// Scatters the bits of a number (SplitMix64).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Whether it may be better in a moment. `Internal` with a source comes from a connection that
/// broke; without, from the server.
fn is_passing(status: &Status) -> bool {
    let broken = status.code() == Code::Internal && std::error::Error::source(status).is_some();
    broken
        || matches!(
            status.code(),
            Code::Unavailable
                | Code::DeadlineExceeded
                | Code::Unknown
                | Code::Cancelled
                | Code::Aborted
                | Code::ResourceExhausted
        )
}

/// A call that failed for good.
#[derive(Debug)]
pub(super) struct Failed {
    url: String,
    doing: &'static str,
    attempts: u32,
    status: Status,
}

impl Failed {
    pub(super) fn code(&self) -> Code {
        self.status.code()
    }
}

impl From<Failed> for IndexError {
    fn from(failed: Failed) -> Self {
        let Failed { url, doing, attempts, status } = failed;
        let cause = cause(&status);
        match status.code() {
            Code::Unauthenticated | Code::PermissionDenied => Self::Refused {
                url,
                doing,
                cause,
                hint: "give the server's API key in WAYSIDE_QDRANT_API_KEY; it is not shown here",
            },
            _ if is_passing(&status) => Self::Unreachable { url, doing, attempts, cause },
            Code::NotFound => Self::Answer {
                url,
                doing,
                cause,
                hint: "somebody removed the collection; it is made again at the next start",
            },
            _ => Self::Answer { url, doing, cause, hint: "see the server's log" },
        }
    }
}

/// What a status says, with the innermost cause that it has: `connection refused`.
fn cause(status: &Status) -> String {
    let mut cause = status.message().to_owned();
    let mut source = std::error::Error::source(status);
    while let Some(inner) = source {
        let text = inner.to_string();
        if !cause.contains(&text) {
            cause = format!("{cause}: {text}");
        }
        source = inner.source();
    }
    cause
}
