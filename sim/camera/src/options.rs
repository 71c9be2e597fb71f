//! What a camera is asked to be.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use wayside_proto::EventTime;

use crate::event::Event;
use crate::faults::ScheduledFault;

/// What a camera serves, where, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Recording: MP4, MOV or MKV with H.264, H.265 or Motion JPEG.
    pub clip: PathBuf,
    /// Address to listen on; 127.0.0.1 unless changed.
    pub bind: IpAddr,
    /// TCP port; 0 picks a free one.
    pub port: u16,
    /// Capture time of the clip's first frame. Where absent, the instant at which a client's stream
    /// begins.
    pub start: Option<EventTime>,
    /// Who may watch (digest authentication); anybody where absent.
    pub credentials: Option<Credentials>,
    /// Certificate and key; then the camera speaks `rtsps` alone, and RTP only over that connection.
    pub tls: Option<TlsFiles>,
    /// Whether RTCP sender reports go out.
    pub sender_reports: bool,
    /// Faults at their times since the server's start.
    pub faults: Vec<ScheduledFault>,
    /// Who hears of clients and faults.
    pub events: Option<EventSink>,
}

impl Options {
    /// This clip on a free port of 127.0.0.1, open to anybody, with sender reports, without faults.
    #[must_use]
    pub fn new(clip: impl Into<PathBuf>) -> Self {
        Self {
            clip: clip.into(),
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            start: None,
            credentials: None,
            tls: None,
            sender_reports: true,
            faults: Vec::new(),
            events: None,
        }
    }
}

/// Name and password of the one user. The password is never shown, not even by `{:?}`.
#[derive(Clone)]
pub struct Credentials {
    /// Name, without `:` and `"`.
    pub user: String,
    /// Password, not empty.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials {{ user: {:?}, password: (hidden) }}", self.user)
    }
}

/// PEM files of a TLS server.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// Certificate chain, the server's own first.
    pub cert: PathBuf,
    /// Private key (PKCS #8, PKCS #1 or SEC 1), without a passphrase.
    pub key: PathBuf,
}

/// Is called with every event, from threads of the server. It must return soon.
#[derive(Clone)]
pub struct EventSink(pub Arc<dyn Fn(&Event) + Send + Sync>);

impl EventSink {
    /// Calls `hear` with every event.
    pub fn new(hear: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hear))
    }
}

impl fmt::Debug for EventSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventSink")
    }
}
