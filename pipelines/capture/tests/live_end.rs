//! Every way in which a live session ends, with its cause, and in time.

#![allow(clippy::unwrap_used)] // Its helpers are test code too.

#[path = "common/camera.rs"]
mod camera;
mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use camera::{Play, SOON, bframes, patient, serve, source};
use wayside_camera::{Fault, FaultKind, Options, Server, TlsFiles};
use wayside_capture::live::{
    Credentials, Ended, EndedWhy, LiveEvent, LiveOptions, LiveSource, Session, Transport,
    open_sessions,
};

const BOTH: [Transport; 2] = [Transport::Tcp, Transport::Udp];

/// Closing a session does not wait for a camera: its own limit is less than a second, a camera's are twenty.
const CLOSES: Duration = Duration::from_secs(15);

fn ended(source: &LiveSource) -> Ended {
    ended_within(source, &patient())
}

fn ended_within(source: &LiveSource, options: &LiveOptions) -> Ended {
    let started = Instant::now();
    let ended = Play::with(source, options, 64).ended(SOON);
    println!("{:?} after {:?}: {}", ended.why, started.elapsed(), ended.text);
    ended
}

/// The text without the port.
fn text(ended: &Ended, source: &LiveSource) -> String {
    let port = source.url.split(':').nth(2).and_then(|rest| rest.split('/').next()).unwrap();
    ended.text.replace(port, "PORT")
}

#[test]
fn passwords() {
    let mut options = Options::new(bframes());
    options.credentials = Some(wayside_camera::Credentials {
        user: "viewer".to_owned(),
        password: "correct horse".to_owned(),
    });
    let server = Server::start(options).unwrap();
    let mut said = Vec::new();
    for transport in BOTH {
        let mut source = source(&server.url(), transport);
        let none = ended(&source);
        source.credentials = Some(Credentials::new("viewer".to_owned(), "hunter2".to_owned()));
        let wrong = ended(&source);
        for ended in [&none, &wrong] {
            assert_eq!(ended.why, EndedWhy::Unauthorized);
            assert!(!ended.text.contains("hunter2"));
            said.push(text(ended, &source));
        }
        source.credentials = Some(Credentials::new("viewer".into(), "correct horse".into()));
        Play::open(&source).frames(3);
    }
    said.dedup();
    insta::assert_snapshot!(said[..2].join("\n"));
}

#[test]
fn nobody_there_and_nobody_who_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut said = Vec::new();
    for transport in BOTH {
        // It takes the connection and says nothing.
        let silent = source(&format!("rtsp://{address}/camera"), transport);
        let options =
            LiveOptions { connect_timeout: Duration::from_secs(2), ..LiveOptions::default() };
        let ended_silent = ended_within(&silent, &options);
        assert_eq!(ended_silent.why, EndedWhy::Unreachable);
        said.push(text(&ended_silent, &silent));
    }
    drop(listener);
    for transport in BOTH {
        let nobody = source(&format!("rtsp://{address}/camera"), transport);
        let ended_nobody = ended(&nobody);
        assert_eq!(ended_nobody.why, EndedWhy::Unreachable);
        said.push(text(&ended_nobody, &nobody));
    }
    let unknown = ended(&source("rtsp://no-such-camera.invalid:554/s", Transport::Tcp));
    assert_eq!(unknown.why, EndedWhy::Unreachable);
    said.dedup();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn no_such_stream() {
    let server = serve(&bframes());
    let source = source(&server.url().replace("/camera", "/other"), Transport::Tcp);
    let ended = ended(&source);
    assert_eq!(ended.why, EndedWhy::NotFound);
    insta::assert_snapshot!(text(&ended, &source));
}

#[test]
fn a_camera_that_goes_away() {
    for transport in BOTH {
        let server = serve(&bframes());
        let mut play = Play::open(&source(&server.url(), transport));
        play.frames(5);
        server.fault(Fault::forever(FaultKind::Stop)).unwrap();
        let started = Instant::now();
        let ended = play.ended(SOON);
        println!("{transport:?}: {:?} after {:?}: {}", ended.why, started.elapsed(), ended.text);
        assert_eq!(ended.why, EndedWhy::Closed);
        assert!(play.events.recv_timeout(Duration::from_millis(50)).is_err(), "it comes last");
    }
}

#[test]
fn a_camera_that_hangs_does_not_hang_the_drop() {
    for transport in BOTH {
        let server = serve(&bframes());
        let mut play = Play::open(&source(&server.url(), transport));
        play.frames(5);
        server.fault(Fault::forever(FaultKind::Hang)).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let started = Instant::now();
        drop(play);
        println!("{transport:?}: dropped in {:?}", started.elapsed());
        assert!(started.elapsed() < CLOSES);
    }
}

/// Answers one client with what a camera with another codec says.
fn describe(sdp: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut out = stream.try_clone().unwrap();
        let (mut sequence, mut method) = (String::new(), String::new());
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("CSeq: ") {
                sequence = number.to_owned();
            } else if method.is_empty() {
                method = line.split(' ').next().unwrap_or_default().to_owned();
            } else if line.is_empty() {
                let (head, body) = match method.as_str() {
                    "DESCRIBE" => ("Content-Type: application/sdp\r\n", sdp),
                    _ => ("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", ""),
                };
                let length = body.len();
                write!(
                    out,
                    "RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{head}Content-Length: {length}\r\n\r\n{body}"
                )
                .unwrap();
                method.clear();
            }
        }
    });
    format!("rtsp://{address}/s")
}

#[test]
fn a_codec_that_is_not_read() {
    let mut said = Vec::new();
    for sdp in [
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=s\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\na=control:1\r\n",
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=s\r\nt=0 0\r\nm=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=control:1\r\n",
    ] {
        let source = source(&describe(sdp), Transport::Tcp);
        let ended = ended(&source);
        assert_eq!(ended.why, EndedWhy::Unsupported);
        said.push(text(&ended, &source));
    }
    insta::assert_snapshot!(said.join("\n"));
}

fn certificate(dir: &std::path::Path, name: &str) -> TlsFiles {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let files = TlsFiles { cert: dir.join("cert.pem"), key: dir.join("key.pem") };
    std::fs::write(&files.cert, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    files
}

#[test]
fn encrypted_cameras_must_be_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let files = certificate(dir.path(), "127.0.0.1");
    let stranger = certificate(other.path(), "127.0.0.1").cert;
    let mut options = Options::new(bframes());
    options.tls = Some(files.clone());
    let server = Server::start(options).unwrap();
    let mut source = source(&server.url(), Transport::Udp);
    let mut said = Vec::new();
    for ca in [None, Some(stranger)] {
        source.tls_ca = ca;
        let ended = ended(&source);
        assert_eq!(ended.why, EndedWhy::Refused);
        said.push(text(&ended, &source));
    }
    source.tls_ca = Some(files.cert);
    Play::open(&source).frames(5);
    let mut refused = |path: PathBuf| {
        source.tls_ca = Some(path);
        let error =
            Session::open(&source, &LiveOptions::default(), crossbeam_channel::bounded(1).0);
        error.err().unwrap().to_string().replace(dir.path().to_str().unwrap(), "DIR")
    };
    said.push(refused(dir.path().join("none.pem")));
    said.push(refused(files.key));
    said.dedup();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_caller_that_goes_away_ends_the_session() {
    let server = serve(&bframes());
    let (sender, events) = crossbeam_channel::bounded(4);
    let options = patient();
    let session = Session::open(&source(&server.url(), Transport::Tcp), &options, sender).unwrap();
    assert!(matches!(events.recv(), Ok(LiveEvent::Connected { .. })));
    drop(events);
    let started = Instant::now();
    // Other tests of this process have sessions too; the camera sees this one.
    while server.clients().unwrap() > 0 {
        assert!(started.elapsed() < SOON, "{} open", open_sessions());
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(session);
}

#[test]
fn a_caller_that_does_not_read_holds_nothing_up() {
    let server = serve(&bframes());
    let options = LiveOptions::default();
    for wait_ms in [0, 50, 400, 1200] {
        let play = Play::with(&source(&server.url(), Transport::Tcp), &options, 1);
        std::thread::sleep(Duration::from_millis(wait_ms));
        let Play { session, events } = play;
        let started = Instant::now();
        drop(session);
        assert!(started.elapsed() < CLOSES, "after {wait_ms} ms");
        assert!(events.len() <= 1);
    }
}
