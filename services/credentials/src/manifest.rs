//! The manifest of a file: what is said about it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Facts, MediaKind};

/// Label of the assertion about the violation.
pub(crate) const VIOLATION_LABEL: &str = "wayside.violation";
/// Label of the assertion about what was done.
pub(crate) const ACTIONS_LABEL: &str = "c2pa.actions.v2";

const HIDDEN: &str = "People, faces and every vehicle but the offending one were pixelated and \
                      blurred before the first pixel was stored.";

/// The manifest's definition in the terms of the C2PA library. Keys of nested objects are in
/// alphabetical order: their bytes must not depend on how a map of JSON keeps them.
pub(crate) fn definition(facts: &Facts, kind: MediaKind) -> Value {
    let when = facts.captured_at.to_string();
    // Not `c2pa.transcoded`: that one names an earlier file with credentials, and a camera gives none.
    let encoded = match kind {
        MediaKind::Still => "One frame of the camera's video, encoded as JPEG.",
        MediaKind::Clip => "Frames of the camera's video, encoded again as H.264.",
    };
    json!({
        "claim_version": 2,
        "label": format!("urn:c2pa:{}:wayside", uuid(facts, "label")),
        "instance_id": format!("xmp:iid:{}", uuid(facts, "instance")),
        "title": facts.title,
        "claim_generator_info": [{ "name": "Wayside", "version": env!("CARGO_PKG_VERSION") }],
        "assertions": [
            {
                "label": ACTIONS_LABEL,
                "created": true,
                "data": {
                    "actions": [
                        {
                            "action": "c2pa.created",
                            "description": encoded,
                            "digitalSourceType": facts.origin.digital_source_type(),
                            "when": when,
                        },
                        { "action": "c2pa.filtered", "description": HIDDEN },
                    ],
                    "allActionsIncluded": true,
                },
            },
            {
                "label": VIOLATION_LABEL,
                "created": true,
                "data": {
                    "camera": facts.camera,
                    "captured_at": when,
                    "part": facts.part,
                    "redaction_applied": true,
                    "rule": facts.rule,
                    "site": facts.site,
                    "violation": facts.violation,
                },
            },
        ],
    })
}

/// A digest of the violation, the part and a purpose.
pub(crate) fn digest(facts: &Facts, purpose: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"wayside.c2pa.v1");
    for text in [&facts.site, &facts.violation, &facts.part, purpose] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

/// A UUID that follows from the facts. The C2PA takes version 4 only; its other bits are a digest's.
fn uuid(facts: &Facts, purpose: &str) -> String {
    let mut bytes = digest(facts, purpose);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes[..16].iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
