//! Why a command did not do what it was asked, and the exit code that says so to a script.

use std::fmt;

/// Exit codes, as `wayside --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Something went wrong on this machine.
    Failed = 1,
    /// An input was refused.
    InputRefused = 3,
    /// What was finished is kept and marked as partial.
    Partial = 4,
    /// What was compared is not the same.
    Differs = 5,
}

/// An error for a person: what is wrong, the cause, and a hint.
#[derive(Debug)]
pub struct Failure {
    /// Exit code.
    pub exit: Exit,
    message: String,
}

impl Failure {
    /// An input that was refused.
    pub fn input(message: impl fmt::Display) -> Self {
        Self { exit: Exit::InputRefused, message: message.to_string() }
    }

    /// Something that went wrong on this machine.
    pub fn failed(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Failed, message: message.to_string() }
    }

    /// A file that could not be read.
    pub fn unreadable(path: &std::path::Path, cause: &std::io::Error) -> Self {
        let hint = match cause.kind() {
            std::io::ErrorKind::NotFound => "\n  hint: check the path",
            std::io::ErrorKind::PermissionDenied => "\n  hint: check the file's permissions",
            std::io::ErrorKind::IsADirectory => "\n  hint: name a file in it",
            _ => "",
        };
        Self::input(format!("{} cannot be read: {cause}{hint}", path.display()))
    }

    /// A file that could not be written.
    pub fn unwritable(path: &std::path::Path, cause: &std::io::Error) -> Self {
        let hint = match cause.kind() {
            std::io::ErrorKind::StorageFull => {
                "\n  hint: the disk is full; make room or choose another --out"
            }
            std::io::ErrorKind::PermissionDenied => {
                "\n  hint: check the folder's permissions, or choose another --out"
            }
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                "\n  hint: check the path, or choose another --out"
            }
            _ => "",
        };
        Self::failed(format!("{} cannot be written: {cause}{hint}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
