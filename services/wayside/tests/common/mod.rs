//! Runs the real program and keeps what it says.
#![allow(dead_code)] // Each test file uses its part.

pub mod clips;
pub mod sites;

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// No run may take longer, on the slowest machine; one that does hangs.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

/// The folder with the detector; none where there is no model, and then it says so.
pub fn models() -> Option<PathBuf> {
    let named = std::env::var_os("WAYSIDE_MODELS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared/models"));
    let there = folder.join("yolox_nano.onnx").is_file();
    if !there {
        println!("skipped: no yolox_nano.onnx in a folder named by WAYSIDE_MODELS");
    }
    there.then_some(folder)
}

/// A run that has ended.
#[derive(Debug)]
pub struct Ran {
    /// Exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// The object that `--json` printed.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// Asserts success.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// The program with these arguments, without settings of the caller.
pub fn command<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wayside"));
    command.args(arguments).env_remove("WAYSIDE_LOG").env_remove("WAYSIDE_MODELS");
    if let Some(folder) = std::env::var_os("WAYSIDE_MODELS").map(PathBuf::from) {
        command.env("WAYSIDE_MODELS", folder);
    } else if root().join("../shared/models").is_dir() {
        command.env("WAYSIDE_MODELS", root().join("../shared/models"));
    }
    command
}

/// Runs the program to its end.
pub fn wayside<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    run(command(arguments))
}

/// Runs a command to its end.
pub fn run(command: Command) -> Ran {
    run_with(command, |_| ())
}

/// Runs a command to its end; `meanwhile` may disturb it.
pub fn run_with(mut command: Command, meanwhile: impl FnOnce(&mut Child)) -> Ran {
    // Files, not pipes: a pipe that nobody empties would stop the program.
    let dir = tempfile::tempdir().expect("a folder");
    let file = |name: &str| File::create(dir.path().join(name)).expect("a file");
    command.stdin(Stdio::null()).stdout(file("stdout")).stderr(file("stderr"));
    let mut child = command.spawn().expect("the program starts");
    meanwhile(&mut child);
    let status = wait(&mut child);
    let text = |name: &str| {
        let bytes = std::fs::read(dir.path().join(name)).expect("what it said");
        String::from_utf8(bytes).expect("UTF-8")
    };
    Ran { code: status.code(), stdout: text("stdout"), stderr: text("stderr") }
}

fn wait(child: &mut Child) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a status") {
            return status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().expect("to end it");
            panic!("the program hangs");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Sends Ctrl-C.
pub fn interrupt(child: &Child) {
    let told = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(told.expect("a shell").success(), "no signal could be sent");
}

/// Waits until `there` holds, for twenty minutes at most.
pub fn until(what: &str, there: impl Fn() -> bool) {
    let started = Instant::now();
    while !there() {
        assert!(started.elapsed() < Duration::from_secs(1_200), "{what} never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A text without what differs from machine to machine.
pub fn plain(text: &str, dir: &Path) -> String {
    let root = root();
    let shared = root.parent().unwrap_or(&root).join("shared/models");
    let spelled = root.join("../shared/models");
    let mut text = text.replace(&dir.display().to_string(), "DIR");
    for models in models().iter().chain([&shared, &spelled]) {
        text = text.replace(&models.display().to_string(), "MODELS");
    }
    let text = text.replace(&root.display().to_string(), "REPO");
    let mut parts = text.split("wheel onnxruntime ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        out += &format!("wheel onnxruntime VERSION{rest}");
    }
    out
}

/// One JSON object a line.
pub fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("a file of lines");
    text.lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
}

/// A file with one JSON object.
pub fn object(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a file");
    serde_json::from_str(&text).expect("an object")
}

/// Names of the files in a folder, in order; none where there is no folder.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> =
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The keys of an object, in the order of the text.
pub fn keys(value: &Value) -> Vec<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}
