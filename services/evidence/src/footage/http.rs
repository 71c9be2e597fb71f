//! The worker that holds the camera's ring, over HTTP: `POST /v1/clips`, a bearer token, protobuf both
//! ways.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use ureq::http::{Response, StatusCode};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Body, RequestBuilder};
use wayside_proto::convert::{CLIP_BYTES_MAX, Message};
use wayside_proto::{ClipRequest, EvidenceFailure, RedactedClip};

use super::{Footage, FootageError};

/// How long a connection may take to come about.
const CONNECT_MAX: Duration = Duration::from_secs(3);
/// How long one request may take: decoding, detectors and encoding for ten seconds of pictures.
const REQUEST_MAX: Duration = Duration::from_secs(120);
/// Bytes of a refusal that are read.
const REFUSAL_BYTES_MAX: u64 = 64 << 10;
/// Characters of a refusal that are repeated.
const REFUSAL_CHARS_MAX: usize = 400;

/// The word that a worker asks for. It is never shown.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Of a text; blanks around it do not count.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}

/// Asks workers over HTTP.
#[derive(Debug)]
pub struct HttpFootage {
    pub(super) agent: ureq::Agent,
    token: Option<Token>,
    worker: Option<String>,
}

/// What a worker says when it does not give pictures.
#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    cause: String,
    #[serde(default)]
    detail: String,
}

impl HttpFootage {
    /// Asks with `token`; always `worker` (an http or https address), where it is given, else whom the
    /// camera's health names. `authorities` are certificates (PEM) of authorities of one's own.
    ///
    /// # Errors
    /// Where the address is none, or no certificate is among the authorities.
    pub fn new(
        token: Option<Token>,
        worker: Option<&str>,
        authorities: Option<&[u8]>,
    ) -> Result<Self, String> {
        if let Some(worker) = worker.filter(|worker| !is_address(worker)) {
            return Err(format!("{worker:?} is no http or https address of a worker"));
        }
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(CONNECT_MAX))
            .timeout_global(Some(REQUEST_MAX))
            .user_agent(concat!("wayside/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = authorities {
            let authority = Certificate::from_pem(pem)
                .map_err(|error| format!("the certificate cannot be read: {error}"))?;
            let roots = RootCerts::new_with_certs(&[authority]);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        let worker = worker.map(|worker| worker.trim_end_matches('/').to_owned());
        Ok(Self { agent: config.build().new_agent(), token, worker })
    }

    /// With the word that workers ask for.
    pub(super) fn authorized<B>(&self, ask: RequestBuilder<B>) -> RequestBuilder<B> {
        match &self.token {
            Some(Token(token)) => ask.header("authorization", format!("Bearer {token}")),
            None => ask,
        }
    }
}

impl Footage for HttpFootage {
    fn fetch(
        &self,
        request: &ClipRequest,
        worker: Option<&str>,
    ) -> Result<RedactedClip, FootageError> {
        let Some(worker) = self.worker.as_deref().or(worker) else {
            return Err(FootageError::passing(
                EvidenceFailure::WorkerGone,
                format!(
                    "no worker says that it serves clips of camera {} in its run {}",
                    request.camera, request.run
                ),
            ));
        };
        if !is_address(worker) {
            let detail = format!("the worker's address {worker:?} is none");
            return Err(FootageError::lasting(EvidenceFailure::WorkerGone, detail));
        }
        let body = request.to_bytes().map_err(|error| {
            let detail = format!("the worker cannot be asked: {error}");
            FootageError::lasting(EvidenceFailure::NoTrack, detail)
        })?;
        let url = format!("{}/v1/clips", worker.trim_end_matches('/'));
        let ask = self.agent.post(&url).header("content-type", "application/x-protobuf");
        let ask = self.authorized(ask);
        let gone = |error: ureq::Error| {
            let detail = format!("the worker at {worker} does not answer: {error}");
            FootageError::passing(EvidenceFailure::WorkerGone, detail)
        };
        let mut answer = ask.send(&body[..]).map_err(gone)?;
        let status = answer.status();
        if status != StatusCode::OK {
            return Err(refused(worker, status, said(&mut answer)));
        }
        let limit = CLIP_BYTES_MAX as u64 + 1;
        let bytes = answer.body_mut().with_config().limit(limit).read_to_vec().map_err(gone)?;
        let clip = RedactedClip::from_bytes(&bytes).map_err(|error| {
            let detail = format!("what the worker at {worker} gave is no redacted clip: {error}");
            FootageError::lasting(EvidenceFailure::NoPictures, detail)
        })?;
        if clip.violation != request.violation {
            let detail =
                format!("the worker at {worker} gave the clip of violation {}", clip.violation);
            return Err(FootageError::lasting(EvidenceFailure::NoPictures, detail));
        }
        Ok(clip)
    }
}

/// Cause and detail of a refusal, as far as it tells them.
pub(super) fn said(answer: &mut Response<Body>) -> (Option<EvidenceFailure>, String) {
    let body = answer.body_mut().with_config().limit(REFUSAL_BYTES_MAX).read_to_vec();
    let body = body.unwrap_or_default();
    let said: Option<Refusal> = serde_json::from_slice(&body).ok();
    let detail = said
        .as_ref()
        .map_or_else(|| String::from_utf8_lossy(&body).into_owned(), |said| said.detail.clone());
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let detail = detail.trim().chars().map(plain).take(REFUSAL_CHARS_MAX).collect();
    (said.and_then(|said| EvidenceFailure::parse(&said.cause)), detail)
}

/// What a refusal means. The worker names the cause where it knows one; what it does not know by that
/// name may pass.
fn refused(
    worker: &str,
    status: StatusCode,
    (named, detail): (Option<EvidenceFailure>, String),
) -> FootageError {
    let detail = format!("the worker at {worker} answers {}: {detail}", status.as_u16());
    let cause = named.unwrap_or(match status.as_u16() {
        410 => EvidenceFailure::RingMovedOn,
        422 => EvidenceFailure::NotRedactable,
        400 | 402 | 405..=407 | 409 | 411..=499 => EvidenceFailure::NoPictures,
        _ => EvidenceFailure::WorkerGone,
    });
    // A wrong token is set right by whoever reads the log; a worker that is busy is free again soon.
    let passes = matches!(status.as_u16(), 401 | 403 | 408 | 409 | 425 | 429 | 500..=599);
    FootageError { cause, passes, detail }
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}
