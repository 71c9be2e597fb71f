//! The city whose cameras are published.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use toml_edit::DocumentMut;

use crate::common;
use crate::place::Place;

/// A simulated city. The same one gives the same messages.
#[derive(Clone, Copy, Debug)]
pub struct City {
    pub cameras: u32,
    /// Of event time.
    pub seconds: u32,
    pub seed: u64,
}

impl City {
    fn arguments(&self, command: &mut Command) {
        let Self { cameras, seconds, seed } = self;
        command.args(["--cameras", &cameras.to_string(), "--seconds", &seconds.to_string()]);
        command.args(["--seed", &seed.to_string(), "--offenders", "0.2", "--gaps-per-hour", "60"]);
        command.arg("--json");
    }

    /// Writes the site files into a folder of `dir`, without sections: their vectors expire by the wall
    /// clock, so that what is found does depend on when one looks.
    pub fn sites(&self, dir: &Path) -> PathBuf {
        let out = dir.join("sites");
        let mut command =
            common::command(["simulate", "--no-bus", "--speed", "max", "--sites-out"]);
        command.arg(&out);
        Self { seconds: 1, ..*self }.arguments(&mut command);
        for name in ["WAYSIDE_KAFKA", "WAYSIDE_KAFKA_CONFIG"] {
            command.env_remove(name);
        }
        common::run(command).succeeded();
        for entry in std::fs::read_dir(&out).unwrap() {
            without_sections(&entry.unwrap().path());
        }
        out
    }

    /// Publishes all of it as fast as it goes; the summary.
    pub fn publish(&self, place: &Place) -> Value {
        let mut command = place.command("simulate");
        self.arguments(&mut command);
        command.args(["--speed", "max"]);
        common::run(command).succeeded().json()
    }

    /// Begins to publish, so many times as fast as real, from a second of event time on.
    pub fn publishing(&self, place: &Place, speed: f64, from_s: u32, dir: &Path) -> Publisher {
        let mut command = place.command("simulate");
        self.arguments(&mut command);
        command.args(["--speed", &speed.to_string(), "--skip-until", &from_s.to_string()]);
        let file = |name: &str| File::create(dir.join(name)).unwrap();
        command.stdin(Stdio::null()).stdout(file("published")).stderr(file("publisher"));
        Publisher { child: command.spawn().unwrap(), said: dir.join("publisher") }
    }
}

/// Removes the sections of a site file.
fn without_sections(path: &Path) {
    let mut site: DocumentMut = std::fs::read_to_string(path).unwrap().parse().unwrap();
    site.remove("section");
    if let Some(rules) = site.get_mut("rules").and_then(|rules| rules.as_table_like_mut()) {
        rules.remove("section_speed");
    }
    std::fs::write(path, site.to_string()).unwrap();
}

/// A `wayside simulate` under way. Dropping it kills it.
pub struct Publisher {
    child: Child,
    said: PathBuf,
}

impl Publisher {
    /// Ends it with SIGKILL, at once.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Whether it is still at it. It must not end but with all published.
    #[track_caller]
    pub fn publishes(&mut self) -> bool {
        let Some(status) = self.child.try_wait().unwrap() else { return true };
        let said = std::fs::read_to_string(&self.said).unwrap();
        assert!(status.success(), "the publisher has given up: {said}");
        false
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
