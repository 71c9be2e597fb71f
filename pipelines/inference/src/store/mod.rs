//! Finds a model's file: what is built into the program first, then local folders, then the project's
//! folder, then the cache, then its address.

mod checksum;
mod download;
mod file;
mod partial;
mod shipped;

use std::path::PathBuf;

pub use self::checksum::sha256_of;
pub(crate) use self::checksum::sha256_of_bytes;
pub use self::file::ModelFile;
pub use self::shipped::shipped_dirs;
use crate::manifest::Model;
use crate::{ErrorKind, InferenceError};

/// Where model files are looked for and kept.
#[derive(Clone, Debug)]
pub struct Store {
    embedded: file::Embedded,
    shipped: Vec<PathBuf>,
    dirs: Vec<PathBuf>,
    cache: PathBuf,
    limits: download::Limits,
}

impl Store {
    /// A store that has the models that are built in, looks in `dirs` in order, and keeps downloads
    /// in `cache`, which is made when it is needed.
    #[must_use]
    pub fn new(dirs: Vec<PathBuf>, cache: PathBuf) -> Self {
        let limits = download::Limits::default();
        Self { embedded: file::EMBEDDED, shipped: Vec::new(), dirs, cache, limits }
    }

    /// The same store, which looks in these folders after `dirs`: those of the project, for example
    /// [`shipped_dirs`].
    #[must_use]
    pub fn with_shipped(mut self, folders: Vec<PathBuf>) -> Self {
        self.shipped = folders;
        self
    }

    /// The file of a model, with the manifest's checksum. `progress` hears of bytes downloaded and
    /// bytes in all; it is not called when the file is there already.
    ///
    /// A file of the project or in a local folder is never replaced: if its checksum is wrong, that is
    /// an error. A file in the cache is ours, and is fetched anew.
    ///
    /// # Errors
    /// A file with the wrong checksum, no file and no address, or a download that failed from every
    /// address.
    pub fn locate(
        &self,
        model: &Model,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ModelFile, InferenceError> {
        if let Some(file) = self.local(model) {
            self.verify(model, &file)?;
            return Ok(file);
        }
        let cached = ModelFile::Disk(self.cache.join(&model.file));
        if self.is_cached(model) && self.verify(model, &cached).is_ok() {
            return Ok(cached);
        }
        let Some(first) = model.url.first() else { return Err(self.nowhere(model)) };
        let mut causes = Vec::new();
        for url in &model.url {
            let target = self.cache.join(&model.file);
            match download::fetch(url, model, &target, self.limits, progress) {
                Ok(()) => return Ok(target.into()),
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
    pub fn present(&self, model: &Model) -> Option<ModelFile> {
        let cached = || self.is_cached(model).then(|| self.cache.join(&model.file).into());
        self.local(model).or_else(cached)
    }

    /// Whether a file is the model's.
    ///
    /// # Errors
    /// It cannot be read, or its checksum is not the manifest's.
    pub fn verify(&self, model: &Model, file: &ModelFile) -> Result<(), InferenceError> {
        let (found, size) = match file {
            ModelFile::Disk(path) => sha256_of(path)?,
            ModelFile::Embedded(_, bytes) => checksum::sha256_of_bytes(bytes),
        };
        if found == model.sha256 {
            return Ok(());
        }
        let hint = match file {
            ModelFile::Disk(_) => {
                "remove it, so that the right one is fetched, or name another folder"
            }
            ModelFile::Embedded(..) => "build the program again, with the file of its manifest",
        };
        let problem = format!("{file} is not the model {} of the manifest", model.name);
        Err(InferenceError::new(ErrorKind::ModelChecksum, problem)
            .because(format!(
                "it has {size} bytes and SHA-256 {found}; the manifest says {} bytes and {}",
                model.size_bytes, model.sha256
            ))
            .hint_at(hint))
    }

    fn local(&self, model: &Model) -> Option<ModelFile> {
        let built_in = self.embedded.iter().find(|(name, _)| model.embedded && *name == model.file);
        if let Some(&(name, bytes)) = built_in {
            return Some(ModelFile::Embedded(name, bytes));
        }
        let folders = self.dirs.iter().chain(&self.shipped);
        let mut files = folders.map(|dir| dir.join(&model.file));
        files.find(|file| file.is_file()).map(ModelFile::Disk)
    }

    fn is_cached(&self, model: &Model) -> bool {
        self.cache.join(&model.file).is_file()
    }

    fn nowhere(&self, model: &Model) -> InferenceError {
        let dirs = self.dirs.iter().chain(&self.shipped);
        let mut places: Vec<_> = dirs.map(|dir| dir.display().to_string()).collect();
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
