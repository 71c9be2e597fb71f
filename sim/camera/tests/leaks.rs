//! Starting and stopping leaves no thread and no descriptor behind. Alone in its process.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::path::Path;
use std::time::Duration;

use common::by_hand::ByHand;
use common::{H264_MP4, clip, until};
use wayside_camera::{Fault, FaultKind, Options, Server};

fn round(options: &Options) {
    let server = Server::start(options.clone()).unwrap();
    let mut tcp = ByHand::connect(server.port());
    tcp.play();
    tcp.packet(common::SOON).unwrap();
    let mut udp = ByHand::connect(server.port());
    let answer = udp.ask("SETUP", "/track0", "Transport: RTP/AVP;client_port=40000-40001\r\n");
    assert!(answer.contains("server_port="), "{answer}");
    assert!(udp.ask("PLAY", "", "").starts_with("RTSP/1.0 200"));
    let stop = Fault::lasting(FaultKind::Stop, Duration::from_millis(20));
    server.fault(stop).unwrap();
    // Comes back while the server ends, or not: both must be clean.
    until("the camera's return", || std::net::TcpStream::connect(server.address()).is_ok());
    server.fault(Fault::forever(FaultKind::Hang)).unwrap();
}

fn entries(path: &str) -> usize {
    std::fs::read_dir(Path::new(path)).unwrap().count()
}

#[test]
fn start_and_stop_leak_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options::new(clip(&dir.path().join("clip.mp4"), H264_MP4, 12, (160, 120)));
    // GStreamer keeps threads and descriptors of its own after its first use.
    for _ in 0..3 {
        round(&options);
    }
    let before = (entries("/proc/self/task"), entries("/proc/self/fd"));
    for _ in 0..20 {
        round(&options);
    }
    // Threads of GLib's pool end by and by.
    until("threads and descriptors to be as many as before", || {
        let now = (entries("/proc/self/task"), entries("/proc/self/fd"));
        now.0 <= before.0 && now.1 <= before.1
    });
    let ours = std::fs::read_dir("/proc/self/task").unwrap().filter(|task| {
        let name = task.as_ref().map(|task| std::fs::read_to_string(task.path().join("comm")));
        name.is_ok_and(|name| name.is_ok_and(|name| name.starts_with("wayside-c")))
    });
    assert_eq!(ours.count(), 0, "every thread of the server was waited for");
}
