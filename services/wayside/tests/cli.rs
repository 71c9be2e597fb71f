//! What the program says to people and to scripts.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{clips, keys, plain, root, run, sites, wayside};
use serde_json::Value;

fn small(dir: &Path) -> (PathBuf, PathBuf) {
    let site = sites::write(dir, sites::SITE, sites::SIGNALS);
    (site, root().join("services/wayside/tests/data/small/tracks.csv"))
}

/// A replay of the small scenario with further arguments.
fn replay(dir: &Path, arguments: &[&str]) -> common::Ran {
    let (site, tracks) = small(dir);
    let mut command = common::command(["replay"]);
    command.arg(site).arg("--tracks").arg(tracks).arg("--out").arg(dir.join("out"));
    command.args(arguments);
    run(command).succeeded()
}

fn sorted(value: &Value) -> Vec<String> {
    let mut keys = keys(value);
    keys.sort();
    keys
}

/// A text without the bounds of intervals, which the tests of the rules hold.
fn without_bounds(text: &str) -> String {
    let mut parts = text.split('[');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once(']').expect("an interval");
        out += &format!("[LOW, HIGH]{rest}");
    }
    out
}

/// Durations and rates differ from run to run.
fn without_speed(text: &str) -> String {
    let digits = |word: &str| word.ends_with("samples/s") || word.ends_with("frames/s");
    text.lines()
        .map(|line| match line.rsplit_once(" in ") {
            Some((before, after)) if after.ends_with(" s") => format!("{before} in TIME\n"),
            _ if line.split(", ").any(digits) => {
                let parts: Vec<&str> = line
                    .split(", ")
                    .map(|part| if digits(part) { "SPEED" } else { part })
                    .collect();
                parts.join(", ") + "\n"
            }
            _ => format!("{line}\n"),
        })
        .collect()
}

#[test]
fn a_summary_for_people() {
    let dir = tempfile::tempdir().unwrap();
    let ran = replay(dir.path(), &[]);
    assert_eq!(ran.stderr, "");
    let text = without_bounds(&plain(&ran.stdout, dir.path()));
    insta::assert_snapshot!(without_speed(&text));
}

#[test]
fn a_summary_for_scripts() {
    let dir = tempfile::tempdir().unwrap();
    let ran = replay(dir.path(), &["--json"]);
    assert_eq!((ran.stderr.as_str(), ran.stdout.lines().count()), ("", 1));
    let summary = ran.json();
    assert_eq!(
        sorted(&summary),
        [
            "annotated",
            "camera",
            "footage_s",
            "frames",
            "frames_still",
            "gaps",
            "model_fits_footage",
            "observations_sha256",
            "out",
            "partial",
            "report",
            "site",
            "source",
            "took_s",
            "tracks",
            "unfit",
            "violations",
            "violations_sha256",
            "voids",
            "warnings"
        ]
    );
    let violations = summary["violations"].as_array().unwrap();
    assert_eq!(violations.len(), 3);
    for line in violations {
        assert_eq!(
            sorted(line),
            ["class", "event_time", "id", "place", "quantities", "rule", "time_s"]
        );
    }
    assert_eq!(summary["site"], "small", "the id stands in for a name");
}

#[test]
fn quiet_is_silent() {
    let dir = tempfile::tempdir().unwrap();
    let ran = replay(dir.path(), &["--quiet"]);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
}

#[test]
fn a_video_is_replayed_without_a_word_on_standard_error() {
    let dir = tempfile::tempdir().unwrap();
    let (site, _) = small(dir.path());
    clips::empty_road(&dir.path().join("clip.mp4"), clips::SIZE, 12);
    let mut command = common::command(["replay"]);
    command.arg(&site).arg("--out").arg(dir.path().join("out"));
    let ran = run(command).succeeded();
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.contains("12 frames"), "{}", ran.stdout);
    assert_eq!(clips::frames(&dir.path().join("out/annotated.mp4")), 12);
}

#[test]
fn the_site_is_checked() {
    let dir = tempfile::tempdir().unwrap();
    let (site, _) = small(dir.path());
    let check = |arguments: &[&str]| {
        let mut command = common::command(["site", "check"]);
        command.arg(&site).args(arguments);
        run(command)
    };
    let good = check(&[]).succeeded();
    assert_eq!(good.stderr, "");
    insta::assert_snapshot!("site_check_good", plain(&good.stdout, dir.path()));
    let json = check(&["--json"]).succeeded().json();
    assert_eq!((&json["ok"], &json["errors"]), (&true.into(), &serde_json::json!([])));

    sites::write(dir.path(), &sites::SITE.replace("width_m", "width"), sites::SIGNALS);
    let bad = check(&[]);
    assert_eq!((bad.code, bad.stdout.as_str()), (Some(3), ""));
    insta::assert_snapshot!("site_check_bad", plain(&bad.stderr, dir.path()));
    let bad = check(&["--json"]);
    assert_eq!(bad.code, Some(3));
    let json = bad.json();
    assert_eq!(json["ok"], false);
    assert_eq!(sorted(&json["errors"][0]), ["file", "hint", "key", "line", "problem"]);
}

#[test]
fn the_schema_is_json() {
    let schema = wayside(["site", "schema"]).succeeded().json();
    assert!(schema["properties"].get("stop_line").is_some(), "{schema}");
}

#[test]
fn the_site_is_drawn() {
    let dir = tempfile::tempdir().unwrap();
    let (site, _) = small(dir.path());
    clips::empty_road(&dir.path().join("clip.mp4"), clips::SIZE, 5);
    let draw = |out: &Path| {
        let mut command = common::command(["site", "draw"]);
        command.arg(&site).arg("--out").arg(out);
        run(command)
    };
    let png = dir.path().join("site.png");
    draw(&png).succeeded();
    let picture = image::open(&png).unwrap().to_rgb8();
    assert!(picture.width() >= 4 * clips::SIZE.0 - 1, "{:?}", picture.dimensions());
    let coloured = picture.pixels().filter(|pixel| pixel.0.iter().max() > Some(&200)).count();
    assert!(coloured > 100, "nothing was drawn over the road");
    let ran = draw(&dir.path().join("no/site.png"));
    assert_eq!(ran.code, Some(1), "{ran:?}");
}

#[test]
fn the_doctor_looks_at_everything() {
    let ran = wayside(["doctor", "--json"]);
    let report = ran.json();
    assert_eq!(ran.code, Some(i32::from(report["ok"] != true)));
    let findings = report["findings"].as_array().unwrap();
    for part in ["GStreamer", "ONNX Runtime", "Execution provider", "Model"] {
        assert!(findings.iter().any(|finding| finding["part"] == part), "{part}: {report}");
    }
    for finding in findings {
        assert_eq!(sorted(finding), ["detail", "mend", "name", "ok", "part", "required"]);
    }
}

#[test]
fn the_doctor_says_how_to_mend_a_wrong_library_and_a_wrong_model() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("yolox_nano.onnx"), "no model").unwrap();
    let mut command = common::command(["doctor", "--onnxruntime", "/no/libonnxruntime.so"]);
    command.args(["--model", "yolox-nano", "--models-dir"]).arg(dir.path());
    let ran = run(command);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let (_, rest) = ran.stdout.split_once("ONNX Runtime\n").expect("the runtime");
    insta::assert_snapshot!(plain(rest, dir.path()));
}

#[test]
fn help() {
    let text: Vec<String> = [&["--help"][..], &["replay", "--help"], &["eval", "--help"]]
        .into_iter()
        .map(|arguments| {
            let mut command = common::command(arguments);
            command.env_remove("WAYSIDE_MODELS").env_remove("WAYSIDE_ONNXRUNTIME");
            run(command).succeeded().stdout
        })
        .collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn wrong_command_lines() {
    let text: Vec<String> = [
        &[][..],
        &["replay"],
        &["replay", "site.toml", "--out", "o", "--threads", "0"],
        &["replay", "site.toml", "--out", "o", "--video", "a", "--tracks", "b"],
        &["reply"],
    ]
    .into_iter()
    .map(|arguments| {
        let mut command = common::command(arguments);
        command.env_remove("WAYSIDE_MODELS").env_remove("WAYSIDE_ONNXRUNTIME");
        let ran = run(command);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        format!("-- {}\n{}", arguments.join(" "), ran.stderr)
    })
    .collect();
    insta::assert_snapshot!(text.join("\n"));
}
