//! `wayside camera`: a recorded clip as an RTSP camera. What goes over the wire is tested in its crate.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::{plain, root, run};
use serde_json::Value;

/// A camera that serves the example's clip on a free port.
struct Camera {
    child: Child,
    ready: String,
}

impl Camera {
    fn start(arguments: &[&str], stderr: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = common::command(["camera", "--port", "0"]);
        command.arg(root().join("examples/junction/clip.mp4")).args(arguments);
        command.envs(environment.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(File::create(stderr).unwrap());
        let mut child = command.spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut ready).unwrap();
        Self { child, ready: ready.trim_end().to_owned() }
    }

    /// Ends it with a signal; its exit code.
    fn end(mut self, signal: &str) -> Option<i32> {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

/// Sends requests and gives what comes up to the end of the connection, or until it is enough.
fn ask(port: u16, requests: &str, enough: impl Fn(&[u8]) -> bool) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    stream.write_all(requests.as_bytes()).unwrap();
    let mut heard = Vec::new();
    let mut chunk = [0; 65_536];
    while let Ok(length @ 1..) = stream.read(&mut chunk) {
        heard.extend_from_slice(&chunk[..length]);
        if enough(&heard) || heard.len() > 50_000_000 {
            break;
        }
    }
    String::from_utf8_lossy(&heard).into_owned()
}

#[test]
fn it_says_where_it_is_and_who_watches_and_ends_cleanly() {
    let dir = tempfile::tempdir().unwrap();
    let (said, faults) = (dir.path().join("stderr"), dir.path().join("faults.toml"));
    let text = "[[fault]]\nat_s = 4.0\nkind = \"stop\"\nfor_s = 0.5\n";
    fs::write(&faults, text).unwrap();
    let camera = Camera::start(&["--faults", faults.to_str().unwrap()], &said, &[]);
    let (url, _) = camera.ready.split_once(' ').unwrap();
    let port = url.strip_prefix("rtsp://127.0.0.1:").unwrap().strip_suffix("/camera").unwrap();
    let ready = plain(&camera.ready, dir.path()).replace(port, "PORT");
    insta::assert_snapshot!(ready);
    let requests = "SETUP /camera/track0 RTSP/1.0\r\nTransport: RTP/AVP/TCP\r\n\r\n\
                    PLAY /camera RTSP/1.0\r\n\r\n";
    // The fault ends the connection.
    let heard = ask(port.parse().unwrap(), requests, |_| false);
    assert!(heard.contains("RTP-Info: url=rtsp://127.0.0.1:"), "the camera plays");
    common::until("the camera's return", || {
        fs::read_to_string(&said).unwrap().contains("fault over")
    });
    assert_eq!(camera.end("TERM"), Some(0));
    let said = fs::read_to_string(&said).unwrap();
    let said: Vec<String> = said.lines().map(without_port).collect();
    insta::assert_snapshot!(said.join("\n"));
}

/// A line without the client's port.
fn without_port(line: &str) -> String {
    match line.split_once("127.0.0.1:") {
        Some((before, after)) => {
            let after = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
            format!("{before}127.0.0.1:PORT{after}")
        }
        None => line.to_owned(),
    }
}

#[test]
fn it_tells_scripts_and_asks_for_a_password_that_is_nowhere_shown() {
    let dir = tempfile::tempdir().unwrap();
    let said = dir.path().join("stderr");
    let arguments = ["--json", "--user", "operator", "--password-env", "CAMERA_PASSWORD"];
    let camera = Camera::start(&arguments, &said, &[("CAMERA_PASSWORD", "s3cret")]);
    let ready: Value = serde_json::from_str(&camera.ready).unwrap();
    let port = u16::try_from(ready["port"].as_u64().unwrap()).unwrap();
    assert_eq!(ready["url"], format!("rtsp://127.0.0.1:{port}/camera"));
    assert_eq!((ready["codec"].as_str(), ready["width_px"].as_u64()), (Some("H.264"), Some(1280)));
    let answered = |heard: &[u8]| heard.ends_with(b"\r\n\r\n");
    let heard = ask(port, "DESCRIBE /camera RTSP/1.0\r\nCSeq: 1\r\n\r\n", answered);
    assert!(heard.starts_with("RTSP/1.0 401 Unauthorized\r\n"), "{heard}");
    let ready = camera.ready.clone();
    assert_eq!(camera.end("INT"), Some(0));
    assert!(!(ready + &heard + &fs::read_to_string(said).unwrap()).contains("s3cret"));
}

#[test]
fn it_refuses_what_it_cannot_serve() {
    let dir = tempfile::tempdir().unwrap();
    let faults = dir.path().join("faults.toml");
    fs::write(&faults, "[[fault]]\nat_s = 1\nkind = \"stopp\"\n").unwrap();
    let clip = root().join("examples/junction/clip.mp4");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let faults = faults.to_str().unwrap();
    let user = ["--user", "me", "--password-env", "NO_SUCH_VARIABLE"];
    let cases: [(&Path, &[&str]); 5] = [
        (Path::new("missing.mp4"), &["--port", "0"]),
        (&clip, &["--port", &port]),
        (&clip, &["--faults", faults]),
        (&clip, &user),
        (&clip, &["--start", "yesterday"]),
    ];
    let text: Vec<String> = cases
        .into_iter()
        .map(|(file, arguments)| {
            let mut command = common::command(["camera"]);
            command.arg(file).args(arguments).env_remove("NO_SUCH_VARIABLE");
            let ran = run(command);
            assert_eq!(ran.stdout, "");
            format!("{:?}\n{}", ran.code, plain(&ran.stderr, dir.path()).replace(&port, "PORT"))
        })
        .collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn help() {
    insta::assert_snapshot!(common::wayside(["camera", "--help"]).succeeded().stdout);
}
