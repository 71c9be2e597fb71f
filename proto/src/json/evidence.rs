//! Lines of what became of evidence, and of rules that stand down.

use serde::Serialize;

use super::parts::json;
use crate::{Evidence, EvidenceResult, RuleStandDown, SealedPackage};

/// The line of a violation's evidence, without a line break. `status` is `sealed`, with the package in
/// `sealed`, or `failed`, with `cause` and `detail`.
#[must_use]
pub fn evidence_line(evidence: &Evidence) -> String {
    let (status, sealed, cause, detail) = match &evidence.result {
        EvidenceResult::Sealed(package) => ("sealed", Some(PackageLine::from(package)), None, None),
        EvidenceResult::Failed { cause, detail } => {
            ("failed", None, Some(cause.as_str()), Some(detail.as_str()))
        }
    };
    json(&EvidenceLine {
        violation: evidence.violation.to_string(),
        site: evidence.site.as_str(),
        camera: evidence.camera.as_str(),
        event_time: evidence.event_time.to_string(),
        status,
        sealed,
        cause,
        detail,
    })
}

/// The line of a rule that stands down or is back, without a line break.
#[must_use]
pub fn stand_down_line(change: &RuleStandDown) -> String {
    json(&StandDownLine {
        site: change.site.as_str(),
        camera: change.camera.as_str(),
        rule: change.rule,
        stood_down: change.stood_down,
        since: change.since.to_string(),
        why: &change.why,
        decided: change.decided,
        errors: change.errors,
    })
}

#[derive(Serialize)]
struct EvidenceLine<'a> {
    violation: String,
    site: &'a str,
    camera: &'a str,
    event_time: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<PackageLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

#[derive(Serialize)]
struct PackageLine<'a> {
    uri: &'a str,
    sha256: String,
    size_bytes: u64,
    key_id: &'a str,
    chain_number: u64,
    sealed_at: String,
}

impl<'a> From<&'a SealedPackage> for PackageLine<'a> {
    fn from(package: &'a SealedPackage) -> Self {
        Self {
            uri: &package.uri,
            sha256: package.sha256.to_string(),
            size_bytes: package.size_bytes,
            key_id: &package.key_id,
            chain_number: package.chain_number,
            sealed_at: package.sealed_at.to_string(),
        }
    }
}

#[derive(Serialize)]
struct StandDownLine<'a> {
    site: &'a str,
    camera: &'a str,
    rule: &'static str,
    stood_down: bool,
    since: String,
    why: &'a str,
    decided: u32,
    errors: u32,
}
