//! `wayside.v1.Citation`.

use super::ConvertError;
use super::check::{self, Checked, wrong, wrong_text};
use super::evidence::sealed;
use super::outcome::{RULE_NAMES, listed, optional_name, quantities};
use crate::{
    CameraId, Citation, CitationId, CitationStatus, HumanDecision, MotorVehicleClass, OutcomeId,
    RoadUserClass, SiteId, wire,
};

/// Bytes of what a reviewer writes for the file.
pub const NOTE_BYTES_MAX: usize = 2_048;

impl TryFrom<&Citation> for wire::Citation {
    type Error = ConvertError;

    fn try_from(citation: &Citation) -> Checked<Self> {
        let decision = &citation.decision;
        let message = Self {
            id: citation.id.0.clone(),
            revision: citation.revision,
            status: citation.status.as_str().to_owned(),
            violation: citation.violation.0.clone(),
            site: citation.site.0.clone(),
            camera: citation.camera.0.clone(),
            rule: citation.rule.to_owned(),
            rule_version: citation.rule_version,
            vehicle_class: RoadUserClass::from(citation.class).as_str().to_owned(),
            event_time_us: citation.event_time.0,
            quantities: citation.quantities.iter().map(wire::Quantity::from).collect(),
            decision: Some(wire::HumanDecision {
                reviewer: decision.reviewer.clone(),
                second_reviewer: decision.second_reviewer.clone().unwrap_or_default(),
                decided_at_us: decision.decided_at.0,
                reason: decision.reason.clone().unwrap_or_default(),
                note: decision.note.clone(),
            }),
            evidence: Some((&citation.evidence).into()),
        };
        Citation::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::Citation> for Citation {
    type Error = ConvertError;

    fn try_from(message: wire::Citation) -> Checked<Self> {
        check::digest_id("violation", &message.violation)?;
        let violation = OutcomeId(message.violation);
        let id = CitationId::of(&violation);
        if id.0 != message.id {
            return Err(wrong_text(
                "id",
                &message.id,
                &format!("{id}, which follows from the violation"),
            ));
        }
        if message.revision == 0 {
            return Err(wrong("revision", 0, "a revision from 1"));
        }
        let status = CitationStatus::parse(&message.status)
            .ok_or_else(|| wrong_text("status", &message.status, "issued or voided"))?;
        check::id("site", &message.site)?;
        check::id("camera", &message.camera)?;
        let rule = listed(&RULE_NAMES, "rule", &message.rule, "a rule that is known")?;
        if message.rule_version == 0 {
            return Err(wrong("rule_version", 0, "a version from 1"));
        }
        let decision = message.decision.ok_or_else(|| {
            wrong("decision", "absent", "a decision; there is no citation without one")
        })?;
        let evidence = message
            .evidence
            .ok_or_else(|| wrong("evidence", "absent", "the package that the decision rests on"))?;
        Ok(Self {
            id,
            revision: message.revision,
            status,
            violation,
            site: SiteId(message.site),
            camera: CameraId(message.camera),
            rule,
            rule_version: message.rule_version,
            class: subject(&message.vehicle_class)?,
            event_time: check::time("event_time_us", message.event_time_us)?,
            quantities: quantities(&message.quantities)?,
            decision: human(decision, status)?,
            evidence: sealed("evidence", evidence)?,
        })
    }
}

/// Motor vehicles only.
fn subject(text: &str) -> Checked<MotorVehicleClass> {
    RoadUserClass::parse(text).and_then(RoadUserClass::motor_vehicle).ok_or_else(|| {
        wrong_text("vehicle_class", text, "a motor vehicle: car, truck, bus or motorcycle")
    })
}

fn human(message: wire::HumanDecision, status: CitationStatus) -> Checked<HumanDecision> {
    check::name("decision.reviewer", &message.reviewer)?;
    check::sentence("decision.note", &message.note, NOTE_BYTES_MAX)?;
    let second_reviewer = optional_name("decision.second_reviewer", message.second_reviewer)?;
    if second_reviewer.as_deref() == Some(&message.reviewer) {
        return Err(wrong_text("decision.second_reviewer", &message.reviewer, "another account"));
    }
    let reason = optional_name("decision.reason", message.reason)?;
    match (status, &reason) {
        (CitationStatus::Voided, None) => {
            return Err(wrong("decision.reason", "absent", "why the citation was voided"));
        }
        (CitationStatus::Issued, Some(reason)) => {
            return Err(wrong_text(
                "decision.reason",
                reason,
                "absent for a citation that is issued",
            ));
        }
        _ => {}
    }
    Ok(HumanDecision {
        reviewer: message.reviewer,
        second_reviewer,
        decided_at: check::time("decision.decided_at_us", message.decided_at_us)?,
        reason,
        note: message.note,
    })
}
