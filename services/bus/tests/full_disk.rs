//! A disk without room: nothing is lost silently, and the log goes on when there is room again.

mod common;

use common::said;
use tempfile::TempDir;
use wayside_bus::{BusError, Log, LogOptions, Offset, Position, Record, Topic};

fn record(number: u64) -> Record {
    Record {
        key: "camera".to_owned(),
        time: number as i64,
        id: Some(number.to_string()),
        value: vec![number as u8; 1_000],
    }
}

/// Appends until the log refuses. Returns how many records it took.
fn fill(log: &Log, from: u64) -> (u64, BusError) {
    for number in from..from + 1_000_000 {
        let result = log.append(Topic::Observations, vec![record(number)]);
        if let Err(error) = result {
            return (number - from, error);
        }
    }
    panic!("a disk without an end");
}

#[test]
fn a_log_that_has_reached_its_limit_refuses_and_goes_on() {
    let dir = TempDir::new().expect("a directory");
    let options = LogOptions { file_bytes_max: Some(2_000_000), ..LogOptions::default() };
    let log = Log::open(dir.path(), options.clone()).expect("a log");
    let (stored, error) = fill(&log, 0);
    assert!(stored > 1_000, "{stored}");
    insta::assert_snapshot!(said(&error, dir.path()));
    assert_eq!(log.end(Topic::Observations), Offset(stored));
    assert_eq!(log.stats().expect("stats").refused_records, 1);
    // A consumer's position and outputs go together here, too.
    let position = Position { next: Offset(5), rewind: Offset(5) };
    let outputs = (0..100).map(|n| (Topic::Violations, record(n))).collect();
    log.commit("c", Topic::Observations, position, outputs).expect_err("no room");
    assert_eq!(log.position("c", Topic::Observations).expect("none"), None);
    assert_eq!(log.end(Topic::Violations), Offset(0));
    let deleted = log.retain(Topic::Observations, 500, u64::MAX).expect("room");
    assert_eq!(deleted.records, 500);
    let (more, _) = fill(&log, stored);
    assert!(more > 400, "room is used again: {more}");
    drop(log);
    let log = Log::open(dir.path(), options).expect("a full log opens");
    assert_eq!(log.end(Topic::Observations), Offset(stored + more));
    let first = log.read(Topic::Observations, Offset(0), 1, 10_000).expect("records");
    assert_eq!(first.first().map(|s| s.offset), Some(Offset(500)));
    log.check().expect("a sound database");
}

/// The child of the test below: goes on until the log has refused twenty times.
#[test]
fn child() {
    let Some(dir) = std::env::var_os("WAYSIDE_BUS_FULL_DIR") else { return };
    let log = Log::open(dir.as_ref(), LogOptions::default()).expect("a log");
    let mut stored = 0;
    for _ in 0..20 {
        let (more, error) = fill(&log, stored);
        stored += more;
        println!("{error}");
        assert_eq!(log.end(Topic::Observations), Offset(stored));
    }
    let all = log.read(Topic::Observations, Offset(0), 10_000, usize::MAX).expect("records");
    assert_eq!(all.len() as u64, stored);
    println!("\nstored {stored}.");
}

/// Runs this program's `child` in `dir` behind a shell command.
fn run_child(dir: &std::path::Path, before: &str) -> String {
    let output = std::process::Command::new("sh")
        .args(["-c", &format!("{before}exec \"$0\" --exact child --nocapture")])
        .arg(std::env::current_exe().expect("this program"))
        .env("WAYSIDE_BUS_FULL_DIR", dir)
        .output()
        .expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn a_write_that_the_system_refuses_stores_nothing() {
    let dir = TempDir::new().expect("a directory");
    // No file may have more than 3 MB: every further write fails in the middle of a transaction.
    let text = run_child(dir.path(), "trap '' XFSZ; ulimit -f 6000; ");
    let log = Log::open(dir.path(), LogOptions::default()).expect("a log");
    let stored = log.end(Topic::Observations).0;
    assert!(text.contains(&format!("stored {stored}.")), "{text}");
    assert!(stored > 1_000, "{stored}");
    log.check().expect("a sound database");
    log.append(Topic::Observations, vec![record(stored)]).expect("it goes on");
}
