//! What can go wrong, with its cause and a hint.

#[cfg(feature = "edge")]
use std::path::Path;
use std::path::PathBuf;

use crate::types::PointId;

/// Why the index could not do what it was asked. No message contains a vector or an API key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The options cannot be.
    #[error("the vector index cannot be opened: {what}\n  hint: {hint}")]
    Options {
        /// What is wrong.
        what: String,
        /// What may help.
        hint: &'static str,
    },
    /// A point cannot be stored; nothing of its batch was.
    #[error(
        "passage {id} of section {section:?} at {time} us cannot be indexed: {what}\n  hint: {hint}"
    )]
    Point {
        /// The point.
        id: PointId,
        /// Its section.
        section: String,
        /// Its event time, microseconds.
        time: i64,
        /// What is wrong.
        what: String,
        /// What may help.
        hint: &'static str,
    },
    /// A query or deletion cannot be answered.
    #[error("the question to section {section:?} cannot be answered: {what}\n  hint: {hint}")]
    Query {
        /// The section.
        section: String,
        /// What is wrong.
        what: String,
        /// What may help.
        hint: &'static str,
    },
    /// Too much at once.
    #[error("{what} at once are too many for the vector index, at most {max}\n  hint: split them")]
    Batch {
        /// What there was.
        what: String,
        /// So many are possible.
        max: usize,
    },
    /// There is no room; nothing of the batch was stored.
    #[error(
        "the vector index is full: it holds {held} points, and {new} more would exceed {max}\n  \
         hint: see that what has expired is deleted; else raise the limit"
    )]
    Full {
        /// Points in it.
        held: u64,
        /// New ones in the batch.
        new: u64,
        /// The limit.
        max: u64,
    },
    /// The directory cannot be made, read or written.
    #[error("the vector index {} cannot be {doing}: {cause}\n  hint: {hint}", .dir.display())]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        cause: String,
        /// What may help.
        hint: &'static str,
    },
    /// Another process has it open.
    #[error(
        "the vector index {} is in use by another process{}\n  hint: one process holds an embedded \
         index; stop the other one, choose another directory, or use a Qdrant server",
        .dir.display(), .pid.map_or(String::new(), |pid| format!(" (process {pid})"))
    )]
    Locked {
        /// The directory.
        dir: PathBuf,
        /// The other process, where it said.
        pid: Option<u32>,
    },
    /// The files are not what was written.
    #[error(
        "the vector index {} is damaged: {what}\n  hint: look after the disk; move the directory \
         away and start with an empty one: only the passages of the last minutes are in it, \
         and their vehicles go without a match", .dir.display()
    )]
    Damaged {
        /// The directory.
        dir: PathBuf,
        /// What was found.
        what: String,
    },
    /// What is there was made for other vectors.
    #[error("{place} does not fit: it holds {found}, this needs {needed}\n  hint: {hint}")]
    Mismatch {
        /// The directory or collection.
        place: String,
        /// What it holds.
        found: String,
        /// What is needed.
        needed: String,
        /// What may help.
        hint: &'static str,
    },
    /// The engine failed.
    #[error(
        "the embedded vector index {} failed to {doing}: {cause}\n  hint: look at the disk's room and \
         health; open the index again", .dir.display()
    )]
    Engine {
        /// The directory.
        dir: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the engine said.
        cause: String,
    },
    /// The server does not answer.
    #[error(
        "the Qdrant server {url} does not answer ({doing}, {attempts} attempts): {cause}\n  \
         hint: see that it runs, that the address is that of its gRPC port (6334), and that the \
         network lets this process reach it"
    )]
    Unreachable {
        /// Its address.
        url: String,
        /// What was tried.
        doing: &'static str,
        /// How often.
        attempts: u32,
        /// What the last attempt said.
        cause: String,
    },
    /// The server does not accept the API key, or wants one.
    #[error("the Qdrant server {url} refuses this process ({doing}): {cause}\n  hint: {hint}")]
    Refused {
        /// Its address.
        url: String,
        /// What was tried.
        doing: &'static str,
        /// What it said.
        cause: String,
        /// What may help.
        hint: &'static str,
    },
    /// The server said something else than what was asked for.
    #[error("the Qdrant server {url} failed to {doing}: {cause}\n  hint: {hint}")]
    Answer {
        /// Its address.
        url: String,
        /// What was tried.
        doing: &'static str,
        /// What it said.
        cause: String,
        /// What may help.
        hint: &'static str,
    },
}

#[cfg(feature = "edge")]
impl IndexError {
    /// What the system said about a directory.
    pub(crate) fn io(dir: &Path, doing: &'static str, error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let hint = match error.kind() {
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => {
                "let this user write there, or choose another directory"
            }
            Kind::NotFound => "its parent directory must exist and be writable",
            Kind::NotADirectory | Kind::AlreadyExists => {
                "a file is in the way; choose another directory"
            }
            Kind::StorageFull | Kind::QuotaExceeded => "make room on the disk",
            _ => "look after the disk",
        };
        Self::Directory { dir: dir.to_owned(), doing, cause: error.to_string(), hint }
    }

    pub(crate) fn damaged(dir: &Path, what: impl ToString) -> Self {
        Self::Damaged { dir: dir.to_owned(), what: what.to_string() }
    }
}
