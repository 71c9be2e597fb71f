//! A chain of certificates made from the site's own key, for those who have none.

use ed25519_dalek::{Signer, SigningKey};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyUsagePurpose, PKCS_ED25519, PublicKeyData, SerialNumber, SignatureAlgorithm,
    date_time_ymd,
};
use sha2::{Digest, Sha256};

use crate::{ChainProblem, CredentialsError};

/// A key as rcgen wants it.
struct Key {
    signing: SigningKey,
    public: [u8; 32],
}

impl Key {
    fn new(signing: SigningKey) -> Self {
        let public = signing.verifying_key().to_bytes();
        Self { signing, public }
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ED25519
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.signing.sign(message).to_bytes().to_vec())
    }
}

/// Two certificates in DER: the signer's, and its issuer's.
///
/// The C2PA wants a signer's certificate that is not an authority and did not sign itself, with a
/// purpose from its list. The issuer's key follows from the signer's, so that the chain is the same
/// wherever and whenever it is made. It is valid without end: a site's key is replaced by another key,
/// and a certificate that ends would make old evidence look broken.
pub(crate) fn self_issued(site: &str, key: &SigningKey) -> Result<Vec<Vec<u8>>, CredentialsError> {
    let seed = Sha256::new()
        .chain_update(b"wayside.c2pa.issuer.v1\0")
        .chain_update(key.to_bytes())
        .finalize();
    let issuer_key = Key::new(SigningKey::from_bytes(&seed.into()));
    let signer_key = Key::new(key.clone());

    let mut issuer = params(site, "self-issued", &issuer_key);
    issuer.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    issuer.key_usages = vec![KeyUsagePurpose::KeyCertSign];

    let mut signer = params(site, "evidence", &signer_key);
    signer.is_ca = IsCa::ExplicitNoCa;
    signer.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    signer.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::EmailProtection,
        // id-kp-documentSigning (RFC 9336).
        ExtendedKeyUsagePurpose::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 36]),
    ];
    signer.use_authority_key_identifier_extension = true;

    let not_made = |error: rcgen::Error| {
        CredentialsError::Chain(ChainProblem::NotMade { cause: error.to_string() })
    };
    let top = issuer.self_signed(&issuer_key).map_err(not_made)?;
    let issuer = Issuer::new(issuer, issuer_key);
    let leaf = signer.signed_by(&signer_key, &issuer).map_err(not_made)?;
    Ok(vec![leaf.der().to_vec(), top.der().to_vec()])
}

fn params(site: &str, role: &str, key: &Key) -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Wayside");
    // An X.509 common name has at most 64 characters.
    let common: String = format!("{site} ({role})").chars().take(64).collect();
    name.push(DnType::CommonName, common);
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.not_before = date_time_ymd(2020, 1, 1);
    // RFC 5280, 4.1.2.5: "no well-defined expiration date".
    params.not_after = date_time_ymd(9999, 12, 31);
    let digest = Sha256::digest(key.public);
    // A serial number is positive and has at most 20 bytes.
    let mut serial = digest[..16].to_vec();
    serial[0] = (serial[0] & 0x7f) | 0x40;
    params.serial_number = Some(SerialNumber::from(serial));
    params
}
