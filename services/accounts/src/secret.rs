//! Secrets: made of the system's randomness, kept as digests alone, compared in constant time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use zeroize::Zeroize;

use crate::error::{Error, Result};

/// Bytes of chance in a secret.
const RANDOM_BYTES: usize = 32;
/// Bytes of a text that is looked at as a secret.
const SECRET_BYTES_MAX: usize = 128;

/// Bytes of the id of a session.
const SESSION_ID_BYTES: usize = 16;

/// SHA-256 of a secret: what is stored. Chance of 256 bits needs no slow hash.
pub(crate) type Digest32 = [u8; 32];

/// A password that somebody sent. It shows as `Password(...)`, and is overwritten when it is dropped.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Password)]
pub struct Password(String);

impl Password {
    /// This text as a password.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl Drop for Password {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(...)")
    }
}

/// A secret that was just made, as 43 characters that fit into a URL and a cookie.
pub(crate) struct Secret(String);

impl Secret {
    /// 256 bits of the system's randomness.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random::<RANDOM_BYTES>()?)))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn digest(&self) -> Digest32 {
        digest(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(...)")
    }
}

/// So many random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.to_string()))?;
    Ok(bytes)
}

/// The digest of a secret as somebody presents it; none where it cannot be one.
pub(crate) fn presented(text: &str) -> Option<Digest32> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let plausible = (1..=SECRET_BYTES_MAX).contains(&text.len()) && text.bytes().all(fits);
    plausible.then(|| digest(text))
}

fn digest(text: &str) -> Digest32 {
    Sha256::digest(text.as_bytes()).into()
}

/// The token that a state-changing request of a session carries. It follows from the cookie, so that nothing
/// more is stored, and says nothing about it.
pub(crate) fn csrf_token(cookie: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"wayside.csrf.v1\0");
    hash.update(cookie.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// The id under which the owner of a session sees it in a list. It follows from the stored digest, so that nothing
/// more is stored; neither the digest nor the cookie follows from it, and as a cookie it is nobody's.
pub(crate) fn session_id(digest: &Digest32) -> String {
    let mut hash = Sha256::new();
    hash.update(b"wayside.session-id.v1\0");
    hash.update(digest);
    hash.finalize().iter().take(SESSION_ID_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether both are the same. Takes the same time whichever byte differs.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_show_nothing() {
        let (a, b) = (Secret::new().expect("chance"), Secret::new().expect("chance"));
        assert_ne!(a.reveal(), b.reveal());
        assert_eq!(a.reveal().len(), 43);
        assert_eq!(presented(a.reveal()), Some(a.digest()));
        assert_eq!(
            format!("{a:?} {:?}", Password::new("open sesame")),
            "Secret(...) Password(...)"
        );
        let token = csrf_token(a.reveal());
        assert!(token != csrf_token(b.reveal()) && !token.contains(a.reveal()));
        assert!(same(b"abc", b"abc") && !same(b"abc", b"abd") && !same(b"abc", b"ab"));
    }

    #[test]
    fn the_id_of_a_session_opens_nothing() {
        let secret = Secret::new().expect("chance");
        let id = session_id(&secret.digest());
        assert_eq!((id.len(), &id), (32, &session_id(&secret.digest())));
        let digest: String = secret.digest().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!digest.contains(&id) && !csrf_token(secret.reveal()).contains(&id));
        assert_ne!(presented(&id), Some(secret.digest()));
    }

    #[test]
    fn what_cannot_be_a_secret() {
        for text in ["", "a b", "a;b", "ü", "a\r\n", &"x".repeat(129)] {
            assert_eq!(presented(text), None, "{text:?}");
        }
    }
}
