//! What the log says when something is wrong.

mod common;

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use common::said;
use tempfile::TempDir;
use wayside_bus::{BusError, Log, LogOptions, Offset, Position, Record, Topic};

fn record(bytes: usize) -> Record {
    Record { key: "camera".to_owned(), time: 0, id: None, value: vec![1; bytes] }
}

fn open(dir: &TempDir) -> Result<Log, BusError> {
    Log::open(dir.path(), LogOptions::default())
}

fn temp() -> TempDir {
    TempDir::new().expect("a directory")
}

#[test]
fn one_process_holds_a_log() {
    let dir = temp();
    let log = open(&dir).expect("a log");
    let error = open(&dir).expect_err("held");
    let own = std::process::id().to_string();
    insta::assert_snapshot!(said(&error, dir.path()).replace(&own, "PID"));
    drop(log);
    open(&dir).expect("free again");
}

#[test]
fn places_where_no_log_can_be() {
    let mut said_all = String::new();
    let dir = temp();
    std::fs::write(dir.path().join("file"), "text").expect("a file");
    let in_the_way =
        Log::open(&dir.path().join("file"), LogOptions::default()).expect_err("a file");
    said_all += &format!("{}\n\n", said(&in_the_way, dir.path()));
    let below = Log::open(&dir.path().join("file/log"), LogOptions::default()).expect_err("a file");
    said_all += &format!("{}\n\n", said(&below, dir.path()));
    // Nobody may write there, root neither.
    let closed = Log::open("/proc/wayside".as_ref(), LogOptions::default()).expect_err("no place");
    said_all += &format!("{closed}\n");
    insta::assert_snapshot!(said_all);
}

#[test]
fn a_directory_that_is_not_writable() {
    let dir = temp();
    let (folder, read_only) = (dir.path().join("log"), std::fs::Permissions::from_mode(0o555));
    std::fs::create_dir(&folder).expect("a directory");
    std::fs::set_permissions(&folder, read_only).expect("permissions");
    let result = Log::open(&folder, LogOptions::default());
    if std::fs::write(folder.join("probe"), "").is_ok() {
        // Permissions do not bind root.
        result.expect("a log");
        return;
    }
    insta::assert_snapshot!(said(&result.expect_err("refused"), dir.path()));
}

#[test]
fn files_that_are_no_log() {
    let mut said_all = String::new();
    let mut note = |dir: &TempDir| {
        let error = open(dir).expect_err("refused");
        said_all += &format!("{}\n\n", said(&error, dir.path()));
    };
    let text = temp();
    std::fs::write(text.path().join("log.sqlite"), "no database at all, but a text".repeat(50))
        .expect("a file");
    note(&text);
    let foreign = temp();
    let connection = rusqlite::Connection::open(foreign.path().join("log.sqlite")).expect("a file");
    connection.execute_batch("CREATE TABLE photos (name TEXT)").expect("a table");
    drop(connection);
    note(&foreign);
    let newer = temp();
    drop(open(&newer).expect("a log"));
    let connection = rusqlite::Connection::open(newer.path().join("log.sqlite")).expect("a file");
    connection.pragma_update(None, "user_version", 7).expect("a version");
    drop(connection);
    note(&newer);
    let torn = temp();
    drop(open(&torn).expect("a log"));
    let file = std::fs::OpenOptions::new().write(true).open(torn.path().join("log.sqlite"));
    let mut file = file.expect("a file");
    file.set_len(8_192 * 5).expect("cut off");
    file.flush().expect("written");
    std::fs::write(torn.path().join("lock"), "1").expect("an unclean shutdown");
    note(&torn);
    insta::assert_snapshot!(said_all);
}

#[test]
fn a_queue_that_stays_full() {
    let dir = temp();
    let options = LogOptions { queue_wait: Duration::ZERO, ..LogOptions::default() };
    let log = Log::open(dir.path(), options).expect("a log");
    // More than the queue takes; the writer cannot be as fast.
    let results: Vec<_> =
        (0..40).map(|_| log.append_later(Topic::Observations, vec![record(7_000_000)])).collect();
    let (taken, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    let stored: u64 = taken
        .into_iter()
        .map(|pending| pending.expect("a batch").wait().expect("stored").stored)
        .sum();
    assert_eq!(log.end(Topic::Observations), Offset(stored), "what was taken is stored");
    let error = refused.into_iter().next().expect("one was refused").expect_err("refused");
    let BusError::Full { records, bytes, .. } = &error else { panic!("{error}") };
    let text = said(&error, dir.path())
        .replace(&format!("{records} records"), "N records")
        .replace(&format!("{bytes} bytes"), "M bytes");
    insta::assert_snapshot!(text);
}

#[test]
fn what_breaks_a_bound_is_named() {
    let dir = temp();
    let log = open(&dir).expect("a log");
    let mut said_all = String::new();
    let mut note = |result: Result<(), BusError>| {
        said_all += &format!("{}\n\n", said(&result.expect_err("refused"), dir.path()));
    };
    let append = |records| log.append(Topic::Violations, records).map(drop);
    note(append(vec![record(9 << 20)]));
    note(append(vec![Record { key: String::new(), ..record(1) }]));
    note(append(vec![Record { id: Some("x".repeat(600)), ..record(1) }]));
    note(append(vec![record(1); 10_001]));
    note(append(vec![record(4 << 20); 9]));
    let commit = |name: &str, next, rewind| {
        let position = Position { next: Offset(next), rewind: Offset(rewind) };
        log.commit(name, Topic::Violations, position, Vec::new()).map(drop)
    };
    append(vec![record(1); 5]).expect("stored");
    commit("enforce", 3, 2).expect("stored");
    note(commit("enforce", 2, 2));
    note(commit("enforce", 6, 2));
    note(commit("enforce", 4, 5));
    note(commit("", 4, 4));
    for number in 1..wayside_bus::CONSUMERS_MAX {
        commit(&format!("consumer {number}"), 1, 1).expect("stored");
    }
    note(commit("one too many", 1, 1));
    insta::assert_snapshot!(said_all);
}
