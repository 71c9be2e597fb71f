//! What was found, for scripts.

use serde_json::{Value, json};
use wayside_package::Finding;

use super::{Verdict, Verified};

/// One JSON object.
#[must_use]
pub fn object(verified: &Verified) -> Value {
    json!({
        "holds": verified.holds().as_str(),
        "packages": verified.files.iter().map(package).collect::<Vec<_>>(),
        "chain": verified.chain.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn package(verdict: &Verdict) -> Value {
    let report = &verdict.report;
    let says = report.manifest.as_ref().map(|manifest| {
        json!({
            "violation": manifest.violation,
            "site": manifest.site,
            "camera": manifest.camera,
            "rule": manifest.rule,
            "event_time": manifest.event_time.to_string(),
            "sealed_at": manifest.sealed_at.to_string(),
            "key_id": manifest.key.id,
            "chain_number": manifest.chain.number,
        })
    });
    json!({
        "file": verdict.file,
        "sha256": report.sha256.to_string(),
        "holds": report.holds().as_str(),
        "says": says,
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "looked": verdict.looked.as_ref().map(|looked| {
            json!({ "holds": looked.holds.as_str(), "sentence": looked.sentence })
        }),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "check": finding.check.as_str(),
        "holds": finding.holds.as_str(),
        "place": finding.place.map(|place| place.to_string()),
        "sentence": finding.sentence,
    })
}
