//! Bad input ends in a clear error, never in a panic, a hang or a silent empty result.
//!
//! Each case runs the program and pins its exit code and message. A refused input leaves no folder
//! that looks like results.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

#[path = "../common/mod.rs"]
mod common;

mod disk;
mod interrupted;
mod model;
mod signals;
mod site;
mod tracks;
mod video;

use std::path::Path;
use std::process::Command;

use common::{Ran, names, plain, run};

/// Cases, with the exit code and the message of each.
struct Cases {
    dir: tempfile::TempDir,
    text: String,
}

impl Cases {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), text: String::new() }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn out(&self) -> std::path::PathBuf {
        self.path().join("out")
    }

    /// Runs a case that must come to nothing, and notes what it says.
    #[track_caller]
    fn refused(&mut self, title: &str, command: Command) {
        let ran = run(command);
        assert!(matches!(ran.code, Some(1..=3)), "{title}: {ran:?}");
        self.note(title, &ran);
        assert_eq!(names(&self.out()), Vec::<String>::new(), "{title} left something");
    }

    /// Notes exit code and message.
    #[track_caller]
    fn note(&mut self, title: &str, ran: &Ran) {
        assert!(!ran.stderr.contains("panicked"), "{title}: {}", ran.stderr);
        let code = ran.code.unwrap_or_else(|| panic!("{title}: ended by a signal: {ran:?}"));
        let stderr = plain(&ran.stderr, self.path());
        self.text += &format!("-- {title}: exit {code}\n{stderr}");
    }

    /// A replay of the site in `dir` into `out`.
    fn replay(&self, arguments: &[&str]) -> Command {
        self.replay_of("site.toml", arguments)
    }

    fn replay_of(&self, site: &str, arguments: &[&str]) -> Command {
        let mut command = common::command(["replay"]);
        command.arg(self.path().join(site)).arg("--out").arg(self.out()).args(arguments);
        // Names in arguments are relative to the folder of the case.
        command.current_dir(self.path());
        command
    }
}
