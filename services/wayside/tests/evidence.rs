//! Evidence packages of a replay, with real pictures, real redaction and a real seal, and what the
//! commands say where something is missing.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::{clips, lines, plain, root, run};
use serde_json::Value;
use wayside_package::{Package, Part};

/// Two violations happen in so much of the example.
const SECONDS: f64 = 30.0;

fn site(dir: &Path) -> PathBuf {
    let junction = root().join("examples/junction");
    for name in ["site.toml", "signals.csv"] {
        fs::copy(junction.join(name), dir.join(name)).unwrap();
    }
    clips::beginning(&junction.join("clip.mp4"), &dir.join("clip.mp4"), SECONDS);
    dir.join("site.toml")
}

fn keys(dir: &Path) -> PathBuf {
    let keys = dir.join("keys");
    let mut command = common::command(["keys", "new", "--name", "city"]);
    command.arg("--out").arg(&keys);
    run(command).succeeded();
    keys
}

fn replay(dir: &Path, site: &Path, keys: &Path, number: u32) -> (Value, PathBuf) {
    let (out, store) = (dir.join(format!("out-{number}")), dir.join(format!("store-{number}")));
    let mut command = common::command(["replay", "--json", "--no-pictures", "--threads", "2"]);
    command.arg(site).arg("--out").arg(out).arg("--signing-key").arg(keys);
    command.arg("--evidence").arg(&store);
    (run(command).succeeded().json(), store)
}

/// A package of real pictures holds, its violation follows from its observations, and the independent look at its
/// clip runs over every frame. What it finds is printed: the clip shows less than the camera saw.
fn looked_at(package: &Path, keys: &Path, frames: usize) {
    let mut verify = common::command(["verify", "--json", "--replay"]);
    verify.arg(package).arg("--key").arg(keys);
    let said = run(verify).succeeded().json();
    let findings = said["packages"][0]["findings"].as_array().unwrap();
    let replayed = findings.iter().find(|finding| finding["check"] == "replay").unwrap();
    assert_eq!(replayed["holds"], "yes", "{replayed}");
    let looked = &said["packages"][0]["looked"];
    let sentence = looked["sentence"].as_str().unwrap();
    assert!(sentence.contains(&format!("over the {frames} frames of the clip")), "{sentence}");
    println!("{}: {sentence}", looked["holds"]);
}

/// Every file below a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                all.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    all
}

#[test]
fn a_replay_seals_a_package_of_each_violation_and_the_same_bytes_again() {
    let dir = tempfile::tempdir().unwrap();
    let (site, keys) = (site(dir.path()), keys(dir.path()));
    let (summary, store) = replay(dir.path(), &site, &keys, 1);
    let violations = summary["violations"].as_array().unwrap();
    assert!(violations.len() >= 2, "{summary}");
    let packages = summary["evidence"]["packages"].as_array().unwrap();
    assert_eq!(packages.len(), violations.len());
    for (package, violation) in packages.iter().zip(violations) {
        assert_eq!(package["violation"], violation["id"], "{package}");
        let path = store.join(package["package"].as_str().unwrap_or_else(|| panic!("{package}")));
        let bytes = fs::read(&path).unwrap();
        let opened = Package::open(&bytes).unwrap_or_else(|error| panic!("{error}"));
        let manifest = opened.manifest();
        assert!(manifest.replay.follows, "{}", manifest.replay.sentence);
        assert_eq!((manifest.clip.width_px, manifest.clip.height_px), (1280, 720));
        // Five seconds before and after, at 12.5 frames a second, within the recording.
        assert!((90..=127).contains(&manifest.clip.frames), "{}", manifest.clip.frames);
        assert!(!manifest.models.is_empty() && manifest.program.sha256.is_some());
        for part in [Part::Before, Part::AtLine, Part::After] {
            assert!(image::load_from_memory(opened.part(part)).is_ok(), "{part}");
        }
        looked_at(&path, &keys, manifest.clip.frames as usize);
    }
    // All of them together are a chain.
    let mut verify = common::command(["verify"]);
    verify.args(packages.iter().map(|it| store.join(it["package"].as_str().unwrap())));
    verify.arg("--key").arg(&keys);
    let said = run(verify).succeeded().stdout;
    assert!(said.contains("follow each other"), "{said}");
    let report = fs::read_to_string(dir.path().join("out-1/report.html")).unwrap();
    assert!(report.contains("Evidence packages: "), "the report says where they are");
    // Again, elsewhere: the same bytes. Again, there: what is there is found.
    let (_, other) = replay(dir.path(), &site, &keys, 2);
    let (first, second) = (files(&store), files(&other));
    assert!(first.keys().eq(second.keys()), "{:?} {:?}", first.keys(), second.keys());
    for (name, bytes) in &first {
        assert!(second[name] == *bytes, "{name} differs");
    }
    let (_, again) = replay(dir.path(), &site, &keys, 2);
    assert_eq!(files(&again), second);
    assert_eq!(lines(&dir.path().join("out-1/violations.jsonl")).len(), violations.len());
}

#[test]
fn what_is_missing_is_said_before_the_work_begins() {
    let dir = tempfile::tempdir().unwrap();
    let site = root().join("examples/junction/site.toml");
    let path = |name: &str| dir.path().join(name);
    fs::write(path("file"), b"x").unwrap();
    fs::write(path("no.pem"), b"no key").unwrap();
    let keys = keys(dir.path());
    let mut said = String::new();
    let mut add = |code: i32, mut command: std::process::Command| {
        command.env_remove("WAYSIDE_SIGNING_KEY").env_remove("WAYSIDE_MODELS");
        command.env("WAYSIDE_LOG", "error").current_dir(dir.path());
        let ran = run(command);
        assert_eq!(ran.code, Some(code), "{}\n{}", ran.stdout, ran.stderr);
        said += &plain(&ran.stderr, dir.path());
        said += "\n";
    };
    let replay = |rest: &[&str]| {
        let mut command = common::command(["replay"]);
        command.arg(&site).arg("--out").arg(path("out")).args(rest);
        command
    };
    add(3, replay(&["--evidence", "store"]));
    add(3, replay(&["--evidence", "store", "--signing-key", "no.pem"]));
    let key = keys.to_str().unwrap();
    add(3, replay(&["--evidence", "file", "--signing-key", key]));
    add(3, replay(&["--evidence", "gs://x", "--signing-key", key]));
    add(2, replay(&["--evidence", "store", "--signing-key", key, "--clip-before-s", "0"]));
    let evidence = |rest: &[&str]| {
        let mut command = common::command(["evidence"]);
        command.arg(&site).arg("--data").arg(path("data")).args(rest);
        command
    };
    add(2, evidence(&[]));
    add(3, evidence(&["--store", "store"]));
    add(3, evidence(&["--store", "store", "--signing-key", key, "--worker", "somewhere"]));
    add(3, evidence(&["--store", "store", "--signing-key", key, "--clips-token-file", "none"]));
    insta::assert_snapshot!(said);
    assert!(!path("out").exists() && !path("data").exists(), "nothing was begun");
}
