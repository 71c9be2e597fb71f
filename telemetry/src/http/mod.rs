//! The pages: `/metrics`, `/healthz`, `/readyz`, on a thread and an event loop of their own, so that
//! they answer while the worker is busy and go when it goes.

mod connections;
mod pages;

#[cfg(test)]
mod tests;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use crate::board::Board;
use crate::error::TelemetryError;

/// Where the pages are served unless somebody asks for another address.
pub const DEFAULT_ADDR: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9464);

/// How long open connections may take to end when the pages stop.
const STOP_MAX: Duration = Duration::from_millis(500);

/// The pages are served while this lives.
#[derive(Debug)]
pub struct Serving {
    addr: SocketAddr,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Serving {
    /// Where the pages are, with the port that was found where 0 was asked for.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Nobody listens any more where the thread ended before.
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves the pages on this address, and [`crate::install`]s the metrics. Port 0 takes a free one.
/// The pages have no sign-in: an address other than this machine's own belongs behind a firewall.
///
/// # Errors
///
/// Where the address cannot be listened on, no thread can be started, or another recorder is installed.
pub fn serve(addr: SocketAddr, board: Board) -> Result<Serving, TelemetryError> {
    crate::install()?;
    let listener = TcpListener::bind(addr).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => TelemetryError::PortInUse { addr },
        _ => TelemetryError::Listen { addr, source },
    })?;
    let bound = listener
        .set_nonblocking(true)
        .and_then(|()| listener.local_addr())
        .map_err(|source| TelemetryError::Listen { addr, source })?;
    let failed = |source| TelemetryError::Thread { source };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(failed)?;
    let listener = {
        let _entered = runtime.enter();
        tokio::net::TcpListener::from_std(listener).map_err(failed)?
    };
    let (stop, stopped) = watch::channel(false);
    let pages = pages::router(board);
    let thread = std::thread::Builder::new()
        .name("telemetry-http".to_owned())
        .spawn(move || {
            runtime.block_on(connections::accept(listener, pages, stopped));
            runtime.shutdown_timeout(STOP_MAX);
        })
        .map_err(failed)?;
    Ok(Serving { addr: bound, stop, thread: Some(thread) })
}
