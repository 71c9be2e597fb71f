//! Models and runtimes that are not there or not the right ones.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use super::Cases;
use crate::common::{clips, models, run, sites};

fn ready() -> Cases {
    let cases = Cases::new();
    sites::write(cases.path(), sites::SITE, sites::SIGNALS);
    clips::empty_road(&cases.path().join("clip.mp4"), clips::SIZE, 3);
    fs::create_dir(cases.path().join("models")).unwrap();
    cases
}

fn with(cases: &Cases, arguments: &[&str]) -> Command {
    let mut command = cases.replay(&["--models-dir", "models"]);
    if !arguments.contains(&"--model") {
        command.args(["--model", "yolox-nano"]);
    }
    command.args(arguments);
    command
}

/// The download fails at once, whether there is a network or not: the proxy is a closed port.
#[test]
fn a_missing_model() {
    let cases = ready();
    let mut command = with(&cases, &[]);
    for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"]
    {
        command.env(name, "http://127.0.0.1:9");
    }
    for name in ["no_proxy", "NO_PROXY"] {
        command.env_remove(name);
    }
    let started = Instant::now();
    let ran = run(command);
    assert!(started.elapsed() < Duration::from_secs(900), "it took {:?}", started.elapsed());
    assert_eq!(ran.code, Some(3), "{ran:?}");
    for part in [
        "error: the model yolox-nano could not be downloaded\n",
        "\n  cause: https://",
        "\n  hint: fetch https://",
        "--models-dir or WAYSIDE_MODELS",
    ] {
        assert!(ran.stderr.contains(part), "{part:?} is not in {}", ran.stderr);
    }
    assert_eq!(crate::common::names(&cases.out()), Vec::<String>::new());
}

/// A model of other shapes has another checksum, which is looked at first; that shapes are compared
/// as well is held by the tests of `wayside-inference`.
#[test]
fn wrong_models() {
    let mut cases = ready();
    let file = cases.path().join("models/yolox_nano.onnx");
    fs::write(&file, "no model").unwrap();
    cases.refused("wrong checksum", with(&cases, &[]));
    if let Some(folder) = models() {
        let bytes = fs::read(folder.join("yolox_nano.onnx")).unwrap();
        fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        cases.refused("truncated", with(&cases, &[]));
        if let Ok(other) = fs::read(folder.join("yolox_nano_dyn.onnx")) {
            fs::write(&file, other).unwrap();
            let ran = run(with(&cases, &[]));
            assert_eq!(ran.code, Some(3), "{ran:?}");
            assert!(ran.stderr.contains("is not the model yolox-nano"), "{}", ran.stderr);
        }
    } else {
        return;
    }
    cases.refused("no such model", with(&cases, &["--model", "yolox-huge"]));
    cases.refused("no such provider", with(&cases, &["--provider", "abacus"]));
    insta::assert_snapshot!(cases.text);
}

#[test]
fn wrong_runtimes() {
    let Some(folder) = models() else { return };
    let mut cases = ready();
    let folder = folder.display().to_string();
    let with = |cases: &Cases, library: &str| {
        let mut command = cases.replay(&["--models-dir", &folder, "--onnxruntime", library]);
        command.args(["--model", "yolox-nano"]);
        command.env_remove("WAYSIDE_ONNXRUNTIME");
        command
    };
    cases.refused("no such library", with(&cases, "libnothing.so"));
    fs::write(cases.path().join("libtext.so"), "no library").unwrap();
    cases.refused("no library", with(&cases, "libtext.so"));
    insta::assert_snapshot!(cases.text);
}
