//! A folder of keys.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use wayside_package::keys::RingKey;
use wayside_package::{KeyId, SigningKey};
use wayside_proto::EventTime;

use super::{public, text, wrong};
use crate::failure::Failure;

/// Names the key that signs.
const ACTIVE: &str = "active";
const PRIVATE_END: &str = ".key.pem";
const PUBLIC_END: &str = ".pub.pem";
/// Keys of one folder.
const KEYS_MAX: usize = 1_000;

/// A folder of keys.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// A key of a folder.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its public half.
    pub key: RingKey,
    /// Name of its files.
    pub file: String,
    /// Whether it is the one that signs.
    pub active: bool,
    /// Whether its private half is there.
    pub private: bool,
}

impl Folder {
    /// The folder at this path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    fn private_file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}{PRIVATE_END}"))
    }

    fn public_file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}{PUBLIC_END}"))
    }

    /// Name of the key that signs; none where none does.
    pub fn active(&self) -> Result<Option<String>, Failure> {
        let path = self.0.join(ACTIVE);
        if !path.exists() {
            return Ok(None);
        }
        let name = text(&path)?.trim().to_owned();
        if fit(&name) {
            return Ok(Some(name));
        }
        Err(Failure::input(format!(
            "{} does not name a key\n  hint: it has one line, the NAME of NAME{PRIVATE_END}",
            path.display()
        )))
    }

    /// The private key file of the key that signs.
    pub fn active_key_file(&self) -> Result<PathBuf, Failure> {
        match self.active()? {
            Some(name) => Ok(self.private_file(&name)),
            None => Err(Failure::input(format!(
                "{} has no active key\n  hint: make one with `wayside keys new --out {}`",
                self.0.display(),
                self.0.display()
            ))),
        }
    }

    /// All keys, by name.
    pub fn list(&self) -> Result<Vec<Listed>, Failure> {
        let entries = fs::read_dir(&self.0).map_err(|e| Failure::unreadable(&self.0, &e))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Failure::unreadable(&self.0, &error))?;
            let file = entry.file_name();
            if let Some(name) = file.to_str().and_then(|file| file.strip_suffix(PUBLIC_END)) {
                names.push(name.to_owned());
            }
            if names.len() > KEYS_MAX {
                let dir = self.0.display();
                return Err(Failure::input(format!("{dir} has more than {KEYS_MAX} keys")));
            }
        }
        names.sort();
        let active = self.active()?;
        names
            .into_iter()
            .map(|file| {
                Ok(Listed {
                    key: public(&self.public_file(&file))?,
                    active: active.as_ref() == Some(&file),
                    private: self.private_file(&file).exists(),
                    file,
                })
            })
            .collect()
    }

    /// Makes a key that signs from now on. Its name is `name`, or made from its id.
    pub fn make(&self, name: Option<&str>) -> Result<(String, KeyId), Failure> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| {
            Failure::failed(format!("the system gives no random numbers: {error}"))
        })?;
        let key = SigningKey::from_seed(&seed);
        seed = [0; 32];
        std::hint::black_box(&seed);
        let id = key.verifying().id();
        let name = name.map_or_else(|| format!("key-{id}"), str::to_owned);
        if !fit(&name) {
            return Err(Failure::input(format!(
                "`{name}` is no name of a key\n  hint: 1 to 64 letters, digits, `-`, `_` and `.`, not beginning with `.`"
            )));
        }
        fs::create_dir_all(&self.0).map_err(|error| Failure::unwritable(&self.0, &error))?;
        let encoded = |error| wrong(&self.0, &error);
        let public = RingKey::new(key.verifying(), &name).to_file().map_err(encoded)?;
        create(&self.private_file(&name), &key.to_pem().map_err(encoded)?, 0o600)?;
        create(&self.public_file(&name), &public, 0o644)?;
        self.replace(&self.0.join(ACTIVE), &format!("{name}\n"))?;
        Ok((name, id))
    }

    /// Writes into the public half of a key until when it signs.
    pub fn retire(&self, name: &str, not_after: EventTime) -> Result<(), Failure> {
        let path = self.public_file(name);
        let mut key = public(&path)?;
        key.not_after = Some(key.not_after.map_or(not_after, |known| known.min(not_after)));
        let text = key.to_file().map_err(|error| wrong(&path, &error))?;
        self.replace(&path, &text)
    }

    /// Puts a file in the place of another, whole or not at all.
    fn replace(&self, path: &Path, text: &str) -> Result<(), Failure> {
        let unwritable = |error: std::io::Error| Failure::unwritable(path, &error);
        let mut file = tempfile::NamedTempFile::new_in(&self.0).map_err(unwritable)?;
        file.write_all(text.as_bytes()).map_err(unwritable)?;
        file.as_file().sync_all().map_err(unwritable)?;
        let readable = fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(readable).map_err(unwritable)?;
        file.persist(path).map_err(|error| unwritable(error.error))?;
        Ok(())
    }
}

fn fit(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=64).contains(&name.len()) && !name.starts_with('.') && name.chars().all(allowed)
}

/// Writes a file that is not there yet.
fn create(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let mut file = file.map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            Failure::input(format!(
                "{} is there already, and keys are never written over\n  hint: choose another --name",
                path.display()
            ))
        } else {
            Failure::unwritable(path, &error)
        }
    })?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| Failure::unwritable(path, &error))
}
