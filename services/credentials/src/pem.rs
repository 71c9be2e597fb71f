//! Certificates out of PEM, and the Ed25519 key in a certificate.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::ChainProblem;

/// More certificates than this are no chain.
const CERTIFICATES_MAX: usize = 8;

/// `SubjectPublicKeyInfo` of an Ed25519 key in DER up to its 32 bytes (RFC 8410): a sequence, the
/// algorithm 1.3.101.112, a bit string.
const ED25519_PREFIX: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The certificates of a PEM text as DER, in order.
pub(crate) fn certificates(text: &str) -> Result<Vec<Vec<u8>>, ChainProblem> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("-----BEGIN ") {
        let number = found.len() + 1;
        let bad = || ChainProblem::NotPem { number };
        let after = &rest[at + "-----BEGIN ".len()..];
        let (label, body) = after.split_once("-----").ok_or_else(bad)?;
        if label != "CERTIFICATE" {
            let label: String = label.chars().take(40).collect();
            return Err(ChainProblem::NotCertificate { number, label });
        }
        let (body, after) = body.split_once("-----END CERTIFICATE-----").ok_or_else(bad)?;
        let joined: String = body.split_whitespace().collect();
        found.push(STANDARD.decode(joined).map_err(|_| bad())?);
        rest = after;
    }
    match found.len() {
        0 => Err(ChainProblem::Empty),
        1..=CERTIFICATES_MAX => Ok(found),
        found => Err(ChainProblem::TooLong { found, max: CERTIFICATES_MAX }),
    }
}

/// The Ed25519 key of a certificate in DER; none where it has another kind.
pub(crate) fn public_key(der: &[u8]) -> Option<[u8; 32]> {
    // A certificate's issuer, serial number and dates cannot hold these twelve bytes by chance; the
    // first place is its own key.
    let at = der.windows(ED25519_PREFIX.len()).position(|window| window == ED25519_PREFIX)?;
    der.get(at + ED25519_PREFIX.len()..)?.get(..32)?.try_into().ok()
}
