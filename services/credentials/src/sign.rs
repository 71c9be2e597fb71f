//! Writes content credentials.

use std::fmt;
use std::io::Cursor;

use c2pa::Builder;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::DecodePrivateKey;

use crate::read::UNREADABLE;
use crate::signer::Recorder;
use crate::{
    ChainProblem, CredentialsError, Facts, Integrity, MediaKind, chain, manifest, offline, pem,
    read, settle,
};

/// A key with the certificates that say whose it is. Signs stills and clips.
pub struct Credentials {
    key: SigningKey,
    chain: Vec<Vec<u8>>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials([secret], {} certificates)", self.chain.len())
    }
}

impl Credentials {
    /// With a chain from an authority: PEM, the signer's certificate first. `key` is the Ed25519 key
    /// in PEM (PKCS#8).
    ///
    /// # Errors
    /// Where either cannot be read, or they do not belong together.
    pub fn from_pem(cert_chain: &str, key: &str) -> Result<Self, CredentialsError> {
        let key = signing_key(key)?;
        let chain = pem::certificates(cert_chain).map_err(CredentialsError::Chain)?;
        let first = chain.first().and_then(|der| pem::public_key(der));
        if first != Some(key.verifying_key().to_bytes()) {
            return Err(CredentialsError::Chain(ChainProblem::OtherKey));
        }
        Ok(Self { key, chain })
    }

    /// With a chain that is made here from the site's Ed25519 key (PEM, PKCS#8), the same each time.
    /// Other people's tools say that they do not know its issuer.
    ///
    /// # Errors
    /// Where the key cannot be read.
    pub fn self_issued(site: &str, key: &str) -> Result<Self, CredentialsError> {
        let key = signing_key(key)?;
        let chain = chain::self_issued(site, &key)?;
        Ok(Self { key, chain })
    }

    /// The certificates in DER, the signer's first.
    #[must_use]
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The still with its credentials in it. The same still and facts give the same bytes.
    ///
    /// # Errors
    /// Where it is no JPEG, or what was written does not read back.
    pub fn sign_still(&self, jpeg: &[u8], facts: &Facts) -> Result<Vec<u8>, CredentialsError> {
        self.sign(jpeg, facts, MediaKind::Still)
    }

    /// The clip with its credentials in it. The same clip and facts give the same bytes.
    ///
    /// # Errors
    /// Where it is no MP4, or what was written does not read back.
    pub fn sign_clip(&self, mp4: &[u8], facts: &Facts) -> Result<Vec<u8>, CredentialsError> {
        self.sign(mp4, facts, MediaKind::Clip)
    }

    fn sign(
        &self,
        file: &[u8],
        facts: &Facts,
        kind: MediaKind,
    ) -> Result<Vec<u8>, CredentialsError> {
        let unsignable =
            |cause: String| CredentialsError::Unsignable { part: facts.part.clone(), cause };
        let before = read(file, kind);
        if let Some(problem) = before.problems.iter().find(|problem| problem.code == UNREADABLE) {
            return Err(unsignable(format!("it is no {}: {}", kind.mime(), problem.explanation)));
        }
        if before.integrity != Integrity::Absent {
            return Err(unsignable("it has content credentials already".to_owned()));
        }
        let recorder = Recorder::new(&self.key, &self.chain);
        let signed =
            write(&recorder, file, facts, kind).map_err(|error| unsignable(error.to_string()))?;
        let last =
            recorder.into_last().ok_or_else(|| unsignable("nothing was signed".to_owned()))?;
        let settled = settle::settle(&signed, &last, facts, kind, &self.key).map_err(unsignable)?;
        self.check(&settled, facts, kind)?;
        Ok(settled)
    }

    /// Nobody is handed a file whose credentials do not hold.
    fn check(&self, file: &[u8], facts: &Facts, kind: MediaKind) -> Result<(), CredentialsError> {
        let report = read(file, kind);
        let stated = report.stated.as_ref().map(|stated| stated.violation.as_str());
        if report.integrity == Integrity::Holds && stated == Some(facts.violation.as_str()) {
            return Ok(());
        }
        let cause = report.words().join("; ");
        Err(CredentialsError::DoesNotHold { part: facts.part.clone(), cause })
    }
}

fn signing_key(pem: &str) -> Result<SigningKey, CredentialsError> {
    SigningKey::from_pkcs8_pem(pem)
        .map_err(|error| CredentialsError::Key { cause: error.to_string() })
}

fn write(
    recorder: &Recorder<'_>,
    file: &[u8],
    facts: &Facts,
    kind: MediaKind,
) -> c2pa::Result<Vec<u8>> {
    let context = offline::context(None)?;
    let mut builder = Builder::from_shared_context(&context)
        .with_definition(manifest::definition(facts, kind))?;
    let mut signed = Cursor::new(Vec::new());
    builder.sign(recorder, kind.mime(), &mut Cursor::new(file), &mut signed)?;
    Ok(signed.into_inner())
}
