//! The example, calibrated from scratch in a browser.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use wayside_proto::EventTime;

use crate::program::Program;
use crate::{browser, common, junction, turn};

/// How far the same crossing may lie from itself under another calibration, seconds.
const SAME_S: f64 = 0.3;

/// Time since `start` and lane of the red-light violations.
fn red_lights(violations: &Value, time: &str, start: &str) -> Vec<(f64, String)> {
    let start = EventTime::parse(start).unwrap();
    let of_rule = violations.as_array().unwrap().iter().filter(|one| one["rule"] == "red_light");
    of_rule
        .map(|one| {
            let at = EventTime::parse(one[time].as_str().unwrap()).unwrap();
            let place = one["lane"].as_str().or(one["place"].as_str()).unwrap();
            (at.since_s(start), place.to_owned())
        })
        .collect()
}

#[test]
fn the_example_is_calibrated_from_scratch_and_has_its_violations() {
    let _turn = turn();
    let clip = junction::half("scratch.mp4", 0.0, 16.0);
    let program = Program::start(&[]);
    let log = junction::folder().join("signals.csv");
    let files: [(&str, &Path); 2] = [("WAYSIDE_CLIP", &clip), ("WAYSIDE_SIGNAL_LOG", &log)];
    let facts = browser::run("calibrate.mjs", &program, &files);

    // The file that was saved is sound for the program's own check, and names a log that is there.
    let saved = program.sites().join("from-scratch.toml");
    let mut check = common::command(["site", "check"]);
    check.arg(&saved);
    println!("{}", common::run(check).succeeded().stdout);
    let text = std::fs::read_to_string(&saved).unwrap();
    let value = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")));
        line.unwrap().trim_matches('"').to_owned()
    };
    let start = value("start");
    assert_eq!(
        std::fs::read(program.sites().join(value("log"))).unwrap(),
        std::fs::read(&log).unwrap()
    );

    // What the example's own site file, half as large, finds in the same clip on the approach that was drawn.
    let dir = tempfile::tempdir().unwrap();
    junction::write_half(
        dir.path(),
        &[("north", "url = \"rtsp://127.0.0.1:1/none\"\n".to_owned())],
    );
    let out = dir.path().join("out");
    let mut replay = common::command(["replay"]);
    replay.arg(dir.path().join("site.toml")).arg("--video").arg(&clip).arg("--out").arg(&out);
    replay.args(["--json", "--no-pictures"]);
    let summary = common::run(replay).succeeded().json();
    let own = red_lights(&summary["violations"], "event_time", "2026-06-01T07:00:00Z");
    let found = red_lights(&facts["violations"], "time", &start);
    println!("red lights by the example's file {own:?}, calibrated from scratch {found:?}");
    assert!(!own.is_empty());
    for (at_s, lane) in &own {
        let same = |other: &&(f64, String)| (other.0 - at_s).abs() < SAME_S && other.1 == *lane;
        assert_eq!(found.iter().filter(same).count(), 1, "{lane} at {at_s} s: {found:?}");
    }
    assert_eq!(own.len(), found.len());

    // With more grace none of them is one, and each is named.
    let gone = facts["whatif"]["disappear"].as_array().unwrap();
    let ids = |list: &[Value]| -> BTreeSet<String> {
        list.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(gone), ids(facts["violations"].as_array().unwrap()));
    assert_eq!(facts["whatif"]["appear"].as_array().unwrap().len(), 0);
}
