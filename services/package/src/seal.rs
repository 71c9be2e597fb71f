//! The seal: a COSE_Sign1 (RFC 9052, section 4.2) with Ed25519 over the manifest's bytes.
//!
//! The payload is detached, the algorithm (EdDSA) and the key's id stand in the protected header, the
//! unprotected header is empty, and the external data are fixed, so that a signature made for
//! something else cannot be passed off as a seal. There is one form of each seal: what was read is
//! encoded again and compared.

use coset::iana::Algorithm;
use coset::{CoseSign1, CoseSign1Builder, Header, HeaderBuilder, TaggedCborSerializable};

use crate::keys::{KeyId, SigningKey, VerifyingKey};

/// What the signature is for.
const EXTERNAL: &[u8] = b"wayside-package-v1";

/// A seal that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seal {
    /// Id of the key.
    pub(crate) key_id: KeyId,
    signature: [u8; 64],
}

/// Signs a manifest.
///
/// # Errors
/// Where the encoder refuses; it has no reason to.
pub(crate) fn sign(key: &SigningKey, manifest: &[u8]) -> Result<Vec<u8>, String> {
    let key_id = key.verifying().id();
    let builder = builder(&key_id)
        .create_detached_signature(manifest, EXTERNAL, |message| key.sign(message).to_vec());
    builder.build().to_tagged_vec().map_err(|error| error.to_string())
}

fn header(key_id: &KeyId) -> Header {
    HeaderBuilder::new()
        .algorithm(Algorithm::EdDSA)
        .key_id(key_id.as_str().as_bytes().to_vec())
        .build()
}

fn builder(key_id: &KeyId) -> CoseSign1Builder {
    CoseSign1Builder::new().protected(header(key_id))
}

impl Seal {
    /// The seal in these bytes.
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence about it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let read = CoseSign1::from_tagged_slice(bytes)
            .map_err(|error| format!("it is no COSE_Sign1 message: {error}"))?;
        let id = std::str::from_utf8(&read.protected.header.key_id).ok();
        let key_id =
            id.and_then(KeyId::parse).ok_or("it names no key by an id of 16 hex digits")?;
        let signature = <[u8; 64]>::try_from(read.signature.as_slice())
            .map_err(|_| format!("its signature has {} bytes, not 64", read.signature.len()))?;
        let seal = Self { key_id, signature };
        if seal.encode()? != bytes {
            return Err(
                "it is not in the one form that a seal has: EdDSA and the key's id in the \
                        protected header, nothing else, and no payload of its own"
                    .to_owned(),
            );
        }
        Ok(seal)
    }

    fn encode(&self) -> Result<Vec<u8>, String> {
        let builder = builder(&self.key_id).signature(self.signature.to_vec());
        builder.build().to_tagged_vec().map_err(|error| error.to_string())
    }

    /// Whether `key` has signed these bytes with it.
    pub(crate) fn is_of(&self, key: &VerifyingKey, manifest: &[u8]) -> bool {
        let message = builder(&self.key_id).build().tbs_detached_data(manifest, EXTERNAL);
        key.id() == self.key_id && key.verifies(&message, &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_seed(&[7; 32])
    }

    #[test]
    fn a_seal_is_of_one_key_and_one_manifest() {
        let bytes = sign(&key(), b"manifest").expect("a seal");
        let seal = Seal::read(&bytes).expect("its own form");
        assert!(seal.is_of(&key().verifying(), b"manifest"));
        assert!(!seal.is_of(&key().verifying(), b"manifesu"));
        assert!(!seal.is_of(&SigningKey::from_seed(&[8; 32]).verifying(), b"manifest"));
        assert_eq!(bytes, sign(&key(), b"manifest").expect("the same again"));
    }

    #[test]
    fn every_other_form_of_a_seal_is_refused() {
        let bytes = sign(&key(), b"manifest").expect("a seal");
        for at in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[at / 8] ^= 1 << (at % 8);
            let sound =
                Seal::read(&changed).is_ok_and(|s| s.is_of(&key().verifying(), b"manifest"));
            assert!(!sound, "bit {at}");
        }
        let id = key().verifying().id();
        let signed = |builder: CoseSign1Builder| {
            let make = |message: &[u8]| key().sign(message).to_vec();
            builder.create_detached_signature(b"manifest", EXTERNAL, make).build()
        };
        // A field more in the unprotected header, which no signature covers.
        let extra = HeaderBuilder::new().content_type("text/x".to_owned()).build();
        let loose = signed(builder(&id).unprotected(extra)).to_tagged_vec().expect("bytes");
        assert!(Seal::read(&loose).expect_err("refused").starts_with("it is not in the one form"));
        // The payload inside.
        let mut inside = signed(builder(&id));
        inside.payload = Some(b"manifest".to_vec());
        assert!(Seal::read(&inside.to_tagged_vec().expect("bytes")).is_err());
        // Without the tag, cut off, and something after it.
        assert!(Seal::read(&bytes[1..]).is_err());
        assert!(Seal::read(&bytes[..bytes.len() - 1]).is_err());
        assert!(Seal::read(&[bytes.as_slice(), b"\0"].concat()).is_err());
        assert!(Seal::read(b"").is_err());
    }
}
