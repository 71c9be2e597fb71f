//! What can be wrong with a tracks file.

/// One thing that is wrong in a tracks file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}\n  hint: {hint}")]
pub struct TracksError {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: String,
}

impl TracksError {
    pub(super) fn at(file: &str, line: u64, problem: String, hint: &str) -> Self {
        Self { file: file.to_owned(), line, problem, hint: hint.to_owned() }
    }

    pub(super) fn empty(file: &str) -> Self {
        Self::at(
            file,
            1,
            "the file is empty".to_owned(),
            "its first line names the columns: time_s,track,class,x_m,y_m,heading_deg,speed_ms,length_m,width_m",
        )
    }

    pub(super) fn unreadable(file: &str, line: u64, cause: &std::io::Error) -> Self {
        Self::at(
            file,
            line.max(1),
            format!("cannot be read any further: {cause}"),
            "a gzipped file may be truncated; make it again",
        )
    }

    pub(super) fn too_many_names(file: &str, line: u64, most: usize) -> Self {
        Self::at(
            file,
            line,
            format!("more than {most} tracks bear a text for a name"),
            "number the tracks, or split the file",
        )
    }
}
