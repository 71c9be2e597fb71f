//! A broker is started, killed, paused, stopped and started again.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use wayside_broker::{Broker, BrokerError, BrokerOptions, Ports, User, skip};

#[test]
fn it_answers_and_comes_back_on_the_same_ports() {
    if skip() {
        return;
    }
    let begin = Instant::now();
    let broker = Broker::start(BrokerOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let started = begin.elapsed();
    let address = broker.bootstrap().to_owned();
    let id = broker.id().expect("it runs");
    let resident = broker.resident_bytes().expect("it runs") >> 20;
    assert!(TcpStream::connect(&address).is_ok());

    broker.kill();
    assert!(TcpStream::connect(&address).is_err(), "gone at once");
    assert_eq!((broker.id(), broker.resident_bytes()), (None, None));
    assert!(matches!(broker.pause(), Err(BrokerError::NotRunning)));
    assert!(!std::path::Path::new(&format!("/proc/{id}")).exists());

    let begin = Instant::now();
    broker.restart().unwrap_or_else(|error| panic!("{error}"));
    let again = begin.elapsed();
    assert_eq!(broker.bootstrap(), address);
    assert!(TcpStream::connect(&address).is_ok());
    assert_ne!(broker.id(), Some(id));
    eprintln!("start {started:.1?}, after SIGKILL {again:.1?}, resident {resident} MiB");

    let folder = broker.folder().to_owned();
    let id = broker.id().expect("it runs");
    drop(broker);
    assert!(!folder.exists());
    assert!(!std::path::Path::new(&format!("/proc/{id}")).exists());
}

#[test]
fn a_paused_broker_is_silent_and_goes_on() {
    if skip() {
        return;
    }
    let broker = Broker::shared().unwrap_or_else(|error| panic!("{error}"));
    let state = || {
        let id = broker.id().expect("it runs");
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs");
        stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next()).expect("a state")
    };
    broker.pause().expect("paused");
    let begin = Instant::now();
    while state() != 'T' && begin.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(state(), 'T');
    broker.resume().expect("resumed");
    assert_ne!(state(), 'T');
}

#[test]
fn a_killed_owner_leaves_no_broker() {
    if skip() {
        return;
    }
    // The program that `make kafka` starts is such an owner.
    let folder = tempfile::tempdir().expect("a folder");
    let mut owner = std::process::Command::new(env!("CARGO_BIN_EXE_wayside-broker"))
        .args(["--port", "0", "--folder"])
        .arg(folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    let mut said = std::io::BufReader::new(owner.stdout.take().expect("piped"));
    let mut line = String::new();
    while !line.contains("process ") {
        line.clear();
        let read = std::io::BufRead::read_line(&mut said, &mut line).expect("text");
        assert!(read > 0, "it ended before it was ready");
    }
    let id = line.rsplit_once("process ").map(|(_, id)| id.trim().trim_end_matches(')').to_owned());
    let process = std::path::PathBuf::from(format!("/proc/{}", id.expect("a process id")));
    assert!(process.exists());
    owner.kill().expect("killed");
    owner.wait().expect("gone");
    let begin = Instant::now();
    while process.exists() && begin.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!process.exists(), "the broker outlived its owner");
}

#[test]
fn a_port_of_somebody_else_is_said() {
    if skip() {
        return;
    }
    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = other.local_addr().expect("an address").port();
    let ports = Ports { plaintext: Some(port), ..Ports::default() };
    let error =
        Broker::start(BrokerOptions { ports, ..BrokerOptions::default() }).expect_err("refused");
    assert!(
        matches!(error, BrokerError::PortTaken { port: taken, .. } if taken == port),
        "{error}"
    );
}

#[test]
fn wrong_options_are_said() {
    let said = |options: BrokerOptions| match Broker::start(options) {
        Ok(_) => "started".to_owned(),
        Err(error) => error.to_string(),
    };
    insta::assert_snapshot!(
        said(BrokerOptions { sasl: true, ..BrokerOptions::default() }),
        @"options of the broker: SASL without users: nobody could log in"
    );
    insta::assert_snapshot!(
        said(BrokerOptions { users: vec![User::new("a", "b,c]")], ..BrokerOptions::default() }),
        @"options of the broker: user 'a': name and password are letters, digits, '-', '_' and '.', at least one"
    );
    insta::assert_snapshot!(
        said(BrokerOptions {
            properties: vec![("a b".to_owned(), String::new())],
            ..BrokerOptions::default()
        }),
        @"options of the broker: property 'a b': one line, name=value"
    );
}

#[test]
fn a_broker_that_ends_at_once_shows_its_log() {
    if skip() {
        return;
    }
    let properties = vec![("log.retention.hours".to_owned(), "soon".to_owned())];
    let error = Broker::start(BrokerOptions { properties, ..BrokerOptions::default() })
        .expect_err("refused")
        .to_string();
    assert!(error.contains("log.retention.hours"), "{error}");
}
