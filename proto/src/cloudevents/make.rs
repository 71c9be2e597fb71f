//! Events out of messages.

use std::fmt::Write;

use serde_json::value::RawValue;

use super::{CloudEvent, SPECVERSION};
use crate::{CameraHealth, Citation, EventTime, Outcome, Receipt, TravelTime, Verdict, json};

/// A violation (`wayside.violation.v1`) or a void (`wayside.void.v1`). The id of a violation is the
/// outcome's own; that of a void ends in `-void`, since the same crossing may have been judged twice.
#[must_use]
pub fn outcome(outcome: &Outcome) -> CloudEvent {
    let void = outcome.verdict != Verdict::Violation;
    let (kind, ending) = if void { ("void", "-void") } else { ("violation", "") };
    make(Parts {
        kind,
        schema: "RuleOutcome",
        id: format!("{}{ending}", outcome.id),
        source: camera(outcome.site.as_str(), outcome.camera.as_str()),
        subject: format!("{}/{}", outcome.rule, outcome.place),
        time: outcome.event_time,
        data: json::line(outcome),
    })
}

/// A citation (`wayside.citation.v1`), when it was decided. Its id is `CITATION/REVISION`: what is said
/// of one citation next is another event about the same subject.
#[must_use]
pub fn citation(citation: &Citation) -> CloudEvent {
    make(Parts {
        kind: "citation",
        schema: "Citation",
        id: format!("{}/{}", citation.id, citation.revision),
        source: camera(citation.site.as_str(), citation.camera.as_str()),
        subject: citation.id.to_string(),
        time: citation.decision.decided_at,
        data: json::citation_line(citation),
    })
}

/// A travel time (`wayside.traveltime.v1`).
#[must_use]
pub fn travel_time(time: &TravelTime) -> CloudEvent {
    make(Parts {
        kind: "traveltime",
        schema: "TravelTime",
        id: format!("{}/{}", time.time.0, time.window_s),
        source: format!("/sections/{}", encoded(time.section.as_str())),
        subject: time.section.0.clone(),
        time: time.time,
        data: json::travel_time_line(time),
    })
}

/// A receipt of a deletion (`wayside.receipt.v1`); its id is its hash.
#[must_use]
pub fn receipt(receipt: &Receipt) -> CloudEvent {
    make(Parts {
        kind: "receipt",
        schema: "Receipt",
        id: receipt.hash.to_string(),
        source: format!("/receipts/{}", encoded(&receipt.what)),
        subject: receipt.number.to_string(),
        time: receipt.deletion.when,
        data: json::receipt_line(receipt),
    })
}

/// A camera's health (`wayside.health.v1`).
#[must_use]
pub fn health(health: &CameraHealth) -> CloudEvent {
    make(Parts {
        kind: "health",
        schema: "CameraHealth",
        id: format!("{}/{}", health.run, health.time.0),
        source: camera(health.site.as_str(), health.camera.as_str()),
        subject: health.camera.0.clone(),
        time: health.time,
        data: json::health_line(health),
    })
}

pub(super) struct Parts {
    pub(super) kind: &'static str,
    pub(super) schema: &'static str,
    pub(super) id: String,
    pub(super) source: String,
    pub(super) subject: String,
    pub(super) time: EventTime,
    pub(super) data: String,
}

pub(super) fn make(parts: Parts) -> CloudEvent {
    CloudEvent {
        specversion: SPECVERSION.to_owned(),
        id: parts.id,
        source: parts.source,
        kind: format!("wayside.{}.v1", parts.kind),
        subject: Some(parts.subject),
        time: Some(parts.time.to_string()),
        datacontenttype: "application/json".to_owned(),
        // A name, not an address: whoever has the contract (`proto/wayside/v1`) knows the message.
        dataschema: Some(format!("urn:wayside:v1:{}", parts.schema)),
        // A line is JSON, so that this never fails.
        data: RawValue::from_string(parts.data).unwrap_or_else(|_| RawValue::NULL.to_owned()),
    }
}

pub(super) fn camera(site: &str, camera: &str) -> String {
    format!("/sites/{}/cameras/{}", encoded(site), encoded(camera))
}

/// A path of a URI: what RFC 3986 does not leave unreserved is percent-encoded, `/` is kept.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut path, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            path.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(path, "%{byte:02X}");
        }
        path
    })
}
