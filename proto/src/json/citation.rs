//! The line of a citation. No plate is in it, as none is in the message.

use serde::Serialize;

use super::line::QuantityLine;
use super::parts::json;
use crate::{Citation, Quantity, RoadUserClass};

/// The line of a citation, without a line break.
#[must_use]
pub fn citation_line(citation: &Citation) -> String {
    let (decision, evidence) = (&citation.decision, &citation.evidence);
    json(&CitationLine {
        id: citation.id.to_string(),
        revision: citation.revision,
        status: citation.status.as_str(),
        violation: citation.violation.to_string(),
        site: citation.site.as_str(),
        camera: citation.camera.as_str(),
        rule: citation.rule,
        rule_version: citation.rule_version,
        class: RoadUserClass::from(citation.class).as_str(),
        event_time: citation.event_time.to_string(),
        quantities: citation.quantities.iter().map(Number::from).collect(),
        decision: DecisionPart {
            reviewer: &decision.reviewer,
            second_reviewer: decision.second_reviewer.as_deref(),
            decided_at: decision.decided_at.to_string(),
            reason: decision.reason.as_deref(),
            note: &decision.note,
        },
        evidence: EvidencePart {
            uri: &evidence.uri,
            sha256: evidence.sha256.to_string(),
            size_bytes: evidence.size_bytes,
            key_id: &evidence.key_id,
            chain_number: evidence.chain_number,
            sealed_at: evidence.sealed_at.to_string(),
        },
    })
}

#[derive(Serialize)]
struct CitationLine<'a> {
    id: String,
    revision: u32,
    status: &'static str,
    violation: String,
    site: &'a str,
    camera: &'a str,
    rule: &'static str,
    rule_version: u32,
    class: &'static str,
    event_time: String,
    quantities: Vec<Number>,
    decision: DecisionPart<'a>,
    evidence: EvidencePart<'a>,
}

#[derive(Serialize)]
struct Number {
    name: String,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    unit: String,
}

impl From<&Quantity> for Number {
    fn from(quantity: &Quantity) -> Self {
        let QuantityLine { name, value, low, high, unit } = QuantityLine::from(quantity);
        Self { name, value, low, high, unit }
    }
}

#[derive(Serialize)]
struct DecisionPart<'a> {
    reviewer: &'a str,
    second_reviewer: Option<&'a str>,
    decided_at: String,
    reason: Option<&'a str>,
    note: &'a str,
}

#[derive(Serialize)]
struct EvidencePart<'a> {
    uri: &'a str,
    sha256: String,
    size_bytes: u64,
    key_id: &'a str,
    chain_number: u64,
    sealed_at: String,
}
