//! Sign-in at a provider of OpenID Connect: the code flow with PKCE, a nonce, and a state that is bound to the
//! browser which began.
//!
//! Deliberately absent: the implicit and hybrid flows, dynamic registration, tokens of the provider beyond the
//! moment of the sign-in, calls to its user-info endpoint: roles come from the signed ID token alone.

mod exchange;
mod provider;
mod settings;

pub use settings::{ProviderSettings, read_providers};

pub(crate) use exchange::{Begun, Returned, Way};
pub(crate) use provider::{Provider, Providers};

/// Why a sign-in at a provider did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// No provider has this id.
    #[error("there is no such provider")]
    Unknown,
    /// It does not answer, or not as it should.
    #[error(
        "the provider cannot be reached, or answers in a way that cannot be used\n  hint: the log of the console says more; sign in by password or passkey meanwhile"
    )]
    Down,
    /// The way back fits no sign-in of this browser, or came too late.
    #[error(
        "this sign-in was not begun in this browser, or took longer than 10 minutes\n  hint: begin again"
    )]
    State,
    /// The provider said no.
    #[error("the provider did not sign you in")]
    Refused,
    /// The ID token does not hold.
    #[error(
        "what the provider says about you does not hold\n  hint: the log of the console says more"
    )]
    Token,
    /// No claim gives a role.
    #[error("your account at the provider has no role here\n  hint: ask an administrator for one")]
    NoRole,
    /// The account here is disabled.
    #[error("your account here is disabled")]
    Disabled,
}

impl OidcError {
    /// Its name, as pages and problems have it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Unknown => "not-found",
            Self::Down => "provider-down",
            Self::State => "provider-state",
            Self::Refused => "provider-refused",
            Self::Token => "provider-token",
            Self::NoRole => "provider-no-role",
            Self::Disabled => "provider-disabled",
        }
    }
}
