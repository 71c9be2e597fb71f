//! Signing keys, verifying keys, and rings of them.

mod error;
mod pem;
mod ring;

use std::fmt;

use ed25519_dalek::Signer;
use ed25519_dalek::pkcs8::EncodePublicKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use sha2::{Digest, Sha256};

pub use error::KeyError;
pub use ring::{KeyRing, RingKey, Standing};

/// Id of a key: the first 16 hex digits of the SHA-256 of its public half (SPKI, DER).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(String);

impl KeyId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id in this text: 16 lower-case hex digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 16 && text.bytes().all(hex)).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A private key (Ed25519). It is never shown, and is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key of these 32 secret bytes. They must come from the system's source of randomness.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The key in a PEM text (PKCS#8), as `openssl genpkey -algorithm ed25519` writes it.
    ///
    /// # Errors
    /// Where the text holds no such key; says which kind it holds instead.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        pem::signing(text).map(Self)
    }

    /// The key as PEM text (PKCS#8, version 1, which every OpenSSL reads). Keep it secret.
    ///
    /// # Errors
    /// Where the encoder refuses; it has no reason to.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let bytes = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let text = bytes.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Damaged)?;
        Ok(text.to_string())
    }

    /// Its public half.
    #[must_use]
    pub fn verifying(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey([secret], id {})", self.verifying().id())
    }
}

/// A public key (Ed25519).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// The key in a PEM text (SPKI), as `openssl pkey -pubout` writes it.
    ///
    /// # Errors
    /// Where the text holds no such key; says which kind it holds instead.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        pem::verifying(text).map(Self)
    }

    /// The key of these 32 bytes; none where they are no point of the curve, or a weak one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).ok()?;
        (!key.is_weak()).then_some(Self(key))
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The key as PEM text (SPKI).
    ///
    /// # Errors
    /// Where the encoder refuses; it has no reason to.
    pub fn to_pem(self) -> Result<String, KeyError> {
        self.0.to_public_key_pem(LineEnding::LF).map_err(|_| KeyError::Damaged)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        // The DER of an Ed25519 SPKI is this head and the 32 bytes (RFC 8410, section 4).
        const HEAD: [u8; 12] =
            [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0];
        let digest = Sha256::new().chain_update(HEAD).chain_update(self.to_bytes()).finalize();
        KeyId(digest[..8].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Whether the signature is this key's, by the strict rules: no weak key, no second form.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.id())
    }
}
