//! TLS to PostgreSQL, by rustls. The server's name is always checked.

use std::path::Path;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::PostgresTls;
use crate::error::{DeskError, Result};

pub(super) fn connector(tls: &PostgresTls, place: &str) -> Result<MakeRustlsConnect> {
    let wrong = |cause: String| DeskError::Open { place: place.to_owned(), cause };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&tls.ca_file).map_err(wrong)? {
        roots.add(certificate).map_err(|error| {
            wrong(format!("{}: not an authority to trust: {error}", tls.ca_file.display()))
        })?;
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?
        .with_root_certificates(roots);
    let config = match &tls.client_files {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = certificates(certificate).map_err(wrong)?;
            let private = PrivateKeyDer::from_pem_file(key).map_err(|error| {
                wrong(format!("{}: no private key can be read: {error}", key.display()))
            })?;
            builder.with_client_auth_cert(chain, private).map_err(|error| {
                wrong(format!("{}: does not fit its key: {error}", certificate.display()))
            })?
        }
    };
    Ok(MakeRustlsConnect::new(config))
}

fn certificates(file: &Path) -> std::result::Result<Vec<CertificateDer<'static>>, String> {
    let read = |cause: String| format!("{}: no certificate can be read: {cause}", file.display());
    let list: Vec<_> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| read(error.to_string()))?;
    if list.is_empty() { Err(read("there is none in it".to_owned())) } else { Ok(list) }
}
