//! Finds a model's file: local folders first, then the cache, then its address.

mod checksum;
mod download;

use std::path::{Path, PathBuf};

pub use self::checksum::sha256_of;
use crate::manifest::Model;
use crate::{ErrorKind, InferenceError};

/// Where model files are looked for and kept.
#[derive(Clone, Debug)]
pub struct Store {
    dirs: Vec<PathBuf>,
    cache: PathBuf,
    limits: download::Limits,
}

impl Store {
    /// A store that looks in `dirs` in order and keeps downloads in `cache`, which is made when it
    /// is needed.
    #[must_use]
    pub fn new(dirs: Vec<PathBuf>, cache: PathBuf) -> Self {
        Self { dirs, cache, limits: download::Limits::default() }
    }

    /// The file of a model, with the manifest's checksum. `progress` hears of bytes downloaded and
    /// bytes in all; it is not called when the file is there already.
    ///
    /// A file in a local folder is never replaced: if its checksum is wrong, that is an error. A
    /// file in the cache is ours, and is fetched anew.
    ///
    /// # Errors
    /// A local file with the wrong checksum, no file and no address, or a download that failed from
    /// every address.
    pub fn locate(
        &self,
        model: &Model,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<PathBuf, InferenceError> {
        if let Some(file) = self.local(model) {
            self.verify(model, &file)?;
            return Ok(file);
        }
        let cached = self.cache.join(&model.file);
        if cached.is_file() && self.verify(model, &cached).is_ok() {
            return Ok(cached);
        }
        let Some(first) = model.url.first() else { return Err(self.nowhere(model)) };
        let mut causes = Vec::new();
        for url in &model.url {
            match download::fetch(url, model, &cached, self.limits, progress) {
                Ok(()) => return Ok(cached),
                Err(error) if error.kind() == ErrorKind::Io => return Err(error),
                Err(error) => causes.push(format!("{url}: {}", error.cause().unwrap_or_default())),
            }
        }
        let problem = format!("the model {} could not be downloaded", model.name);
        Err(InferenceError::new(ErrorKind::Download, problem).because(causes.join("; ")).hint_at(
            format!(
                "fetch {first} elsewhere and put it into a folder named by --models-dir or \
                 WAYSIDE_MODELS"
            ),
        ))
    }

    /// Where the model's file lies now, without downloading and without looking at its content.
    #[must_use]
    pub fn present(&self, model: &Model) -> Option<PathBuf> {
        let cached = self.cache.join(&model.file);
        self.local(model).or_else(|| cached.is_file().then_some(cached))
    }

    /// Whether a file is the model's.
    ///
    /// # Errors
    /// It cannot be read, or its size or checksum is not the manifest's.
    pub fn verify(&self, model: &Model, file: &Path) -> Result<(), InferenceError> {
        let (found, size) = sha256_of(file)?;
        if found == model.sha256 {
            return Ok(());
        }
        let problem = format!("{} is not the model {} of the manifest", file.display(), model.name);
        Err(InferenceError::new(ErrorKind::ModelChecksum, problem)
            .because(format!(
                "it has {size} bytes and SHA-256 {found}; the manifest says {} bytes and {}",
                model.size_bytes, model.sha256
            ))
            .hint_at("remove it, so that the right one is fetched, or name another folder"))
    }

    fn local(&self, model: &Model) -> Option<PathBuf> {
        self.dirs.iter().map(|dir| dir.join(&model.file)).find(|file| file.is_file())
    }

    fn nowhere(&self, model: &Model) -> InferenceError {
        let mut places: Vec<_> = self.dirs.iter().map(|dir| dir.display().to_string()).collect();
        places.push(self.cache.display().to_string());
        let problem = format!("the model {} is nowhere to be had", model.name);
        InferenceError::new(ErrorKind::ModelMissing, problem)
            .because(format!(
                "{} is in none of {}, and the manifest gives no address",
                model.file,
                places.join(", ")
            ))
            .hint_at("name the folder that holds it with --models-dir or WAYSIDE_MODELS")
    }
}

#[cfg(test)]
mod tests;
