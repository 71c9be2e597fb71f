//! A site file's text, looked at as `wayside site check` does.

use serde::Serialize;
use utoipa::ToSchema;
use wayside_site::{Site, SiteError, SiteWarning};

/// Something that is wrong with a site file, or doubtful.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// Line, counted from 1; none where it is about the whole file.
    pub line: Option<usize>,
    /// The key, for example `lane[2].centreline_m`; empty where it is about the whole file.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What may help.
    pub hint: Option<String>,
}

/// What became of looking.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Checked {
    /// Whether it can be used.
    pub ok: bool,
    /// What is wrong, in the order of the file.
    pub errors: Vec<Finding>,
    /// What can be used and may surprise.
    pub warnings: Vec<Finding>,
}

/// Name that messages give the text, in place of a path of this machine.
const NAME: &str = "site.toml";

/// Looks at it. The site is there where it can be used.
#[must_use]
pub fn check(text: &str) -> (Checked, Option<Site>) {
    match Site::parse(NAME, text) {
        Ok(site) => {
            let warnings = site.warnings().iter().map(Finding::of_warning).collect();
            (Checked { ok: true, errors: Vec::new(), warnings }, Some(site))
        }
        Err(errors) => {
            let errors = errors.into_iter().map(Finding::of_error).collect();
            (Checked { ok: false, errors, warnings: Vec::new() }, None)
        }
    }
}

/// The file as an object, as it is written: no key that it leaves out. None where it is no TOML.
#[must_use]
pub fn object(text: &str) -> Option<serde_json::Value> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    super::compose::meaning(document.as_item())
}

impl Finding {
    fn of_error(error: SiteError) -> Self {
        let SiteError { line, key, problem, hint, .. } = error;
        Self { line, key, message: problem, hint }
    }

    fn of_warning(warning: &SiteWarning) -> Self {
        let SiteWarning { line, key, problem, hint, .. } = warning.clone();
        Self { line, key, message: problem, hint }
    }
}
