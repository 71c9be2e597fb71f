//! SNMPv3 against Net-SNMP's agent (Debian's package snmpd): SHA-256 and AES-128 of another maker.
#![allow(clippy::disallowed_macros, reason = "says why nothing was tested")]

use std::net::UdpSocket;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wayside_dms::{Sign, SignError, SnmpSign};
use wayside_proto::{EventTime, SignMessageId, SignText};
use wayside_signs::Show;
use wayside_site::model::{SignSnmp, SnmpVersion};

const NOW: EventTime = EventTime(1_780_300_000_000_000);
const HELLO: &str = "[jp3][jl3]QUEUE[nl]AHEAD";

/// How long a busy machine may take for the agent to begin.
const SOON: Duration = Duration::from_secs(120);

/// The agent, while it lives.
struct Snmpd(Child);

impl Drop for Snmpd {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(folder: &Path, port: u16, log: &Path) -> Snmpd {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sign.py");
    let config = format!(
        "agentaddress udp:127.0.0.1:{port}\n\
         createUser wayside SHA-256 \"authpassword\" AES \"privpassword\"\n\
         rwuser wayside authpriv\n\
         pass_persist .1.3.6.1.4.1.1206.4.2.3 {} {}\n",
        script.display(),
        log.display()
    );
    let file = folder.join("snmpd.conf");
    std::fs::write(&file, config).expect("a file");
    std::fs::create_dir_all(folder.join("state")).expect("a folder");
    let child = Command::new("/usr/sbin/snmpd")
        .args(["-f", "-Ln", "-C", "-c"])
        .arg(&file)
        .env("SNMP_PERSISTENT_DIR", folder.join("state"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    Snmpd(child.expect("snmpd"))
}

/// A port that nobody has now.
fn free_port() -> u16 {
    let port = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    port.expect("a port").port()
}

fn open(port: u16, privacy: &str) -> SnmpSign {
    let reach = SignSnmp {
        address: format!("127.0.0.1:{port}"),
        version: SnmpVersion::V3,
        community_file: None,
        user: Some("wayside".to_owned()),
        auth_file: None,
        privacy_file: None,
    };
    SnmpSign::new(&reach, &[], b"authpassword", Some(privacy.as_bytes()), "wayside")
}

#[test]
fn a_sign_on_version_3_shows_a_message() {
    if !Path::new("/usr/sbin/snmpd").exists() {
        // It brings a service of its own to the machine, so nothing installs it by the way.
        eprintln!("snmpd is not there: SNMPv3 was not tested (apt-get install snmpd)");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("activated");
    let mut port = free_port();
    let mut agent = start(folder.path(), port, &log);
    let text = SignText {
        id: SignMessageId("0".repeat(32)),
        slot: "queue".to_owned(),
        priority: 100,
        not_before: NOW,
        expires: NOW.plus_s(190.0),
        lines: vec!["QUEUE".to_owned()],
        multi: HELLO.to_owned(),
        pictogram: None,
    };
    let show = Show { source: "a".to_owned(), until: text.expires, text };
    let mut sign = open(port, "privpassword");
    let began = Instant::now();
    let ends = loop {
        match sign.show(&show, NOW) {
            Ok(ends) => break ends,
            // The agent takes a moment to begin.
            Err(SignError::Silent { .. }) if began.elapsed() < SOON => {
                // Somebody else may have taken the port meanwhile: then another one.
                if agent.0.try_wait().expect("a status").is_some() {
                    port = free_port();
                    agent = start(folder.path(), port, &log);
                    sign = open(port, "privpassword");
                }
            }
            Err(error) => panic!("{error}"),
        }
    };
    assert!(ends <= NOW.plus_s(190.0), "{ends}");
    sign.blank().expect("blank");
    let activated = std::fs::read_to_string(&log).expect("a log");
    let lines: Vec<&str> = activated.lines().collect();
    assert_eq!(lines.len(), 2, "{activated}");
    // Three minutes, priority 255, changeable memory, message 1, the sign's own checksum.
    assert!(lines[0].starts_with("0003ff030001") && lines[0].ends_with(HELLO), "{activated}");
    assert_eq!(lines[1].trim(), "ffffff070001000000000000");
    // Somebody without the password is told nothing, and nothing of the password stands in the error.
    let error = open(port, "notpassword").blank().expect_err("refused").to_string();
    assert!(!error.contains("password\"") && !error.contains("notpassword"), "{error}");
}
