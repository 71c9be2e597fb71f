//! What a person decided, as a ticketing system reads it.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{CameraId, EventTime, MotorVehicleClass, OutcomeId, Quantity, SealedPackage, SiteId};

/// A citation, issued after approval (CT-1) or voided. No plate is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Citation {
    /// Follows from the violation.
    pub id: CitationId,
    /// Counts the messages about this citation, from 1.
    pub revision: u32,
    /// Issued or voided.
    pub status: CitationStatus,
    /// The violation.
    pub violation: OutcomeId,
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// Name of the rule.
    pub rule: &'static str,
    /// Version of the rule's definition.
    pub rule_version: u32,
    /// What kind of vehicle.
    pub class: MotorVehicleClass,
    /// When the violation happened.
    pub event_time: EventTime,
    /// Measured quantities, in a fixed order.
    pub quantities: Vec<Quantity>,
    /// The decision that it rests on.
    pub decision: HumanDecision,
    /// The package that it rests on.
    pub evidence: SealedPackage,
}

/// What a message says of a citation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CitationStatus {
    /// It holds.
    Issued,
    /// It does not hold any more.
    Voided,
}

impl CitationStatus {
    /// The status's name in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Voided => "voided",
        }
    }

    /// The status with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Issued, Self::Voided].into_iter().find(|status| status.as_str() == name)
    }
}

/// Who decided, and when. Accounts of roles, never names of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HumanDecision {
    /// The reviewer's account.
    pub reviewer: String,
    /// The second reviewer's, where the case was in the sample.
    pub second_reviewer: Option<String>,
    /// When the last of them decided.
    pub decided_at: EventTime,
    /// Why it was voided; none for one that was issued.
    pub reason: Option<String>,
    /// What the reviewer wrote for the file; may be empty.
    pub note: String,
}

/// Deterministic id of a citation: the first 16 bytes of a SHA-256 over the violation's id, in
/// lower-case hex. One violation has one citation at most.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitationId(pub String);

impl CitationId {
    /// The id of the citation of this violation.
    #[must_use]
    pub fn of(violation: &OutcomeId) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"wayside.citation.v1");
        hash.update(violation.0.as_bytes());
        Self(hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Display for CitationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
