//! `wayside deadletter`: what is listed, shown and put back.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use common::{Ran, plain, run};
use serde_json::Value;
use wayside_bus::{Bus, Log, LogOptions, Partition, Record, Start, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{DeadLetter, EventTime, ReportSource, SignalColour, SignalReport, SiteId};

/// One test at a time: a process that another thread starts holds copies of this one's locks for a
/// moment, and a log would seem to be in use.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

const START: EventTime = EventTime(1_780_297_200_000_000);

fn report() -> Vec<u8> {
    let report = SignalReport {
        site: SiteId::from("small"),
        group: "N".to_owned(),
        state: SignalColour::Red,
        time: START,
        source: ReportSource::Log,
    };
    report.to_bytes().unwrap()
}

fn letter(topic: &str, offset: u64, value: &[u8], error: &str) -> DeadLetter {
    DeadLetter {
        topic: topic.to_owned(),
        partition: 0,
        offset,
        key: "small".to_owned(),
        time: START.plus_s(offset as f64),
        id: None,
        value: value.to_vec(),
        value_bytes: value.len() as u64,
        error: error.to_owned(),
        consumer: "enforcement".to_owned(),
        requeued: false,
    }
}

/// A log with letters: two of poison, one that this version can read, one that was cut, one of a
/// passage, one of no topic, and one that is no letter.
fn log(dir: &Path) {
    let log = Log::open(dir, LogOptions::default()).unwrap();
    let (poison, unreadable) =
        (b"poison\x1b[2J\x00".as_slice(), "it is not a valid protobuf message");
    let cut =
        DeadLetter { value_bytes: 90_000, ..letter("wayside.signals.v1", 9, poison, "too large") };
    let letters = [
        letter("wayside.observations.v1", 3, poison, unreadable),
        letter("wayside.observations.v1", 4, poison, unreadable),
        letter("wayside.signals.v1", 7, &report(), "state: \"red\" is not known\x07"),
        cut,
        letter("wayside.passages.v1", 2, b"embedding", unreadable),
        letter("wayside.dreams.v9", 1, poison, "nobody knows the topic"),
    ];
    let mut records: Vec<Record> = letters
        .iter()
        .map(|letter| Record {
            key: letter.topic.clone(),
            time: letter.time.0,
            id: Some(format!("{}/0/{}", letter.topic, letter.offset)),
            value: letter.to_bytes().unwrap(),
        })
        .collect();
    let key = "wayside.health.v1".to_owned();
    records.push(Record { key, time: START.0, id: None, value: b"no letter".to_vec() });
    log.append(Topic::DeadLetter, records).unwrap();
}

fn deadletter(data: &Path, arguments: &[&str]) -> Ran {
    let mut command = common::command(["deadletter"]);
    command.args(arguments).arg("--data").arg(data);
    run(command)
}

#[test]
fn letters_are_listed_and_shown() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    log(&data);
    let mut text = String::new();
    for arguments in [
        &["list"][..],
        &["list", "--topic", "observations", "--limit", "1"],
        &["list", "--since", "2026-06-01T07:00:09Z"],
        &["show", "0"],
        &["show", "0", "--bytes", "4"],
        &["show", "2"],
        &["show", "3"],
        &["show", "4"],
        &["show", "6"],
    ] {
        let ran = deadletter(&data, arguments).succeeded();
        assert_eq!(ran.stderr, "");
        assert!(!ran.stdout.contains(['\x1b', '\x07']), "{arguments:?}");
        text += &format!("$ {}\n{}\n", arguments.join(" "), plain(&ran.stdout, dir.path()));
    }
    for arguments in [&["show", "70"][..], &["show", "1/0"]] {
        let ran = deadletter(&data, arguments);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        text += &format!("$ {}\n{}\n", arguments.join(" "), plain(&ran.stderr, dir.path()));
    }
    insta::assert_snapshot!(text);
    assert_eq!(deadletter(&data, &["show", "x"]).code, Some(2));
    assert_eq!(deadletter(&data, &["list", "--topic", "dreams"]).code, Some(2));
    assert_eq!(deadletter(&dir.path().join("nothing"), &["list"]).code, Some(3));
    assert!(!dir.path().join("nothing").exists(), "reading makes no log");

    let list = deadletter(&data, &["list", "--json"]).succeeded().json();
    assert_eq!(list["count"], 7);
    assert_eq!(list["groups"][0]["letters"], 2);
    assert_eq!(list["letters"][2]["letter"], "2");
    let show = deadletter(&data, &["show", "2", "--json"]).succeeded().json();
    assert_eq!(show["message"]["state"], "red");
    let passage = deadletter(&data, &["show", "4", "--json"]).succeeded().json();
    assert_eq!((&passage["value"], &passage["message"]), (&Value::Null, &Value::Null));
}

/// Only what this version can read goes back, once, with its key and time; the rest is left, and told.
#[test]
fn what_can_be_read_now_is_put_back_once() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    log(&data);
    let first = deadletter(&data, &["requeue", "--all"]);
    assert_eq!(first.code, Some(4), "{first:?}");
    let second = deadletter(&data, &["requeue", "2"]).succeeded();
    let third = deadletter(&data, &["requeue", "--all", "--topic", "wayside.signals.v1"]);
    assert_eq!(third.code, Some(4));
    let forced = deadletter(&data, &["requeue", "0", "3", "4", "5", "--force"]);
    assert_eq!(forced.code, Some(4));
    let list = deadletter(&data, &["list"]).succeeded();
    let said = [&first, &second, &third, &forced, &list]
        .map(|ran| plain(&ran.stdout, dir.path()))
        .join("\n");
    insta::assert_snapshot!(said);

    let log = Log::open(&data, LogOptions::default()).unwrap();
    let read = |topic| {
        let mut reader = log.read_from(topic, Partition(0), Start::Begin).unwrap();
        reader.read(100, 1 << 20, Duration::from_millis(10)).unwrap()
    };
    let signals = read(Topic::Signals);
    assert_eq!(signals.len(), 1);
    assert_eq!(signals[0].value, report());
    assert_eq!((signals[0].key.as_str(), signals[0].time), ("small", START.plus_s(7.0).0));
    assert_eq!(signals[0].id.as_deref(), Some("requeued/0/7"));
    assert_eq!(read(Topic::Observations).len(), 1, "by force");
    assert_eq!(read(Topic::Passages), []);
}

/// A crash between the record and the note: the next call puts nothing back twice.
#[test]
fn a_crash_before_the_note_doubles_nothing() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    log(&data);
    let back = Record {
        key: "small".to_owned(),
        time: START.plus_s(7.0).0,
        id: Some("requeued/0/7".to_owned()),
        value: report(),
    };
    let log = Log::open(&data, LogOptions::default()).unwrap();
    log.append(Topic::Signals, vec![back]).unwrap();
    drop(log);
    let ran = deadletter(&data, &["requeue", "2", "--json"]).succeeded().json();
    assert_eq!(ran["letters"][0]["detail"], "it was there already; noted");
    let again = deadletter(&data, &["requeue", "2", "--json"]).succeeded().json();
    assert_eq!(again["letters"][0]["became"], "requeued_before");
}
