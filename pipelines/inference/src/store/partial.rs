//! A file that is on its way.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::checksum::hexadecimal;
use crate::{ErrorKind, InferenceError};

/// What has come of a file so far; removed when dropped, unless it was finished.
pub(super) struct Partial {
    path: PathBuf,
    file: File,
    hash: Sha256,
    done: u64,
}

impl Partial {
    /// An empty file beside `target`.
    pub(super) fn create(target: &Path) -> Result<Self, InferenceError> {
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        }
        let mut name = target.file_name().unwrap_or_default().to_os_string();
        // Two processes may fetch at once; each has its own file.
        name.push(format!(".{}.partial", std::process::id()));
        let path = target.with_file_name(name);
        let file = File::create(&path).map_err(|error| unwritable(&path, &error))?;
        Ok(Self { path, file, hash: Sha256::new(), done: 0 })
    }

    /// Bytes that have come.
    pub(super) fn done(&self) -> u64 {
        self.done
    }

    /// Begins again with nothing.
    pub(super) fn clear(&mut self) -> Result<(), InferenceError> {
        let cleared = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        cleared.map_err(|error| unwritable(&self.path, &error))?;
        self.hash = Sha256::new();
        self.done = 0;
        Ok(())
    }

    /// Adds bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), InferenceError> {
        self.file.write_all(bytes).map_err(|error| unwritable(&self.path, &error))?;
        self.hash.update(bytes);
        self.done += bytes.len() as u64;
        Ok(())
    }

    /// SHA-256 of what has come.
    pub(super) fn sha256(&self) -> String {
        hexadecimal(&self.hash.clone().finalize())
    }

    /// Gives the file its final name.
    pub(super) fn finish(self, target: &Path) -> Result<(), InferenceError> {
        self.file.sync_all().map_err(|error| unwritable(&self.path, &error))?;
        std::fs::rename(&self.path, target).map_err(|error| unwritable(target, &error))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Gone already after a rename.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> InferenceError {
    InferenceError::new(ErrorKind::Io, format!("cannot write {}", path.display()))
        .because(error)
        .hint_at("make room, or name a folder for the cache that can be written to")
}
