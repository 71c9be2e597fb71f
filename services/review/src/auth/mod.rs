//! Who calls. [`Authenticator`] is what the API asks; [`TokenFile`] answers it for programs, from a file
//! of digests. Sessions of people, which a console brings, are another implementation; [`AnyOf`] asks one after
//! the other.
//!
//! Deliberately absent: a token that is there from the start, and a token in the clear anywhere but on
//! the terminal of whoever made it.

mod any;
mod entry;
mod file;

use axum::http::{HeaderMap, Method, header, request};
use wayside_cases::Actor;
use wayside_proto::EventTime;

pub use any::AnyOf;
pub use entry::{Entry, EntryError, NewToken, ROLES};
pub use file::{TokenFile, TokensError, add_token, list_tokens, revoke_tokens};

/// Who called, and by which key.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The account and its role.
    pub actor: Actor,
    /// The first bytes of the key's digest: enough to tell keys apart, useless for anything else.
    pub key: u64,
}

/// Why a caller is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing says who calls.
    Missing,
    /// It is not known, or has been revoked.
    Wrong,
    /// It was valid until some time ago.
    Expired,
    /// The caller is known by a cookie, and the request changes something without the page's own proof that it
    /// comes from there. Answered 403, not 401.
    Forged,
    /// The caller is known and has not the role that the request says it acts in. Answered 403.
    NotTheirs,
}

/// A request, as far as it says who calls.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// What it is about to do: all but `GET` and `HEAD` change something.
    pub method: &'a Method,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its query, as it stands in the address.
    pub query: Option<&'a str>,
}

impl<'a> Asking<'a> {
    /// What the head of this request says.
    #[must_use]
    pub fn of(head: &'a request::Parts) -> Self {
        Self { method: &head.method, headers: &head.headers, query: head.uri.query() }
    }

    /// Whether it changes something.
    #[must_use]
    pub fn changes(&self) -> bool {
        !(self.method == Method::GET || self.method == Method::HEAD)
    }
}

/// Says who calls.
pub trait Authenticator: Send + Sync + std::fmt::Debug {
    /// Who calls.
    ///
    /// # Errors
    /// Where there is none that is known. Missing, wrong and expired differ in the log alone, never in the
    /// answer.
    fn authenticate(&self, asking: &Asking<'_>, now: EventTime) -> Result<Signed, Unknown>;
}

/// The token of `Authorization: Bearer ...`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
