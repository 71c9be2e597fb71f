//! Who calls. [`Authenticator`] is what the API asks; [`TokenFile`] answers it for programs, from a file
//! of digests. Sessions of people, when a console brings them, are another implementation.
//!
//! Deliberately absent: a token that is there from the start, and a token in the clear anywhere but on
//! the terminal of whoever made it.

mod entry;
mod file;

use axum::http::{HeaderMap, header};
use wayside_cases::Actor;
use wayside_proto::EventTime;

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
}

/// Says who calls.
pub trait Authenticator: Send + Sync + std::fmt::Debug {
    /// The caller of a request with these headers.
    ///
    /// # Errors
    /// Where there is none that is known. The three cases differ in the log alone, never in the answer.
    fn authenticate(&self, headers: &HeaderMap, now: EventTime) -> Result<Signed, Unknown>;
}

/// The token of `Authorization: Bearer ...`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
