//! `wayside models`: what it says, and with which exit code, of models that are right, wrong, absent
//! and out of reach. The models of `data/models` are added to those of the program.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Ran, keys, plain, root, run};
use serde_json::Value;

fn data() -> PathBuf {
    root().join("services/wayside/tests/data/models")
}

/// The command in a folder of its own, without network: the proxy is a closed port.
fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = common::command(["models"]);
    command.args(arguments).current_dir(dir).env("WAYSIDE_MODELS", data());
    for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"]
    {
        command.env(name, "http://127.0.0.1:9");
    }
    for name in ["no_proxy", "NO_PROXY"] {
        command.env_remove(name);
    }
    command
}

fn models(arguments: &[&str]) -> Ran {
    let dir = tempfile::tempdir().unwrap();
    run(command(dir.path(), arguments))
}

/// Without durations, and with the folder of the test's models named.
fn told(text: &str) -> String {
    let text = text.replace(&data().display().to_string(), "MODELS");
    let words = |line: &str| {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for index in 1..words.len() {
            if words[index].starts_with("ms") {
                words[index - 1] = "TIME".to_owned();
            }
        }
        words.join(" ")
    };
    plain(&text.lines().map(words).collect::<Vec<_>>().join("\n"), Path::new("/nowhere"))
}

/// What is said of the test's own models; what ships changes.
fn own(report: &Value) -> Vec<&Value> {
    let models = report["models"].as_array().unwrap();
    models.iter().filter(|model| model["name"].as_str().unwrap().starts_with("tiny")).collect()
}

#[test]
fn models_are_listed() {
    let text = models(&["list"]).succeeded().stdout;
    // Columns are as wide as what ships needs.
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> =
        text.lines().filter(|line| line.starts_with("tiny")).map(line).collect();
    insta::assert_snapshot!(told(&lines.join("\n")));
    for part in ["\nyolox-nano ", " absent\n", "Where --model names no other: wayside-junction on"]
    {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let report = models(&["list", "--json"]).succeeded().json();
    let mut names = keys(own(&report)[0]);
    names.sort();
    let wanted = [
        "default_for",
        "footage",
        "licence",
        "name",
        "path",
        "sha256",
        "size_bytes",
        "task",
        "url",
        "where",
    ];
    assert_eq!(names, wanted);
    let places: Vec<&Value> = own(&report).iter().map(|model| &model["where"]).collect();
    assert_eq!(places, ["present", "present", "present", "present", "absent", "absent"]);
    let defaults = report["models"].as_array().unwrap().iter();
    let defaults: Vec<_> =
        defaults.filter(|m| m["default_for"].is_string()).map(|m| &m["name"]).collect();
    assert_eq!(defaults, ["wayside-junction", "yolox-nano"]);
}

#[test]
fn models_that_are_right_pass() {
    let ran = models(&["verify", "tiny", "tiny-again", "tiny"]).succeeded();
    insta::assert_snapshot!(told(&ran.stdout));
    let report = models(&["verify", "tiny", "--json"]).succeeded().json();
    let [model] = own(&report)[..] else { panic!("{report}") };
    assert_eq!((&report["ok"], &model["ok"]), (&true.into(), &true.into()));
    assert_eq!(model["input_shape"], serde_json::json!([1, 3, 32, 32]));
    assert!(model["run_ms"].as_f64().unwrap() > 0.0);
}

#[test]
fn models_that_are_wrong_do_not() {
    let ran = models(&["verify", "tiny-other", "tiny-shape", "tiny"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    insta::assert_snapshot!(told(&ran.stdout));
    let all = models(&["verify", "--json"]);
    assert_eq!(all.code, Some(1));
    let report = all.json();
    let judged: Vec<&Value> = own(&report).iter().map(|model| &model["ok"]).collect();
    let (yes, no, absent) = (Value::from(true), Value::from(false), Value::Null);
    assert_eq!(judged, [&yes, &yes, &no, &no, &absent, &absent]);
    assert_eq!(report["ok"], false);
}

#[test]
fn refusals_have_their_exit_codes() {
    let mut text = String::new();
    for (arguments, code) in [
        (&["verify", "tiny-absent"][..], 3),
        (&["verify", "nobody", "--onnxruntime", "/no/lib.so"], 3),
        (&["verify", "tiny", "--onnxruntime", "/no/lib.so"], 1),
        (&["bench", "tiny", "tiny-absent"], 3),
        (&["bench", "tiny", "tiny-other"], 1),
        (&["bench", "tiny", "--rounds", "0"], 2),
        (&["bench", "tiny", "--batch", "0"], 2),
        (&["bench", "tiny", "--provider", "abacus"], 3),
        (&["bench"], 2),
        (&["pull"], 2),
        (&["pull", "--all", "tiny"], 2),
        (&["pull", "tiny-absent"], 1),
        (&["pull", "tiny-other"], 1),
    ] {
        let ran = models(arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {ran:?}");
        // The names of the models that ship are left out.
        let stderr: Vec<&str> = ran.stderr.split(", yolox").take(1).collect();
        let stderr = stderr[0].split("the manifest has").next().unwrap().trim_end();
        // The usage names what the environment gives.
        let stderr = &stderr.replace(" --onnxruntime <FILE>", "");
        text += &format!("-- {}: exit {code}\n{}\n", arguments.join(" "), told(stderr));
    }
    let places = |text: &str| {
        let (before, after) = text.split_once(" is in none of ").unwrap();
        let (_, after) = after.split_once(", and the manifest").unwrap();
        format!("{before} is in none of PLACES, and the manifest{after}")
    };
    insta::assert_snapshot!(places(&text));
}

#[test]
fn what_can_be_had_is_fetched_although_the_rest_cannot() {
    let ran = models(&["pull", "tiny", "tiny-far"]);
    assert_eq!(ran.code, Some(4), "{ran:?}");
    insta::assert_snapshot!(told(&ran.stdout));
    for part in [
        "error: the model tiny-far could not be downloaded\n  cause: https://models.invalid/tiny.onnx: ",
        "\n  hint: fetch https://models.invalid/tiny.onnx elsewhere and put it into a folder",
    ] {
        assert!(ran.stderr.contains(part), "{part:?} is not in {}", ran.stderr);
    }
}

#[test]
fn models_are_measured_against_the_first() {
    let ran = models(&["bench", "tiny-again", "tiny", "--rounds", "4"]).succeeded();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(lines[0].starts_with("name        input           ms a tile"), "{}", ran.stdout);
    assert!(lines[1].starts_with("tiny-again  [1, 3, 32, 32]") && lines[1].ends_with(" 1.00"));
    assert!(lines[2].starts_with("tiny        [1, 3, 32, 32]"), "{}", ran.stdout);
    assert_eq!(lines[3], "Medians of 4 rounds in turn on cpu, one thread, grey picture.");
    assert_eq!(lines.len(), 4);
    let report = models(&["bench", "tiny", "tiny-again", "--rounds", "3", "--json"]).succeeded();
    let report = report.json();
    assert_eq!((&report["rounds"], &report["threads"]), (&3.into(), &1.into()));
    let [first, second] = own(&report)[..] else { panic!("{report}") };
    assert_eq!(first["ratio"], 1.0);
    let ratio = second["tile_ms"].as_f64().unwrap() / first["tile_ms"].as_f64().unwrap();
    assert!((second["ratio"].as_f64().unwrap() - ratio).abs() < 1e-9, "{report}");
}

#[test]
fn models_are_measured_in_batches_where_their_file_lets_them() {
    let arguments = ["bench", "wayside-vehicle-embed", "tiny", "--batch", "4", "--rounds", "2"];
    let text = models(&arguments).succeeded().stdout;
    assert!(text.contains("[4, 3, 64, 64]") && text.contains("[1, 3, 32, 32]"), "{text}");
    assert!(text.ends_with("the model's file fixes it.\n"), "{text}");
    let report = models(&[&arguments[..], &["--json"]].concat()).succeeded().json();
    assert_eq!((&report["provider"], &report["batch"]), (&"cpu".into(), &4.into()));
    let embed = &report["models"][0];
    let (ms, rate) = (embed["tile_ms"].as_f64().unwrap(), embed["tiles_per_s"].as_f64().unwrap());
    assert!(ms > 0.0 && (ms * rate - 1000.0).abs() < 1e-6, "{report}");
}

/// The processor's times are never told as those of another provider.
#[test]
fn a_provider_that_cannot_be_opened_is_not_measured() {
    for provider in ["cuda", "tensorrt", "openvino"] {
        let ran = models(&["bench", "tiny", "--provider", provider, "--json"]);
        if ran.code == Some(0) {
            assert_eq!(ran.json()["provider"], provider);
            println!("{provider} is here, and was measured");
            continue;
        }
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
        let begin = format!("nothing was measured: {provider} cannot run tiny: ");
        assert!(ran.stderr.contains(&begin), "{}", ran.stderr);
        assert!(ran.stderr.contains("hint: `wayside doctor` tells"), "{}", ran.stderr);
    }
}

#[test]
fn a_manifest_that_is_wrong_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("manifest.toml"), "schema = 7\n").unwrap();
    let mut command = command(dir.path(), &["list"]);
    command.env("WAYSIDE_MODELS", dir.path());
    let ran = run(command);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    insta::assert_snapshot!(plain(&ran.stderr, dir.path()));
}

#[test]
fn the_doctor_says_where_the_default_model_is_good() {
    for (model, made_for) in [("tiny", true), ("yolox-nano", false)] {
        let mut command = common::command(["doctor", "--json", "--model", model]);
        command.env("WAYSIDE_MODELS", data());
        let report = run(command).json();
        let findings = report["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["name"] == model).unwrap();
        let detail = finding["detail"].as_str().unwrap();
        assert_eq!(detail.contains("made for renderings"), made_for, "{detail}");
        assert_eq!(finding["required"], true);
    }
}

#[test]
fn help() {
    let text: Vec<String> =
        [&["--help"][..], &["pull", "--help"], &["verify", "--help"], &["bench", "--help"]]
            .into_iter()
            .map(|arguments| {
                let mut command = common::command(["models"]);
                command.args(arguments);
                command.env_remove("WAYSIDE_MODELS").env_remove("WAYSIDE_ONNXRUNTIME");
                run(command).succeeded().stdout
            })
            .collect();
    insta::assert_snapshot!(text.join("\n"));
}
