//! What is said of what cannot be served. Every message is pinned.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::net::TcpListener;
use std::path::Path;

use common::{H264_MP4, clip};
use wayside_camera::{
    CameraError, Credentials, Fault, FaultKind, Options, Server, TlsFiles, parse_faults,
};

/// The error of starting with these options; the folder of the test is called DIR.
fn error(dir: &Path, options: Options) -> String {
    let error = Server::start(options).map(|server| server.url()).unwrap_err();
    error.to_string().replace(&dir.display().to_string(), "DIR")
}

#[test]
fn clips_that_cannot_be_served() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("empty.mp4"), "").unwrap();
    std::fs::write(at("text.mp4"), "This is no recording.\n".repeat(100)).unwrap();
    let whole = clip(&at("whole.mp4"), H264_MP4, 12, (160, 120));
    let bytes = std::fs::read(whole).unwrap();
    std::fs::write(at("half.mp4"), &bytes[..bytes.len() / 2]).unwrap();
    clip(&at("vp8.mkv"), "vp8enc deadline=1 ! matroskamux", 3, (160, 120));
    clip(&at("tables.mov"), "avenc_mjpeg ! qtmux", 3, (160, 120));
    sound(&at("sound.mkv"));
    let names = [
        "missing.mp4",
        "",
        "empty.mp4",
        "text.mp4",
        "half.mp4",
        "vp8.mkv",
        "tables.mov",
        "sound.mkv",
    ];
    let said: Vec<String> =
        names.iter().map(|name| error(dir.path(), Options::new(at(name)))).collect();
    insta::assert_snapshot!(said.join("\n\n"));
}

/// A recording without video.
fn sound(path: &Path) {
    use gstreamer::prelude::*;
    gstreamer::init().unwrap();
    let text = format!(
        "audiotestsrc num-buffers=10 ! audio/x-raw,format=S16LE ! matroskamux ! filesink location={}",
        path.display()
    );
    let pipeline = gstreamer::parse::launch(&text).unwrap();
    pipeline.set_state(gstreamer::State::Playing).unwrap();
    let wait = gstreamer::ClockTime::from_seconds(10);
    let bus = pipeline.bus().unwrap();
    bus.timed_pop_filtered(wait, &[gstreamer::MessageType::Eos]).unwrap();
    pipeline.set_state(gstreamer::State::Null).unwrap();
}

#[test]
fn options_that_cannot_be_met() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let path = clip(&at("clip.mp4"), H264_MP4, 3, (160, 120));
    let plain = || Options::new(&path);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(at("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(at("other.pem"), other.signing_key.serialize_pem()).unwrap();
    let tls = |cert: &str, key: &str| Some(TlsFiles { cert: at(cert), key: at(key) });
    let user = |user: &str, password: &str| {
        Some(Credentials { user: user.to_owned(), password: password.to_owned() })
    };
    let said = [
        error(dir.path(), Options { port, ..plain() }).replace(&port.to_string(), "PORT"),
        error(dir.path(), Options { bind: [203, 0, 113, 1].into(), ..plain() }),
        error(dir.path(), Options { tls: tls("none.pem", "other.pem"), ..plain() }),
        error(dir.path(), Options { tls: tls("clip.mp4", "other.pem"), ..plain() }),
        error(dir.path(), Options { tls: tls("cert.pem", "cert.pem"), ..plain() }),
        error(dir.path(), Options { tls: tls("cert.pem", "other.pem"), ..plain() }),
        error(dir.path(), Options { credentials: user("a:b", "secret"), ..plain() }),
        error(dir.path(), Options { credentials: user("me", ""), ..plain() }),
    ];
    insta::assert_snapshot!(said.join("\n\n"));
}

#[test]
fn faults_that_cannot_be_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = clip(&dir.path().join("clip.mp4"), H264_MP4, 3, (160, 120));
    let server = Server::start(Options::new(&path)).unwrap();
    let switch = FaultKind::Switch { file: dir.path().join("none.mp4") };
    let said: Vec<String> = [
        switch,
        FaultKind::FrameLoss { share: f64::NAN, seed: 1 },
        FaultKind::Resolution { width_px: 15, height_px: 100 },
        FaultKind::ClockJump { jump_s: f64::INFINITY },
    ]
    .into_iter()
    .map(|kind| server.fault(Fault::forever(kind)).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(said.join("\n\n").replace(&dir.path().display().to_string(), "DIR"));
}

#[test]
fn fault_files_that_are_wrong() {
    let texts = [
        "",
        "[[fault]\nkind = 1",
        "faults = 3\n",
        "fault = 3\n",
        "fault = [1]\n",
        "[[fault]]\nat_s = 1.0\n",
        "[[fault]]\nat_s = 1.0\nkind = \"hnag\"\n\n[[fault]]\nkind = \"fire\"\n[[fault]]\nkind = 3\n",
        "[[fault]]\nat = 1.0\nkind = \"stop\"\nfors_s = 2\njump_s = 3\n",
        "[[fault]]\nat_s = \"soon\"\nkind = \"hang\"\nfor_s = 0\n",
        "[[fault]]\nat_s = -1\nkind = \"clock_jump\"\njump_s = nan\n",
        "[[fault]]\nat_s = 1\nkind = \"frame_loss\"\nshare = 30\nseed = -1\n",
        "[[fault]]\nat_s = 1\nkind = \"garbage\"\nseed = 1.5\n",
        "[[fault]]\nat_s = 1\nkind = \"switch\"\nfile = \"\"\n",
        "[[fault]]\nat_s = 1\nkind = \"resolution\"\nwidth_px = 641\nheight_px = 9999\n",
    ];
    let mut said = String::new();
    for text in texts {
        let errors = parse_faults("faults.toml".as_ref(), text).unwrap_err();
        said += &format!("{text}----\n{}\n\n", CameraError::from(errors));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_fault_file_that_is_right() {
    let text = r#"
        [[fault]]
        at_s = 20
        kind = "clock_jump"
        jump_s = -3_600.5

        [[fault]]
        at_s = 10.5
        kind = "stop"
        for_s = 10

        fault = []
    "#;
    assert!(parse_faults("f.toml".as_ref(), text).is_err(), "the list is given twice");
    let text = text.replace("fault = []", "");
    let text = text
        + "[[fault]]\nat_s = 0\nkind = \"frame_loss\"\nshare = 0.3\nseed = 0x10\n\
        [[fault]]\nat_s = 30\nkind = \"switch\"\nfile = \"b/other.mp4\"\n\
        [[fault]]\nat_s = 31\nkind = \"resolution\"\nwidth_px = 320\nheight_px = 180\nfor_s = 1.5\n\
        [[fault]]\nat_s = 40\nkind = \"half_open\"\nfor_s = 2\n\
        [[fault]]\nat_s = 50\nkind = \"garbage\"\nfor_s = 2\n\
        [[fault]]\nat_s = 60\nkind = \"hang\"\nfor_s = 2\n";
    let faults = parse_faults("site/f.toml".as_ref(), &text).unwrap();
    let said: Vec<String> =
        faults.iter().map(|fault| format!("{:?}: {}", fault.at, fault.fault)).collect();
    insta::assert_snapshot!(said.join("\n"));
}
