//! A certificate and its key in PEM files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;

use crate::ListenError;

/// Bytes of a file of certificates or of a key.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Where certificate and key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, those of its authorities after it.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl TlsFiles {
    /// Reads both. The key is in memory alone.
    ///
    /// # Errors
    /// Which file cannot be used, and why.
    pub(crate) async fn load(&self) -> Result<RustlsConfig, ListenError> {
        // Another part of the program may have installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (certificate, key) = (read(&self.certificate)?, read(&self.key)?);
        let config = RustlsConfig::from_pem(certificate, key).await.map_err(|error| {
            ListenError::Tls(format!(
                "{} and {} cannot be used for TLS: {error}\n  hint: PEM files, the certificate first in its \
                 file, and the key that belongs to it",
                self.certificate.display(),
                self.key.display()
            ))
        })?;
        // HTTP/1.1 is all that is spoken here: a browser that is offered HTTP/2 as well takes that, and gets no answer.
        let mut only = (*config.get_inner()).clone();
        only.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.reload_from_config(Arc::new(only));
        Ok(config)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ListenError> {
    let unreadable = |error: std::io::Error| {
        ListenError::Tls(format!(
            "{} cannot be read: {error}\n  hint: check the path and who may read it",
            path.display()
        ))
    };
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(ListenError::Tls(format!(
            "{} has {bytes} bytes, more than {FILE_BYTES_MAX}\n  hint: PEM files of a certificate and its key",
            path.display()
        )));
    }
    std::fs::read(path).map_err(unreadable)
}
