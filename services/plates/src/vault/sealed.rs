//! A plate as it is stored.

use super::MasterKeyId;

/// A key of XChaCha20-Poly1305.
pub(super) const DATA_KEY_BYTES: usize = 32;
/// Long enough to be drawn at random.
pub(super) const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// What a plate is filled up to: its length, and room for the longest.
pub(super) const PADDED_BYTES: usize = 16;
/// Nonce, encrypted data key, tag.
pub(super) const WRAPPED_KEY_BYTES: usize = NONCE_BYTES + DATA_KEY_BYTES + TAG_BYTES;

/// A plate as it is stored. Nothing in it follows from the plate alone: sealed twice, it has nothing
/// in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The data key of the case under the master key: 72 bytes. **Deleting it is the erasure of the
    /// plate**; empty where that was done.
    pub wrapped_key: Vec<u8>,
    /// Nonce of the ciphertext: 24 bytes, random.
    pub nonce: Vec<u8>,
    /// The plate under the data key, bound to the case: 32 bytes, however long the plate is.
    pub ciphertext: Vec<u8>,
    /// Which master key wraps the data key.
    pub master_key_id: MasterKeyId,
}

impl Sealed {
    /// Forgets the data key. What is left opens for nobody.
    pub fn erase(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.wrapped_key);
    }

    /// Whether the data key is gone.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.wrapped_key.is_empty()
    }
}
