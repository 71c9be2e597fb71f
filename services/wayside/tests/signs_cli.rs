//! `wayside signs`, the real program: what it can say, what it shows, that a killed one leaves a page that is
//! told nothing, and that one which is back at once shows what still holds until its own end.

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::root;
use wayside_bus::{Log, LogOptions, Record, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{
    CameraId, EventTime, MotorVehicleClass, Outcome, OutcomeId, RunId, SiteId, TrackId, Verdict,
};

/// How long a busy machine may take.
const PATIENCE: Duration = Duration::from_secs(300);

fn signs(arguments: &[&str]) -> (Option<i32>, String, String) {
    let example = root().join("examples/junction/site.toml");
    let output = Command::new(env!("CARGO_BIN_EXE_wayside"))
        .arg("signs")
        .arg(example)
        .args(arguments)
        .env_remove("WAYSIDE_LOG")
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn what_the_signs_of_the_example_can_say() {
    let (code, out, err) = signs(&["--check"]);
    assert_eq!(code, Some(0), "{err}");
    insta::assert_snapshot!("check", out);
    let (code, out, err) = signs(&["--check", "--json"]);
    assert_eq!(code, Some(0), "{err}");
    insta::assert_snapshot!("check_json", out);
    let (code, out, _) = signs(&["--print-templates"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("# ---- wrong_way.toml ----"), "{out}");
}

#[test]
fn a_template_that_is_wrong_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("red_light.toml"),
        "on = \"rain\"\npriority = 1\nhold_s = 9\n[text]\nen = [\"A\"]\n",
    )
    .expect("a file");
    let templates = folder.path().display().to_string();
    let (code, _, err) = signs(&["--check", "--templates", &templates]);
    assert_eq!(code, Some(3));
    insta::assert_snapshot!("wrong_template", err);
}

fn now() -> EventTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    EventTime(i64::try_from(since.expect("after 1970").as_micros()).expect("this century"))
}

fn happens(data: &std::path::Path) {
    let time = now();
    let (site, camera, run) =
        (SiteId::from("junction"), CameraId::from("south"), RunId::from("run"));
    let outcome = Outcome {
        id: OutcomeId::derive(&site, &camera, &run, TrackId(7), "wrong_way", "Sin_1", time),
        rule: "wrong_way",
        rule_version: 1,
        site,
        camera,
        run,
        track: TrackId(7),
        class: MotorVehicleClass::Car,
        event_time: time,
        quantities: Vec::new(),
        signal: None,
        place: "Sin_1".to_owned(),
        approach: None,
        lane: None,
        verdict: Verdict::Violation,
    };
    let record = Record {
        key: "junction".to_owned(),
        time: time.0,
        id: Some(outcome.id.0.clone()),
        value: outcome.to_bytes().expect("sound"),
    };
    let log = Log::open(data, LogOptions::default()).expect("a log");
    log.append(Topic::Violations, vec![record]).expect("stored");
    // One process has the log at a time.
    drop(log);
}

struct Running {
    child: Child,
    pages: String,
    lines: std::sync::mpsc::Receiver<String>,
    /// What it printed first of the sign: whether it has heard of anything by then is a matter of luck.
    first: serde_json::Value,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The example's site with so much time for its signs that a slow machine can start the program twice in it. Returns
/// the file, and a folder for the log beside it.
fn patient_site(folder: &std::path::Path) -> (std::path::PathBuf, std::path::PathBuf) {
    let text = std::fs::read_to_string(root().join("examples/junction/site.toml")).expect("a site");
    let text = text
        .replace("kind = \"billboard\"", "kind = \"billboard\"\nsource_timeout_s = 300.0")
        .replace("template = \"wrong_way\"", "template = \"wrong_way\"\nhold_s = 900.0");
    let (site, data) = (folder.join("site.toml"), folder.join("data"));
    std::fs::write(&site, text).expect("a file");
    std::fs::create_dir(&data).expect("a folder");
    (site, data)
}

/// Starts the program on the log in this folder.
fn start(site: &std::path::Path, data: &std::path::Path) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wayside"))
        .arg("signs")
        .arg(site)
        .arg("--data")
        .arg(data)
        .args(["--json", "--signs-listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--for", "1200"])
        .env_remove("WAYSIDE_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let out = child.stdout.take().expect("a pipe");
    let (send, lines) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    let mut running =
        Running { child, pages: String::new(), lines, first: serde_json::Value::Null };
    let first = running.next(|state| state["sign"] == "square");
    let page = first["page_url"].as_str().expect("a page").to_owned();
    running.first = first;
    running.pages = page.trim_end_matches("/signs/square").to_owned();
    running
}

impl Running {
    /// The first state of the sign that is so.
    fn comes(&self, is: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        if is(&self.first) { self.first.clone() } else { self.next(is) }
    }

    /// The next state that is so.
    fn next(&self, is: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let Ok(line) = self.lines.recv_timeout(Duration::from_millis(200)) else { continue };
            let state: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            if is(&state) {
                return state;
            }
        }
        panic!("nothing like it was printed within {PATIENCE:?}");
    }
}

#[test]
fn the_program_shows_a_violation_and_a_killed_one_shows_nothing_until_it_is_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (site, data) = patient_site(folder.path());
    happens(&data);
    let mut running = start(&site, &data);
    let shown = running.comes(|state| state["sign"] == "square" && state["state"] == "showing");
    assert_eq!(shown["text"][0], "WRONG-WAY");
    assert_eq!(shown["pictogram"], "wrong_way");
    let url = format!("{}/signs/square/state", running.pages);
    let told = ureq::get(&url).call().expect("a page").body_mut().read_to_string().expect("text");
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["state"], "showing");
    // Whatever becomes of the program: the page was never told more than ten seconds.
    assert!(told["valid_ms"].as_u64().is_some_and(|left| left <= 10_000), "{told}");
    running.child.kill().expect("killed");
    running.child.wait().expect("gone");
    assert!(ureq::get(&url).call().is_err(), "nothing is told any more");
    // Back before the time-out of its source: what still holds is shown again, and not for any longer.
    let again = start(&site, &data);
    let same = again.comes(|state| state["sign"] == "square" && state["state"] == "showing");
    assert_eq!((&same["text"], &same["expires"]), (&shown["text"], &shown["expires"]));
}
