//! The example junction from pixels to the report, held against its truth.
//!
//! One replay serves all tests of this file. It runs on the detector that ships with the program.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use common::{Ran, clips, keys, lines, names, object, root, run};
use serde_json::Value;
use wayside_proto::Content;
use wayside_proto::convert::decode_observations;

/// What the replay left, and what it said.
struct Example {
    out: PathBuf,
    ran: Ran,
}

impl Example {
    fn path(&self, name: &str) -> PathBuf {
        self.out.join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a result")
    }
}

fn folder() -> PathBuf {
    root().join("examples/junction")
}

/// The replay.
fn example() -> &'static Example {
    static EXAMPLE: OnceLock<Example> = OnceLock::new();
    EXAMPLE.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("replay_example");
        let _ = fs::remove_dir_all(&out);
        let mut command = common::command(["replay", "--json"]);
        command.arg(folder().join("site.toml")).arg("--out").arg(&out).args(["--threads", "2"]);
        let ran = run(command).succeeded();
        Example { out, ran }
    })
}

/// The sorted keys of an object.
fn sorted(value: &Value) -> Vec<String> {
    let mut keys = keys(value);
    keys.sort();
    keys
}

#[test]
fn the_events_are_found_and_nothing_else_of_their_rules() {
    let example = example();
    let mut eval = common::command(["eval", "--json"]);
    eval.arg(folder().join("site.toml"));
    eval.arg("--truth").arg(folder().join("truth.csv")).arg("--results").arg(&example.out);
    let scores = run(eval).succeeded().json();
    for (rule, events) in [("red_light", 3), ("wrong_way", 1), ("no_stopping", 1)] {
        let score = &scores["rules"][rule];
        assert_eq!(score["true_positives"], events, "{rule}: {score}");
        assert_eq!(score["false_negatives"], 0, "{rule}: {score}");
        assert_eq!(score["precision"], 1.0, "{rule}: {score}");
    }
    let red_light = &scores["rules"]["red_light"];
    assert!(red_light["time_error_s_max"].as_f64().unwrap() <= 0.25, "{red_light}");
    assert_eq!(red_light["intervals"], 3, "{red_light}");
    assert_eq!(red_light["intervals_that_hold"], 3, "{red_light}");
    assert_eq!(scores["clean_crossings"], 29);
    // A rule without an event in the truth must stay silent.
    for (rule, score) in scores["rules"].as_object().unwrap() {
        assert_eq!(score["false_positives"], 0, "{rule}: {score}");
    }
}

#[test]
fn the_results_are_there_under_their_names() {
    let example = example();
    assert_eq!(
        names(&example.out),
        [
            "annotated.mp4",
            "certificate.json",
            "counts.json",
            "observations.binpb",
            "report.html",
            "violations.jsonl",
            "voids.jsonl"
        ]
    );
    assert_eq!(example.ran.stderr, "", "a pipe stays silent");
    let summary = example.ran.json();
    assert_eq!(summary["frames"], 1055);
    assert_eq!(summary["partial"], Value::Null);
    let counts = object(&example.path("counts.json"));
    for key in ["flow", "occupancy", "pedestrian_on_red"] {
        assert!(counts.get(key).is_some(), "{key}: {counts}");
    }
}

#[test]
fn violations_and_voids_have_the_keys_that_are_promised() {
    let example = example();
    let mut promised = [
        "id",
        "rule",
        "rule_version",
        "site",
        "camera",
        "track",
        "class",
        "event_time",
        "quantities",
        "signal",
        "place",
        "approach",
        "lane",
        "run",
    ]
    .map(str::to_owned)
    .to_vec();
    promised.sort();
    let violations = lines(&example.path("violations.jsonl"));
    assert!(violations.len() >= 5, "{violations:?}");
    for line in &violations {
        assert_eq!(sorted(line), promised, "{line}");
        let time = line["event_time"].as_str().unwrap();
        assert!(time.starts_with("2026-06-01T07:0") && time.len() == 27, "{time}");
        assert!(!["person", "bicycle"].contains(&line["class"].as_str().unwrap()), "{line}");
        let quantities = line["quantities"].as_object().unwrap();
        assert!(!quantities.is_empty(), "{line}");
        for (name, quantity) in quantities {
            assert_eq!(sorted(quantity), ["high", "low", "unit", "value"], "{name}: {line}");
        }
        if line["rule"] == "red_light" {
            assert_eq!(sorted(&line["signal"]), ["group", "since", "state"], "{line}");
            assert_eq!(line["signal"]["state"], "red");
        }
    }
    let mut ids: Vec<&str> = violations.iter().map(|line| line["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), violations.len(), "an id is there twice");
    promised.extend(["cause".to_owned(), "detail".to_owned()]);
    promised.sort();
    for line in lines(&example.path("voids.jsonl")) {
        assert_eq!(sorted(&line), promised, "{line}");
    }
}

#[test]
fn observations_can_be_read_back() {
    let example = example();
    let bytes = fs::read(example.path("observations.binpb")).unwrap();
    let observations = decode_observations(&bytes).expect("observations");
    let frames: Vec<_> = observations
        .iter()
        .filter_map(|observation| match &observation.content {
            Content::Tracks { tracks, .. } => Some(tracks.len()),
            Content::Gap(_) => None,
        })
        .collect();
    assert_eq!(frames.len(), 1055);
    assert!(observations.windows(2).all(|pair| pair[0].time < pair[1].time));
    assert!(frames.iter().sum::<usize>() > 5_000, "hardly any track was seen");
}

#[test]
fn the_annotated_video_has_every_frame() {
    let example = example();
    assert_eq!(
        clips::frames(&example.path("annotated.mp4")),
        clips::frames(&folder().join("clip.mp4"))
    );
}

#[test]
fn the_report_needs_no_network_and_has_a_card_for_each_violation() {
    let example = example();
    let report = example.text("report.html");
    // The count comes from the rules; the number depends on the tracker, its being there does not.
    assert!(report.contains("vehicles crossed a stop line lawfully"), "no lawful crossing");
    for outside in [
        "http://",
        "https://",
        "src=\"//",
        "src='",
        "<link",
        "<script src",
        "@import",
        "url(",
        "<iframe",
    ] {
        assert!(!report.contains(outside), "the report has {outside}");
    }
    let sources = report.matches("src=\"").count();
    assert_eq!(sources, report.matches("src=\"data:image/jpeg;base64,").count());
    for line in lines(&example.path("violations.jsonl")) {
        let id = line["id"].as_str().unwrap();
        let (_, card) = report
            .split_once(&format!("<article class=\"card\" id=\"card-{id}\""))
            .unwrap_or_else(|| panic!("no card of {line}"));
        let (card, _) = card.split_once("</article>").unwrap();
        assert_eq!(card.matches("<img ").count(), 3, "stills of {line}");
    }
}

#[test]
fn the_certificate_has_the_digests_of_what_went_in_and_came_out() {
    let example = example();
    let certificate = object(&example.path("certificate.json"));
    assert_eq!(certificate["partial"], false);
    assert_eq!(certificate["program"], env!("CARGO_PKG_VERSION"));
    let digest = |path: &Path| {
        let output = std::process::Command::new("sha256sum").arg(path).output().expect("coreutils");
        String::from_utf8(output.stdout).unwrap()[..64].to_owned()
    };
    for (name, file) in [("video", "clip.mp4"), ("site", "site.toml"), ("signals", "signals.csv")] {
        assert_eq!(certificate["inputs"][name], digest(&folder().join(file)), "{name}");
    }
    let model = root().join("models/wayside-junction.onnx");
    assert_eq!(certificate["inputs"]["model"], digest(&model));
    let local = root().join(".wayside/onnxruntime").is_dir();
    if local || std::env::var_os("WAYSIDE_ONNXRUNTIME").is_some() {
        let runtime = certificate["inputs"]["onnxruntime"].as_str().expect("the runtime's digest");
        assert_eq!(runtime.len(), 64, "{runtime}");
    }
    for name in ["observations.binpb", "violations.jsonl", "voids.jsonl"] {
        assert_eq!(certificate["outputs"][name], digest(&example.path(name)), "{name}");
    }
}
