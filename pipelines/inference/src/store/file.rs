//! A model's file, on disk or built into the program.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The models that are built in: name of the file, content.
pub(super) type Embedded = &'static [(&'static str, &'static [u8])];

/// What `build.rs` found in the manifest.
pub(super) const EMBEDDED: Embedded = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Where a model's bytes are.
#[derive(Clone, PartialEq, Eq)]
pub enum ModelFile {
    /// In a file.
    Disk(PathBuf),
    /// In the program itself: name of the file that was built in, and its content.
    Embedded(&'static str, &'static [u8]),
}

impl ModelFile {
    /// The path; none where the model is built in.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Disk(path) => Some(path),
            Self::Embedded(..) => None,
        }
    }

    /// Size, bytes.
    ///
    /// # Errors
    /// It is not a regular file, or cannot be looked at.
    pub fn size_bytes(&self) -> io::Result<u64> {
        match self {
            Self::Disk(path) => {
                let metadata = std::fs::metadata(path)?;
                // Reading a pipe would wait for ever.
                if metadata.is_file() {
                    Ok(metadata.len())
                } else {
                    Err(io::Error::other("it is not a file"))
                }
            }
            Self::Embedded(_, bytes) => Ok(bytes.len() as u64),
        }
    }

    /// The content.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn bytes(&self) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Disk(path) => std::fs::read(path).map(Cow::Owned),
            Self::Embedded(_, bytes) => Ok(Cow::Borrowed(bytes)),
        }
    }
}

impl fmt::Display for ModelFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk(path) => path.display().fmt(f),
            Self::Embedded(name, _) => write!(f, "{name} inside the program"),
        }
    }
}

impl fmt::Debug for ModelFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the content.
        write!(f, "ModelFile({self})")
    }
}

impl From<&Path> for ModelFile {
    fn from(path: &Path) -> Self {
        Self::Disk(path.to_path_buf())
    }
}

impl From<&PathBuf> for ModelFile {
    fn from(path: &PathBuf) -> Self {
        Self::Disk(path.clone())
    }
}

impl From<PathBuf> for ModelFile {
    fn from(path: PathBuf) -> Self {
        Self::Disk(path)
    }
}

impl From<&ModelFile> for ModelFile {
    fn from(file: &ModelFile) -> Self {
        file.clone()
    }
}
