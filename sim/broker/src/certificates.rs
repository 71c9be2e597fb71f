//! A certificate authority of the broker's own, and what it signs.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};

use crate::BrokerError;

/// PEM files of one broker: ECDSA on P-256, keys unencrypted and readable by their owner alone.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// The authority's certificate: `ssl.ca.location` of a client.
    pub ca_file: PathBuf,
    /// A client's certificate: `ssl.certificate.location`.
    pub client_certificate_file: PathBuf,
    /// Its key: `ssl.key.location`.
    pub client_key_file: PathBuf,
    /// The broker's key and certificate, in one file as Kafka wants them.
    pub(crate) broker_file: PathBuf,
}

impl Certificates {
    /// Those in the folder, or new ones.
    pub(crate) fn of(folder: &Path) -> Result<Self, BrokerError> {
        let found = Self {
            ca_file: folder.join("ca.pem"),
            client_certificate_file: folder.join("client.pem"),
            client_key_file: folder.join("client.key"),
            broker_file: folder.join("broker.pem"),
        };
        let files = [
            &found.ca_file,
            &found.client_certificate_file,
            &found.client_key_file,
            &found.broker_file,
        ];
        if !files.iter().all(|file| file.is_file()) {
            found.make()?;
        }
        Ok(found)
    }

    fn make(&self) -> Result<(), BrokerError> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, "Wayside test authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let sign = |name: &str, hosts: &[&str], purpose| -> Result<(String, String), BrokerError> {
            let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
            let mut params = CertificateParams::new(hosts)?;
            params.distinguished_name.push(DnType::CommonName, name);
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![purpose];
            params.use_authority_key_identifier_extension = true;
            let key = KeyPair::generate()?;
            let certificate = params.signed_by(&key, &authority)?;
            Ok((key.serialize_pem(), certificate.pem()))
        };
        let (broker_key, broker) =
            sign("broker", &["localhost", "127.0.0.1"], ExtendedKeyUsagePurpose::ServerAuth)?;
        let (client_key, client) = sign("client", &[], ExtendedKeyUsagePurpose::ClientAuth)?;
        write_private(&self.broker_file, &(broker_key + &broker))?;
        write_private(&self.client_key_file, &client_key)?;
        write_private(&self.client_certificate_file, &client)?;
        // Last, so that a broken-off attempt is seen as such.
        write_private(&self.ca_file, &authority.pem())
    }
}

/// Writes a file that only its owner may read.
///
/// # Errors
///
/// [`BrokerError::File`].
pub fn write_private(path: &Path, text: &str) -> Result<(), BrokerError> {
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(BrokerError::file(path))?;
    file.write_all(text.as_bytes()).map_err(BrokerError::file(path))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::Certificates;

    #[test]
    fn certificates_stay_when_they_are_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Certificates::of(folder.path()).expect("certificates");
        let read = |path: &std::path::Path| std::fs::read_to_string(path).expect("a file");
        let before = read(&first.ca_file);
        let second = Certificates::of(folder.path()).expect("certificates");
        assert_eq!(before, read(&second.ca_file));
        let mode = second.client_key_file.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::remove_file(&first.client_key_file).expect("removed");
        let third = Certificates::of(folder.path()).expect("certificates");
        assert_ne!(before, read(&third.ca_file));
    }
}
