//! Reads content credentials.

use std::io::Cursor;

use c2pa::{Manifest, Reader, ValidationState};
use serde_json::Value;

use crate::manifest::{ACTIONS_LABEL, VIOLATION_LABEL};
use crate::{MediaKind, offline, pem};

/// More problems than this say no more.
const PROBLEMS_MAX: usize = 20;

/// Code of a file that the library cannot read at all.
pub(crate) const UNREADABLE: &str = "file.unreadable";

/// Whether the credentials hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrity {
    /// The file has none.
    Absent,
    /// They do not hold: the file or the credentials were changed, or cannot be read.
    Broken,
    /// The signature is right, and so is the hash of the file.
    Holds,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The C2PA's status code, such as `assertion.dataHash.mismatch`.
    pub code: String,
    /// What the library says to it.
    pub explanation: String,
}

/// Who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Organisation in the signer's certificate.
    pub organisation: String,
    /// Common name in the signer's certificate.
    pub name: String,
    /// The signer's Ed25519 key, where it is one: to be held against the key of the package's seal.
    pub public_key: Option<[u8; 32]>,
    /// Whether the chain leads to an authority that the reader was told to trust.
    pub trusted: bool,
}

/// What the assertion about the violation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The violation's id.
    pub violation: String,
    /// The part's name in the package.
    pub part: String,
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// Name of the rule.
    pub rule: String,
    /// When it was captured, RFC 3339.
    pub captured_at: String,
    /// Whether people and other vehicles were hidden.
    pub redaction_applied: bool,
}

/// What the credentials of a file say. [`Report::words`] puts it into sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whether they hold.
    pub integrity: Integrity,
    /// The title.
    pub title: Option<String>,
    /// Program and version that made them.
    pub made_by: Option<String>,
    /// Who signed.
    pub signed: Option<Signed>,
    /// What was done, as the C2PA names it, in order.
    pub actions: Vec<String>,
    /// Where the pictures come from, as an IPTC term.
    pub digital_source_type: Option<String>,
    /// What is said of the violation; none for credentials of another program.
    pub stated: Option<Stated>,
    /// What is wrong; empty where they hold.
    pub problems: Vec<Problem>,
}

/// Reads the content credentials of a file, offline. Never fails: what cannot be read is in the report.
#[must_use]
pub fn read(bytes: &[u8], kind: MediaKind) -> Report {
    read_with_anchors(bytes, kind, None)
}

/// The same, with certificates (PEM) of the authorities that are trusted.
#[must_use]
pub fn read_with_anchors(bytes: &[u8], kind: MediaKind, anchors: Option<&str>) -> Report {
    let reader = offline::context(anchors).and_then(|context| {
        Reader::from_shared_context(&context).with_stream(kind.mime(), Cursor::new(bytes))
    });
    match reader {
        Ok(reader) => report(&reader),
        Err(c2pa::Error::JumbfNotFound) => empty(Integrity::Absent),
        Err(error) => {
            let explanation = error.to_string();
            let code = match error {
                c2pa::Error::RemoteManifestUrl(_) => "manifest.elsewhere",
                _ => UNREADABLE,
            };
            let problem = Problem { code: code.to_owned(), explanation };
            Report { problems: vec![problem], ..empty(Integrity::Broken) }
        }
    }
}

fn empty(integrity: Integrity) -> Report {
    Report {
        integrity,
        title: None,
        made_by: None,
        signed: None,
        actions: Vec::new(),
        digital_source_type: None,
        stated: None,
        problems: Vec::new(),
    }
}

fn report(reader: &Reader) -> Report {
    let state = reader.validation_state();
    let statuses = reader.validation_status().unwrap_or_default();
    let mut problems: Vec<Problem> = statuses
        .iter()
        // Said by `Signed::trusted`.
        .filter(|status| status.code() != "signingCredential.untrusted")
        .map(|status| Problem {
            code: status.code().to_owned(),
            explanation: status.explanation().unwrap_or_default().to_owned(),
        })
        .collect();
    problems.truncate(PROBLEMS_MAX);
    let Some(manifest) = reader.active_manifest() else {
        return Report { problems, ..empty(Integrity::Broken) };
    };
    let integrity = match state {
        ValidationState::Invalid => Integrity::Broken,
        ValidationState::Valid | ValidationState::Trusted => Integrity::Holds,
    };
    let actions: Value = manifest.find_assertion(ACTIONS_LABEL).unwrap_or_default();
    let actions = actions["actions"].as_array().cloned().unwrap_or_default();
    Report {
        integrity,
        title: manifest.title().map(str::to_owned),
        made_by: made_by(manifest),
        signed: signed(manifest, state == ValidationState::Trusted),
        actions: actions.iter().filter_map(|action| text(action, "action")).collect(),
        digital_source_type: actions.iter().find_map(|action| text(action, "digitalSourceType")),
        stated: manifest.find_assertion(VIOLATION_LABEL).ok().and_then(|value| stated(&value)),
        problems,
    }
}

fn made_by(manifest: &Manifest) -> Option<String> {
    let info = manifest.claim_generator_info.as_ref()?.first()?;
    Some(match &info.version {
        Some(version) => format!("{} {version}", info.name),
        None => info.name.clone(),
    })
}

fn signed(manifest: &Manifest, trusted: bool) -> Option<Signed> {
    let info = manifest.signature_info()?;
    let chain = pem::certificates(info.cert_chain()).unwrap_or_default();
    Some(Signed {
        organisation: info.issuer.clone().unwrap_or_default(),
        name: info.common_name.clone().unwrap_or_default(),
        public_key: chain.first().and_then(|der| pem::public_key(der)),
        trusted,
    })
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn stated(value: &Value) -> Option<Stated> {
    Some(Stated {
        violation: text(value, "violation")?,
        part: text(value, "part")?,
        site: text(value, "site")?,
        camera: text(value, "camera")?,
        rule: text(value, "rule")?,
        captured_at: text(value, "captured_at")?,
        redaction_applied: value.get("redaction_applied")?.as_bool()?,
    })
}
