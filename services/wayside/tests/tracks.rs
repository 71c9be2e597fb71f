//! `--tracks`: a simulation or a radar drives the rules.
//!
//! `data/small/tracks.csv` has a car that crosses the line three seconds into red, one that crosses
//! on green, one against its lane, one that stands where nobody may, and a truck off the road.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use common::{lines, object, root, run, sites};
use serde_json::Value;

fn data(name: &str) -> PathBuf {
    root().join("services/wayside/tests/data/small").join(name)
}

fn site(dir: &Path) -> PathBuf {
    sites::write(dir, sites::SITE, sites::SIGNALS)
}

fn replay(site: &Path, tracks: &Path, out: &Path) -> Value {
    let mut command = common::command(["replay", "--json"]);
    command.arg(site).arg("--tracks").arg(tracks).arg("--out").arg(out);
    run(command).succeeded().json()
}

#[test]
fn the_runner_the_wrong_way_driver_and_the_stop_are_found_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (site, out) = (site(dir.path()), dir.path().join("out"));
    let summary = replay(&site, &data("tracks.csv"), &out);
    assert_eq!(summary["frames"], 401);
    assert_eq!(summary["tracks"], 5);
    assert_eq!(summary["annotated"], Value::Null);
    let found: Vec<_> = lines(&out.join("violations.jsonl"))
        .iter()
        .map(|line| {
            let text = |key: &str| line[key].as_str().unwrap().to_owned();
            (text("rule"), line["track"].as_u64().unwrap(), text("event_time"), text("lane"))
        })
        .collect();
    let event = |rule: &str, track, second: u32, lane: &str| {
        let time = format!("2026-06-01T07:00:{second:02}.000000Z");
        (rule.to_owned(), track, time, lane.to_owned())
    };
    assert_eq!(
        found,
        [
            event("red_light", 1, 8, "N_in"),
            event("no_stopping", 4, 10, "N_out"),
            event("wrong_way", 3, 12, "N_in")
        ]
    );
    assert_eq!(lines(&out.join("voids.jsonl")), Vec::<Value>::new());
    assert_eq!(
        common::names(&out),
        [
            "certificate.json",
            "counts.json",
            "observations.binpb",
            "report.html",
            "violations.jsonl",
            "voids.jsonl"
        ]
    );

    let mut eval = common::command(["eval", "--json"]);
    eval.arg(&site).arg("--truth").arg(data("truth.csv")).arg("--results").arg(&out);
    let scores = run(eval).succeeded().json();
    for rule in ["red_light", "no_stopping", "wrong_way"] {
        let score = &scores["rules"][rule];
        assert_eq!((&score["precision"], &score["recall"]), (&1.0.into(), &1.0.into()), "{rule}");
        assert!(score["time_error_s_max"].as_f64().unwrap() <= 0.1, "{score}");
        assert_eq!(score["intervals_that_hold"], 1, "{rule}");
    }
    assert_eq!(scores["clean_crossings"], 1);
    assert_eq!(scores["false_alarms_per_clean_crossing"], 0.0);
}

#[test]
fn gzipped_tracks_give_the_same_and_so_does_a_second_replay() {
    let dir = tempfile::tempdir().unwrap();
    let site = site(dir.path());
    let plain = fs::read(data("tracks.csv")).unwrap();
    let gzipped = dir.path().join("tracks.csv.gz");
    let file = fs::File::create(&gzipped).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::default());
    encoder.write_all(&plain).unwrap();
    encoder.finish().unwrap();
    let certificate = |tracks: &Path, name: &str| {
        let out = dir.path().join(name);
        replay(&site, tracks, &out);
        object(&out.join("certificate.json"))
    };
    let first = certificate(&data("tracks.csv"), "a");
    assert_eq!(first, certificate(&data("tracks.csv"), "b"));
    let mut packed = certificate(&gzipped, "c");
    assert_ne!(packed["inputs"]["tracks"], first["inputs"]["tracks"]);
    packed["inputs"]["tracks"] = first["inputs"]["tracks"].clone();
    assert_eq!(packed, first);
}

#[test]
fn tracks_may_bear_names() {
    let dir = tempfile::tempdir().unwrap();
    let site = site(dir.path());
    let named: String = fs::read_to_string(data("tracks.csv"))
        .unwrap()
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.splitn(3, ',').collect();
            match fields[1] {
                "track" => format!("{line}\n"),
                id => format!("{},v000{id},{}\n", fields[0], fields[2]),
            }
        })
        .collect();
    let tracks = dir.path().join("named.csv");
    fs::write(&tracks, named).unwrap();
    let out = dir.path().join("out");
    replay(&site, &tracks, &out);
    let rules: Vec<Value> =
        lines(&out.join("violations.jsonl")).iter().map(|line| line["rule"].clone()).collect();
    assert_eq!(rules, ["red_light", "no_stopping", "wrong_way"]);
}

#[test]
fn a_site_without_cameras_takes_tracks() {
    let dir = tempfile::tempdir().unwrap();
    let (head, rest) = sites::SITE.split_once("[[camera]]").unwrap();
    let (_, rest) = rest.split_once("[signals]").unwrap();
    let site = sites::write(dir.path(), &format!("{head}[signals]{rest}"), sites::SIGNALS);
    let out = dir.path().join("out");
    let summary = replay(&site, &data("tracks.csv"), &out);
    assert_eq!(summary["camera"], "tracks");
    assert_eq!(lines(&out.join("violations.jsonl")).len(), 3);
}

/// A log that ends before the recording is believed for `state_s_max`, then the rule abstains.
#[test]
fn signals_that_end_early_void() {
    let dir = tempfile::tempdir().unwrap();
    let site = sites::write(
        dir.path(),
        &sites::SITE.replace("log = ", "state_s_max = 10.0\nlog = "),
        "time_s,group,state\n0,N,green\n5,N,red\n",
    );
    let tracks = dir.path().join("tracks.csv");
    let rows = [sites::crossing(9.0, "1"), sites::crossing(40.0, "2")].concat();
    fs::write(&tracks, sites::tracks(rows)).unwrap();
    let out = dir.path().join("out");
    replay(&site, &tracks, &out);
    let found = lines(&out.join("violations.jsonl"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["track"], 1);
    let voids = lines(&out.join("voids.jsonl"));
    assert_eq!(voids.len(), 1, "{voids:?}");
    assert_eq!((&voids[0]["track"], &voids[0]["cause"]), (&2.into(), &"signal_unknown".into()));
    assert_eq!(voids[0]["detail"], "Signal group N has no record that is recent enough.");
}

/// Signals as JSON lines are the same signals.
#[test]
fn signals_may_be_json_lines() {
    let dir = tempfile::tempdir().unwrap();
    let site = site(dir.path());
    let lines: String = sites::SIGNALS
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            let [time, group, state] = fields[..] else { panic!("{line}") };
            format!("{{\"time_s\": {time}, \"group\": \"{group}\", \"state\": \"{state}\"}}\n")
        })
        .collect();
    let log = dir.path().join("signals.jsonl");
    fs::write(&log, lines).unwrap();
    let violations = |name: &str, signals: Option<&Path>| {
        let out = dir.path().join(name);
        let mut command = common::command(["replay", "--quiet"]);
        command.arg(&site).arg("--tracks").arg(data("tracks.csv")).arg("--out").arg(&out);
        command.args(
            signals
                .map(|path| ["--signals".into(), path.as_os_str().to_owned()])
                .into_iter()
                .flatten(),
        );
        run(command).succeeded();
        fs::read_to_string(out.join("violations.jsonl")).unwrap()
    };
    assert_eq!(violations("a", None), violations("b", Some(&log)));
}

/// Where the samples around the line are missing nobody knows when it was crossed (EV-3).
#[test]
fn a_gap_at_the_line_voids() {
    let dir = tempfile::tempdir().unwrap();
    let site = site(dir.path());
    let mut rows = sites::crossing(8.0, "1");
    rows.retain(|(time, _)| !(7.45..8.55).contains(time));
    let tracks = dir.path().join("tracks.csv");
    fs::write(&tracks, sites::tracks(rows)).unwrap();
    let out = dir.path().join("out");
    replay(&site, &tracks, &out);
    assert_eq!(lines(&out.join("violations.jsonl")), Vec::<Value>::new());
    let voids = lines(&out.join("voids.jsonl"));
    assert_eq!(voids.len(), 1, "{voids:?}");
    assert_eq!(voids[0]["rule"], "red_light");
    let cause = voids[0]["cause"].as_str().unwrap();
    assert!(["gap", "track_lost"].contains(&cause), "{voids:?}");
}
