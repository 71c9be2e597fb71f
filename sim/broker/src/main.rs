//! `make kafka`: one Apache Kafka in the foreground, until Ctrl-C.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use wayside_broker::{Broker, BrokerOptions, ClientCertificate, Ports, User, write_private};

const USAGE: &str = "wayside-broker [--folder DIR] [--port PORT] [--tls]
  --folder DIR  where data, log and certificates stay (default out/kafka)
  --port PORT   plaintext; the controller takes the next, SASL over TLS the third, mutual TLS the fourth
                (default 9092; 0: any that are free)
  --tls         listen with SASL over TLS and with mutual TLS as well";
const USER: &str = "wayside";

struct Arguments {
    folder: PathBuf,
    port: u16,
    tls: bool,
}

fn main() -> ExitCode {
    match arguments(std::env::args().skip(1)).and_then(|arguments| serve(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut found = Arguments { folder: PathBuf::from("out/kafka"), port: 9092, tls: false };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n{USAGE}"));
        match word.as_str() {
            "--folder" => found.folder = PathBuf::from(value()?),
            "--port" => {
                let text = value()?;
                let port = text.parse().ok().filter(|port| *port <= u16::MAX - 3);
                found.port = port
                    .ok_or_else(|| format!("--port {text}: a number from 0 to 65532\n{USAGE}"))?;
            }
            "--tls" => found.tls = true,
            _ => return Err(format!("unknown argument '{word}'\n{USAGE}")),
        }
    }
    Ok(found)
}

fn serve(arguments: &Arguments) -> Result<(), String> {
    let (stop, stopped) = channel();
    ctrlc::set_handler(move || {
        // Once is enough; the receiver lives as long as the program.
        let _ = stop.send(());
    })
    .map_err(|error| format!("Ctrl-C cannot be caught: {error}"))?;
    std::fs::create_dir_all(&arguments.folder)
        .map_err(|error| format!("{}: {error}", arguments.folder.display()))?;
    let user = User::new(USER, password(&arguments.folder.join("password"))?);
    let fixed = |step: u16| (arguments.port > 0).then(|| arguments.port + step);
    let options = BrokerOptions {
        folder: Some(arguments.folder.clone()),
        ports: Ports { plaintext: fixed(0), controller: fixed(1), sasl: fixed(2), tls: fixed(3) },
        tls: arguments.tls.then_some(ClientCertificate::Required),
        sasl: arguments.tls,
        // Formatted in from the first start, so that --tls may come later.
        users: vec![user.clone()],
        ..BrokerOptions::default()
    };
    let broker = Broker::start(options).map_err(|error| error.to_string())?;
    print!("{}", introduction(&broker, &user)?);
    loop {
        match stopped.recv_timeout(Duration::from_secs(1)) {
            Err(RecvTimeoutError::Timeout) if broker.id().is_some() => {}
            Err(RecvTimeoutError::Timeout) => {
                return Err(format!(
                    "the broker ended by itself; the end of its log:\n{}",
                    broker.log_tail()
                ));
            }
            _ => break,
        }
    }
    println!("stopping; data stay in {}", arguments.folder.display());
    broker.stop();
    Ok(())
}

/// The one in the file, or a new one of 128 bits.
fn password(file: &Path) -> Result<String, String> {
    let said = |error: std::io::Error| format!("{}: {error}", file.display());
    if file.exists() {
        return std::fs::read_to_string(file).map(|text| text.trim().to_owned()).map_err(said);
    }
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(said)?;
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    private(file, &text)?;
    Ok(text)
}

fn private(file: &Path, text: &str) -> Result<(), String> {
    write_private(file, text).map_err(|error| error.to_string())
}

/// How to connect and how to stop. Writes the files that it names.
fn introduction(broker: &Broker, user: &User) -> Result<String, String> {
    let mut text = format!(
        "Apache Kafka is ready: --kafka {}; Ctrl-C stops it (log: {}; process {})\n",
        broker.bootstrap(),
        broker.log_file().display(),
        broker.id().unwrap_or_default(),
    );
    let ways = [
        ("SASL over TLS", "sasl.properties", broker.sasl_bootstrap(), broker.sasl_properties(user)),
        ("mutual TLS", "tls.properties", broker.tls_bootstrap(), broker.tls_properties()),
    ];
    for (name, file, address, properties) in ways {
        let (Some(address), Some(properties)) = (address, properties) else { continue };
        let file = broker.folder().join(file);
        private(&file, &properties)?;
        let _ = writeln!(text, "{name}: --kafka {address} --kafka-config {}", file.display());
    }
    if let Some(ca) = broker.ca_file() {
        let password = broker.folder().join("password");
        let _ = writeln!(
            text,
            "certificate authority: {}; user {}, password in {}",
            ca.display(),
            user.name,
            password.display()
        );
    }
    Ok(text)
}
