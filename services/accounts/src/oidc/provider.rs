//! A provider over the wire: what it says about itself, kept for an hour, and how it is asked.

use std::io::Read;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use openidconnect::core::CoreProviderMetadata;
use openidconnect::{HttpRequest, HttpResponse, IssuerUrl};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use wayside_proto::EventTime;

use super::settings::may_be_asked;
use super::{OidcError, ProviderSettings};
use crate::error::{Error, Result};
use crate::options::{AccountsOptions, OptionsError};

/// What a provider says about itself holds for so long, seconds.
const KEPT_S: f64 = 3_600.0;
/// Where a key is missing, it is asked again, but not more often, seconds.
const AGAIN_S: f64 = 60.0;
/// After it could not be reached it is left alone for so long, seconds.
const REST_S: f64 = 5.0;
/// A connection.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// A request and its answer.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// All providers of an installation.
#[derive(Debug)]
pub(crate) struct Providers {
    all: Vec<Provider>,
}

impl Providers {
    pub(crate) fn new(options: &AccountsOptions) -> Result<Self> {
        let back = |id: &str| format!("{}/api/v1/oidc/{id}/back", options.public_url.origin());
        let all = options.providers.iter().map(|settings| {
            let wrong = |what: String| {
                let path = settings.authorities.clone().unwrap_or_default();
                let wrong = OptionsError::Providers { path, what };
                Error::Stored(wrong.to_string())
            };
            settings.check().map_err(|what| wrong(what.to_owned()))?;
            let agent = agent(settings).map_err(wrong)?;
            let known = Mutex::new(Known::default());
            let back = back(&settings.id);
            Ok(Provider { settings: settings.clone(), agent, back, known })
        });
        Ok(Self { all: all.collect::<Result<_>>()? })
    }

    /// Ids and names.
    pub(crate) fn list(&self) -> Vec<(String, String)> {
        self.all.iter().map(|p| (p.settings.id.clone(), p.settings.name.clone())).collect()
    }

    pub(crate) fn get(&self, id: &str) -> std::result::Result<&Provider, OidcError> {
        self.all.iter().find(|p| p.settings.id == id).ok_or(OidcError::Unknown)
    }
}

#[derive(Debug, Default)]
struct Known {
    metadata: Option<CoreProviderMetadata>,
    asked: Option<EventTime>,
    failed: Option<EventTime>,
}

/// One provider.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(super) settings: ProviderSettings,
    /// Where it sends browsers back to.
    pub(super) back: String,
    agent: ureq::Agent,
    known: Mutex<Known>,
}

/// Why it was not asked, or did not answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NoAnswer(String);

impl Provider {
    /// What it says about itself, asked again after an hour; with `afresh` after a minute: its keys may have
    /// changed.
    pub(super) fn metadata(
        &self,
        afresh: bool,
        now: EventTime,
    ) -> std::result::Result<CoreProviderMetadata, OidcError> {
        let since_s =
            |time: Option<EventTime>| time.map_or(f64::INFINITY, |time| now.since_s(time));
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let kept_s = if afresh { AGAIN_S } else { KEPT_S };
            if let Some(metadata) = &known.metadata
                && since_s(known.asked) < kept_s
            {
                return Ok(metadata.clone());
            }
            if (0.0..REST_S).contains(&since_s(known.failed)) {
                return Err(OidcError::Down);
            }
        }
        // Without the lock: others go on with what is known.
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|_| OidcError::Down)?;
        let found = CoreProviderMetadata::discover(&issuer, &|request| self.ask(request));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Ok(metadata) => {
                known.metadata = Some(metadata.clone());
                (known.asked, known.failed) = (Some(now), None);
                Ok(metadata)
            }
            Err(error) => {
                known.failed = Some(now);
                self.tell("says nothing about itself", &error);
                Err(OidcError::Down)
            }
        }
    }

    pub(crate) fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// Writes down what went wrong: causes and all, and never a token.
    pub(super) fn tell(&self, what: &str, error: &dyn std::error::Error) {
        let mut causes = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            causes = format!("{causes}: {error}");
            cause = error.source();
        }
        let causes: String = causes.chars().take(500).flat_map(char::escape_debug).collect();
        tracing::warn!("the provider {} {what}: {causes}", self.settings.id);
    }

    /// Asks it once: no redirect is followed, and nothing is asked in the clear beyond this machine, whatever
    /// address it names.
    pub(super) fn ask(&self, request: HttpRequest) -> std::result::Result<HttpResponse, NoAnswer> {
        let uri = request.uri();
        if !may_be_asked(uri.scheme_str().unwrap_or_default(), uri.host().unwrap_or_default()) {
            return Err(NoAnswer("it names an address that is not of https".to_owned()));
        }
        let (parts, body) = request.into_parts();
        let answered = if body.is_empty() {
            self.agent.run(openidconnect::http::Request::from_parts(parts, ()))
        } else {
            self.agent.run(openidconnect::http::Request::from_parts(parts, body))
        };
        let answer = answered.map_err(|error| NoAnswer(error.to_string()))?;
        let (parts, body) = answer.into_parts();
        let mut bytes = Vec::new();
        body.into_reader()
            .take(ANSWER_BYTES_MAX + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| NoAnswer(error.to_string()))?;
        if bytes.len() as u64 > ANSWER_BYTES_MAX {
            return Err(NoAnswer(format!("its answer has more than {ANSWER_BYTES_MAX} bytes")));
        }
        Ok(HttpResponse::from_parts(parts, bytes))
    }
}

fn agent(settings: &ProviderSettings) -> std::result::Result<ureq::Agent, String> {
    let mut tls = TlsConfig::builder();
    if let Some(path) = &settings.authorities {
        let text = std::fs::read(path).map_err(|error| format!("it cannot be read: {error}"))?;
        let mut all: Vec<Certificate<'static>> = Vec::new();
        for item in parse_pem(&text) {
            if let PemItem::Certificate(certificate) = item.map_err(|error| error.to_string())? {
                all.push(certificate);
            }
        }
        if all.is_empty() {
            return Err("it has no certificate".to_owned());
        }
        tls = tls.root_certs(RootCerts::from(all));
    }
    Ok(ureq::Agent::config_builder()
        .tls_config(tls.build())
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_connect(Some(CONNECT_MAX))
        .timeout_global(Some(ANSWER_MAX))
        .max_response_header_size(16 * 1024)
        .user_agent(concat!("wayside/", env!("CARGO_PKG_VERSION")))
        .build()
        .into())
}
