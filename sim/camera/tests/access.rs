//! Who may watch, and how: passwords, TLS, paths, transports, codecs.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::path::Path;

use common::by_hand::ByHand;
use common::{Client, Events, H264_MP4, clip, junction};
use gstreamer::prelude::*;
use wayside_camera::{Credentials, Options, Server, TlsFiles};

fn short(dir: &Path) -> Options {
    Options::new(clip(&dir.join("clip.mp4"), H264_MP4, 12, (160, 120)))
}

fn as_user(url: &str, protocols: &str, password: &str) -> Client {
    Client::play_with(url, protocols, |source| {
        source.set_property("user-id", "operator");
        source.set_property("user-pw", password);
    })
}

#[test]
fn only_the_right_password_plays() {
    let dir = tempfile::tempdir().unwrap();
    let events = Events::default();
    let credentials =
        Credentials { user: "operator".to_owned(), password: "s3cret, \"quoted\"".to_owned() };
    assert!(!format!("{credentials:?}").contains("s3cret"));
    let server = Server::start(Options {
        credentials: Some(credentials),
        events: Some(events.sink()),
        ..short(dir.path())
    })
    .unwrap();
    for protocols in ["tcp", "udp"] {
        as_user(&server.url(), protocols, "s3cret, \"quoted\"").wait_frames(3);
    }
    assert!(!events.has("refused"), "{:?}", events.all());
    let wrong = as_user(&server.url(), "tcp", "other");
    let ended = wrong.ends(common::SOON).unwrap();
    assert!(ended.contains("401") || ended.contains("Unauthorized"), "{ended}");
    assert!(events.has("was refused: wrong name or password"), "{:?}", events.all());
    let nobody = ByHand::connect(server.port()).ask("DESCRIBE", "", "");
    assert!(nobody.starts_with("RTSP/1.0 401"), "{nobody}");
    assert!(nobody.contains("WWW-Authenticate: Digest realm="), "{nobody}");
    assert!(!format!("{server:?}").contains("s3cret"));
}

#[test]
fn tls_carries_everything_in_one_connection() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let events = Events::default();
    let server = Server::start(Options {
        tls: Some(TlsFiles { cert, key }),
        events: Some(events.sink()),
        ..Options::new(junction())
    })
    .unwrap();
    assert!(server.url().starts_with("rtsps://127.0.0.1:"));
    let client = Client::play_with(&server.url(), "tcp", |source| {
        source.set_property_from_str("tls-validation-flags", "0");
    });
    client.wait_frames(8);
    assert!(events.has("plays over TLS"), "{:?}", events.all());
    let packets = client.rtp();
    for (before, after) in packets.iter().zip(&packets[1..]) {
        assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    }
}

#[test]
fn what_a_camera_does_not_do_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(short(dir.path())).unwrap();
    let mut client = ByHand::connect(server.port());
    let mut status = |method: &str, path: &str, headers: &str| {
        let answer = client.ask(method, path, headers);
        answer.lines().next().unwrap().strip_prefix("RTSP/1.0 ").unwrap().to_owned()
    };
    assert_eq!(status("OPTIONS", "", ""), "200 OK");
    assert_eq!(status("DESCRIBE", "/other", ""), "404 Not Found");
    assert_eq!(status("PLAY", "", ""), "454 Session Not Found");
    assert_eq!(status("RECORD", "", ""), "405 Method Not Allowed");
    let multicast = "Transport: RTP/AVP;multicast\r\n";
    assert_eq!(status("SETUP", "/track0", multicast), "461 Unsupported Transport");
    let tcp = "Transport: RTP/AVP/TCP;interleaved=0-1\r\n";
    assert_eq!(status("SETUP", "/track0", tcp), "200 OK");
    assert_eq!(status("PLAY", "", "Session: 1\r\n"), "454 Session Not Found");
    assert_eq!(status("TEARDOWN", "", ""), "200 OK");
}

#[test]
fn without_sender_reports_there_are_none() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(Options { sender_reports: false, ..short(dir.path()) }).unwrap();
    let client = Client::play(&server.url(), "tcp");
    client.wait_frames(40);
    assert_eq!(client.reports().len(), 0);
}

#[test]
fn motion_jpeg_and_h265_pass_through() {
    let dir = tempfile::tempdir().unwrap();
    let jpeg = clip(&dir.path().join("jpeg.mkv"), "jpegenc ! matroskamux", 12, (320, 240));
    for (path, codec) in [(jpeg, "Motion JPEG"), (common::data("h265.mp4"), "H.265")] {
        let server = Server::start(Options::new(&path)).unwrap();
        assert_eq!(server.clip().codec, codec);
        let client = Client::play(&server.url(), "tcp");
        // Over the seam, in the order of decoding.
        let frames = server.clip().frames;
        client.wait_frames(frames + 5);
        let ticks = |ns: u128| (ns * 90_000).div_ceil(1_000_000_000) as i64;
        let period = server.clip().period;
        let pts = server.clip().pts.clone();
        let next = pts.iter().map(|pts| *pts + period);
        let expected = pts.iter().copied().chain(next).map(|pts| ticks(pts.as_nanos()));
        for (time, expected) in common::timestamps(&client.rtp()).into_iter().zip(expected) {
            assert!((time - expected).abs() <= 1, "{time} is not {expected}");
        }
    }
}
