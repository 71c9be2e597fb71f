//! The program under test: `wayside run` with a console and a folder for site files.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::common;
use crate::worker::Worker;

pub struct Program {
    pub dir: TempDir,
    pub worker: Worker,
    /// Where the console is.
    pub url: String,
    /// The token that makes its first account.
    pub token: String,
}

impl Program {
    /// Starts it over these site files, which may be none, and waits until the console can be opened.
    pub fn start(sites: &[&Path]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = common::command(["run"]);
        command.env("WAYSIDE_LOG", "info,ort=error").args(sites);
        command.arg("--data").arg(dir.path().join("data"));
        command.arg("--sites-folder").arg(dir.path().join("sites"));
        command.args(["--http", "127.0.0.1:0", "--threads", "1", "--console", "127.0.0.1:0"]);
        command.args(["--undo-s", "0", "--second-review-share", "0", "--known-share", "0"]);
        let worker = Worker::spawn(command, dir.path());
        let url = worker.said("the console is on ", "");
        let token = worker.said("#/setup?token=", "");
        Self { dir, worker, url, token }
    }

    /// The folder for site files.
    pub fn sites(&self) -> PathBuf {
        self.dir.path().join("sites")
    }
}
