//! Redacted clips and live pictures over HTTP.
//!
//! `POST /v1/clips` with a protobuf `ClipRequest` answers a protobuf `RedactedClip`;
//! `GET /v1/pictures/SITE/CAMERA` answers the newest picture as JPEG, with its capture instant in the header
//! `wayside-frame-time`. Else a status with a JSON object of `cause` and `detail`.
//!
//! Only with a bearer token, which is compared in constant time. Everything that a stranger could make large
//! or slow is bounded: head and body of a request, their time, connections, clips that wait.
//!
//! Deliberately absent: anything but these two pages, and any way to a picture that is not redacted (PV-1).

mod pages;
mod pictures;
mod token;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use wayside_listen::{ListenError, Listening, Options};
use wayside_proto::{ClipRequest, RedactedClip};

pub use wayside_listen::TlsFiles;

pub use self::token::{TOKEN_CHARS_MIN, Token};
use crate::live::{Clips, LivePictures, Refused};

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

/// Why clips cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("clips cannot be served (--clips): {0}")]
pub struct ServeError(#[from] ListenError);

/// Clips are served while this lives.
pub struct ClipServer(Listening);

impl ClipServer {
    /// Serves what `maker` makes, and live pictures where there are some. Port 0 takes a free one.
    ///
    /// # Errors
    /// Where the address cannot be listened on, the certificate is of no use, or no thread can be had.
    pub fn start(
        addr: SocketAddr,
        token: Token,
        tls: Option<&TlsFiles>,
        maker: Arc<dyn Maker>,
        pictures: Option<LivePictures>,
    ) -> Result<Self, ServeError> {
        let options = Options {
            name: "clips-http",
            threads: 1,
            blocking_threads_max: pages::ASKING_MAX,
            head_max: HEAD_MAX,
            stop_max: STOP_MAX,
        };
        let mut router = pages::router(token.clone(), maker);
        if let Some(pictures) = pictures {
            router = router.merge(pictures::router(token, pictures));
        }
        Ok(Self(Listening::start(addr, tls, router, options)?))
    }

    /// Where clips are served, with the port that was found where 0 was asked for.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.0.addr()
    }

    /// The address for the health of cameras, where it is not another that others know this worker by.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }
}

#[cfg(test)]
mod tests;
