//! Brings spans to the collector over HTTP. Runs on the exporter's own thread and may wait there.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::options::{Export, wrong};
use crate::error::TelemetryError;

/// One request, from the look-up of the name to the last byte of the answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// To open a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Largest answer that is read, bytes.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// Largest file of certificates, bytes.
const CERTIFICATE_BYTES_MAX: u64 = 1 << 20;

/// A client without proxy and without redirects: traces go where they were told to.
#[derive(Debug)]
pub(super) struct Client {
    agent: ureq::Agent,
    fault: Fault,
}

/// Why the last request failed. The exporter itself says "network error" and no more.
#[derive(Clone, Debug, Default)]
pub(super) struct Fault(Arc<Mutex<Option<String>>>);

impl Fault {
    /// What was noted since it was last asked.
    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn note(&self, error: &ureq::Error) {
        let text = error.to_string();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
    }
}

impl Client {
    pub(super) fn new(export: &Export, fault: Fault) -> Result<Self, TelemetryError> {
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(REQUEST_TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .max_idle_connections(1);
        if let Some(file) = &export.certificate {
            let roots = certificates(file)?;
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Ok(Self { agent: config.build().new_agent(), fault })
    }
}

fn certificates(file: &str) -> Result<RootCerts, TelemetryError> {
    let refused = |cause: String| {
        wrong("OTEL_EXPORTER_OTLP_CERTIFICATE", file, cause, "a PEM file with certificates")
    };
    let bytes = std::fs::metadata(file).map_err(|error| refused(error.to_string()))?.len();
    if bytes > CERTIFICATE_BYTES_MAX {
        return Err(refused(format!("{bytes} bytes, at most {CERTIFICATE_BYTES_MAX}")));
    }
    let text = std::fs::read(file).map_err(|error| refused(error.to_string()))?;
    let mut found: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(&text) {
        // A key beside it is not ours to read.
        if let PemItem::Certificate(certificate) =
            item.map_err(|error| refused(error.to_string()))?
        {
            found.push(certificate);
        }
    }
    if found.is_empty() {
        return Err(refused("no certificate in it".to_owned()));
    }
    Ok(RootCerts::new_with_certs(&found))
}

impl Client {
    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (head, body) = request.into_parts();
        let answer = self.agent.run(Request::from_parts(head, body.as_ref()))?;
        let (head, mut body) = answer.into_parts();
        let bytes = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        Ok(Response::from_parts(head, Bytes::from(bytes)))
    }
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        Ok(self.send(request).inspect_err(|error| self.fault.note(error))?)
    }
}
