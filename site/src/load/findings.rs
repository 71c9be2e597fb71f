//! Collects what is wrong, in any order, and hands it out in the order of the file.

use super::locate::{Locator, Path};
use super::{SiteError, SiteWarning};

/// More than this many errors tell nothing more.
const FINDINGS_MAX: usize = 1_000;

/// The findings about one file.
pub(super) struct Findings<'a> {
    file: &'a str,
    locator: &'a Locator<'a>,
    errors: Vec<(usize, SiteError)>,
    warnings: Vec<(usize, SiteWarning)>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(file: &'a str, locator: &'a Locator<'a>) -> Self {
        Self { file, locator, errors: Vec::new(), warnings: Vec::new() }
    }

    /// Something is wrong at `path`.
    pub(super) fn error(&mut self, path: &Path, problem: impl Into<String>, hint: impl Hint) {
        if self.errors.len() >= FINDINGS_MAX {
            return;
        }
        let offset = self.locator.offset(path);
        let error = SiteError {
            file: self.file.to_owned(),
            line: Some(self.locator.line(offset)),
            key: self.locator.name(path),
            problem: problem.into(),
            hint: hint.text(),
        };
        self.errors.push((offset, error));
    }

    /// Something at `path` is worth knowing.
    pub(super) fn warning(&mut self, path: &Path, problem: impl Into<String>, hint: impl Hint) {
        if self.warnings.len() >= FINDINGS_MAX {
            return;
        }
        let offset = self.locator.offset(path);
        let warning = SiteWarning {
            file: self.file.to_owned(),
            line: Some(self.locator.line(offset)),
            key: self.locator.name(path),
            problem: problem.into(),
            hint: hint.text(),
        };
        self.warnings.push((offset, warning));
    }

    /// The warnings, in the order of the file.
    ///
    /// # Errors
    /// The errors, in the order of the file, where there are any.
    pub(super) fn done(mut self) -> Result<Vec<SiteWarning>, Vec<SiteError>> {
        if self.errors.is_empty() {
            self.warnings.sort_by_key(|(offset, _)| *offset);
            return Ok(self.warnings.into_iter().map(|(_, warning)| warning).collect());
        }
        self.errors.sort_by_key(|(offset, _)| *offset);
        Err(self.errors.into_iter().map(|(_, error)| error).collect())
    }
}

/// A hint, or none.
pub(super) trait Hint {
    fn text(self) -> Option<String>;
}

impl Hint for &str {
    fn text(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl Hint for String {
    fn text(self) -> Option<String> {
        Some(self)
    }
}

impl Hint for Option<String> {
    fn text(self) -> Option<String> {
        self
    }
}

/// The one of `known` that was probably meant by `given`.
pub(super) fn near<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let given: String = given.chars().take(64).collect();
    // Names of one or two letters are all near each other.
    let allowed = given.chars().count() / 3;
    known
        .map(|name| (strsim::damerau_levenshtein(&given, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// A hint for a name that is none of `known`.
pub(super) fn did_you_mean<'a>(
    given: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    what: &str,
) -> String {
    if let Some(name) = near(given, known.clone()) {
        return format!("did you mean `{name}`?");
    }
    let names: Vec<&str> = known.take(12).collect();
    if names.is_empty() {
        return format!("the file has no {what}");
    }
    format!("there is: {}", names.join(", "))
}

/// A number of things, in words.
pub(super) fn counted(count: usize, thing: &str) -> String {
    match count {
        0 => format!("no {thing}"),
        1 => format!("1 {thing}"),
        _ => format!("{count} {thing}s"),
    }
}
