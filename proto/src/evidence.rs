//! What became of the evidence of a violation.

use crate::{CameraId, EventTime, Hash32, OutcomeId, SiteId};

/// One violation's evidence: sealed, or why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The violation.
    pub violation: OutcomeId,
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// When the violation happened.
    pub event_time: EventTime,
    /// Sealed, or why not.
    pub result: EvidenceResult,
}

/// Whether there is a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceResult {
    /// It is sealed and stored.
    Sealed(SealedPackage),
    /// There is none, and never will be.
    Failed {
        /// Why.
        cause: EvidenceFailure,
        /// One sentence for a person.
        detail: String,
    },
}

/// A package that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedPackage {
    /// Where it is: a path below the store of packages, with `/` between its parts.
    pub uri: String,
    /// SHA-256 of the whole file.
    pub sha256: Hash32,
    /// Bytes of the whole file.
    pub size_bytes: u64,
    /// Id of the key that signed it.
    pub key_id: String,
    /// Its place in the chain of the site's packages, from 0.
    pub chain_number: u64,
    /// When it was sealed, by the clock of the service.
    pub sealed_at: EventTime,
}

/// Why there is no package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceFailure {
    /// The worker that held the camera's pictures cannot be reached any more.
    WorkerGone,
    /// The pictures have left the worker's memory.
    RingMovedOn,
    /// What must be hidden cannot be hidden for certain.
    NotRedactable,
    /// The vehicle's track is not there.
    NoTrack,
    /// No picture of the event can be read.
    NoPictures,
    /// The store refused the package for too long.
    NotStored,
    /// The violation is older than its retention.
    Retention,
}

impl EvidenceFailure {
    /// Every cause, in the order of declaration.
    pub const ALL: [Self; 7] = [
        Self::WorkerGone,
        Self::RingMovedOn,
        Self::NotRedactable,
        Self::NoTrack,
        Self::NoPictures,
        Self::NotStored,
        Self::Retention,
    ];

    /// The cause's name in messages and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WorkerGone => "worker_gone",
            Self::RingMovedOn => "ring_moved_on",
            Self::NotRedactable => "not_redactable",
            Self::NoTrack => "no_track",
            Self::NoPictures => "no_pictures",
            Self::NotStored => "not_stored",
            Self::Retention => "retention",
        }
    }

    /// The cause with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == name)
    }
}
