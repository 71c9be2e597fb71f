//! The example's observations over both buses: the violations of its replay, byte for byte.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wayside_broker::{Broker, BrokerOptions};
use wayside_bus::{Bus, Record, Topic};
use wayside_capture::{Mp4Writer, Reader, ReaderOptions, Source};
use wayside_proto::convert::{Message, decode_observations};
use wayside_proto::json::{violation_line, void_line};
use wayside_proto::{Content, Observation, Outcome, ReportSource, RunId, SignalReport, Verdict};
use wayside_rules::signals::read_csv;
use wayside_site::Site;

use crate::common::{self, root};
use crate::outcomes::Outcomes;
use crate::place::Place;
use crate::turn;

/// Seconds of the clip: a car on red and one against its lane lie in them.
const CLIP_S: f64 = 18.0;
/// Seconds of event time until what waits for signals is judged.
const LATENESS_S: f64 = 1.0;

#[test]
fn both_buses_and_the_replay_give_the_same() {
    same(|dir| Some(cut(dir)));
}

#[test]
#[ignore = "takes minutes; see make soak"]
fn soak_both_buses_and_the_replay_give_the_same() {
    same(|_| None);
}

/// `video` makes a clip in a folder; the example's own where it makes none.
fn same(video: impl Fn(&Path) -> Option<PathBuf>) {
    if wayside_broker::skip() {
        return;
    }
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let replayed = replay(dir.path(), video(dir.path()));
    let (site, signals) = site(dir.path());
    let observations = observations(&dir.path().join("replay/observations.binpb"));
    let run = observations[0].run.clone();
    let sites = dir.path().join("sites");

    let broker = Broker::start(BrokerOptions::default()).unwrap();
    let places = [Place::Embedded(dir.path().join("log")), Place::on(&broker, "", 6)];
    let both = places.map(|place| {
        let bus = place.open();
        publish(&bus, &site, &signals, &observations);
        drop(bus);
        place.judge(&sites, dir.path());
        Outcomes::read(&*place.open()).of(|outcome| outcome.run == run)
    });
    let [embedded, kafka] = both;
    kafka.assert_same(&embedded);
    let lines = embedded.all.values().map(|(outcome, _)| (outcome.id.to_string(), line(outcome)));
    let lines: BTreeMap<String, String> = lines.collect();
    println!(
        "{} observations, {} outcomes on each bus and in the replay",
        observations.len(),
        lines.len()
    );
    assert!(embedded.violations().count() > 1, "hardly any violations");
    assert_eq!(lines, replayed);
}

fn line(outcome: &Outcome) -> String {
    match outcome.verdict {
        Verdict::Violation => violation_line(outcome),
        Verdict::Void { .. } => void_line(outcome),
    }
}

/// Replays it; the lines of what it found, by id.
fn replay(dir: &Path, video: Option<PathBuf>) -> BTreeMap<String, String> {
    let out = dir.join("replay");
    let mut command = common::command(["replay", "--no-pictures", "--threads", "2", "--quiet"]);
    command.env_remove("WAYSIDE_MODELS").arg(folder().join("site.toml")).arg("--out").arg(&out);
    if let Some(video) = video {
        command.arg("--video").arg(video);
    }
    common::run(command).succeeded();
    let mut all = BTreeMap::new();
    for name in ["violations.jsonl", "voids.jsonl"] {
        let text = std::fs::read_to_string(out.join(name)).unwrap();
        for line in text.lines() {
            let object: serde_json::Value = serde_json::from_str(line).unwrap();
            all.insert(object["id"].as_str().unwrap().to_owned(), line.to_owned());
        }
    }
    all
}

fn folder() -> PathBuf {
    root().join("examples/junction")
}

/// The beginning of the example's clip, with the times of its frames.
fn cut(dir: &Path) -> PathBuf {
    let path = dir.join("clip.mp4");
    let mut reader =
        Reader::open(&Source::parse(&folder().join("clip.mp4"), 0.0), ReaderOptions::default())
            .unwrap();
    let info = reader.info().clone();
    let rate = (info.fps.unwrap() * 1000.0).round() as u32;
    let mut writer = Mp4Writer::create(&path, info.width, info.height, rate, 1000).unwrap();
    while let Some(frame) = reader.next().unwrap() {
        if frame.pts.as_secs_f64() >= CLIP_S {
            break;
        }
        writer.write(&frame.picture, frame.pts).unwrap();
    }
    writer.finish().unwrap();
    path
}

/// Writes the example's site without its signal log; the site, and the log as reports.
fn site(dir: &Path) -> (Site, Vec<SignalReport>) {
    let text = std::fs::read_to_string(folder().join("site.toml")).unwrap();
    let without = text.replace("log = \"signals.csv\"\n", "");
    assert_ne!(text, without);
    std::fs::create_dir(dir.join("sites")).unwrap();
    std::fs::write(dir.join("sites/site.toml"), &without).unwrap();
    let site = Site::parse("site.toml", &without).unwrap();
    let log = std::fs::read_to_string(folder().join("signals.csv")).unwrap();
    let report = |record: wayside_rules::signals::SignalRecord| SignalReport {
        site: site.id(),
        group: record.group,
        state: record.state,
        time: record.time,
        source: ReportSource::Log,
    };
    let reports = read_csv("signals.csv", &log, &site).unwrap().into_iter().map(report).collect();
    (site, reports)
}

/// What the replay saw, and then another run that sees nothing: with it the recording has ended.
fn observations(file: &Path) -> Vec<Observation> {
    let mut all = decode_observations(&std::fs::read(file).unwrap()).unwrap();
    let last = all.last().unwrap().clone();
    let after = (1..=4_u32).map(|second| Observation {
        run: RunId::from("after"),
        sequence: u64::from(second) - 1,
        time: last.time.plus_s(f64::from(second) * LATENESS_S),
        content: Content::Tracks { tracks: Vec::new(), skipped_still: false },
        ..last.clone()
    });
    all.extend(after.collect::<Vec<_>>());
    all
}

fn publish(
    bus: &Arc<dyn Bus>,
    site: &Site,
    signals: &[SignalReport],
    observations: &[Observation],
) {
    let of_signal = |report: &SignalReport| Record {
        key: site.id().0,
        time: report.time.0,
        id: None,
        value: report.to_bytes().unwrap(),
    };
    let of_observation = |observation: &Observation| Record {
        key: format!("{}/{}", observation.site, observation.camera),
        time: observation.time.0,
        id: None,
        value: observation.to_bytes().unwrap(),
    };
    bus.append(Topic::Signals, signals.iter().map(of_signal).collect()).unwrap();
    for part in observations.chunks(500) {
        bus.append(Topic::Observations, part.iter().map(of_observation).collect()).unwrap();
    }
}
