//! Verifies evidence packages: what `wayside verify` does besides printing.
//!
//! `wayside-package` says what holds of the bytes, `anew` looks at the clip once more with the models at
//! hand, `text` and `object` tell it to people and to scripts.

mod anew;
mod object;
mod text;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use wayside_package::{
    Check, FILE_BYTES_MAX, Finding, Holds, KeyRing, Package, Report, replay, verify, verify_chain,
};

use crate::cli::ModelArgs;
use crate::failure::{Exit, Failure};

pub use anew::Looked;
pub use object::object;
pub use text::text;

/// What was found in all files.
pub struct Verified {
    /// Each file.
    pub files: Vec<Verdict>,
    /// The steps between packages of one site.
    pub chain: Vec<Finding>,
}

/// What was found in one file.
pub struct Verdict {
    /// The file as it was named.
    pub file: String,
    /// What holds of its bytes; with `--replay`, whether the violation follows from the observations.
    pub report: Report,
    /// What an independent look at the clip found; none where nobody asked.
    pub looked: Option<Looked>,
}

/// Verifies these files. With `anew`, judges each whole package's observations again and looks at its clip
/// with the models.
///
/// # Errors
/// Where a file cannot be read.
pub fn files(
    paths: &[PathBuf],
    keys: &KeyRing,
    anew: Option<&ModelArgs>,
) -> Result<Verified, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let bytes = read(path)?;
        let mut report = verify(&bytes, keys);
        let mut looked = None;
        if let (Some(models), Ok(package)) = (anew, Package::open(&bytes)) {
            report.findings.extend(follows(&package));
            looked = Some(anew::look(&package, models));
        }
        files.push(Verdict { file: path.display().to_string(), report, looked });
    }
    let named: Vec<(&str, &Report)> =
        files.iter().map(|verdict| (verdict.file.as_str(), &verdict.report)).collect();
    let chain = verify_chain(&named);
    Ok(Verified { files, chain })
}

/// Whether the violation follows from the observations, as findings.
fn follows(package: &Package<'_>) -> Vec<Finding> {
    let replayed = replay(package);
    let finding = |sentence: String| Finding {
        check: Check::Replay,
        holds: replayed.holds,
        place: None,
        sentence,
    };
    let differences = replayed.differences.iter().map(|what| finding(format!("{what}.")));
    std::iter::once(finding(replayed.sentence.clone())).chain(differences).collect()
}

/// The file, up to one byte more than a package may have.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| Failure::unreadable(path, &error);
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

impl Verified {
    /// The worst of all findings. What an independent look at the clip found is no part of it.
    #[must_use]
    pub fn holds(&self) -> Holds {
        let files = self.files.iter().map(|verdict| verdict.report.holds());
        let chain = self.chain.iter().map(|finding| finding.holds);
        files.chain(chain).max().unwrap_or(Holds::NotShown)
    }

    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> Option<Exit> {
        match self.holds() {
            Holds::Yes => None,
            Holds::NotShown => Some(Exit::Partial),
            Holds::No => Some(Exit::Differs),
        }
    }
}
