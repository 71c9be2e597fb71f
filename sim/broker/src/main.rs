//! `make kafka`: one Apache Kafka in the foreground, until Ctrl-C.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use wayside_broker::{Broker, BrokerOptions, ClientCertificate, Ports, User};

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
    let password = password(&arguments.folder.join("password"))?;
    let fixed = |step: u16| (arguments.port > 0).then(|| arguments.port + step);
    let options = BrokerOptions {
        folder: Some(arguments.folder.clone()),
        ports: Ports { plaintext: fixed(0), controller: fixed(1), sasl: fixed(2), tls: fixed(3) },
        tls: arguments.tls.then_some(ClientCertificate::Required),
        sasl: arguments.tls,
        // Formatted in from the first start, so that --tls may come later.
        users: vec![User::new(USER, &password)],
        ..BrokerOptions::default()
    };
    let broker = Broker::start(options).map_err(|error| error.to_string())?;
    print!("{}", introduction(&broker, &password)?);
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
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut open| open.write_all(text.as_bytes()))
        .map_err(|error| format!("{}: {error}", file.display()))
}

/// How to connect and how to stop. Writes the files that it names.
fn introduction(broker: &Broker, password: &str) -> Result<String, String> {
    let id = broker.id().unwrap_or_default();
    let mut text = format!(
        "Apache Kafka is ready: --kafka {}; Ctrl-C stops it (log: {}; process {id})\n",
        broker.bootstrap(),
        broker.log_file().display(),
    );
    let (Some(sasl), Some(tls), Some(certificates)) =
        (broker.sasl_bootstrap(), broker.tls_bootstrap(), broker.certificates())
    else {
        return Ok(text);
    };
    let ca = certificates.ca_file.display();
    let sasl_file = broker.folder().join("sasl.properties");
    private(
        &sasl_file,
        &format!(
            "security.protocol=SASL_SSL\nssl.ca.location={ca}\nsasl.mechanism=SCRAM-SHA-512\n\
             sasl.username={USER}\nsasl.password={password}\n"
        ),
    )?;
    let tls_file = broker.folder().join("tls.properties");
    private(
        &tls_file,
        &format!(
            "security.protocol=SSL\nssl.ca.location={ca}\nssl.certificate.location={}\nssl.key.location={}\n",
            certificates.client_certificate_file.display(),
            certificates.client_key_file.display(),
        ),
    )?;
    let _ = write!(
        text,
        "SASL over TLS: --kafka {sasl} --kafka-config {}\nmutual TLS:    --kafka {tls} --kafka-config {}\n\
         authority: {ca}; user {USER}, password in {}\n",
        sasl_file.display(),
        tls_file.display(),
        broker.folder().join("password").display(),
    );
    Ok(text)
}
