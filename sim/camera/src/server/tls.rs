//! Certificate and key of a camera that speaks TLS.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::CameraError;
use crate::options::TlsFiles;

/// More bytes are no certificate.
const PEM_BYTES_MAX: u64 = 1 << 20;

/// A configuration without client certificates.
pub(super) fn config(files: &TlsFiles) -> Result<Arc<ServerConfig>, CameraError> {
    let wrong =
        |path: &Path, cause: String, hint| CameraError::Tls { path: path.to_owned(), cause, hint };
    let hint = "give a PEM file with `-----BEGIN CERTIFICATE-----`";
    let text = read(&files.cert)?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(&files.cert, format!("is no PEM file: {error}"), hint))?;
    if chain.is_empty() {
        return Err(wrong(&files.cert, "has no certificate".to_owned(), hint));
    }
    let hint = "give a PEM file with `-----BEGIN PRIVATE KEY-----`, without a passphrase";
    let key = PrivateKeyDer::from_pem_slice(&read(&files.key)?)
        .map_err(|error| wrong(&files.key, format!("has no private key: {error}"), hint))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map(Arc::new)
        .map_err(|error| {
            let cause = format!("does not go with the key {}: {error}", files.key.display());
            wrong(&files.cert, cause, "make both anew, for example with `openssl req -x509 -nodes`")
        })
}

fn read(path: &Path) -> Result<Vec<u8>, CameraError> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(PEM_BYTES_MAX).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(CameraError::Tls {
            path: path.to_owned(),
            cause: format!("cannot be read: {error}"),
            hint: "check the path and the permissions",
        }),
    }
}
