//! How a broker is to be.

use std::path::PathBuf;
use std::time::Duration;

use crate::BrokerError;

/// How a broker is to be. The default listens in plaintext, keeps its data in a temporary folder, and starts
/// as fast as Kafka does.
#[derive(Debug, Clone)]
pub struct BrokerOptions {
    /// Where data, settings, log and certificates go. `None`: a temporary folder, removed afterwards.
    pub folder: Option<PathBuf>,
    /// Fixed ports; those left out are found free.
    pub ports: Ports,
    /// A listener with TLS, and what it asks of clients.
    pub tls: Option<ClientCertificate>,
    /// A listener with SASL over TLS: mechanisms SCRAM-SHA-512 and PLAIN, for `users`.
    pub sasl: bool,
    /// Who may log in with SASL. Written when the data folder is formatted, hence fixed from then on.
    pub users: Vec<User>,
    /// Largest batch of records that the broker takes, in bytes (`message.max.bytes`).
    pub message_bytes_max: u32,
    /// Partitions of a topic that is created without their number.
    pub partitions: u32,
    /// Java's heap, in MiB.
    pub heap_mib: u32,
    /// How long to wait for the first answer.
    pub start_timeout: Duration,
    /// Further settings of the broker, which win over those above.
    pub properties: Vec<(String, String)>,
}

/// Ports on 127.0.0.1.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ports {
    /// Plaintext.
    pub plaintext: Option<u16>,
    /// TLS.
    pub tls: Option<u16>,
    /// SASL over TLS.
    pub sasl: Option<u16>,
    /// Kafka's own controller.
    pub controller: Option<u16>,
}

/// What the TLS listener asks of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientCertificate {
    /// Nothing: the server alone shows a certificate.
    NotAsked,
    /// A certificate of the broker's authority (mutual TLS).
    Required,
}

/// A name and a password for SASL. Letters, digits, `-`, `_` and `.` only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
}

impl User {
    /// A user of that name and password.
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self { name: name.into(), password: password.into() }
    }
}

impl Default for BrokerOptions {
    fn default() -> Self {
        Self {
            folder: None,
            ports: Ports::default(),
            tls: None,
            sasl: false,
            users: Vec::new(),
            message_bytes_max: 1_048_588,
            partitions: 4,
            heap_mib: 384,
            start_timeout: Duration::from_secs(90),
            properties: Vec::new(),
        }
    }
}

impl BrokerOptions {
    /// All listeners: plaintext, mutual TLS, SASL for the user `wayside` with the password `only-for-tests`.
    pub fn secured() -> Self {
        Self {
            tls: Some(ClientCertificate::Required),
            sasl: true,
            users: vec![User::new("wayside", "only-for-tests")],
            ..Self::default()
        }
    }

    pub(crate) fn check(&self) -> Result<(), BrokerError> {
        let plain = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        if let Some(user) =
            self.users.iter().find(|user| !plain(&user.name) || !plain(&user.password))
        {
            return Err(BrokerError::Options(format!(
                "user '{}': name and password are letters, digits, '-', '_' and '.', at least one",
                user.name
            )));
        }
        if self.sasl && self.users.is_empty() {
            return Err(BrokerError::Options("SASL without users: nobody could log in".to_owned()));
        }
        if let Some((name, _)) = self.properties.iter().find(|(name, value)| {
            name.is_empty() || name.contains(['=', '\n', '\r', ' ']) || value.contains(['\n', '\r'])
        }) {
            return Err(BrokerError::Options(format!("property '{name}': one line, name=value")));
        }
        if self.partitions == 0 || self.heap_mib < 128 || self.message_bytes_max > i32::MAX as u32 {
            return Err(BrokerError::Options(
                "at least 1 partition and 128 MiB of heap, messages of at most 2 GiB".to_owned(),
            ));
        }
        Ok(())
    }
}
