//! Signs for the C2PA library, and remembers what was signed.

use std::sync::Mutex;

use c2pa::SigningAlg;
use ed25519_dalek::{Signer as _, SigningKey};

/// Room beside the chain, bytes: the signature (64) and what is around it. What is left over is filled
/// with zeros that no signature covers; the library fills only 256 bytes and more.
const AROUND_BYTES: usize = 360;

/// What the library had signed, and the signature.
pub(crate) struct Signature {
    /// The bytes that COSE signs, with the claim in them.
    pub message: Vec<u8>,
    /// 64 bytes.
    pub signature: Vec<u8>,
}

/// The site's key in the library's terms. No time stamp authority, no OCSP.
pub(crate) struct Recorder<'a> {
    key: &'a SigningKey,
    chain: &'a [Vec<u8>],
    last: Mutex<Option<Signature>>,
}

impl<'a> Recorder<'a> {
    pub fn new(key: &'a SigningKey, chain: &'a [Vec<u8>]) -> Self {
        Self { key, chain, last: Mutex::new(None) }
    }

    /// The last signature that was made.
    pub fn into_last(self) -> Option<Signature> {
        self.last.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl c2pa::Signer for Recorder<'_> {
    fn sign(&self, data: &[u8]) -> c2pa::Result<Vec<u8>> {
        let signature = self.key.sign(data).to_bytes().to_vec();
        let mut last = self.last.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *last = Some(Signature { message: data.to_vec(), signature: signature.clone() });
        Ok(signature)
    }

    fn alg(&self) -> SigningAlg {
        SigningAlg::Ed25519
    }

    fn certs(&self) -> c2pa::Result<Vec<Vec<u8>>> {
        Ok(self.chain.to_vec())
    }

    fn reserve_size(&self) -> usize {
        self.chain.iter().map(|der| der.len() + 16).sum::<usize>() + AROUND_BYTES
    }
}
