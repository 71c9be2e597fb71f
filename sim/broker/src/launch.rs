//! How a broker is started: folder, settings, format, Java, and the wait for its first answer.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::broker::{Broker, tail};
use crate::certificates::write_private;
use crate::folder::Folder;
use crate::install;
use crate::ports::Port;
use crate::process::{Process, bound_to_us};
use crate::settings::{LOG4J, Listening, server_properties};
use crate::{BrokerError, BrokerOptions, Certificates, ready};

/// Kafka wants 16 bytes in base64; one name for all, since each broker has its own folder.
const CLUSTER: &str = "d2F5c2lkZS1icm9rZXItMQ";
const ASK_EVERY: Duration = Duration::from_millis(50);

impl Broker {
    pub(crate) fn prepare(options: &BrokerOptions) -> Result<Self, BrokerError> {
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
        write_private(&folder.path.join("server.properties"), &text)?;
        write_private(&folder.path.join("log4j2.properties"), LOG4J)?;
        let process = Mutex::new(None);
        let options = options.clone();
        let broker = Self { process, options, install, certificates, bootstrap, ports, folder };
        broker.format()?;
        Ok(broker)
    }

    /// Somebody else's broker on one of our ports would answer for ours.
    fn check_ports(&self) -> Result<(), BrokerError> {
        for port in self.ports.iter().flatten().map(|port| port.number) {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                .map_err(|cause| BrokerError::PortTaken { port, cause })?;
        }
        Ok(())
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

    pub(crate) fn run(&self) -> Result<(), BrokerError> {
        let log_file = self.log_file();
        let log = File::options().create(true).append(true).open(&log_file);
        let log = log.map_err(BrokerError::file(&log_file))?;
        let both = log.try_clone().map_err(BrokerError::file(&log_file))?;
        self.check_ports()?;
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
}
