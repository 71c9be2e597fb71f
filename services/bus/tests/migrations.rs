//! Logs that an older version wrote: they are brought up to date, and nothing in them is lost.

use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;
use wayside_bus::{Log, LogOptions, Offset, Record, Topic};

/// Topics of version 2, in their order; version 1 had the first nine.
const NAMES_2: [&str; 11] = [
    "observations",
    "passages",
    "signals",
    "violations",
    "evidence",
    "citations",
    "signs",
    "health",
    "deadletter",
    "traveltimes",
    "receipts",
];

/// The file as that version made it. Its words stand here and not in the program, so that a change of
/// the program does not change the past.
fn old_file(dir: &Path, version: u32, names: &[&str]) {
    let connection = Connection::open(dir.join("log.sqlite")).expect("a file");
    let mut sql = String::from(
        "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;
         BEGIN IMMEDIATE;
         CREATE TABLE topics (
             topic INTEGER PRIMARY KEY, name TEXT NOT NULL,
             next INTEGER NOT NULL, records INTEGER NOT NULL, bytes INTEGER NOT NULL);
         CREATE TABLE latest (
             topic INTEGER NOT NULL, key TEXT NOT NULL, offset INTEGER NOT NULL,
             UNIQUE (topic, key));
         CREATE TABLE positions (
             topic INTEGER NOT NULL, consumer TEXT NOT NULL,
             next INTEGER NOT NULL, rewind INTEGER NOT NULL,
             UNIQUE (topic, consumer));",
    );
    for (index, table) in names.iter().enumerate() {
        sql += &format!(
            "CREATE TABLE {table} (
                 offset INTEGER PRIMARY KEY, time INTEGER NOT NULL, sum INTEGER NOT NULL,
                 key TEXT NOT NULL, id TEXT, value BLOB NOT NULL);
             CREATE UNIQUE INDEX {table}_id ON {table} (id) WHERE id IS NOT NULL;
             CREATE INDEX {table}_time ON {table} (time);
             INSERT INTO topics VALUES ({index}, 'wayside.{table}.v1', 0, 0, 0);"
        );
    }
    // Two violations, as version 2 stored them; `sum` is the CRC-32 over the columns.
    for (offset, time, sum) in [(0, 41, 1_746_564_644_u32), (1, 42, 655_384_463)] {
        sql += &format!(
            "INSERT INTO violations VALUES ({offset}, {time}, {sum}, 'junction', 'v{offset}', x'0a0b');
             INSERT OR REPLACE INTO latest VALUES (3, 'junction', {offset});"
        );
    }
    sql +=
        "UPDATE topics SET next = 2, records = 2, bytes = 120 WHERE name = 'wayside.violations.v1';
            INSERT INTO positions VALUES (3, 'desk', 1, 1);
            PRAGMA application_id = 1465076807;";
    sql += &format!("PRAGMA user_version = {version}; COMMIT;");
    connection.execute_batch(&sql).expect("an old log");
}

fn open(dir: &TempDir) -> Log {
    Log::open(dir.path(), LogOptions::default()).expect("a log")
}

fn version(dir: &TempDir) -> i64 {
    Connection::open(dir.path().join("log.sqlite"))
        .and_then(|file| file.pragma_query_value(None, "user_version", |row| row.get(0)))
        .expect("a version")
}

#[test]
fn a_log_of_an_older_version_keeps_what_it_has_and_gets_the_new_topics() {
    for (old, names) in [(1, &NAMES_2[..9]), (2, &NAMES_2[..])] {
        let dir = TempDir::new().expect("a directory");
        old_file(dir.path(), old, names);
        assert_eq!(version(&dir), i64::from(old));
        for round in 0..2_u64 {
            let log = open(&dir);
            let stored = log.read(Topic::Violations, Offset(0), 10, usize::MAX).expect("records");
            let ids: Vec<_> = stored.iter().filter_map(|record| record.id.as_deref()).collect();
            assert_eq!(ids, ["v0", "v1"], "version {old}");
            let position = log.position("desk", Topic::Violations).expect("a position");
            assert_eq!(position.map(|position| position.next), Some(Offset(1)));
            for topic in [Topic::TravelTimes, Topic::Receipts, Topic::StandDowns] {
                assert_eq!(log.end(topic), Offset(round), "{topic} of version {old}");
                let key = "junction/north".to_owned();
                let record = Record { key, time: 43, id: Some(format!("{round}")), value: vec![1] };
                log.append(topic, vec![record]).expect("stored");
            }
            // An id that is there stays the only one.
            let again = Record {
                key: "junction".to_owned(),
                time: 42,
                id: Some("v1".to_owned()),
                value: vec![10, 11],
            };
            assert_eq!(log.append(Topic::Violations, vec![again]).expect("known").stored, 0);
            log.check().expect("whole");
        }
        assert_eq!(version(&dir), 3);
    }
}
