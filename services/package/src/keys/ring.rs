//! Keys that somebody vouches for, those that no longer sign included.

use std::collections::BTreeMap;

use wayside_proto::EventTime;

use super::{KeyError, KeyId, VerifyingKey, pem};

/// Longest name of a key.
const NAME_CHARS_MAX: usize = 100;

/// Public keys by id. Rotation adds a key; what the old one sealed while it was in use still verifies.
#[derive(Clone, Debug, Default)]
pub struct KeyRing {
    keys: BTreeMap<KeyId, RingKey>,
}

/// A key of a ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingKey {
    /// The key.
    pub key: VerifyingKey,
    /// What people call it; empty where nobody said.
    pub name: String,
    /// From when on it does not sign any more; none while it does.
    pub not_after: Option<EventTime>,
}

/// What a ring says of a key at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may sign then.
    InUse,
    /// It was retired before.
    Retired(EventTime),
}

impl KeyRing {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key. A key that is there already keeps the earlier of the two ends.
    pub fn add(&mut self, key: RingKey) {
        let id = key.key.id();
        match self.keys.get_mut(&id) {
            None => {
                self.keys.insert(id, key);
            }
            Some(known) => {
                known.not_after = match (known.not_after, key.not_after) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                if known.name.is_empty() {
                    known.name = key.name;
                }
            }
        }
    }

    /// Adds the key of a public key file: PEM, with `name: TEXT` and `not_after: INSTANT` in lines
    /// above the block where there are any. Tools that read PEM skip them.
    ///
    /// # Errors
    /// Where the text holds no public key (Ed25519), or a note that cannot be read.
    pub fn add_file(&mut self, text: &str) -> Result<KeyId, KeyError> {
        let key = RingKey::from_file(text)?;
        let id = key.key.id();
        self.add(key);
        Ok(id)
    }

    /// The key with this id.
    #[must_use]
    pub fn get(&self, id: &KeyId) -> Option<&RingKey> {
        self.keys.get(id)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// All keys, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&KeyId, &RingKey)> {
        self.keys.iter()
    }
}

impl RingKey {
    /// A key in use.
    #[must_use]
    pub fn new(key: VerifyingKey, name: &str) -> Self {
        Self { key, name: name.to_owned(), not_after: None }
    }

    /// The key of a public key file, as [`KeyRing::add_file`] reads it.
    ///
    /// # Errors
    /// As there.
    pub fn from_file(text: &str) -> Result<Self, KeyError> {
        let mut read = Self::new(VerifyingKey::from_pem(text)?, "");
        let (_, block) = pem::block(text)?;
        let notes = text.get(..text.len() - block.len()).unwrap_or_default();
        for line in notes.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let wrong =
                |problem: String| KeyError::Note { line: line.chars().take(80).collect(), problem };
            match line.split_once(':').map(|(key, value)| (key.trim(), value.trim())) {
                Some(("name", name)) if name.chars().count() <= NAME_CHARS_MAX => {
                    read.name = name.to_owned();
                }
                Some(("not_after", instant)) => {
                    let time =
                        EventTime::parse(instant).map_err(|error| wrong(error.to_string()))?;
                    read.not_after = Some(time);
                }
                _ => return Err(wrong("nobody knows such a note".to_owned())),
            }
        }
        Ok(read)
    }

    /// The public key file of this key.
    ///
    /// # Errors
    /// Where the encoder refuses; it has no reason to.
    pub fn to_file(&self) -> Result<String, KeyError> {
        let mut text = String::new();
        if !self.name.is_empty() {
            let name: String = self.name.chars().filter(|c| !c.is_control()).collect();
            text.push_str(&format!("name: {name}\n"));
        }
        if let Some(time) = self.not_after {
            text.push_str(&format!("not_after: {time}\n"));
        }
        text.push_str(&self.key.to_pem()?);
        Ok(text)
    }

    /// Whether it may sign at `time`.
    #[must_use]
    pub fn standing(&self, time: EventTime) -> Standing {
        match self.not_after {
            Some(end) if time > end => Standing::Retired(end),
            _ => Standing::InUse,
        }
    }
}
