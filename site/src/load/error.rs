//! What is wrong with a site file, or worth knowing about it.

use std::fmt;

/// One thing that is wrong in a site file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteError {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Dotted path of the key, for example `camera.south.calibration.points`. Items of a list are
    /// named by their id, or else by their position from 0.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for SiteError {
    /// `site.toml:14: camera.south.widht_px: unknown key`, and the hint on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.problem)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SiteError {}

/// Something in a sound site file that is worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteWarning {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Dotted path of the key, as in [`SiteError`].
    pub key: String,
    /// What is worth knowing.
    pub problem: String,
    /// What may be done.
    pub hint: Option<String>,
}

impl fmt::Display for SiteWarning {
    /// As a [`SiteError`], with the word `warning` before the text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, key, problem, hint } = self.clone();
        SiteError { file, line, key, problem: format!("warning: {problem}"), hint }.fmt(f)
    }
}
