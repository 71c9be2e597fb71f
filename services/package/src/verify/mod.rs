//! Says in words what holds of a package and what does not.

mod chain;
mod say;

use std::fmt;

use sha2::{Digest, Sha256};
use wayside_proto::Hash32;

pub use chain::verify_chain;

use crate::keys::KeyRing;
use crate::manifest::Manifest;
use crate::part::Part;
use crate::place::Place;

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// It holds.
    Yes,
    /// It was not shown, and not refuted either.
    NotShown,
    /// It does not hold.
    No,
}

impl Holds {
    /// Its name in JSON: `yes`, `not_shown`, `no`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::NotShown => "not_shown",
            Self::No => "no",
        }
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// The strict form of the file: every byte is where and what it must be.
    Form,
    /// The signature over the manifest.
    Signature,
    /// Whether somebody vouches for the key.
    Key,
    /// A part against the manifest.
    Part,
    /// Whether the parts say the same thing.
    Agreement,
    /// The place in the chain of the site's packages.
    Chain,
    /// Whether the violation follows from the observations.
    Replay,
}

impl Check {
    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Signature => "signature",
            Self::Key => "key",
            Self::Part => "part",
            Self::Agreement => "agreement",
            Self::Chain => "chain",
            Self::Replay => "replay",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub check: Check,
    /// Whether it holds.
    pub holds: Holds,
    /// Where in the file, where it is about a place.
    pub place: Option<Place>,
    /// One sentence for a person.
    pub sentence: String,
}

/// What was found in one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// SHA-256 of the file.
    pub sha256: Hash32,
    /// What the package says; none where that cannot be read. Believe it only where everything holds.
    pub manifest: Option<Manifest>,
    /// SHA-256 of the manifest's bytes, where it can be read.
    pub manifest_sha256: Option<Hash32>,
    /// Everything that was looked at, in the order of the checks.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The worst of the findings.
    #[must_use]
    pub fn holds(&self) -> Holds {
        self.findings.iter().map(|finding| finding.holds).max().unwrap_or(Holds::NotShown)
    }

    /// Where something does not hold, each place once, in the order of the findings.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for finding in self.findings.iter().filter(|finding| finding.holds == Holds::No) {
            if let Some(place) = finding.place
                && !places.contains(&place)
            {
                places.push(place);
            }
        }
        places
    }
}

/// Looks at a file, with nothing but the keys that somebody vouches for. With an empty ring everything is
/// checked against the key that the package itself names, and [`Check::Key`] is not shown.
#[must_use]
pub fn verify(bytes: &[u8], keys: &KeyRing) -> Report {
    let sha256 = Hash32(Sha256::digest(bytes).into());
    let looked = match crate::package::look(bytes) {
        Ok(looked) => looked,
        Err(problem) => {
            let findings = vec![say::unreadable(&problem)];
            return Report { sha256, manifest: None, manifest_sha256: None, findings };
        }
    };
    let mut findings = say::form(&looked, bytes.len());
    findings.extend(say::signature(&looked, keys));
    findings.extend(say::parts(&looked));
    findings.extend(say::agreement(&looked));
    findings.extend(say::link(&looked));
    let manifest_sha256 = looked
        .manifest
        .is_ok()
        .then(|| Hash32(Sha256::digest(looked.parts[Part::Manifest as usize]).into()));
    Report { sha256, manifest: looked.manifest.ok(), manifest_sha256, findings }
}
