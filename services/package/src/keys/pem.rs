//! Keys out of PEM texts (RFC 7468), and what else such a text may hold.

use ed25519_dalek::pkcs8::spki::der::Decode;
use ed25519_dalek::pkcs8::spki::{Document, SubjectPublicKeyInfoRef};
use ed25519_dalek::pkcs8::{KeypairBytes, ObjectIdentifier, PrivateKeyInfoRef, SecretDocument};

use super::KeyError;

/// Bytes that a key file may have.
pub(super) const BYTES_MAX: usize = 16 * 1024;

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const OTHERS: [(ObjectIdentifier, &str); 5] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"), "an RSA"),
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"),
        "an elliptic-curve (ECDSA, for example P-256)",
    ),
    (ObjectIdentifier::new_unwrap("1.3.101.113"), "an Ed448"),
    (ObjectIdentifier::new_unwrap("1.3.101.110"), "an X25519 (key agreement)"),
    (ObjectIdentifier::new_unwrap("1.3.101.111"), "an X448 (key agreement)"),
];

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// The private key in a text.
pub(super) fn signing(text: &str) -> Result<ed25519_dalek::SigningKey, KeyError> {
    let (label, block) = block(text)?;
    match label {
        "PRIVATE KEY" => {}
        "PUBLIC KEY" | "RSA PUBLIC KEY" => return Err(KeyError::PublicForPrivate),
        _ => return Err(other(label)),
    }
    let (_, document) = SecretDocument::from_pem(block).map_err(|_| KeyError::Damaged)?;
    let info = PrivateKeyInfoRef::from_der(document.as_bytes()).map_err(|_| KeyError::Damaged)?;
    algorithm(info.algorithm.oid)?;
    let pair = KeypairBytes::try_from(info).map_err(|_| KeyError::Damaged)?;
    // This checks that a public half that stands beside the secret belongs to it.
    ed25519_dalek::SigningKey::try_from(&pair).map_err(|_| KeyError::Damaged)
}

/// The public key in a text.
pub(super) fn verifying(text: &str) -> Result<ed25519_dalek::VerifyingKey, KeyError> {
    let (label, block) = block(text)?;
    match label {
        "PUBLIC KEY" => {}
        "PRIVATE KEY"
        | "RSA PRIVATE KEY"
        | "EC PRIVATE KEY"
        | "OPENSSH PRIVATE KEY"
        | "ENCRYPTED PRIVATE KEY" => return Err(KeyError::PrivateForPublic),
        _ => return Err(other(label)),
    }
    let (_, document) = Document::from_pem(block).map_err(|_| KeyError::Damaged)?;
    let info =
        SubjectPublicKeyInfoRef::from_der(document.as_bytes()).map_err(|_| KeyError::Damaged)?;
    algorithm(info.algorithm.oid)?;
    let key = ed25519_dalek::VerifyingKey::try_from(info).map_err(|_| KeyError::Damaged)?;
    if key.is_weak() { Err(KeyError::Weak) } else { Ok(key) }
}

/// The label and the text of the one block. What stands before it are notes.
pub(super) fn block(text: &str) -> Result<(&str, &str), KeyError> {
    if text.len() > BYTES_MAX {
        return Err(KeyError::TooLong(text.len()));
    }
    let begin = text.find(BEGIN).ok_or(KeyError::NotPem)?;
    let block = text.get(begin..).unwrap_or_default();
    if block.matches(BEGIN).count() > 1 {
        return Err(KeyError::Several);
    }
    let label = block.get(BEGIN.len()..).and_then(|rest| rest.split_once(DASHES));
    label.map(|(label, _)| (label, block)).ok_or(KeyError::NotPem)
}

fn other(label: &str) -> KeyError {
    match label {
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => KeyError::Certificate,
        "ENCRYPTED PRIVATE KEY" => KeyError::Encrypted,
        "RSA PRIVATE KEY" | "RSA PUBLIC KEY" => KeyError::OtherAlgorithm("an RSA".to_owned()),
        "EC PRIVATE KEY" | "EC PARAMETERS" => {
            KeyError::OtherAlgorithm("an elliptic-curve (ECDSA, for example P-256)".to_owned())
        }
        "OPENSSH PRIVATE KEY" => KeyError::OtherAlgorithm("an OpenSSH".to_owned()),
        _ => KeyError::OtherLabel(label.chars().take(40).collect()),
    }
}

fn algorithm(oid: ObjectIdentifier) -> Result<(), KeyError> {
    if oid == ED25519 {
        return Ok(());
    }
    let name = OTHERS.iter().find(|(known, _)| *known == oid);
    let name =
        name.map_or_else(|| format!("another (object id {oid})"), |(_, name)| (*name).to_owned());
    Err(KeyError::OtherAlgorithm(name))
}
