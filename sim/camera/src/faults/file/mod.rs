//! The fault file: what it may say, and what is wrong with one.

mod table;
mod value;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use super::Fault;
use table::Reading;

/// A fault and when it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledFault {
    /// Time since the server's start.
    pub at: Duration,
    /// The fault.
    pub fault: Fault,
}

/// One thing that is wrong in a fault file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultFileError {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Key, for example `fault[0].for_s`; positions count from 0.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for FaultFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, key, problem, hint } = self;
        write!(f, "{file}:{line}: ")?;
        if !key.is_empty() {
            write!(f, "{key}: ")?;
        }
        write!(f, "{problem}\n  hint: {hint}")
    }
}

/// Everything that is wrong in a fault file, in the order of the file; at least one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultFileErrors(pub Vec<FaultFileError>);

impl fmt::Display for FaultFileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, error) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for FaultFileErrors {}

/// More faults than these are refused.
const FAULTS_MAX: usize = 1_000;

/// The faults of a file named `name` with this text, in the order of their beginning. Paths in it
/// are relative to the file's folder.
///
/// # Errors
/// Everything that is wrong, each with line and key.
pub fn parse_faults(name: &Path, text: &str) -> Result<Vec<ScheduledFault>, FaultFileErrors> {
    let mut reading = Reading::new(name, text);
    let mut faults = reading.file();
    if reading.errors.is_empty() {
        faults.sort_by_key(|fault| fault.at);
        return Ok(faults);
    }
    reading.errors.sort_by_key(|(offset, _)| *offset);
    Err(FaultFileErrors(reading.errors.into_iter().map(|(_, error)| error).collect()))
}
