//! The worker under test: a child process.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::comes;
use crate::common;

/// How long a start or an end may take on a busy machine.
const SOON: Duration = Duration::from_secs(300);

/// A `wayside run` or `wayside ingest` that is under way. Dropping it kills it.
pub struct Worker {
    child: Child,
    /// Files of what it says: standard output, standard error.
    said: (PathBuf, PathBuf),
    http: SocketAddr,
}

/// A worker that has ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// `wayside HOW SITE --data DIR/data` with a page of its own, one detector thread, no console and no models
/// beside the embedded one.
pub fn command(how: &str, dir: &Path) -> Command {
    let mut command = common::command([how]);
    command.env_remove("WAYSIDE_MODELS").env("WAYSIDE_LOG", "info,ort=error");
    command.arg(dir.join("site.toml")).arg("--data").arg(dir.join("data"));
    command.args(["--http", "127.0.0.1:0", "--threads", "1"]);
    // A test that wants the console says where: the usual place is one for the whole machine.
    if how == "run" {
        command.arg("--no-console");
    }
    command
}

impl Worker {
    /// Starts over `DIR/site.toml` and waits until its pages are served.
    pub fn start<S: AsRef<OsStr>>(
        how: &str,
        dir: &Path,
        more: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut command = command(how, dir);
        command.args(more);
        Self::spawn(command, dir)
    }

    /// Starts a command over `DIR/data`. What it says is kept in files, each start's apart.
    pub fn spawn(mut command: Command, dir: &Path) -> Self {
        let count = fs::read_dir(dir).unwrap().count();
        let number = (count..).find(|n| !dir.join(format!("{n}.stderr")).exists()).unwrap();
        let file = |kind: &str| dir.join(format!("{number}.{kind}"));
        let said = (file("stdout"), file("stderr"));
        command.stdin(Stdio::null());
        command.stdout(File::create(&said.0).unwrap()).stderr(File::create(&said.1).unwrap());
        let mut child = command.spawn().unwrap();
        let mut http = None;
        let found = comes(SOON, || {
            let text = fs::read_to_string(&said.1).unwrap_or_default();
            http = whole(&text)
                .lines()
                .find_map(|line| line.rsplit_once("readiness on http://")?.1.trim().parse().ok());
            http.is_some() || child.try_wait().unwrap().is_some()
        });
        let text = fs::read_to_string(&said.1).unwrap_or_default();
        assert!(found && http.is_some(), "the worker does not start: {text}");
        Self { child, said, http: http.unwrap() }
    }

    /// What it has printed.
    pub fn stdout(&self) -> String {
        fs::read_to_string(&self.said.0).unwrap()
    }

    /// What it has logged.
    pub fn stderr(&self) -> String {
        fs::read_to_string(&self.said.1).unwrap()
    }

    /// A page; empty where it does not answer.
    pub fn page(&self, path: &str) -> String {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect_timeout(&self.http, SOON)?;
            stream.set_read_timeout(Some(SOON))?;
            write!(stream, "GET {path} HTTP/1.1\r\nHost: worker\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        let answer = ask().unwrap_or_default();
        answer.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned())
    }

    /// `/healthz`; null where it does not answer.
    pub fn health(&self) -> Value {
        serde_json::from_str(&self.page("/healthz")).unwrap_or_default()
    }

    /// A camera on `/healthz`; null where it is not there.
    pub fn camera(&self, id: &str) -> Value {
        let site = self.health()["cameras"].take();
        site.as_object()
            .and_then(|sites| sites.values().next())
            .map_or(Value::Null, |cameras| cameras[id].clone())
    }

    /// The conditions for which a camera's rules are stood down.
    pub fn conditions(&self, id: &str) -> Vec<String> {
        let camera = self.camera(id);
        let reasons = camera["stood_down"].as_array().into_iter().flatten();
        reasons.map(|reason| reason["condition"].as_str().unwrap().to_owned()).collect()
    }

    /// Sum of a metric over the series that have all these labels.
    pub fn metric(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let labels: Vec<String> = labels.iter().map(|(k, v)| format!("{k}=\"{v}\"")).collect();
        let page = self.page("/metrics");
        let values = page.lines().filter_map(|line| {
            let (series, value) = line.rsplit_once(' ')?;
            let (found, rest) = series.split_once('{').unwrap_or((series, ""));
            let holds = found == name && labels.iter().all(|label| rest.contains(label.as_str()));
            holds.then(|| value.parse::<f64>().unwrap())
        });
        values.sum()
    }

    /// Waits for something to come about with this worker.
    #[track_caller]
    pub fn until(&self, what: &str, wait: Duration, mut there: impl FnMut(&Self) -> bool) {
        if !comes(wait, || there(self)) {
            panic!("no {what} within {wait:?}\n{:#}\n{}", self.health(), self.stderr());
        }
    }

    /// Waits for a line of the log, and takes what stands in it between two texts; to the end of the line
    /// where the second is empty.
    #[track_caller]
    pub fn said(&self, before: &str, after: &str) -> String {
        let mut found = None;
        self.until(before, SOON, |worker| {
            let text = worker.stderr();
            found = whole(&text).lines().find_map(|line| {
                let rest = line.split_once(before)?.1;
                let end = if after.is_empty() { rest.len() } else { rest.find(after)? };
                Some(rest[..end].trim().to_owned())
            });
            found.is_some()
        });
        found.unwrap()
    }

    /// Waits until all these cameras send pictures.
    #[track_caller]
    pub fn until_connected(&self, ids: &[&str]) {
        self.until("pictures", SOON, |worker| {
            let health = worker.health();
            let sites = health["cameras"].as_object();
            let cameras = sites.and_then(|sites| sites.values().next());
            cameras.is_some_and(|cameras| ids.iter().all(|id| cameras[id]["connected"] == true))
        });
    }

    /// Number of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it with SIGKILL, at once.
    pub fn kill(mut self) -> Ended {
        self.child.kill().unwrap();
        self.wait()
    }

    /// Ends it as a service manager does.
    pub fn stop(mut self) -> Ended {
        signal(self.child.id(), "TERM");
        self.wait()
    }

    fn wait(&mut self) -> Ended {
        let mut status = None;
        let ended = comes(SOON, || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        assert!(ended, "the worker does not end: {}", self.stderr());
        let code = status.and_then(|status| status.code());
        Ended { code, stdout: self.stdout(), stderr: self.stderr() }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a text that are there to their ends: the last may be under way.
fn whole(text: &str) -> &str {
    text.rsplit_once('\n').map_or("", |(whole, _)| whole)
}

/// Sends a signal to one process.
pub fn signal(pid: u32, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).status();
    assert!(sent.unwrap().success(), "no signal could be sent");
}
