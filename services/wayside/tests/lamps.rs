//! Signals that the camera sees: lamps in the picture, read, and held against the log.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs;

use common::{clips, object, run, sites};
use wayside_ingest::lamps::LampReader;
use wayside_ingest::tracks_file;
use wayside_picture::Picture;
use wayside_proto::{CameraId, ClockSource, Content, Observation, Outcome, RunId, Verdict};
use wayside_rules::Engine;
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource, read_csv};
use wayside_site::Site;

/// The head of group `N` in the picture: red above yellow above green.
const LAMP: &str = "
[[camera.lamp]]
group = \"N\"
red_px = [290, 10, 302, 22]
yellow_px = [290, 22, 302, 34]
green_px = [290, 34, 302, 46]

[signals]";

const COLOURS: [[u8; 3]; 3] = [[250, 30, 20], [250, 190, 30], [30, 250, 140]];

/// The road with a dark head on which lamp `lit` shines (0 red, 1 yellow, 2 green).
fn head(lit: usize) -> Picture {
    clips::picture(clips::SIZE, |x, y| {
        if !(286..306).contains(&x) || !(6..50).contains(&y) {
            return None;
        }
        let lamp =
            (290..302).contains(&x) && (10 + 12 * lit as u32..22 + 12 * lit as u32).contains(&y);
        Some(if lamp { COLOURS[lit] } else { [15; 3] })
    })
}

/// Red for two seconds, green for two, yellow for one, red for one.
fn cycle() -> impl Iterator<Item = usize> {
    [(0, 20), (2, 20), (1, 10), (0, 10)]
        .into_iter()
        .flat_map(|(lamp, frames)| std::iter::repeat_n(lamp, frames))
}

fn site(log: bool) -> String {
    let site = sites::SITE.replace("\n[signals]", LAMP);
    if log { site } else { site.replace("log = \"signals.csv\"\n", "") }
}

/// What the report's time line says of the group, in order.
fn phases(report: &str) -> Vec<&str> {
    report
        .split("<title>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</title>").map(|(title, _)| title))
        .filter(|title| title.starts_with("N ") && title.contains(" for "))
        .collect()
}

#[test]
fn the_time_line_is_read_from_the_picture() {
    let dir = tempfile::tempdir().unwrap();
    clips::write(&dir.path().join("clip.mp4"), clips::SIZE, cycle().map(head));
    let report = |site: &str, signals: &str| {
        let site = sites::write(dir.path(), site, signals);
        let out = dir.path().join("out");
        let mut command = common::command(["replay", "--quiet", "--no-pictures"]);
        command.arg(site).arg("--out").arg(&out);
        run(command).succeeded();
        assert_eq!(object(&out.join("certificate.json"))["frames"], 60);
        fs::read_to_string(out.join("report.html")).unwrap()
    };
    let lamps_alone = report(&site(false), "");
    assert_eq!(
        phases(&lamps_alone),
        ["N red for 2.0 s", "N green for 2.0 s", "N yellow for 1.0 s", "N red for 0.9 s"]
    );
    // The log says green where the lamp shows yellow and red: from the tolerance on nobody knows.
    let both = report(&site(true), "time_s,group,state\n0,N,red\n2,N,green\n");
    let phases = phases(&both);
    assert_eq!(phases[..2], ["N red for 2.0 s", "N green for 2.5 s"], "{phases:?}");
    assert!(phases[2..].iter().all(|phase| phase.contains("unknown")), "{phases:?}");
}

/// Reads the lamps of a clip in which the head shows `lit`, beside a log, and judges a car that
/// crosses the line at second 8.
fn judged(log: &str, lit: impl Fn(f64) -> usize) -> Vec<Outcome> {
    let site = Site::parse("site.toml", &site(true)).unwrap();
    let records = read_csv("signals.csv", log, &site).unwrap();
    let mut signals = SignalHistory::with_records(&site.file().signals, records);
    let mut lamps = LampReader::new(&site.camera("pole").unwrap().lamps);
    let tracks = sites::tracks(sites::crossing(8.0, "1"));
    let instants = tracks_file::read("tracks.csv", site.start(), tracks.as_bytes()).unwrap();
    let mut engine = Engine::new(&site);
    let mut outcomes = Vec::new();
    for (sequence, instant) in (0..).zip(instants) {
        let instant = instant.unwrap();
        let time = instant.time;
        let seen = lamps.read(time, &head(lit(time.since_s(site.start()))));
        for change in seen {
            signals.push(SignalRecord {
                time: change.since,
                group: change.group,
                state: change.state.unwrap(),
                source: SignalSource::Lamp,
            });
        }
        let observation = Observation {
            site: site.id(),
            camera: CameraId("pole".to_owned()),
            run: RunId("run".to_owned()),
            sequence,
            time,
            clock_source: ClockSource::Recording,
            clock_uncertainty_us: 0,
            content: Content::Tracks { tracks: instant.tracks, skipped_still: false },
        };
        outcomes.extend(engine.observe(&observation, &signals));
    }
    outcomes.extend(engine.finish(&signals).0);
    outcomes
}

#[test]
fn where_log_and_lamp_agree_a_runner_is_a_violation() {
    let outcomes = judged(sites::SIGNALS, |time| if time < 5.0 { 2 } else { 0 });
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    assert_eq!((outcomes[0].rule, &outcomes[0].verdict), ("red_light", &Verdict::Violation));
}

#[test]
fn where_log_and_lamp_disagree_a_runner_is_void() {
    // The log has red from second 5, the lamp stays green.
    let outcomes = judged(sites::SIGNALS, |_| 2);
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    let Verdict::Void { cause, detail } = &outcomes[0].verdict else { panic!("{outcomes:?}") };
    insta::assert_snapshot!(format!("{}: {}: {detail}", outcomes[0].rule, cause.as_str()));
    // And the other way round: the log has green all the time, the lamp red.
    let outcomes = judged("time_s,group,state\n0,N,green\n", |_| 0);
    assert!(outcomes.iter().all(|outcome| outcome.verdict != Verdict::Violation), "{outcomes:?}");
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
}
