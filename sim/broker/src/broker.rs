//! One broker: where it listens, and what can be done to it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use rustix::process::Signal;

use crate::folder::Folder;
use crate::install::{self, Install};
use crate::ports::Port;
use crate::process::{Process, resident_bytes};
use crate::{BrokerError, BrokerOptions, Certificates, User};

const LOG_LINES: usize = 30;
const STOP_PATIENCE: Duration = Duration::from_secs(20);
/// Another program may take a port between our look and Kafka's.
const ATTEMPTS: u32 = 3;

/// A running Apache Kafka. Methods take `&self`: threads of a test share it.
#[derive(Debug)]
pub struct Broker {
    // Before the folder, so that the process is gone when its files are removed.
    pub(crate) process: Mutex<Option<Process>>,
    pub(crate) options: BrokerOptions,
    pub(crate) install: &'static Install,
    pub(crate) certificates: Option<Certificates>,
    pub(crate) bootstrap: [Option<String>; 3],
    pub(crate) ports: [Option<Port>; 4],
    pub(crate) folder: Folder,
}

impl Broker {
    /// Whether Java and Kafka's jars are here.
    ///
    /// # Errors
    ///
    /// [`BrokerError::Missing`] with what is missing and how to get it.
    pub fn available() -> Result<(), BrokerError> {
        install::find().map(|_| ())
    }

    /// Starts a broker and returns when it is ready for clients.
    ///
    /// # Errors
    ///
    /// What is missing, contradicts itself, or what the end of Kafka's log says.
    pub fn start(options: BrokerOptions) -> Result<Self, BrokerError> {
        options.check()?;
        let mut attempt = 1;
        loop {
            match Self::prepare(&options).and_then(|broker| broker.run().map(|()| broker)) {
                Err(BrokerError::PortTaken { .. }) if attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    /// One plaintext broker for all tests of a process, with the default options. Topics are the caller's to
    /// keep apart. It ends with the process; whoever kills it kills it for all.
    ///
    /// # Errors
    ///
    /// Why it could not be started, the same for all.
    pub fn shared() -> Result<&'static Self, String> {
        static SHARED: OnceLock<Result<Broker, String>> = OnceLock::new();
        SHARED
            .get_or_init(|| {
                Self::start(BrokerOptions::default()).map_err(|error| error.to_string())
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Option<Process>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plaintext: `127.0.0.1:PORT`, the same for the broker's whole life.
    pub fn bootstrap(&self) -> &str {
        self.bootstrap[0].as_deref().unwrap_or_default()
    }

    /// TLS, where the options asked for it.
    pub fn tls_bootstrap(&self) -> Option<&str> {
        self.bootstrap[1].as_deref()
    }

    /// SASL over TLS, where the options asked for it.
    pub fn sasl_bootstrap(&self) -> Option<&str> {
        self.bootstrap[2].as_deref()
    }

    /// Certificates of authority and client, where there is TLS.
    pub fn certificates(&self) -> Option<&Certificates> {
        self.certificates.as_ref()
    }

    /// The authority's certificate, where there is TLS.
    pub fn ca_file(&self) -> Option<&Path> {
        self.certificates.as_ref().map(|certificates| certificates.ca_file.as_path())
    }

    /// librdkafka properties of the SASL listener for this user, one `name=value` a line: what `--kafka-config`
    /// takes. `None` where the options asked for no such listener.
    pub fn sasl_properties(&self, user: &User) -> Option<String> {
        self.sasl_bootstrap()?;
        Some(format!(
            "security.protocol=SASL_SSL\nssl.ca.location={}\nsasl.mechanism=SCRAM-SHA-512\n\
             sasl.username={}\nsasl.password={}\n",
            self.ca_file()?.display(),
            user.name,
            user.password,
        ))
    }

    /// The same of the TLS listener, with the client's certificate.
    pub fn tls_properties(&self) -> Option<String> {
        self.tls_bootstrap()?;
        let files = self.certificates()?;
        Some(format!(
            "security.protocol=SSL\nssl.ca.location={}\nssl.certificate.location={}\nssl.key.location={}\n",
            files.ca_file.display(),
            files.client_certificate_file.display(),
            files.client_key_file.display(),
        ))
    }

    /// The options it was started with.
    pub fn options(&self) -> &BrokerOptions {
        &self.options
    }

    /// Data, settings, log and certificates.
    pub fn folder(&self) -> &Path {
        &self.folder.path
    }

    /// What Kafka logs, over all its starts.
    pub fn log_file(&self) -> PathBuf {
        self.folder.path.join("broker.log")
    }

    /// The last lines of it.
    pub fn log_tail(&self) -> String {
        tail(&std::fs::read_to_string(self.log_file()).unwrap_or_default())
    }

    /// Process id; `None` while it is down.
    pub fn id(&self) -> Option<u32> {
        self.lock().as_ref().filter(|process| process.ended().is_none()).map(Process::id)
    }

    /// Resident memory in bytes; `None` while it is down.
    pub fn resident_bytes(&self) -> Option<u64> {
        resident_bytes(self.id()?)
    }

    /// SIGKILL, as if the machine lost power: nothing is flushed, nobody is told. Returns when it is gone.
    pub fn kill(&self) {
        *self.lock() = None;
    }

    /// Ends it in order (SIGTERM), and by SIGKILL where that takes more than 20 s. Data stay; `restart` is possible.
    pub fn stop(&self) {
        if let Some(process) = self.lock().take() {
            // A paused process would not see the second signal. Both fail only where it is gone.
            let _ = process.signal(Signal::TERM).and_then(|()| process.signal(Signal::CONT));
            process.wait(STOP_PATIENCE);
        }
    }

    /// Starts it again, on the same ports and data, after a `stop` where it runs.
    ///
    /// # Errors
    ///
    /// As for `start`.
    pub fn restart(&self) -> Result<(), BrokerError> {
        self.stop();
        self.run()
    }

    /// SIGSTOP: connections stay open and nobody answers.
    ///
    /// # Errors
    ///
    /// [`BrokerError::NotRunning`] while it is down.
    pub fn pause(&self) -> Result<(), BrokerError> {
        self.signal(Signal::STOP)
    }

    /// SIGCONT: goes on after a `pause`.
    ///
    /// # Errors
    ///
    /// [`BrokerError::NotRunning`] while it is down.
    pub fn resume(&self) -> Result<(), BrokerError> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> Result<(), BrokerError> {
        match self.lock().as_ref().filter(|process| process.ended().is_none()) {
            Some(process) => process.signal(signal),
            None => Err(BrokerError::NotRunning),
        }
    }
}

/// The last lines of a text.
pub(crate) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(LOG_LINES)..).unwrap_or_default().join("\n")
}
