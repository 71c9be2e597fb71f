//! One broker, from its start to its end.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::folder::Folder;
use crate::install::{self, Install};
use crate::ports::Port;
use crate::process::{Process, bound_to_us, resident_bytes};
use crate::settings::{LOG4J, Listening, server_properties};
use crate::{BrokerError, BrokerOptions, Certificates, ready};

/// Kafka wants 16 bytes in base64; one name for all, since each broker has its own folder.
const CLUSTER: &str = "d2F5c2lkZS1icm9rZXItMQ";
const LOG_LINES: usize = 30;
const STOP_PATIENCE: Duration = Duration::from_secs(20);
const ASK_EVERY: Duration = Duration::from_millis(50);
/// Another program may take a port between our look and Kafka's.
const ATTEMPTS: u32 = 3;

/// A running Apache Kafka. Methods take `&self`: threads of a test share it.
#[derive(Debug)]
pub struct Broker {
    // Before the folder, so that the process is gone when its files are removed.
    process: Mutex<Option<Process>>,
    options: BrokerOptions,
    install: &'static Install,
    certificates: Option<Certificates>,
    bootstrap: [Option<String>; 3],
    ports: [Option<Port>; 4],
    folder: Folder,
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
                Err(BrokerError::Ended { log, .. })
                    if attempt < ATTEMPTS && log.contains("Address already in use") =>
                {
                    attempt += 1;
                }
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

    fn prepare(options: &BrokerOptions) -> Result<Self, BrokerError> {
        let install = install::find()?;
        let folder = match &options.folder {
            Some(path) => Folder::kept(path)?,
            None => Folder::temporary()?,
        };
        let secured = options.tls.is_some() || options.sasl;
        let certificates = secured.then(|| Certificates::of(&folder.path)).transpose()?;
        let port = |wanted: bool, fixed: Option<u16>| match (wanted, fixed) {
            (false, _) => Ok(None),
            (true, Some(number)) => Ok(Some(Port::fixed(number))),
            (true, None) => Port::free().map(Some),
        };
        let ports = [
            port(true, options.ports.plaintext)?,
            port(options.tls.is_some(), options.ports.tls)?,
            port(options.sasl, options.ports.sasl)?,
            port(true, options.ports.controller)?,
        ];
        let number = |index: usize| ports.get(index)?.as_ref().map(|port| port.number);
        let bootstrap =
            [0, 1, 2].map(|index| number(index).map(|port| format!("127.0.0.1:{port}")));
        let listening = Listening {
            plaintext: number(0).unwrap_or_default(),
            tls: number(1),
            sasl: number(2),
            controller: number(3).unwrap_or_default(),
        };
        let text =
            server_properties(options, listening, &folder.path.join("data"), certificates.as_ref());
        crate::certificates::write(&folder.path.join("server.properties"), &text)?;
        crate::certificates::write(&folder.path.join("log4j2.properties"), LOG4J)?;
        let process = Mutex::new(None);
        let options = options.clone();
        let broker = Self { process, options, install, certificates, bootstrap, ports, folder };
        broker.format()?;
        Ok(broker)
    }

    /// Writes cluster id and users into an empty data folder.
    fn format(&self) -> Result<(), BrokerError> {
        if self.folder.path.join("data/meta.properties").is_file() {
            return Ok(());
        }
        let mut command = self.java();
        command.args([
            "kafka.tools.StorageTool",
            "format",
            "-t",
            CLUSTER,
            "-c",
            "server.properties",
        ]);
        for user in &self.options.users {
            command.arg("--add-scram");
            command.arg(format!("SCRAM-SHA-512=[name={},password={}]", user.name, user.password));
        }
        let output = command
            .stdin(Stdio::null())
            .output()
            .map_err(|cause| BrokerError::Process { what: "Java could not be started", cause })?;
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(BrokerError::Format { said: tail(&String::from_utf8_lossy(&said)) })
    }

    fn java(&self) -> Command {
        let mut command = bound_to_us(&self.install.java);
        command
            .current_dir(&self.folder.path)
            .arg(format!("-Xmx{}m", self.options.heap_mib))
            .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"])
            // A class archive that does not fit is no news.
            .args(["-Xlog:disable", "-Xlog:all=error:stderr"])
            .args(["-Djava.awt.headless=true", "-Dlog4j2.configurationFile=log4j2.properties"]);
        if let Some(archive) = &self.install.archive {
            let mut flag = std::ffi::OsString::from("-XX:SharedArchiveFile=");
            flag.push(archive);
            command.arg(flag);
        }
        command.arg("-cp").arg(&self.install.class_path);
        command
    }

    fn run(&self) -> Result<(), BrokerError> {
        use std::os::unix::process::CommandExt as _;
        let log_file = self.log_file();
        let log = File::options().create(true).append(true).open(&log_file);
        let log = log.map_err(BrokerError::file(&log_file))?;
        let both = log.try_clone().map_err(BrokerError::file(&log_file))?;
        let mut command = self.java();
        command.args(["kafka.Kafka", "server.properties"]);
        // A group of its own: Ctrl-C goes to us alone, who then stop it in order.
        command.stdin(Stdio::null()).stdout(log).stderr(both).process_group(0);
        let process = Process::start(command)?;
        self.await_answer(&process)?;
        *self.lock() = Some(process);
        Ok(())
    }

    fn await_answer(&self, process: &Process) -> Result<(), BrokerError> {
        let begin = Instant::now();
        let address = self.bootstrap().to_owned();
        let port = self.ports[0].as_ref().map_or(0, |port| port.number);
        loop {
            let answer = ready::answers(port);
            if let Some(status) = process.ended() {
                return Err(BrokerError::Ended { status, address, log: self.log_tail() });
            }
            let Err(cause) = answer else { return Ok(()) };
            if begin.elapsed() > self.options.start_timeout {
                let seconds = self.options.start_timeout.as_secs();
                let cause = cause.to_string();
                return Err(BrokerError::NoAnswer {
                    address,
                    seconds,
                    cause,
                    log: self.log_tail(),
                });
            }
            std::thread::sleep(ASK_EVERY);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Process>> {
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

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(LOG_LINES)..).unwrap_or_default().join("\n")
}
