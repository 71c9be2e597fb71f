//! Where a live camera is, and how to play it.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::CaptureError;

/// How the RTP packets travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// Inside the RTSP connection. `rtsps://` always uses it, over TLS.
    #[default]
    Tcp,
    /// As datagrams of their own.
    Udp,
}

/// User and password of a camera. Neither `Debug` nor `Display` shows the password, and it is never
/// serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    user: String,
    password: String,
}

impl Credentials {
    /// Takes both as they are: nothing is percent-encoded.
    #[must_use]
    pub fn new(user: String, password: String) -> Self {
        Self { user, password }
    }

    pub(super) fn user(&self) -> &str {
        &self.user
    }

    pub(super) fn password(&self) -> &str {
        &self.password
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "user {} with a password", self.user)
    }
}

/// A live camera.
#[derive(Clone, PartialEq)]
pub struct LiveSource {
    /// `rtsp://` or `rtsps://`, without user info.
    pub url: String,
    /// Ignored for `rtsps://`, which is TCP.
    pub transport: Transport,
    /// User and password, where the camera wants them.
    pub credentials: Option<Credentials>,
    /// How long the jitter buffer waits for late packets, milliseconds.
    pub jitter_ms: u32,
    /// A PEM file with certificates to trust besides the system's.
    pub tls_ca: Option<PathBuf>,
}

impl fmt::Debug for LiveSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveSource")
            .field("url", &self.shown())
            .field("transport", &self.transport)
            .field("credentials", &self.credentials)
            .field("jitter_ms", &self.jitter_ms)
            .field("tls_ca", &self.tls_ca)
            .finish()
    }
}

impl LiveSource {
    /// Whether the connection is encrypted.
    pub(super) fn tls(&self) -> bool {
        self.url.starts_with("rtsps://")
    }

    /// The way the packets really travel.
    pub(super) fn effective_transport(&self) -> Transport {
        if self.tls() { Transport::Tcp } else { self.transport }
    }

    /// The URL for people: what follows a `?` often holds a password.
    pub(super) fn shown(&self) -> String {
        match self.url.split_once('?') {
            Some((address, _)) => format!("{address}?..."),
            None => self.url.clone(),
        }
    }

    pub(super) fn check(&self) -> Result<(), CaptureError> {
        let refuse = |url: &str, cause: &str, hint: &str| {
            Err(CaptureError::BadCamera {
                url: url.to_owned(),
                cause: cause.to_owned(),
                hint: hint.to_owned(),
            })
        };
        let Some((scheme, rest)) = self.url.split_once("://") else {
            return refuse("the camera", "its address is no URL", EXAMPLE);
        };
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if let Some((_, host)) = authority.rsplit_once('@') {
            return refuse(
                &format!("{scheme}://{host}"),
                "user and password stand in the URL, which is shown in messages and logs",
                "Take them out of the URL and give them as credentials.",
            );
        }
        let port = match authority.rsplit_once(':') {
            Some((_, after)) if !after.contains(']') => after.parse::<u16>().ok(),
            _ => Some(554),
        };
        if authority.is_empty() || port.is_none_or(|port| port == 0) {
            // What stands there may be a password with a slash in it.
            return refuse(&format!("{scheme}://..."), "host or port are no such", EXAMPLE);
        }
        let shown = self.shown();
        if !matches!(scheme, "rtsp" | "rtsps") {
            return refuse(&shown, "only rtsp:// and rtsps:// are live cameras", EXAMPLE);
        }
        if self.url.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return refuse(&shown, "there is a space in the URL", "Write %20 for it.");
        }
        Ok(())
    }
}

const EXAMPLE: &str = "Give it as rtsp://HOST:554/PATH.";

/// Settings of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveOptions {
    /// Use a hardware decoder where GStreamer offers one. Its pictures may differ between machines.
    pub hardware_decoders: bool,
    /// Threads of a software decoder. With one, the decoder's complaints are told frame by frame,
    /// and no frame is held back.
    pub decoder_threads: usize,
    /// Units that wait for the decoder at most; beyond that they are dropped up to the next key
    /// frame.
    pub units_in_decoder_max: usize,
    /// How long the camera may take from the connection to its first packet.
    pub connect_timeout: Duration,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            hardware_decoders: false,
            decoder_threads: 1,
            units_in_decoder_max: 32,
            connect_timeout: Duration::from_secs(5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(url: &str) -> LiveSource {
        LiveSource {
            url: url.to_owned(),
            transport: Transport::Tcp,
            credentials: Some(Credentials::new("viewer".into(), "hunter2".into())),
            jitter_ms: 100,
            tls_ca: None,
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let source = source("rtsp://cam/stream?password=hunter2");
        let credentials = source.credentials.clone().unwrap();
        let text = format!("{source:?} {credentials} {credentials:?} {}", source.shown());
        assert!(text.contains("viewer") && !text.contains("hunter2"), "{text}");
    }

    #[test]
    fn bad_addresses_are_refused() {
        let text: Vec<String> = [
            "cam/stream",
            "http://cam/stream",
            "rtsp://viewer:hunter2@cam:554/s",
            "rtsp://viewer:hunter/2@cam/s",
            "rtsp:///s",
            "rtsp://cam:70000/s",
            "rtsp://cam/a b",
        ]
        .iter()
        .map(|url| source(url).check().unwrap_err().to_string())
        .collect();
        insta::assert_snapshot!(text.join("\n"));
        for good in ["rtsp://cam", "rtsps://[::1]:322/a@b?x=1"] {
            assert_eq!(source(good).check(), Ok(()));
        }
    }
}
