//! `wayside whatif`: drafts over the small site, from a file and from the log.
//!
//! `data/small/tracks.csv` has a car that crosses the line three seconds into red, one that crosses
//! on green, one against its lane, one that stands where nobody may, and a truck off the road.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use common::{Ran, plain, root, run, sites};
use serde_json::Value;
use wayside_bus::{Log, LogOptions, Record, Topic};
use wayside_proto::convert::{Message, decode_observations};
use wayside_proto::{EventTime, ReportSource, SignalColour, SignalReport, SiteId};

/// One test at a time: a process that another thread starts holds copies of this one's locks for a
/// moment, and a log would seem to be in use.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder with the small site and the observations of its tracks.
struct Small {
    dir: tempfile::TempDir,
    site: PathBuf,
    observations: PathBuf,
    _alone: MutexGuard<'static, ()>,
}

impl Small {
    fn new() -> Self {
        let alone = alone();
        let dir = tempfile::tempdir().unwrap();
        let site = sites::write(dir.path(), sites::SITE, sites::SIGNALS);
        let out = dir.path().join("out");
        let mut command = common::command(["replay", "--quiet"]);
        let tracks = root().join("services/wayside/tests/data/small/tracks.csv");
        command.arg(&site).arg("--tracks").arg(tracks).arg("--out").arg(&out);
        run(command).succeeded();
        Self { dir, site, observations: out.join("observations.binpb"), _alone: alone }
    }

    fn draft(&self, text: &str) -> PathBuf {
        let path = self.dir.path().join("draft.toml");
        fs::write(&path, text).unwrap();
        path
    }

    fn whatif(&self, text: &str, more: &[&str]) -> Ran {
        let draft = self.draft(text);
        let mut command = common::command(["whatif"]);
        command.arg(&self.site).arg("--draft").arg(draft);
        command.arg("--observations").arg(&self.observations).args(more);
        run(command)
    }

    fn said(&self, text: &str, more: &[&str]) -> String {
        let ran = self.whatif(text, more).succeeded();
        assert_eq!(ran.stderr, "");
        plain(&ran.stdout, self.dir.path())
    }
}

/// The site with one text in place of another.
fn changed(from: &str, to: &str) -> String {
    assert!(sites::SITE.contains(from), "{from}");
    sites::SITE.replace(from, to)
}

#[test]
fn drafts_say_what_they_would_change() {
    let small = Small::new();
    let mut text = String::new();
    let mut show = |title: &str, draft: &str| {
        text += &format!("== {title}\n{}\n", small.said(draft, &[]));
    };
    show("the same", sites::SITE);
    show("more grace", &changed("[rules.red_light]", "[rules.red_light]\ngrace_s = 4.0"));
    show(
        "a grace within the interval",
        &changed("[rules.red_light]", "[rules.red_light]\ngrace_s = 3.0"),
    );
    show("a rule off, another on", &changed("[rules.wrong_way]", "[rules.stop_line]"));
    show(
        "a lane turned",
        &changed("[[222.0, 230.4], [222.0, 300.0]]", "[[222.0, 300.0], [222.0, 230.4]]"),
    );
    show(
        "the stop line moved",
        &changed("[[216.8, 230.4], [220.0, 230.4]]", "[[216.8, 236.4], [220.0, 236.4]]"),
    );
    show("a longer stay", &changed("dwell_s_max = 10.0", "dwell_s_max = 60.0"));
    insta::assert_snapshot!(text);
}

#[test]
fn what_stored_observations_cannot_show_is_told() {
    let small = Small::new();
    let draft = changed("ground_m = [226.4, 190.0]", "ground_m = [226.4, 190.2]")
        .replace("start = \"2026-06-01T07:00:00Z\"", "start = \"2026-06-01T08:00:00Z\"")
        .replace("width_px = 320", "clock_uncertainty_ms = 40.0\nwidth_px = 320")
        .replace("[[signal_group]]", "[[signal_group]]\nid = \"X\"\n\n[[signal_group]]");
    let draft = format!("{draft}\n[rules.flow]\n");
    insta::assert_snapshot!(small.said(&draft, &[]));
}

#[test]
fn a_script_gets_one_object_and_an_exit_code() {
    let small = Small::new();
    let draft = changed("[rules.red_light]", "[rules.red_light]\ngrace_s = 4.0");
    let ran = small.whatif(&draft, &["--json", "--fail-on-change"]);
    assert_eq!(ran.code, Some(5), "{ran:?}");
    let object = ran.json();
    let count = &object["rules"]["red_light"];
    assert_eq!(
        (&count["violations"]["before"], &count["violations"]["after"]),
        (&1.into(), &0.into())
    );
    assert_eq!(object["keys"][0]["key"], "rules.red_light.grace_s");
    assert_eq!((&object["keys"][0]["old"], &object["keys"][0]["new"]), (&0.3.into(), &4.0.into()));
    assert_eq!(object["differences"][0]["before"]["track"], 1);
    assert_eq!(object["differences_left_out"], 0);
    let none = small.whatif(&draft, &["--json", "--limit", "0"]).succeeded().json();
    assert_eq!(
        (&none["differences"], &none["differences_left_out"]),
        (&Value::Array(vec![]), &1.into())
    );
    // Nothing differs: the exit code says so, and twice the same is the same.
    let same = small.whatif(sites::SITE, &["--json", "--fail-on-change"]).succeeded();
    let again = small.whatif(sites::SITE, &["--json", "--fail-on-change"]).succeeded();
    assert_eq!(same.stdout, again.stdout);
    let twice = [small.whatif(&draft, &["--json"]), small.whatif(&draft, &["--json"])];
    assert_eq!(twice[0].stdout, twice[1].stdout);
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let small = Small::new();
    let mut text = String::new();
    let mut refused = |title: &str, ran: Ran| {
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(3), ""), "{title}: {ran:?}");
        text += &format!("-- {title}\n{}", plain(&ran.stderr, small.dir.path()));
    };
    refused("another site", small.whatif(&changed("\"small\"", "\"other\""), &[]));
    refused(
        "an unsound draft",
        small.whatif(&changed("[rules.red_light]", "[rules.red_lamp]"), &[]),
    );
    let whole = fs::read(&small.observations).unwrap();
    fs::write(&small.observations, &whole[..whole.len() - 7]).unwrap();
    refused("half a file", small.whatif(sites::SITE, &[]));
    fs::write(&small.observations, b"no observations").unwrap();
    refused("another file", small.whatif(sites::SITE, &[]));
    fs::write(&small.observations, b"").unwrap();
    refused("an empty file", small.whatif(sites::SITE, &[]));
    fs::remove_file(&small.observations).unwrap();
    refused("no file", small.whatif(sites::SITE, &[]));
    let bus = |more: &[&str]| {
        let draft = small.draft(sites::SITE);
        let mut command = common::command(["whatif"]);
        command.arg(&small.site).arg("--draft").arg(draft);
        command.arg("--data").arg(small.dir.path().join("data")).args(more);
        run(command)
    };
    let span = ["--from", "2026-06-01T07:00:00Z", "--to", "2026-06-01T08:00:00Z"];
    refused("no log", bus(&span));
    drop(Log::open(&small.dir.path().join("data"), LogOptions::default()).unwrap());
    refused("an empty log", bus(&span));
    refused("turned around", bus(&["--to", span[1], "--from", span[3]]));
    insta::assert_snapshot!(text);
    for wrong in [&["--from", span[1]][..], &[], &["--from", "yesterday", "--to", span[3]]] {
        assert_eq!(bus(wrong).code, Some(2), "{wrong:?}");
    }
}

/// The log's observations and signals give what the files give, within the span and not beyond.
#[test]
fn the_log_gives_what_the_file_gives() {
    let small = Small::new();
    let data = small.dir.path().join("data");
    let log = Log::open(&data, LogOptions::default()).unwrap();
    let observations = decode_observations(&fs::read(&small.observations).unwrap()).unwrap();
    let records = observations.iter().map(|observation| Record {
        key: format!("{}/{}", observation.site, observation.camera),
        time: observation.time.0,
        id: None,
        value: observation.to_bytes().unwrap(),
    });
    let poison = Record {
        key: "small/pole".to_owned(),
        time: observations[0].time.0,
        id: None,
        value: b"poison".to_vec(),
    };
    let records: Vec<Record> = std::iter::once(poison).chain(records).collect();
    for batch in records.chunks(100) {
        log.append(Topic::Observations, batch.to_vec()).unwrap();
    }
    let start = EventTime::parse("2026-06-01T07:00:00Z").unwrap();
    let reports = [
        (0.0, SignalColour::Green),
        (2.0, SignalColour::Yellow),
        (5.0, SignalColour::Red),
        (20.0, SignalColour::Green),
    ];
    let reports = reports.map(|(after_s, state)| {
        let time = start.plus_s(after_s);
        let (site, group) = (SiteId::from("small"), "N".to_owned());
        let report = SignalReport { site, group, state, time, source: ReportSource::Log };
        Record {
            key: "small".to_owned(),
            time: time.0,
            id: None,
            value: report.to_bytes().unwrap(),
        }
    });
    log.append(Topic::Signals, reports.to_vec()).unwrap();
    drop(log);

    // Signals come from the bus alone here.
    let site = changed("log = \"signals.csv\"", "");
    let path = small.dir.path().join("bus.toml");
    fs::write(&path, &site).unwrap();
    let draft = small.draft(&site.replace("[rules.red_light]", "[rules.red_light]\ngrace_s = 4.0"));
    let whatif = |from: &str, to: &str| {
        let mut command = common::command(["whatif", "--json"]);
        command.arg(&path).arg("--draft").arg(&draft).arg("--data").arg(&data);
        command.args(["--from", from, "--to", to]);
        run(command).succeeded().json()
    };
    let of_log = whatif("2026-06-01T07:00:00Z", "2026-06-01T07:10:00Z");
    let of_file = small
        .whatif(&changed("[rules.red_light]", "[rules.red_light]\ngrace_s = 4.0"), &["--json"]);
    let of_file = of_file.succeeded().json();
    for key in ["rules", "differences", "keys"] {
        assert_eq!(of_log[key], of_file[key], "{key}");
    }
    let warnings = of_log["warnings"].to_string();
    assert!(
        warnings.contains("observations: 1 records that this version cannot read"),
        "{warnings}"
    );
    // The crossing at 8 s is not in this span; the stop from 10 s on is.
    let later = whatif("2026-06-01T07:00:09Z", "2026-06-01T07:00:11Z");
    assert_eq!(later["differences"], Value::Array(vec![]));
    assert_eq!(later["rules"]["no_stopping"]["same"], 1, "{later}");
    assert_eq!(later["rules"]["red_light"], Value::Null);
}

/// A draft over the example's own recording would need the detector; its site file is good enough to
/// be compared with itself.
#[test]
fn the_examples_site_file_differs_from_itself_in_nothing() {
    let _alone = alone();
    let example = root().join("examples/junction/site.toml");
    let dir = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(&example).unwrap();
    let (site, out) = (copy(&example, dir.path(), &text), dir.path().join("out"));
    let tracks = dir.path().join("tracks.csv");
    fs::write(&tracks, sites::tracks(sites::crossing(9.0, "1"))).unwrap();
    let mut replay = common::command(["replay", "--quiet"]);
    replay.arg(&site).arg("--tracks").arg(&tracks).arg("--out").arg(&out);
    run(replay).succeeded();
    let mut command = common::command(["whatif", "--json", "--fail-on-change"]);
    command.arg(&site).arg("--draft").arg(&site);
    command.arg("--observations").arg(out.join("observations.binpb"));
    let object = run(command).succeeded().json();
    assert_eq!(object["keys"], Value::Array(vec![]));
    assert_eq!(object["warnings"], Value::Array(vec![]));
}

fn copy(example: &Path, dir: &Path, text: &str) -> PathBuf {
    let site = dir.join("site.toml");
    fs::write(&site, text).unwrap();
    fs::copy(example.with_file_name("signals.csv"), dir.join("signals.csv")).unwrap();
    site
}
