//! `wayside simulate`: the same arguments give the same messages, and what it says.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use common::{Ran, command, interrupt, keys, plain, run, run_with};
use serde_json::Value;
use wayside_bus::{Bus, Log, LogOptions, Partition, Start, Topic};
use wayside_proto::convert::{Frames, Message, decode_observations};
use wayside_proto::{Content, Observation, Passage, SignalReport, wire};

/// Without settings of the caller.
fn plainly(command: &mut Command) {
    for name in ["", "_CONFIG", "_PASSWORD", "_PASSWORD_FILE", "_PREFIX"] {
        command.env_remove(format!("WAYSIDE_KAFKA{name}"));
    }
}

/// A simulation in `dir`, as fast as it goes where the arguments do not say otherwise.
fn simulate(dir: &Path, arguments: &[&str]) -> Ran {
    let mut command = command(["simulate"]);
    if !arguments.contains(&"--speed") {
        command.args(["--speed", "max"]);
    }
    command.current_dir(dir).args(arguments);
    plainly(&mut command);
    run(command)
}

fn observations(file: &Path) -> Vec<Observation> {
    decode_observations(&fs::read(file).unwrap()).unwrap()
}

fn reports(file: &Path) -> Vec<SignalReport> {
    let bytes = fs::read(file).unwrap();
    let frames = Frames::new(&bytes);
    frames.map(|frame| frame.unwrap().decode::<wire::SignalReport, _>().unwrap()).collect()
}

#[test]
fn the_same_arguments_give_the_same_files() {
    let dir = tempfile::tempdir().unwrap();
    let make = |name: &str, more: &[&str]| {
        let to = |end: &str| format!("{name}.{end}");
        let (seen, shown, passed, truth) = (to("seen"), to("shown"), to("passed"), to("truth"));
        let mut arguments = vec![
            "--no-bus",
            "--cameras",
            "10",
            "--seconds",
            "30",
            "--offenders",
            "0.3",
            "--gaps-per-hour",
            "120",
            "--observations",
            &seen,
            "--signals",
            &shown,
            "--passages",
            &passed,
            "--truth",
            &truth,
            "--json",
        ];
        arguments.extend(more);
        let summary = simulate(dir.path(), &arguments).succeeded().json();
        let files = [&seen, &shown, &passed, &truth].map(|f| fs::read(dir.path().join(f)).unwrap());
        (summary, files)
    };
    let (summary, first) = make("a", &[]);
    assert_eq!(first, make("b", &[]).1);
    assert_ne!(first, make("c", &["--seed", "2"]).1);
    let seen = observations(&dir.path().join("a.seen"));
    assert_eq!(summary["observations"], seen.len());
    assert_eq!(summary["signals"], reports(&dir.path().join("a.shown")).len());
    let states = seen.iter().map(|observation| match &observation.content {
        Content::Tracks { tracks, .. } => tracks.len(),
        Content::Gap(_) => 0,
    });
    assert_eq!(summary["track_states"], states.sum::<usize>());
    // Three sites, of which two are a pair.
    assert_eq!((&summary["sites"], &summary["sections"]), (&3.into(), &1.into()));
    let truth = fs::read_to_string(dir.path().join("a.truth")).unwrap();
    let head = "site,camera,rule,event_time,track,vehicle_class,value,certain";
    assert_eq!(truth.lines().next(), Some(head));
    assert_eq!(summary["truths"], truth.lines().count() - 1);
    assert!(truth.lines().count() > 3, "{truth}");
}

#[test]
fn a_summary_for_scripts() {
    let dir = tempfile::tempdir().unwrap();
    let summary =
        simulate(dir.path(), &["--no-bus", "--truth", "truth.csv", "--seconds", "2", "--json"])
            .succeeded()
            .json();
    let mut found = keys(&summary);
    found.sort();
    insta::assert_snapshot!(found.join("\n"));
    assert_eq!(summary["faults"], Value::Null);
    assert_eq!(summary["bus"], Value::Null);
}

/// Durations and rates differ from run to run.
fn without_speed(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("took ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_summary_for_people() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = ["--seconds", "10", "--poison", "0.05", "--data", "log"];
    let ran = simulate(dir.path(), &arguments).succeeded();
    assert_eq!(ran.stderr, "");
    insta::assert_snapshot!(without_speed(&plain(&ran.stdout, dir.path())));
    let quiet = simulate(dir.path(), &["--seconds", "1", "--quiet", "--data", "log"]).succeeded();
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
fn site_files_are_sound() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = ["--no-bus", "--cameras", "10", "--seconds", "1", "--sites-out", "sites"];
    simulate(dir.path(), &arguments).succeeded();
    let mut names: Vec<String> = fs::read_dir(dir.path().join("sites"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["city-0000.toml", "city-0001.toml", "city-0002.toml"]);
    for name in names {
        let mut check = command(["site", "check"]);
        check.arg(dir.path().join("sites").join(name));
        run(check).succeeded();
    }
}

/// Every record of a topic.
fn stored(log: &Log, topic: Topic) -> Vec<wayside_bus::Stored> {
    let mut reader = log.read_from(topic, Partition(0), Start::Begin).unwrap();
    let mut all = Vec::new();
    loop {
        let records = reader.read(1_000, 16 << 20, Duration::ZERO).unwrap();
        if records.is_empty() {
            return all;
        }
        all.extend(records);
    }
}

#[test]
fn messages_stand_on_the_bus_in_order_of_each_key() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = ["--cameras", "8", "--seconds", "20", "--data", "log", "--json"];
    let files = ["--observations", "a.seen"];
    let summary = simulate(dir.path(), &[&arguments[..], &files].concat()).succeeded().json();
    let log = Log::open(&dir.path().join("log"), LogOptions::default()).unwrap();
    let seen: Vec<Observation> = stored(&log, Topic::Observations)
        .iter()
        .map(|record| {
            let observation = Observation::from_bytes(&record.value).unwrap();
            assert_eq!(record.key, format!("{}/{}", observation.site, observation.camera));
            assert_eq!(record.time, observation.time.0);
            observation
        })
        .collect();
    assert_eq!(seen, observations(&dir.path().join("a.seen")));
    assert_eq!(summary["observations"], seen.len());
    let mut next: BTreeMap<(String, String), u64> = BTreeMap::new();
    for observation in &seen {
        let key = (observation.site.0.clone(), observation.camera.0.clone());
        let number = next.entry(key).or_default();
        assert_eq!(observation.sequence, *number);
        *number += 1;
    }
    assert_eq!(next.len(), 8);
    assert!(next.values().all(|count| *count == 100));
    let shown = stored(&log, Topic::Signals);
    assert_eq!(summary["signals"], shown.len());
    for record in &shown {
        assert_eq!(record.key, SignalReport::from_bytes(&record.value).unwrap().site.0);
    }
    let passed = stored(&log, Topic::Passages);
    assert_eq!(summary["passages"], passed.len());
    for record in &passed {
        assert_eq!(record.key, Passage::from_bytes(&record.value).unwrap().section.0);
    }
    assert_eq!(summary["records"], seen.len() + shown.len() + passed.len());
}

#[test]
fn what_was_published_is_skipped() {
    let dir = tempfile::tempdir().unwrap();
    let make = |name: &str, more: &[&str]| {
        let arguments = ["--no-bus", "--cameras", "4", "--seconds", "20", "--observations", name];
        let summary = [&arguments[..], &["--json"], more].concat();
        let summary = simulate(dir.path(), &summary).succeeded().json();
        (summary, observations(&dir.path().join(name)))
    };
    let (_, whole) = make("whole", &[]);
    let (summary, rest) = make("rest", &["--skip-until", "10"]);
    assert_eq!(rest.len(), whole.len() / 2);
    assert!(whole.ends_with(&rest));
    assert!(summary["skipped"].as_u64() >= Some(rest.len() as u64));
}

#[test]
fn recorded_observations_are_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let record = [
        "--no-bus",
        "--cameras",
        "4",
        "--seconds",
        "10",
        "--observations",
        "recorded",
        "--sites-out",
        "sites",
    ];
    simulate(dir.path(), &record).succeeded();
    let play = [
        "--no-bus",
        "--cameras",
        "10",
        "--seconds",
        "25",
        "--from-observations",
        "recorded",
        "--from-site",
        "sites/city-0002.toml",
        "--observations",
        "played",
        "--sites-out",
        "copies",
    ];
    let wrong = simulate(dir.path(), &play);
    assert_eq!(wrong.code, Some(3), "{wrong:?}");
    let play =
        play.map(|text| if text.ends_with("0002.toml") { "sites/city-0000.toml" } else { text });
    simulate(dir.path(), &play).succeeded();
    let (recorded, played) =
        (observations(&dir.path().join("recorded")), observations(&dir.path().join("played")));
    let of = |site: &str| played.iter().filter(|o| o.site.as_str() == site).collect::<Vec<_>>();
    let first = of("city-0000-0000");
    let contents = |seen: &[&Observation]| -> Vec<Content> {
        seen.iter().take(recorded.len()).map(|o| o.content.clone()).collect()
    };
    assert_eq!(contents(&first), contents(&recorded.iter().collect::<Vec<_>>()));
    let runs: std::collections::BTreeSet<&str> = first.iter().map(|o| o.run.as_str()).collect();
    assert_eq!(
        runs.into_iter().collect::<Vec<_>>(),
        ["simulated-1", "simulated-1-1", "simulated-1-2"]
    );
    let cameras = |site: &str| {
        let of_site = of(site);
        of_site.iter().map(|o| o.camera.0.clone()).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!([cameras("city-0000-0001"), cameras("city-0000-0002")], [4, 2]);
    for number in 0..3 {
        let mut check = command(["site", "check"]);
        check.arg(dir.path().join(format!("copies/city-0000-{number:04}.toml")));
        run(check).succeeded();
    }
}

#[test]
fn templates_are_played_for_many_sites() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = [
        "--no-bus",
        "--cameras",
        "400",
        "--templates",
        "2",
        "--seconds",
        "5",
        "--observations",
        "seen",
        "--json",
    ];
    let summary = simulate(dir.path(), &arguments).succeeded().json();
    assert_eq!((&summary["cameras"], &summary["sites"]), (&400.into(), &100.into()));
    let seen = observations(&dir.path().join("seen"));
    let cameras: std::collections::BTreeSet<(&str, &str)> =
        seen.iter().map(|o| (o.site.as_str(), o.camera.as_str())).collect();
    assert_eq!(cameras.len(), 400);
    assert!((9_000..=10_000).contains(&seen.len()), "{}", seen.len());
}

#[test]
fn faults_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let make = |share: &str| {
        let arguments =
            ["--cameras", "8", "--seconds", "30", "--poison", share, "--data", share, "--json"];
        simulate(dir.path(), &arguments).succeeded().json()
    };
    let (spoilt, sound) = (make("0.1"), make("0"));
    let faults = spoilt["faults"].as_object().unwrap();
    assert_eq!(faults.len(), 7);
    let count: u64 = faults.values().map(|count| count.as_u64().unwrap()).sum();
    let all = spoilt["observations"].as_u64().unwrap();
    assert!((all / 20..all / 5).contains(&count), "{count} of {all}");
    assert_eq!(spoilt["observations"], sound["observations"]);
    let further = count - faults["reordered"].as_u64().unwrap();
    let records = |summary: &Value| summary["records"].as_u64().unwrap();
    assert_eq!(records(&spoilt), records(&sound) + further);
    let log = Log::open(&dir.path().join("0.1"), LogOptions::default()).unwrap();
    let stored = stored(&log, Topic::Observations);
    assert_eq!(stored.len() as u64, all + further);
    let unreadable =
        stored.iter().filter(|record| Observation::from_bytes(&record.value).is_err()).count();
    assert!(unreadable > 0);
}

#[test]
fn ctrl_c_ends_it_and_keeps_what_was_published() {
    let dir = tempfile::tempdir().unwrap();
    let mut command =
        command(["simulate", "--seconds", "600", "--cameras", "4", "--data", "log", "--json"]);
    command.current_dir(dir.path());
    plainly(&mut command);
    let log = dir.path().join("log");
    let ran = run_with(command, |child| {
        common::until("the log", || {
            fs::read_dir(&log).is_ok_and(|mut files| files.next().is_some())
        });
        std::thread::sleep(Duration::from_secs(2));
        interrupt(child);
    });
    assert_eq!(ran.code, Some(4), "{ran:?}");
    let summary = ran.json();
    assert_eq!(summary["interrupted"], true);
    let log = Log::open(&log, LogOptions::default()).unwrap();
    assert_eq!(summary["observations"], stored(&log, Topic::Observations).len());
}

#[test]
fn help() {
    let mut command = command(["simulate", "--help"]);
    plainly(&mut command);
    insta::assert_snapshot!(run(command).succeeded().stdout);
}

#[test]
fn wrong_values() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("noise"), [7; 100]).unwrap();
    simulate(dir.path(), &["--no-bus", "--seconds", "1", "--sites-out", "sites"]).succeeded();
    let site = "sites/city-0000.toml";
    let text: Vec<String> = [
        (2, &["--cameras", "0"][..]),
        (2, &["--speed", "fast"]),
        (2, &["--start", "noon"]),
        (2, &["--from-observations", "noise"]),
        (2, &["--no-bus", "--kafka", "127.0.0.1:9"]),
        (3, &["--no-bus"]),
        (3, &["--no-bus", "--truth", "t", "--poison", "2"]),
        (3, &["--no-bus", "--truth", "t", "--offenders", "1.5"]),
        (3, &["--no-bus", "--truth", "t", "--from-observations", "noise", "--from-site", site]),
        (3, &["--no-bus", "--truth", "t", "--from-observations", "none", "--from-site", site]),
        (1, &["--no-bus", "--truth", "no/t"]),
    ]
    .into_iter()
    .map(|(code, arguments)| {
        let ran = simulate(dir.path(), arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {ran:?}");
        assert_eq!(ran.stdout, "");
        format!("-- {}\n{}", arguments.join(" "), plain(&ran.stderr, dir.path()))
    })
    .collect();
    insta::assert_snapshot!(text.join("\n"));
}
