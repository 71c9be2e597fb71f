//! What a case is about: a violation with a sealed package.

use wayside_proto::{Evidence, EvidenceResult, Outcome, OutcomeId, SealedPackage, Verdict};

/// A violation and its sealed package, held to each other. There is no case without both.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    outcome: Outcome,
    package: SealedPackage,
}

/// Why something is no case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACase {
    /// The rule abstained.
    #[error("{id} is a void, not a violation; there is nothing to decide")]
    Void {
        /// The outcome.
        id: OutcomeId,
    },
    /// The evidence is another violation's.
    #[error("the evidence is of {evidence}, the violation is {violation}")]
    OtherViolation {
        /// What the evidence says.
        evidence: OutcomeId,
        /// The violation.
        violation: OutcomeId,
    },
    /// The evidence tells another place or time.
    #[error(
        "the evidence of {violation} has another {what} than the violation: {evidence}, not {outcome}"
    )]
    Differs {
        /// The violation.
        violation: OutcomeId,
        /// What differs.
        what: &'static str,
        /// In the evidence.
        evidence: String,
        /// In the violation.
        outcome: String,
    },
    /// There is no package.
    #[error("the evidence of {violation} failed: {detail}")]
    Failed {
        /// The violation.
        violation: OutcomeId,
        /// Why.
        detail: String,
    },
}

impl Subject {
    /// Holds the two to each other.
    ///
    /// # Errors
    /// Where the outcome is a void, or the evidence failed or is of something else.
    pub fn new(outcome: &Outcome, evidence: &Evidence) -> Result<Self, NotACase> {
        let violation = &outcome.id;
        if outcome.verdict != Verdict::Violation {
            return Err(NotACase::Void { id: violation.clone() });
        }
        if evidence.violation != *violation {
            return Err(NotACase::OtherViolation {
                evidence: evidence.violation.clone(),
                violation: violation.clone(),
            });
        }
        let pairs = [
            ("site", evidence.site.to_string(), outcome.site.to_string()),
            ("camera", evidence.camera.to_string(), outcome.camera.to_string()),
            ("event time", evidence.event_time.to_string(), outcome.event_time.to_string()),
        ];
        for (what, evidence, outcome) in pairs {
            if evidence != outcome {
                return Err(NotACase::Differs {
                    violation: violation.clone(),
                    what,
                    evidence,
                    outcome,
                });
            }
        }
        match &evidence.result {
            EvidenceResult::Sealed(package) => {
                Ok(Self { outcome: outcome.clone(), package: package.clone() })
            }
            EvidenceResult::Failed { cause, detail } => Err(NotACase::Failed {
                violation: violation.clone(),
                detail: format!("{}: {detail}", cause.as_str()),
            }),
        }
    }

    /// The violation.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The package.
    #[must_use]
    pub fn package(&self) -> &SealedPackage {
        &self.package
    }

    /// What the bus says of the evidence.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        Evidence {
            violation: self.outcome.id.clone(),
            site: self.outcome.site.clone(),
            camera: self.outcome.camera.clone(),
            event_time: self.outcome.event_time,
            result: EvidenceResult::Sealed(self.package.clone()),
        }
    }
}
