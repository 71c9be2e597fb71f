//! `wayside.v1.Evidence`.

use super::ConvertError;
use super::check::{self, Checked, wrong, wrong_text};
use super::outcome::DETAIL_BYTES_MAX;
use crate::{
    CameraId, Evidence, EvidenceFailure, EvidenceResult, OutcomeId, SealedPackage, SiteId, wire,
};

/// Longest path of a package.
const URI_BYTES_MAX: usize = 512;

impl TryFrom<&Evidence> for wire::Evidence {
    type Error = ConvertError;

    fn try_from(evidence: &Evidence) -> Checked<Self> {
        let result = match &evidence.result {
            EvidenceResult::Sealed(package) => wire::evidence::Result::Sealed(package.into()),
            EvidenceResult::Failed { cause, detail } => {
                wire::evidence::Result::Failed(wire::EvidenceFailure {
                    cause: cause.as_str().to_owned(),
                    detail: detail.clone(),
                })
            }
        };
        let message = Self {
            violation: evidence.violation.0.clone(),
            site: evidence.site.0.clone(),
            camera: evidence.camera.0.clone(),
            event_time_us: evidence.event_time.0,
            result: Some(result),
        };
        Evidence::try_from(message.clone())?;
        Ok(message)
    }
}

impl TryFrom<wire::Evidence> for Evidence {
    type Error = ConvertError;

    fn try_from(message: wire::Evidence) -> Checked<Self> {
        check::digest_id("violation", &message.violation)?;
        check::id("site", &message.site)?;
        check::id("camera", &message.camera)?;
        let event_time = check::time("event_time_us", message.event_time_us)?;
        let result = match message.result {
            Some(wire::evidence::Result::Sealed(package)) => {
                EvidenceResult::Sealed(sealed("sealed", package)?)
            }
            Some(wire::evidence::Result::Failed(failure)) => failed(failure)?,
            None => return Err(wrong("result", "absent", "sealed or failed")),
        };
        Ok(Self {
            violation: OutcomeId(message.violation),
            site: SiteId(message.site),
            camera: CameraId(message.camera),
            event_time,
            result,
        })
    }
}

impl From<&SealedPackage> for wire::SealedPackage {
    fn from(package: &SealedPackage) -> Self {
        Self {
            uri: package.uri.clone(),
            sha256: package.sha256.0.to_vec(),
            size_bytes: package.size_bytes,
            key_id: package.key_id.clone(),
            chain_number: package.chain_number,
            sealed_at_us: package.sealed_at.0,
        }
    }
}

/// A package, read from `field`.
pub(super) fn sealed(field: &str, message: wire::SealedPackage) -> Checked<SealedPackage> {
    uri(&format!("{field}.uri"), &message.uri)?;
    let sha256 = check::hash(&format!("{field}.sha256"), &message.sha256)?;
    check::name(&format!("{field}.key_id"), &message.key_id)?;
    let sealed_at = check::time(&format!("{field}.sealed_at_us"), message.sealed_at_us)?;
    if message.size_bytes == 0 {
        return Err(wrong(format!("{field}.size_bytes"), 0, "the bytes of a file"));
    }
    Ok(SealedPackage {
        uri: message.uri,
        sha256,
        size_bytes: message.size_bytes,
        key_id: message.key_id,
        chain_number: message.chain_number,
        sealed_at,
    })
}

/// A relative path of plain names: nothing in it leads out of the store.
fn uri(field: &str, text: &str) -> Checked {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
    let name = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain);
    if text.len() <= URI_BYTES_MAX && text.split('/').all(name) {
        return Ok(());
    }
    let expected =
        "a path of letters, digits, `-`, `_` and `.`, without a part that begins with a dot";
    Err(wrong_text(field, text, expected))
}

fn failed(message: wire::EvidenceFailure) -> Checked<EvidenceResult> {
    let cause = EvidenceFailure::parse(&message.cause).ok_or_else(|| {
        let known = EvidenceFailure::ALL.map(EvidenceFailure::as_str).join(", ");
        wrong_text("failed.cause", &message.cause, &format!("a cause that is known: {known}"))
    })?;
    check::sentence("failed.detail", &message.detail, DETAIL_BYTES_MAX)?;
    Ok(EvidenceResult::Failed { cause, detail: message.detail })
}
