//! Sealed packages, fetched, verified and kept in memory for the while that somebody looks at them.
//!
//! Nothing is given out of a file that is not the one the bus spoke of, whose signature or parts do not
//! hold, or, where keys are configured, whose key nobody vouches for. Never on a disk.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use wayside_package::{Check, Finding, Holds, KeyRing, Package, Part, Place, Report, verify};
use wayside_proto::{OutcomeId, SealedPackage};

/// Packages that are kept.
const KEPT_MAX: usize = 16;
/// Bytes of them together; one that is larger is kept alone.
const KEPT_BYTES_MAX: usize = 256 << 20;

/// Where packages are: the store of the evidence service.
pub trait PackageStore: Send + Sync + fmt::Debug {
    /// The bytes at this path below the store; none where nothing is there.
    ///
    /// # Errors
    /// What the store said, for the log.
    fn get(&self, uri: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, String>;
}

/// A package that was looked at.
pub struct Verified {
    bytes: Bytes,
    parts: Vec<(Part, Range<usize>)>,
    /// What was found.
    pub report: Report,
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl Verified {
    /// The whole file.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// A part, without a copy.
    #[must_use]
    pub fn part(&self, part: Part) -> Option<Bytes> {
        let (_, range) = self.parts.iter().find(|(other, _)| *other == part)?;
        Some(self.bytes.slice(range.clone()))
    }
}

/// Why nothing is given out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// The store has nothing there.
    #[error("the package is not in the store any more")]
    Gone,
    /// The store failed.
    #[error("the store of packages does not answer")]
    Store(String),
    /// It is not what was sealed.
    #[error("the package does not hold: {0}")]
    Unsound(String),
}

/// Fetches, verifies, and keeps the last few.
#[derive(Debug)]
pub struct Packages {
    store: Arc<dyn PackageStore>,
    keys: KeyRing,
    kept: Mutex<VecDeque<(SealedPackage, Arc<Verified>)>>,
}

impl Packages {
    /// Packages of a store. With an empty ring a package is held to the key that it names itself.
    #[must_use]
    pub fn new(store: Arc<dyn PackageStore>, keys: KeyRing) -> Self {
        Self { store, keys, kept: Mutex::new(VecDeque::new()) }
    }

    /// The package of this violation, verified.
    ///
    /// # Errors
    /// Where it is not there, or does not hold.
    pub fn get(
        &self,
        violation: &OutcomeId,
        sealed: &SealedPackage,
    ) -> Result<Arc<Verified>, PackageError> {
        if let Some(known) = self.known(sealed) {
            return Ok(known);
        }
        let bytes = self.store.get(&sealed.uri, wayside_package::FILE_BYTES_MAX as u64);
        let bytes = bytes.map_err(PackageError::Store)?.ok_or(PackageError::Gone)?;
        let verified = Arc::new(self.look(violation, sealed, bytes)?);
        self.keep(sealed, &verified);
        Ok(verified)
    }

    fn look(
        &self,
        violation: &OutcomeId,
        sealed: &SealedPackage,
        bytes: Vec<u8>,
    ) -> Result<Verified, PackageError> {
        let report = verify(&bytes, &self.keys);
        if report.sha256 != sealed.sha256 {
            return Err(PackageError::Unsound("it is not the file that was announced".to_owned()));
        }
        // The chain needs the site's other packages: `wayside verify` follows it.
        let refuses = |finding: &&Finding| {
            finding.holds == Holds::No
                || (finding.check == Check::Key
                    && finding.holds != Holds::Yes
                    && !self.keys.is_empty())
        };
        if let Some(wrong) = report.findings.iter().find(refuses) {
            return Err(PackageError::Unsound(wrong.sentence.clone()));
        }
        let package =
            Package::open(&bytes).map_err(|error| PackageError::Unsound(error.to_string()))?;
        if package.manifest().violation != violation.0 {
            return Err(PackageError::Unsound("it is of another violation".to_owned()));
        }
        let places = package.places();
        let parts = places.into_iter().filter_map(|(place, range)| match place {
            Place::Part(part) => Some((part, range)),
            _ => None,
        });
        let parts = parts.collect();
        Ok(Verified { bytes: Bytes::from(bytes), parts, report })
    }

    fn known(&self, sealed: &SealedPackage) -> Option<Arc<Verified>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(other, _)| other == sealed);
        found.map(|(_, verified)| Arc::clone(verified))
    }

    fn keep(&self, sealed: &SealedPackage, verified: &Arc<Verified>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, _)| other != sealed);
        kept.push_back((sealed.clone(), Arc::clone(verified)));
        let bytes = |kept: &VecDeque<(SealedPackage, Arc<Verified>)>| {
            kept.iter().map(|(_, verified)| verified.bytes.len()).sum::<usize>()
        };
        while kept.len() > 1 && (kept.len() > KEPT_MAX || bytes(&kept) > KEPT_BYTES_MAX) {
            kept.pop_front();
        }
    }

    /// Forgets what is kept of a package: its case is decided, and it may be deleted any time.
    pub fn forget(&self, sealed: &SealedPackage) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, _)| other != sealed);
    }
}
