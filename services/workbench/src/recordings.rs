//! Recordings that engineers bring, for as long as a job needs them and a day at most.
//!
//! A recording has people and plates in it as its camera saw them. It lies in a folder that only the
//! program can read, is served to nobody, and goes by itself; its going is receipted (PV-2).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wayside_proto::EventTime;

use crate::engine::Probe;
use crate::ids::Id;

/// Most recordings at once.
pub const RECORDINGS_MAX: usize = 32;
/// Bytes of a name that is shown.
const NAME_BYTES_MAX: usize = 120;

/// A recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recording {
    /// Its id.
    pub id: String,
    /// What whoever brought it calls it.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// What it is.
    #[serde(flatten)]
    pub probe: Probe,
    /// When it came, RFC 3339.
    pub created: String,
    /// When it goes.
    pub deleted_at: String,
}

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// No such one.
    #[error(
        "there is no such recording\n  hint: recordings go a day after they came; bring it again"
    )]
    Unknown,
    /// Too many.
    #[error("there are {RECORDINGS_MAX} recordings already\n  hint: delete one")]
    Full,
    /// Too large.
    #[error(
        "it has more than {0} MiB\n  hint: cut it, or replay it with `wayside replay` on the machine"
    )]
    TooLarge(u64),
    /// Not a recording.
    #[error("it cannot be decoded: {0}")]
    NotDecodable(String),
    /// The disk.
    #[error("it cannot be kept: {0}")]
    Io(#[from] io::Error),
}

/// The folder of recordings.
#[derive(Debug)]
pub struct Recordings {
    folder: PathBuf,
    bytes_max: u64,
    keep_s: f64,
}

/// One that is being written. Goes with the value unless it is kept.
#[derive(Debug)]
pub struct Incoming {
    id: Id,
    path: PathBuf,
    file: File,
    bytes: u64,
    bytes_max: u64,
    kept: bool,
}

impl Recordings {
    /// In this folder, which is made where it is missing.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn open(folder: &Path, bytes_max: u64, keep_s: f64) -> io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let recordings = Self { folder: folder.to_owned(), bytes_max, keep_s };
        // What broke off is nobody's.
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "part") {
                fs::remove_file(path)?;
            }
        }
        Ok(recordings)
    }

    /// Most bytes of one.
    #[must_use]
    pub fn bytes_max(&self) -> u64 {
        self.bytes_max
    }

    /// Bytes that the disk still takes; none where the system does not say.
    #[must_use]
    pub fn bytes_left(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Begins one.
    ///
    /// # Errors
    /// Where there are too many, or the disk does not take it.
    pub fn begin(&self) -> Result<Incoming, RecordingError> {
        if self.list().len() >= RECORDINGS_MAX {
            return Err(RecordingError::Full);
        }
        let id = Id::random()?;
        let path = self.folder.join(format!("{id}.part"));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Incoming { id, path, file, bytes: 0, bytes_max: self.bytes_max, kept: false })
    }

    /// Keeps one that has come whole.
    ///
    /// # Errors
    /// Where the disk does not take it.
    pub fn keep(
        &self,
        mut incoming: Incoming,
        name: &str,
        probe: Probe,
        now: EventTime,
    ) -> Result<Recording, RecordingError> {
        incoming.file.sync_all()?;
        let recording = Recording {
            id: incoming.id.to_string(),
            name: shown(name),
            bytes: incoming.bytes,
            probe,
            created: now.to_string(),
            deleted_at: now.plus_s(self.keep_s).to_string(),
        };
        let about = serde_json::to_vec(&recording).map_err(io::Error::other)?;
        let file = self.folder.join(format!("{}.json", incoming.id));
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)?
            .write_all(&about)?;
        fs::rename(&incoming.path, self.video(&incoming.id))?;
        incoming.kept = true;
        Ok(recording)
    }

    /// All of them, the newest first.
    #[must_use]
    pub fn list(&self) -> Vec<Recording> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut found: Vec<Recording> = entries
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "json"))
            .filter_map(|entry| serde_json::from_slice(&fs::read(entry.path()).ok()?).ok())
            .collect();
        found.sort_by(|a, b| b.created.cmp(&a.created).then(a.id.cmp(&b.id)));
        found
    }

    /// Where one lies.
    ///
    /// # Errors
    /// Where there is no such one.
    pub fn path(&self, id: &str) -> Result<PathBuf, RecordingError> {
        let id = Id::parse(id).ok_or(RecordingError::Unknown)?;
        let path = self.video(&id);
        if path.is_file() { Ok(path) } else { Err(RecordingError::Unknown) }
    }

    /// Deletes one, after `receipt` was written.
    ///
    /// # Errors
    /// Where there is no such one, or the receipt or the disk fail.
    pub fn delete(
        &self,
        id: &str,
        receipt: impl FnOnce(u64) -> Result<(), String>,
    ) -> Result<(), RecordingError> {
        let path = self.path(id)?;
        receipt(fs::metadata(&path)?.len()).map_err(io::Error::other)?;
        fs::remove_file(&path)?;
        fs::remove_file(path.with_extension("json"))?;
        Ok(())
    }

    /// Ids of those whose time is over.
    #[must_use]
    pub fn over(&self, now: EventTime) -> Vec<String> {
        let over = |recording: &Recording| {
            EventTime::parse(&recording.deleted_at).is_ok_and(|until| until <= now)
        };
        self.list().into_iter().filter(over).map(|recording| recording.id).collect()
    }

    fn video(&self, id: &Id) -> PathBuf {
        self.folder.join(format!("{id}.video"))
    }
}

impl Incoming {
    /// Where it lies while it comes.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes a piece.
    ///
    /// # Errors
    /// Where it grows too large, or the disk is full.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), RecordingError> {
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        if self.bytes > self.bytes_max {
            return Err(RecordingError::TooLarge(self.bytes_max / (1024 * 1024)));
        }
        Ok(self.file.write_all(piece)?)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.kept {
            // At the next start at the latest it goes.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A name for people: one line, of bounded length.
fn shown(name: &str) -> String {
    let mut text: String = name.chars().filter(|c| !c.is_control()).collect();
    let end = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|end| *end <= NAME_BYTES_MAX)
        .last();
    text.truncate(end.unwrap_or(0));
    if text.trim().is_empty() { "recording".to_owned() } else { text }
}
