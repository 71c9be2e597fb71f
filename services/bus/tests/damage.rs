//! Files that are cut off or overwritten: the log says so, or gives what was whole. It never gives
//! a record that was not written.

mod common;

use std::path::Path;

use common::{Chance, copy_log, said};
use tempfile::TempDir;
use wayside_bus::{BusError, Log, LogOptions, Offset, Position, Record, Topic};

const BATCHES: u64 = 60;
const BATCH: u64 = 5;

fn record(number: u64) -> Record {
    let value = (0..400_u64).map(|place| (number * 31 + place) as u8).collect();
    Record { key: "k".to_owned(), time: number as i64, id: Some(format!("id{number}")), value }
}

/// Fills a log with batches; each comes with a position that counts them.
fn fill(log: &Log) {
    for batch in 0..BATCHES {
        let outputs = (0..BATCH).map(|n| (Topic::Evidence, record(batch * BATCH + n))).collect();
        log.append(Topic::Observations, vec![record(batch)]).expect("stored");
        let next = Offset(batch + 1);
        let position = Position { next, rewind: next };
        log.commit("c", Topic::Observations, position, outputs).expect("stored");
    }
}

/// Everything that is there is what was written, in order and without a hole.
fn is_a_beginning(log: &Log) -> Result<u64, BusError> {
    let (mut from, mut count) = (Offset(0), 0);
    loop {
        let records = log.read(Topic::Evidence, from, 100, usize::MAX)?;
        let Some(last) = records.last() else { break };
        from = last.offset.next();
        for stored in records {
            let expected = record(count);
            assert_eq!((stored.offset, &stored.key), (Offset(count), &expected.key));
            assert_eq!((stored.time, stored.id), (expected.time, expected.id));
            assert!(stored.value == expected.value, "a record that was not written");
            count += 1;
        }
    }
    assert_eq!(count % BATCH, 0, "a batch is whole or absent");
    let next = log.position("c", Topic::Observations)?.map_or(0, |p| p.next.0);
    assert_eq!(next * BATCH, count, "the position belongs to its outputs");
    Ok(count)
}

fn open(dir: &Path) -> Result<Log, BusError> {
    Log::open(dir, LogOptions::default())
}

#[test]
fn a_write_ahead_log_that_was_cut_off_gives_what_was_whole() {
    let (dir, copy) = (TempDir::new().expect("a directory"), TempDir::new().expect("another"));
    let log = open(dir.path()).expect("a log");
    fill(&log);
    copy_log(dir.path(), copy.path());
    let wal = std::fs::read(copy.path().join("log.sqlite-wal")).expect("a write-ahead log");
    assert!(wal.len() > 100_000, "there is something to cut off: {}", wal.len());
    let mut chance = Chance(3);
    let mut counts = Vec::new();
    for _ in 0..40 {
        copy_log(dir.path(), copy.path());
        let cut = chance.below(wal.len() as u64) as usize;
        let mut torn = wal[..cut].to_vec();
        if chance.below(2) == 0 {
            // What was being written was something else.
            torn.extend((0..5_000).map(|_| chance.next() as u8));
        }
        std::fs::write(copy.path().join("log.sqlite-wal"), torn).expect("a torn file");
        match open(copy.path()) {
            Ok(log) => {
                counts.push(is_a_beginning(&log).expect("records"));
                // And it goes on.
                log.append(Topic::Health, vec![record(0)]).expect("stored");
            }
            // Cut within the making of the tables, or in the tables' own pages.
            Err(error) => assert!(cut < 400_000, "cut at {cut}: {error}"),
        }
        std::fs::remove_file(copy.path().join("log.sqlite-wal")).ok();
    }
    counts.sort_unstable();
    counts.dedup();
    assert!(counts.len() > 10, "cuts in many places: {counts:?}");
}

#[test]
fn an_overwritten_database_is_noticed_and_never_believed() {
    let (dir, copy) = (TempDir::new().expect("a directory"), TempDir::new().expect("another"));
    let log = open(dir.path()).expect("a log");
    fill(&log);
    drop(log);
    let whole = std::fs::read(dir.path().join("log.sqlite")).expect("a database");
    let mut chance = Chance(4);
    let (mut refused, mut sound) = (0, 0);
    for _ in 0..60 {
        copy_log(dir.path(), copy.path());
        let mut bytes = whole.clone();
        if chance.below(4) == 0 {
            bytes.truncate(chance.below(whole.len() as u64) as usize);
        } else {
            let at = chance.below(whole.len() as u64) as usize;
            let length = 1 + chance.below(64) as usize;
            for byte in bytes.iter_mut().skip(at).take(length) {
                *byte = chance.next() as u8;
            }
        }
        std::fs::write(copy.path().join("log.sqlite"), bytes).expect("a damaged file");
        // As after a crash, so that the whole is examined; and as if nothing had been.
        let lock: &[u8] = if chance.below(2) == 0 { b"1" } else { b"" };
        std::fs::write(copy.path().join("lock"), lock).expect("a lock file");
        match open(copy.path()).and_then(|log| is_a_beginning_or_damaged(&log)) {
            Ok(()) => sound += 1,
            Err(BusError::Closed { .. }) => panic!("the writer died"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused >= 20, "{refused} were refused, {sound} were not touched where it matters");
}

/// As [`is_a_beginning`], but an index may be the damaged part: then positions and records differ.
fn is_a_beginning_or_damaged(log: &Log) -> Result<(), BusError> {
    log.check()?;
    let mut from = Offset(0);
    loop {
        let records = log.read(Topic::Evidence, from, 100, usize::MAX)?;
        let Some(last) = records.last() else { return Ok(()) };
        from = last.offset.next();
        for stored in records {
            assert!(stored.value == record(stored.offset.0).value, "a record that was not written");
        }
    }
}

#[test]
fn a_changed_record_is_named() {
    let dir = TempDir::new().expect("a directory");
    let log = open(dir.path()).expect("a log");
    fill(&log);
    drop(log);
    let file = dir.path().join("log.sqlite");
    let connection = rusqlite::Connection::open(&file).expect("a database");
    let sql = "UPDATE evidence SET value = zeroblob(400) WHERE offset = 7";
    connection.execute(sql, []).expect("changed");
    drop(connection);
    let log = open(dir.path()).expect("a log");
    assert_eq!(log.read(Topic::Evidence, Offset(0), 100, usize::MAX).expect("before").len(), 7);
    let error = log.read(Topic::Evidence, Offset(7), 100, usize::MAX).expect_err("damaged");
    insta::assert_snapshot!(said(&error, dir.path()));
}
