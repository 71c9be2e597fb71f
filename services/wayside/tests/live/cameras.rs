//! Cameras: in this process, or processes of their own that can be killed and stopped.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use wayside_camera::{Credentials, Options, Server};

use crate::worker::signal;
use crate::{comes, common};

/// How long a busy machine may take to start a camera.
const PATIENCE: Duration = Duration::from_secs(300);

/// A camera that serves a clip.
pub fn serve(clip: &Path) -> Server {
    Server::start(Options::new(clip)).unwrap()
}

/// A camera at a port, with a password; waits until the port is free.
pub fn serve_with(clip: &Path, port: u16, password: &str) -> Server {
    let user = "viewer".to_owned();
    let credentials = Some(Credentials { user, password: password.to_owned() });
    let options = Options { port, credentials, ..Options::new(clip) };
    let mut server = None;
    let started = comes(PATIENCE, || {
        server = Server::start(options.clone()).ok();
        server.is_some()
    });
    assert!(started, "port {port} stays taken");
    server.unwrap()
}

/// A port that nobody uses, and that nobody takes while a camera is away from it: Linux takes ports from 32768 on for
/// outgoing connections, brokers of tests begin at 20000, and each call begins where the last one ended.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = (std::process::id() % 8_000) as u16;
    loop {
        let port = 12_000 + (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 8_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A `wayside camera`. Dropping it kills it.
pub struct CameraProcess {
    child: Child,
    clip: PathBuf,
    port: u16,
}

impl CameraProcess {
    /// Starts on a free port, and waits until it serves.
    pub fn start(clip: &Path) -> Self {
        let port = free_port();
        Self { child: spawn(clip, port), clip: clip.to_owned(), port }
    }

    pub fn url(&self) -> String {
        format!("rtsp://127.0.0.1:{}/camera", self.port)
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts anew on the same port.
    pub fn again(&mut self) {
        self.child = spawn(&self.clip, self.port);
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }
}

impl Drop for CameraProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(clip: &Path, port: u16) -> Child {
    let mut child = None;
    let serves = comes(PATIENCE, || {
        let mut command = common::command(["camera", "--port", &port.to_string()]);
        command.arg(clip).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut started = command.spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(started.stdout.as_mut().unwrap()).read_line(&mut ready).unwrap();
        if ready.is_empty() {
            // The port is still taken by the process that was killed.
            started.wait().unwrap();
            return false;
        }
        child = Some(started);
        true
    });
    assert!(serves, "no camera on port {port}");
    child.unwrap()
}
