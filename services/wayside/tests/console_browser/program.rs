//! The program under test with everything that a browser looks at, and its camera.

use std::path::PathBuf;

use tempfile::TempDir;
use wayside_camera::Server;

use crate::junction;
use crate::waits::wall;
use crate::worker::{Ended, Worker};

/// `wayside run` over the example at half its size, every signal red: whoever crosses a line is a violation.
pub struct Program {
    dir: TempDir,
    worker: Option<Worker>,
    /// Plays the example in a loop, slowly.
    _camera: Server,
    /// Where the console is.
    pub url: String,
    /// The link that makes its first account.
    pub link: String,
    /// Where the pages of signs are.
    pub signs: String,
}

impl Program {
    /// Starts camera and program, and waits until the console can be opened.
    pub fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clip = junction::slow("browser.mp4", 4.0, 34.0);
        let camera = crate::cameras::serve(&clip);
        let rtsp = format!("url = \"{}\"\n", camera.url());
        let start = wall().plus_s(-60.0).to_string();
        junction::write_half_red(dir.path(), &start, &[("north", rtsp)]);
        let sites = dir.path().join("sites");
        std::fs::create_dir(&sites).unwrap();
        let sites = sites.display().to_string();
        let settings = [
            ["--console", "127.0.0.1:0"],
            ["--review", "127.0.0.1:0"],
            ["--signs-listen", "127.0.0.1:0"],
            ["--sites-folder", &sites],
            ["--undo-s", "0"],
            ["--second-review-share", "0"],
            ["--known-share", "0"],
        ];
        let settings = settings.concat().into_iter().chain(["--signs"]);
        let worker = Worker::start("run", dir.path(), settings);
        let url = worker.said("the console is on ", "");
        let token = worker.said("#/setup?token=", "");
        let link = format!("{url}/#/setup?token={token}");
        let signs = worker.said("pages of signs on ", "");
        Self { dir, worker: Some(worker), _camera: camera, url, link, signs }
    }

    /// Its durable log.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// What it has logged.
    pub fn stderr(&self) -> String {
        self.worker.as_ref().unwrap().stderr()
    }

    /// Ends it as a service manager does.
    pub fn stop(&mut self) -> Ended {
        self.worker.take().unwrap().stop()
    }
}
