//! Errors as problems.

use axum::http::StatusCode;
use wayside_http::{Problem, Scheme};

use crate::Unknown;
use crate::error::Error;
use crate::oidc::OidcError;
use crate::policy::{NameRefused, PasswordRefused, RoleRefused};

/// The kind of the problem of a request without a session, as `urn:wayside:problem:` has it.
pub const NOT_SIGNED_IN: &str = "not-signed-in";

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        use StatusCode as S;
        let plain = |status, kind| Self::new(status, kind, &error);
        match &error {
            Error::SignIn => plain(S::UNAUTHORIZED, "sign-in-failed").scheme(Scheme::Session),
            Error::Wait { seconds } => {
                plain(S::TOO_MANY_REQUESTS, "too-many-tries").retry_after(*seconds)
            }
            Error::Link => plain(S::FORBIDDEN, "link-not-valid"),
            Error::Password(refused) => {
                let kind = match refused {
                    PasswordRefused::Short => "password-short",
                    PasswordRefused::Long => "password-long",
                    PasswordRefused::Common => "password-common",
                    PasswordRefused::Account => "password-is-account",
                };
                plain(S::UNPROCESSABLE_ENTITY, kind)
            }
            Error::Name(NameRefused::Language) => {
                plain(S::UNPROCESSABLE_ENTITY, "language-not-acceptable")
            }
            Error::Name(_) => plain(S::UNPROCESSABLE_ENTITY, "name-not-acceptable"),
            Error::Account(_) => plain(S::UNPROCESSABLE_ENTITY, "account-not-acceptable"),
            Error::Roles(_) => plain(S::UNPROCESSABLE_ENTITY, "roles-not-acceptable"),
            Error::Taken { .. } => plain(S::CONFLICT, "account-taken"),
            Error::NoAccount { .. } | Error::NoPasskey | Error::NoSession => {
                plain(S::NOT_FOUND, "not-found")
            }
            Error::LastAdministrator { .. } => plain(S::CONFLICT, "last-administrator"),
            Error::Managed { .. } => plain(S::CONFLICT, "managed-elsewhere"),
            Error::Disabled { .. } => plain(S::CONFLICT, "account-disabled"),
            Error::TooMany { .. } => plain(S::CONFLICT, "too-many"),
            Error::PasskeysUnavailable => plain(S::CONFLICT, "passkeys-unavailable"),
            Error::Passkey(_) => plain(S::UNPROCESSABLE_ENTITY, "passkey-refused"),
            Error::Oidc(OidcError::Unknown) => plain(S::NOT_FOUND, "not-found"),
            Error::Oidc(OidcError::Down) => {
                plain(S::BAD_GATEWAY, OidcError::Down.kind()).retry_after(5)
            }
            Error::Oidc(other) => plain(S::FORBIDDEN, other.kind()),
            Error::Busy | Error::Database { again: true, .. } => {
                tracing::warn!("{error}");
                Self::new(S::SERVICE_UNAVAILABLE, "busy", "too much at once").retry_after(1)
            }
            Error::Open { .. }
            | Error::Migration { .. }
            | Error::Database { .. }
            | Error::Stored(_)
            | Error::Hash(_)
            | Error::Random(_)
            | Error::Log(_) => Self::fault(&error),
        }
    }
}

impl From<Unknown> for Problem {
    fn from(why: Unknown) -> Self {
        match why {
            // The three differ in the log alone.
            Unknown::Missing | Unknown::Wrong | Unknown::Expired => Self::new(
                StatusCode::UNAUTHORIZED,
                NOT_SIGNED_IN,
                "nobody is signed in, or the session has ended",
            )
            .hint("sign in")
            .scheme(Scheme::Session),
            Unknown::Role(refused) => refused.into_problem(),
            Unknown::NoRole => {
                Self::bad_request("the role of the request is none, or there are two")
            }
            Unknown::Fault => Self::fault(why),
        }
    }
}

impl RoleRefused {
    pub(super) fn into_problem(self) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "not-allowed", self)
            .hint("act in a role that may, or ask an administrator for it")
    }
}
