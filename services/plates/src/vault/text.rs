//! Reads and writes the text of master keys.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::error::{KeyProblem, VaultError};
use super::keys::{MasterKey, MasterKeyId};

/// More keys than this are no rotation any more.
const KEYS_MAX: usize = 64;
/// Base64 of 32 bytes.
const KEY_CHARS: usize = 44;

/// The keys in order.
pub(super) fn read(text: &str, from: &str) -> Result<Vec<(MasterKeyId, MasterKey)>, VaultError> {
    let mut keys: Vec<(MasterKeyId, MasterKey)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let bad = |problem| VaultError::BadKey { from: from.to_owned(), line: index + 1, problem };
        let (id, key) = key(line).map_err(bad)?;
        if keys.iter().any(|(other, _)| *other == id) {
            return Err(bad(KeyProblem::IdTwice));
        }
        if keys.iter().any(|(_, other)| **other == *key) {
            return Err(bad(KeyProblem::KeyTwice));
        }
        if keys.len() == KEYS_MAX {
            return Err(bad(KeyProblem::TooMany { max: KEYS_MAX }));
        }
        keys.push((id, key));
    }
    Ok(keys)
}

fn key(line: &str) -> Result<(MasterKeyId, MasterKey), KeyProblem> {
    if line.starts_with("-----BEGIN") {
        return Err(KeyProblem::Pem);
    }
    let mut words = line.split_whitespace();
    let (Some(id), Some(text), None) = (words.next(), words.next(), words.next()) else {
        return Err(KeyProblem::NotTwoWords);
    };
    let id = MasterKeyId::parse(id)?;
    if text.len() > 4 * KEY_CHARS {
        return Err(KeyProblem::Length { bytes: text.len() / 4 * 3 });
    }
    let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| KeyProblem::NotBase64)?);
    let key: [u8; 32] =
        bytes.as_slice().try_into().map_err(|_| KeyProblem::Length { bytes: bytes.len() })?;
    let key = Zeroizing::new(key);
    if key.iter().all(|byte| *byte == key[0]) {
        return Err(KeyProblem::NotRandom);
    }
    Ok((id, key))
}

/// A key as a line.
pub(super) fn line(id: &MasterKeyId, key: &MasterKey) -> Zeroizing<String> {
    let encoded = Zeroizing::new(STANDARD.encode(key.as_slice()));
    Zeroizing::new(format!("{id} {}\n", encoded.as_str()))
}
