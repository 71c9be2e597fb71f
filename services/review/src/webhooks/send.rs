//! One message over HTTP. No redirect is followed, and what the receiver answers besides its status is
//! read a little and thrown away.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use wayside_proto::{EventTime, cloudevents};

use super::delivery::{Failed, Lost, Message, Outcome};
use super::sign::{Secret, signatures};

/// Bytes of an answer that are read, so that the connection can be used again.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;
/// Bytes of the headers of an answer.
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a URL.
const URL_BYTES_MAX: usize = 2_048;

/// Where citations go.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `https://...`; `http://` on this machine alone.
    url: String,
    /// All of them sign.
    secrets: Vec<Secret>,
}

/// Why there is no such endpoint, or none that could be reached.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// It is no URL that could be sent to.
    #[error("the webhook {shown:?} {what}\n  hint: {hint}")]
    Url {
        /// Its scheme, host and path: a query may hold a password.
        shown: String,
        /// What is wrong.
        what: &'static str,
        /// What may help.
        hint: &'static str,
    },
    /// The authorities' file.
    #[error("the certificates in {} cannot be used: {cause}\n  hint: PEM, one or more CERTIFICATE blocks", .path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
}

impl Endpoint {
    /// An endpoint. `plain` allows `http://` to other machines, where something else protects the way.
    ///
    /// # Errors
    /// Where it is no URL of HTTPS, or has a user or a fragment in it.
    pub fn new(url: &str, secrets: Vec<Secret>, plain: bool) -> Result<Self, EndpointError> {
        let wrong = |what, hint| EndpointError::Url { shown: shown(url), what, hint };
        let example = "for example https://tickets.example/wayside";
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("is no URL", example))?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let printable = url.bytes().all(|byte| byte.is_ascii_graphic());
        if url.len() > URL_BYTES_MAX || !printable || authority.is_empty() || url.contains('#') {
            return Err(wrong("is no URL", example));
        }
        if authority.contains('@') {
            return Err(wrong(
                "has a user in it",
                "receivers know who sends by the signature; leave the user out",
            ));
        }
        match scheme {
            "https" => {}
            "http" if plain || is_here(authority) => {}
            "http" => {
                return Err(wrong(
                    "is not encrypted",
                    "use https; or --webhook-plain, where something else protects the way",
                ));
            }
            _ => return Err(wrong("is not of HTTP", example)),
        }
        Ok(Self { url: url.to_owned(), secrets })
    }

    /// Scheme, host and path, for messages and the name of its group: no query.
    #[must_use]
    pub fn shown(&self) -> String {
        shown(&self.url)
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// Without what may be a password: user and query.
fn shown(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let gap = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{gap}{host}{path}").chars().take(200).collect()
}

fn is_here(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// How messages go out.
#[derive(Clone, Debug)]
pub struct SendOptions {
    /// The whole send, from the connection to the status.
    pub timeout: Duration,
    /// The connection alone.
    pub connect_timeout: Duration,
    /// Authorities of receivers' certificates (PEM), instead of the public ones.
    pub authorities: Option<PathBuf>,
}

impl Default for SendOptions {
    fn default() -> Self {
        let (timeout, connect_timeout) = (Duration::from_secs(15), Duration::from_secs(5));
        Self { timeout, connect_timeout, authorities: None }
    }
}

/// Sends to one endpoint.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    agent: ureq::Agent,
    endpoint: Endpoint,
}

impl Sender {
    pub(super) fn new(endpoint: Endpoint, options: &SendOptions) -> Result<Self, EndpointError> {
        let mut tls = TlsConfig::builder();
        if let Some(path) = &options.authorities {
            tls = tls.root_certs(authorities(path)?);
        }
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_connect(Some(options.connect_timeout))
            .timeout_global(Some(options.timeout))
            .max_response_header_size(HEADER_BYTES_MAX)
            .user_agent(concat!("wayside/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Ok(Self { agent, endpoint })
    }

    /// Sends a message once.
    pub(super) fn send(&self, message: &Message, now: EventTime) -> Outcome {
        let timestamp_s = now.0.div_euclid(1_000_000);
        let signed = signatures(&self.endpoint.secrets, &message.id, timestamp_s, &message.body);
        let request = self
            .agent
            .post(self.endpoint.url())
            .header("content-type", cloudevents::CONTENT_TYPE)
            .header("webhook-id", message.id.as_str())
            .header("webhook-timestamp", timestamp_s.to_string())
            .header("webhook-signature", signed);
        match request.send(message.body.as_bytes()) {
            Ok(mut response) => {
                let status = response.status().as_u16();
                let after = response.headers().get("retry-after");
                let after = after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
                // The status is the answer: a body that breaks off says nothing.
                let body = response.body_mut().as_reader();
                let _ = std::io::copy(&mut body.take(ANSWER_BYTES_MAX), &mut std::io::sink());
                outcome(status, after)
            }
            Err(error) => failed(lost(&error), None),
        }
    }
}

fn outcome(status: u16, retry_after_s: Option<u32>) -> Outcome {
    match status {
        200..=299 => Outcome::Taken,
        410 => Outcome::Gone,
        other => failed(Lost::Status(other), retry_after_s),
    }
}

fn failed(what: Lost, retry_after_s: Option<u32>) -> Outcome {
    Outcome::Failed(Failed { what, retry_after_s })
}

fn lost(error: &ureq::Error) -> Lost {
    use std::io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable, TimedOut};
    match error {
        ureq::Error::Timeout(_) => Lost::Timeout,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => Lost::Unreachable,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => Lost::Tls,
        ureq::Error::Io(error) => match error.kind() {
            TimedOut => Lost::Timeout,
            ConnectionRefused | HostUnreachable | NetworkUnreachable => Lost::Unreachable,
            // rustls reports what is wrong with a certificate as invalid data.
            std::io::ErrorKind::InvalidData => Lost::Tls,
            _ => Lost::Broken,
        },
        _ => Lost::Broken,
    }
}

fn authorities(path: &std::path::Path) -> Result<RootCerts, EndpointError> {
    let wrong = |cause: String| EndpointError::Authorities { path: path.to_owned(), cause };
    let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let mut found: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| wrong(error.to_string()))? {
            found.push(certificate);
        }
    }
    if found.is_empty() {
        return Err(wrong("there is no certificate in it".to_owned()));
    }
    Ok(RootCerts::from(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_that_are_refused() {
        let said = |url: &str| match Endpoint::new(url, Vec::new(), false) {
            Ok(endpoint) => format!("taken as {}", endpoint.shown()),
            Err(error) => error.to_string(),
        };
        let all = [
            said("https://tickets.example/wayside?key=hunter2"),
            said("http://127.0.0.1:8080/x"),
            said("http://[::1]:8080/x"),
            said("http://localhost"),
            said("http://tickets.example/wayside?key=hunter2"),
            said("https://user:hunter2@tickets.example/"),
            said("ftp://tickets.example/"),
            said("tickets.example"),
            said("https:///x"),
            said("https://a b/"),
        ];
        assert!(!all.join("\n").contains("hunter2"));
        insta::assert_snapshot!(all.join("\n"), @r#"
        taken as https://tickets.example/wayside
        taken as http://127.0.0.1:8080/x
        taken as http://[::1]:8080/x
        taken as http://localhost
        the webhook "http://tickets.example/wayside" is not encrypted
          hint: use https; or --webhook-plain, where something else protects the way
        the webhook "https://tickets.example/" has a user in it
          hint: receivers know who sends by the signature; leave the user out
        the webhook "ftp://tickets.example/" is not of HTTP
          hint: for example https://tickets.example/wayside
        the webhook "tickets.example" is no URL
          hint: for example https://tickets.example/wayside
        the webhook "https:///x" is no URL
          hint: for example https://tickets.example/wayside
        the webhook "https://a b/" is no URL
          hint: for example https://tickets.example/wayside
        "#);
    }

    #[test]
    fn two_hundred_is_done_and_the_rest_is_tried_again() {
        assert_eq!(outcome(204, None), Outcome::Taken);
        assert_eq!(outcome(410, None), Outcome::Gone);
        for status in [100, 301, 307, 400, 401, 404, 429, 500, 503] {
            assert_eq!(outcome(status, Some(9)), failed(Lost::Status(status), Some(9)));
        }
    }
}
