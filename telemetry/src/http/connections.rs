//! Takes connections, with a bound on everything that a stranger could make large or slow.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

/// Most connections at a time; more wait to be taken.
pub(super) const CONNECTIONS_MAX: usize = 32;

/// A request's head must have come within this time.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection ends after this time, busy or not.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(60);

/// Largest head of a request, bytes. No page reads a body.
pub(super) const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Most header lines of a request.
const HEADERS_MAX: usize = 64;

/// Pause after a connection could not be taken, as when descriptors have run out.
const REST: Duration = Duration::from_millis(100);

/// Serves until told to stop.
pub(super) async fn accept(listener: TcpListener, pages: Router, mut stop: watch::Receiver<bool>) {
    let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let permit = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            permit = Arc::clone(&permits).acquire_owned() => permit,
        };
        // The semaphore is never closed.
        let Ok(permit) = permit else { return };
        let taken = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            taken = listener.accept() => taken,
        };
        match taken {
            Ok((stream, _)) => {
                let pages = pages.clone();
                tokio::spawn(async move {
                    // Too slow is the stranger's affair.
                    let _ = timeout(CONNECTION_TIMEOUT, connection(stream, pages)).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::debug!(%error, "a connection to the pages could not be taken");
                sleep(REST).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, pages: Router) {
    let service = TowerToHyperService::new(pages);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the pages broke off");
    }
}
