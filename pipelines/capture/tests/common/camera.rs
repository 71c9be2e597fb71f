//! An RTSP camera in a process of its own, so that it can be killed and stopped.
#![allow(dead_code, clippy::unwrap_used)] // Each test file uses its part; all is test code.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use gstreamer as gst;
use gstreamer_rtsp_server as server;
use gstreamer_rtsp_server::prelude::*;
use wayside_capture::live::{LiveEvent, LiveOptions, LiveSource, Session, Transport};

/// 25 frames a second, a key frame every 10.
pub const H264: &str = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! openh264enc gop-size=10 ! rtph264pay name=pay0 pt=96 config-interval=-1";

const LINE: &str = "WAYSIDE_TEST_CAMERA";

/// Not a test: the camera's process.
#[test]
#[ignore = "this is the camera that the tests start"]
fn serve() {
    let Ok(line) = std::env::var(LINE) else { return };
    gst::init().unwrap();
    let rtsp = server::RTSPServer::new();
    rtsp.set_service("0");
    let factory = server::RTSPMediaFactory::new();
    factory.set_launch(&format!("( {line} )"));
    factory.set_shared(true);
    rtsp.mount_points().unwrap().add_factory("/cam", factory);
    let main = gst::glib::MainLoop::new(None, false);
    let _id = rtsp.attach(None).unwrap();
    println!("PORT {}", rtsp.bound_port());
    // The test's end closes standard input.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    main.run();
}

/// The camera's process.
pub struct Camera {
    child: Child,
    port: u16,
}

impl Camera {
    /// Serves what this gst-launch line makes.
    pub fn start(line: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "camera::serve", "--ignored", "--nocapture"])
            .env(LINE, line)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines
            .find_map(|line| line.unwrap().split("PORT ").nth(1).map(|port| port.parse().unwrap()))
            .expect("the camera tells its port");
        // What else it prints goes nowhere.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }

    pub fn url(&self, path: &str) -> String {
        format!("rtsp://127.0.0.1:{}/{path}", self.port)
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Hangs it (`-STOP`) or lets it go on (`-CONT`).
    pub fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn source(url: &str, transport: Transport) -> LiveSource {
    LiveSource { url: url.to_owned(), transport, credentials: None, jitter_ms: 100, tls_ca: None }
}

/// A session and its events.
pub struct Play {
    pub session: Option<Session>,
    pub events: Receiver<LiveEvent>,
}

impl Play {
    pub fn open(source: &LiveSource) -> Self {
        Self::with(source, &LiveOptions::default(), 64)
    }

    pub fn with(source: &LiveSource, options: &LiveOptions, room: usize) -> Self {
        let (sender, events) = crossbeam_channel::bounded(room);
        let session = Session::open(source, options, sender).unwrap();
        Self { session: Some(session), events }
    }

    /// Events up to the one that is `last`, or the end of the session.
    pub fn until(
        &mut self,
        wait: Duration,
        mut last: impl FnMut(&LiveEvent) -> bool,
    ) -> Vec<LiveEvent> {
        let deadline = Instant::now() + wait;
        let mut out = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => {
                    let done = last(&event) || matches!(event, LiveEvent::Ended(_));
                    out.push(event);
                    if done {
                        return out;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    panic!(
                        "nothing more within {wait:?}, after {} events: {:?}",
                        out.len(),
                        out.last()
                    )
                }
                Err(RecvTimeoutError::Disconnected) => return out,
            }
        }
    }
}
