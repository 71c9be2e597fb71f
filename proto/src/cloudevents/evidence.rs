//! Events of evidence and of rules that stand down.

use super::CloudEvent;
use super::make::{Parts, camera, make};
use crate::{Evidence, EvidenceResult, RuleStandDown, json};

/// What became of a violation's evidence (`wayside.evidence.v1`): when it was sealed, or, where there is
/// none, when the violation happened. Its id is the violation's, and `-evidence`.
#[must_use]
pub fn evidence(evidence: &Evidence) -> CloudEvent {
    let time = match &evidence.result {
        EvidenceResult::Sealed(package) => package.sealed_at,
        EvidenceResult::Failed { .. } => evidence.event_time,
    };
    make(Parts {
        kind: "evidence",
        schema: "Evidence",
        id: format!("{}-evidence", evidence.violation),
        source: camera(evidence.site.as_str(), evidence.camera.as_str()),
        subject: evidence.violation.to_string(),
        time,
        data: json::evidence_line(evidence),
    })
}

/// A rule that stands down or is back (`wayside.standdown.v1`). Its id is `RULE/down/` or `RULE/back/`
/// and the instant in microseconds.
#[must_use]
pub fn stand_down(change: &RuleStandDown) -> CloudEvent {
    let way = if change.stood_down { "down" } else { "back" };
    make(Parts {
        kind: "standdown",
        schema: "RuleStandDown",
        id: format!("{}/{way}/{}", change.rule, change.since.0),
        source: camera(change.site.as_str(), change.camera.as_str()),
        subject: change.rule.to_owned(),
        time: change.since,
        data: json::stand_down_line(change),
    })
}
