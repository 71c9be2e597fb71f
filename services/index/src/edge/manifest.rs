//! `index.json`: which folder holds the vectors, and of how many numbers. Replaced by an atomic
//! rename.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::error::IndexError;

const FILE: &str = "index.json";
const FOLDER: &str = "vectors-";
/// What this program writes and reads.
const FORMAT: u64 = 1;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) generation: u64,
    pub(super) dimension: usize,
}

impl Manifest {
    /// Reads the one of a directory; none if there is no index yet.
    pub(super) fn read(dir: &Path, dimension: usize) -> Result<Option<Self>, IndexError> {
        let bytes = match fs::read(dir.join(FILE)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(IndexError::io(dir, "read", &error)),
        };
        let unreadable = || IndexError::damaged(dir, format!("{FILE} is not what was written"));
        let value: Value = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
        let number = |name: &str| value.get(name).and_then(Value::as_u64);
        let format = number("format").ok_or_else(unreadable)?;
        let place = || format!("the vector index {}", dir.display());
        if format != FORMAT {
            return Err(IndexError::Mismatch {
                place: place(),
                found: format!("format {format}"),
                needed: format!("format {FORMAT}"),
                hint: "use the version of Wayside that wrote it, or another directory",
            });
        }
        let (Some(generation), Some(held)) = (number("generation"), number("dimension")) else {
            return Err(unreadable());
        };
        if held != dimension as u64 {
            return Err(IndexError::Mismatch {
                place: place(),
                found: format!("vectors of {held} numbers"),
                needed: format!("vectors of {dimension}"),
                hint: "another embedding model needs a directory of its own",
            });
        }
        Ok(Some(Self { generation, dimension }))
    }

    /// The one after `old`, or the first.
    pub(super) fn after(old: Option<&Self>, dimension: usize) -> Self {
        Self { generation: old.map_or(1, |old| old.generation.wrapping_add(1)), dimension }
    }

    /// Puts this one in place, durably.
    pub(super) fn write(&self, dir: &Path) -> Result<(), IndexError> {
        let failed = |error: std::io::Error| IndexError::io(dir, "written", &error);
        let text = json!({
            "format": FORMAT, "generation": self.generation, "dimension": self.dimension,
        });
        let new = dir.join("index.json.new");
        let mut file = File::create(&new).map_err(failed)?;
        file.write_all(text.to_string().as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        fs::rename(&new, dir.join(FILE)).map_err(failed)?;
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(failed)
    }

    /// The folder with the vectors.
    pub(super) fn folder(&self, dir: &Path) -> PathBuf {
        dir.join(format!("{FOLDER}{}", self.generation))
    }

    /// Whether `path` is such a folder of any generation.
    pub(super) fn is_folder(path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let digits = name.strip_prefix(FOLDER).unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    }
}
