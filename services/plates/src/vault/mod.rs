//! Encrypts plates: one random data key a case, wrapped by a master key.

mod error;
mod keys;
mod sealed;
mod text;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

pub use error::{KeyProblem, VaultError};
pub use keys::{MasterKeyId, Vault};
pub use sealed::Sealed;

use crate::{Plate, Purpose};
use sealed::{DATA_KEY_BYTES, NONCE_BYTES, PADDED_BYTES, WRAPPED_KEY_BYTES};

/// Fills a buffer with unpredictable bytes. A program passes the operating system's.
pub type Randomness<'a> = dyn FnMut(&mut [u8]) + 'a;

/// The longest id of a case, bytes.
const CASE_BYTES_MAX: usize = 256;

impl Vault {
    /// Encrypts the plate of a case under a fresh data key.
    ///
    /// `case` is bound in: what was sealed for one case opens for no other.
    ///
    /// # Errors
    /// Where the case has no id or a longer one than 256 bytes, or `random` gives zeros only.
    pub fn seal(
        &self,
        case: &str,
        plate: &Plate,
        random: &mut Randomness<'_>,
    ) -> Result<Sealed, VaultError> {
        check_case(case)?;
        let mut data_key = Zeroizing::new([0; DATA_KEY_BYTES]);
        draw(&mut *data_key, random)?;
        let mut nonce = [0; NONCE_BYTES];
        draw(&mut nonce, random)?;
        let ciphertext = encrypt(
            &data_key,
            &nonce,
            &plate_context(case),
            &*padded(plate.expose(Purpose::Seal)),
        )?;
        let (id, _) = self.current();
        Ok(Sealed {
            wrapped_key: self.wrap(case, &data_key, random)?,
            nonce: nonce.to_vec(),
            ciphertext,
            master_key_id: id.clone(),
        })
    }

    /// Decrypts the plate of a case. Whoever calls it writes a line in the audit log first.
    ///
    /// # Errors
    /// Where the case was erased, its master key is not here, or anything was changed.
    pub fn open(&self, case: &str, sealed: &Sealed) -> Result<Plate, VaultError> {
        let data_key = self.unwrap(case, sealed)?;
        if sealed.nonce.len() != NONCE_BYTES {
            return Err(damaged(case, "nonce of the plate"));
        }
        let text = decrypt(&data_key, &sealed.nonce, &plate_context(case), &sealed.ciphertext)
            .ok_or_else(|| damaged(case, "plate"))?;
        unpadded(&text)
            .and_then(|text| Plate::parse(text).ok())
            .ok_or_else(|| damaged(case, "plate"))
    }

    /// The same with the data key wrapped by the current master key: how master keys are rotated. The
    /// plate itself is not decrypted, and its ciphertext stays.
    ///
    /// # Errors
    /// As [`Vault::open`], for the wrapped key.
    pub fn rewrap(
        &self,
        case: &str,
        sealed: &Sealed,
        random: &mut Randomness<'_>,
    ) -> Result<Sealed, VaultError> {
        let data_key = self.unwrap(case, sealed)?;
        let (id, _) = self.current();
        Ok(Sealed {
            wrapped_key: self.wrap(case, &data_key, random)?,
            nonce: sealed.nonce.clone(),
            ciphertext: sealed.ciphertext.clone(),
            master_key_id: id.clone(),
        })
    }

    fn wrap(
        &self,
        case: &str,
        data_key: &[u8; DATA_KEY_BYTES],
        random: &mut Randomness<'_>,
    ) -> Result<Vec<u8>, VaultError> {
        let (id, master) = self.current();
        let mut nonce = [0; NONCE_BYTES];
        draw(&mut nonce, random)?;
        let mut wrapped = nonce.to_vec();
        wrapped.extend(encrypt(master, &nonce, &key_context(case, id), data_key)?);
        Ok(wrapped)
    }

    fn unwrap(
        &self,
        case: &str,
        sealed: &Sealed,
    ) -> Result<Zeroizing<[u8; DATA_KEY_BYTES]>, VaultError> {
        check_case(case)?;
        if sealed.wrapped_key.is_empty() {
            return Err(VaultError::Erased { case: case.to_owned() });
        }
        let master = self.key(&sealed.master_key_id).ok_or_else(|| VaultError::UnknownKey {
            case: case.to_owned(),
            id: sealed.master_key_id.clone(),
            known: self.ids().map(|id| id.to_string()).collect::<Vec<_>>().join(", "),
        })?;
        let split = sealed.wrapped_key.split_at_checked(NONCE_BYTES);
        split
            .filter(|_| sealed.wrapped_key.len() == WRAPPED_KEY_BYTES)
            .and_then(|(nonce, wrapped)| {
                decrypt(master, nonce, &key_context(case, &sealed.master_key_id), wrapped)
            })
            .and_then(|key| Some(Zeroizing::new(key.as_slice().try_into().ok()?)))
            .ok_or_else(|| damaged(case, "wrapped data key"))
    }
}

fn damaged(case: &str, what: &'static str) -> VaultError {
    VaultError::Damaged { case: case.to_owned(), what }
}

fn check_case(case: &str) -> Result<(), VaultError> {
    if case.is_empty() || case.len() > CASE_BYTES_MAX {
        return Err(VaultError::Case { bytes: case.len(), bytes_max: CASE_BYTES_MAX });
    }
    Ok(())
}

/// A source that fails silently leaves zeros, and a key of zeros is no secret.
fn draw(buffer: &mut [u8], random: &mut Randomness<'_>) -> Result<(), VaultError> {
    random(buffer);
    if buffer.iter().all(|byte| *byte == 0) {
        return Err(VaultError::NoRandomness);
    }
    Ok(())
}

/// What the ciphertext of a plate is bound to.
fn plate_context(case: &str) -> Vec<u8> {
    [b"wayside.plate.v1\0", case.as_bytes()].concat()
}

/// What a wrapped data key is bound to. An id has no zero byte in it, so that no two pairs are alike.
fn key_context(case: &str, id: &MasterKeyId) -> Vec<u8> {
    [b"wayside.case-key.v1\0", id.as_str().as_bytes(), b"\0", case.as_bytes()].concat()
}

/// Length, text, zeros: every plate gives a ciphertext of the same length.
fn padded(text: &str) -> Zeroizing<[u8; PADDED_BYTES]> {
    let mut padded = Zeroizing::new([0; PADDED_BYTES]);
    for (place, byte) in padded.iter_mut().skip(1).zip(text.bytes()) {
        *place = byte;
    }
    padded[0] = text.len() as u8;
    padded
}

fn unpadded(padded: &[u8]) -> Option<&str> {
    let (length, rest) = padded.split_first()?;
    std::str::from_utf8(rest.get(..usize::from(*length))?).ok()
}

fn encrypt(
    key: &[u8; DATA_KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    context: &[u8],
    text: &[u8],
) -> Result<Vec<u8>, VaultError> {
    XChaCha20Poly1305::new(&(*key).into())
        .encrypt(&XNonce::from(*nonce), Payload { msg: text, aad: context })
        .map_err(|_| VaultError::Cipher)
}

fn decrypt(
    key: &[u8; DATA_KEY_BYTES],
    nonce: &[u8],
    context: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
    XChaCha20Poly1305::new(&(*key).into())
        .decrypt(&XNonce::from(nonce), Payload { msg: ciphertext, aad: context })
        .ok()
        .map(Zeroizing::new)
}
