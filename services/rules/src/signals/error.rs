//! What is wrong with a signal file.

/// One thing that is wrong in a signal file. Displays as `FILE:LINE: PROBLEM` with the hint on a
/// second line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: `{key}`: {problem}{}", hint.as_ref().map(|h| format!("\n  hint: {h}")).unwrap_or_default())]
pub struct SignalFileError {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column (CSV) or key (JSON lines).
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: Option<String>,
}
