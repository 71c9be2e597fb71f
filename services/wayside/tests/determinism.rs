//! The same footage gives the same observations and violations, whatever the number of threads and
//! whether pictures are written or not (EV-2).

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs;

use common::{clips, object, root, run};
use serde_json::Value;

/// Seconds of the example that are replayed.
const SECONDS: f64 = 6.0;

#[test]
fn threads_and_pictures_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let example = root().join("examples/junction");
    for name in ["site.toml", "signals.csv"] {
        fs::copy(example.join(name), dir.path().join(name)).unwrap();
    }
    clips::beginning(&example.join("clip.mp4"), &dir.path().join("clip.mp4"), SECONDS);
    let certificate = |name: &str, arguments: &[&str]| -> Value {
        let out = dir.path().join(name);
        let mut command = common::command(["replay", "--quiet"]);
        command.arg(dir.path().join("site.toml")).arg("--out").arg(&out).args(arguments);
        run(command).succeeded();
        assert_eq!(out.join("annotated.mp4").exists(), !arguments.contains(&"--no-pictures"));
        object(&out.join("certificate.json"))
    };
    let first = certificate("a", &["--threads", "1"]);
    assert!(first["frames"].as_u64().unwrap() >= 70, "{first}");
    let observed = fs::metadata(dir.path().join("a/observations.binpb")).unwrap().len();
    assert!(observed > 50_000, "{observed} bytes: nothing was seen, so nothing is compared");
    assert_eq!(first, certificate("b", &["--threads", "2"]));
    assert_eq!(first, certificate("c", &["--threads", "2", "--no-pictures"]));
    assert_eq!(first, certificate("d", &["--no-pictures"]));
}
