//! The master keys.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use zeroize::Zeroizing;

use super::error::{KeyProblem, VaultError};
use super::text;

/// The longest id of a master key, characters.
const ID_CHARS_MAX: usize = 32;
/// A file of keys larger than this is something else.
const FILE_BYTES_MAX: u64 = 65_536;

/// The id of a master key: 1 to 32 of `a` to `z`, `0` to `9`, `-`, `_` and `.`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MasterKeyId(String);

impl MasterKeyId {
    /// Takes an id.
    ///
    /// # Errors
    /// Where it is empty, too long, or has another character in it.
    pub fn parse(id: &str) -> Result<Self, KeyProblem> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if id.is_empty() || id.len() > ID_CHARS_MAX || !id.chars().all(fits) {
            return Err(KeyProblem::Id);
        }
        Ok(Self(id.to_owned()))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The bytes of a master key.
pub(super) type MasterKey = Zeroizing<[u8; 32]>;

/// Holds the master keys; seals and opens plates.
///
/// Text of the keys, in a file or an environment variable: one key a line, `id base64`, the base64 of
/// 32 random bytes; empty lines and lines that begin with `#` are left out. **The first key seals**;
/// the others open what was sealed before. To rotate: put a new line on top, restart,
/// [`Vault::rewrap`] what the old key wraps, then remove the old line.
pub struct Vault {
    current: MasterKeyId,
    keys: BTreeMap<MasterKeyId, MasterKey>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.keys.keys().map(MasterKeyId::as_str).collect();
        f.debug_struct("Vault").field("current", &self.current.0).field("ids", &ids).finish()
    }
}

impl Vault {
    /// Reads keys out of a text. `from` says where it comes from, for the errors.
    ///
    /// # Errors
    /// Where a line is no key, an id or a key occurs twice, or there is none. No error repeats a key.
    pub fn from_text(text: &str, from: &str) -> Result<Self, VaultError> {
        let lines = text::read(text, from)?;
        let current = match lines.first() {
            Some((id, _)) => id.clone(),
            None => return Err(VaultError::NoKeys { from: from.to_owned() }),
        };
        Ok(Self { current, keys: lines.into_iter().collect() })
    }

    /// Reads keys out of a file.
    ///
    /// # Errors
    /// Where it cannot be read or is larger than 64 KiB; else as [`Vault::from_text`].
    pub fn from_file(path: &Path) -> Result<Self, VaultError> {
        let from = path.display().to_string();
        let unreadable = |cause: String| VaultError::Unreadable { from: from.clone(), cause };
        let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
        if size > FILE_BYTES_MAX {
            let cause = format!("it has {size} bytes, a file of keys has at most {FILE_BYTES_MAX}");
            return Err(unreadable(cause));
        }
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        Self::from_text(&Zeroizing::new(text), &from)
    }

    /// Reads keys out of an environment variable.
    ///
    /// # Errors
    /// Where it is not set or not text; else as [`Vault::from_text`].
    pub fn from_env(variable: &str) -> Result<Self, VaultError> {
        let from = format!("environment variable {variable}");
        match std::env::var(variable) {
            Ok(text) => Self::from_text(&Zeroizing::new(text), &from),
            Err(error) => Err(VaultError::Unreadable { from, cause: error.to_string() }),
        }
    }

    /// The line of a new key, for a file of keys.
    ///
    /// # Errors
    /// Where `random` gives zeros only.
    pub fn new_key_line(
        id: &MasterKeyId,
        random: &mut super::Randomness<'_>,
    ) -> Result<Zeroizing<String>, VaultError> {
        let mut key = Zeroizing::new([0; 32]);
        super::draw(&mut *key, random)?;
        Ok(text::line(id, &key))
    }

    /// The ids of all keys, in order of their names.
    pub fn ids(&self) -> impl Iterator<Item = &MasterKeyId> {
        self.keys.keys()
    }

    /// The id of the key that seals.
    #[must_use]
    pub fn current_id(&self) -> &MasterKeyId {
        &self.current
    }

    pub(super) fn key(&self, id: &MasterKeyId) -> Option<&MasterKey> {
        self.keys.get(id)
    }

    pub(super) fn current(&self) -> (&MasterKeyId, &MasterKey) {
        // The constructor takes `current` from the keys.
        (&self.current, &self.keys[&self.current])
    }
}
