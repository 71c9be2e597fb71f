//! TLS of the API: a certificate and its key in PEM files.

use std::path::PathBuf;

use axum_server::tls_rustls::RustlsConfig;

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
    pub(crate) async fn load(&self) -> Result<RustlsConfig, String> {
        // Another part of the program may have installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (certificate, key) = (read(&self.certificate)?, read(&self.key)?);
        RustlsConfig::from_pem(certificate, key).await.map_err(|error| {
            format!(
                "{} and {} cannot be used for TLS: {error}\n  hint: PEM files, the certificate first in \
                 its file, and the key that belongs to it",
                self.certificate.display(),
                self.key.display()
            )
        })
    }
}

fn read(path: &std::path::Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| {
        format!(
            "{} cannot be read: {error}\n  hint: check the path and who may read it",
            path.display()
        )
    };
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(format!("{} has {bytes} bytes, more than {FILE_BYTES_MAX}", path.display()));
    }
    std::fs::read(path).map_err(unreadable)
}
