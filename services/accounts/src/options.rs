//! Settings.

use std::path::PathBuf;

use wayside_http::{Clock, Rate};
use webauthn_rs::prelude::Url;

use crate::hashing::HashCost;
use crate::oidc::ProviderSettings;
use crate::policy::{Backoff, SessionLife};

/// The address under which browsers know this service: scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// The address.
    #[error(
        "the public address {shown:?} cannot be used: {what}\n  hint: for example https://wayside.city.example or http://localhost:8080"
    )]
    PublicUrl {
        /// As given, shortened.
        shown: String,
        /// What is wrong.
        what: &'static str,
    },
    /// A file of providers.
    #[error("{}: {what}\n  hint: docs/accounts.md has an example", .path.display())]
    Providers {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column where there is one.
        what: String,
    },
}

impl PublicUrl {
    /// Reads `https://wayside.city.example`.
    ///
    /// # Errors
    /// Where it is no http or https address, or has a path, a user or a query.
    pub fn parse(text: &str) -> Result<Self, OptionsError> {
        let wrong =
            |what| OptionsError::PublicUrl { shown: text.chars().take(200).collect(), what };
        let url = Url::parse(text).map_err(|_| wrong("it is no URL"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(wrong("it is not of http or https"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("it has more than scheme, host and port"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("it has a user in it"));
        }
        Ok(Self(url))
    }

    /// Whether browsers speak TLS to it, here or at a proxy in front.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// `https://wayside.city.example` without a slash at its end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// The name that passkeys are bound to; none where the host is an address, or not secure and not this
    /// machine: browsers have no passkeys there.
    pub(crate) fn passkey_domain(&self) -> Option<&str> {
        let domain = self.0.domain()?;
        let here = domain == "localhost" || domain.ends_with(".localhost");
        (self.is_secure() || here).then_some(domain)
    }
}

/// How often somebody may ask and try.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Requests of one session.
    pub session: Rate,
    /// Requests of one address without a session: people before they sign in, programs with tokens.
    pub address: Rate,
    /// Failed sign-ins and links of one address.
    pub failures: Rate,
    /// Failed passwords for one account from one address.
    pub pair: Backoff,
    /// Failed passwords for one account from everywhere.
    pub account: Backoff,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            session: Rate { burst: 400.0, per_s: 100.0 },
            address: Rate { burst: 200.0, per_s: 50.0 },
            failures: Rate { burst: 20.0, per_s: 1.0 / 6.0 },
            pair: Backoff { free: 4, first_s: 2.0, max_s: 900.0, forget_s: 3_600.0 },
            // Short, since anybody can cause it: it slows many addresses that guess together.
            account: Backoff { free: 20, first_s: 1.0, max_s: 30.0, forget_s: 3_600.0 },
        }
    }
}

/// Settings of accounts.
#[derive(Clone, Debug)]
pub struct AccountsOptions {
    /// The address under which browsers know this service.
    pub public_url: PublicUrl,
    /// The time.
    pub clock: Clock,
    /// How long sessions last.
    pub life: SessionLife,
    /// How often somebody may ask and try.
    pub limits: Limits,
    /// What a password's hash costs.
    pub cost: HashCost,
    /// Providers of OpenID Connect.
    pub providers: Vec<ProviderSettings>,
}

impl AccountsOptions {
    /// The usual ones for this address.
    #[must_use]
    pub fn new(public_url: PublicUrl) -> Self {
        Self {
            public_url,
            clock: Clock::system(),
            life: SessionLife::default(),
            limits: Limits::default(),
            cost: HashCost::default(),
            providers: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_what_follows_from_them() {
        let of = |text: &str| {
            let url = PublicUrl::parse(text).expect("an address");
            (url.origin(), url.is_secure(), url.passkey_domain().map(str::to_owned))
        };
        let name = Some("wayside.city.example".to_owned());
        let secure = ("https://wayside.city.example".to_owned(), true, name);
        assert_eq!(of("https://wayside.city.example/"), secure);
        assert_eq!(of("https://wayside.city.example:443"), secure);
        let local = Some("localhost".to_owned());
        assert_eq!(of("http://localhost:8080"), ("http://localhost:8080".to_owned(), false, local));
        assert_eq!(of("http://127.0.0.1:80").2, None);
        assert_eq!(of("http://wayside.city.example").2, None);
        for text in ["", "wayside", "ftp://x", "https://x/y", "https://x?y", "https://u@x"] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }
}
