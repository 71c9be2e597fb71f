//! A process that is killed in the middle of storing, deleting or maintaining loses nothing that it had
//! made durable, and brings nothing back that it had deleted.
//!
//! The test binary starts itself as a child that works and says on a pipe what was done. After a
//! while by a seed the parent kills it, opens the index and compares.
//!
//! A kill leaves what the kernel has; that the disk has it, too, no test without a power switch can
//! show.

#[path = "../common/mod.rs"]
mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use common::{Chance, S, T0, open, passage, question};
use tempfile::TempDir;
use wayside_index::Index;

/// Where the child finds its directory, and the number of its first passage.
const DIR: &str = "WAYSIDE_INDEX_CRASH_DIR";
const FIRST: &str = "WAYSIDE_INDEX_CRASH_FIRST";
/// Passages of a batch.
const BATCH: u64 = 50;
/// Passages that a window of the child's clock holds before they go.
const KEPT: u64 = 400;

/// What a child had said.
#[derive(Debug, Default)]
struct Told {
    /// Number of this child's first passage.
    first: u64,
    /// Passages before this were being stored.
    begun: u64,
    /// Passages from where this child began to before this were durable.
    durable: u64,
    /// What the parent has found: opening makes it durable.
    found: BTreeSet<u64>,
    /// Passages before this were being deleted, and were deleted.
    deleting: u64,
    deleted: u64,
    lines: u64,
}

impl Told {
    /// Takes up a whole line.
    fn hear(&mut self, line: &str) -> bool {
        let Some((word, number)) = line.strip_suffix('.').and_then(|line| line.split_once(' '))
        else {
            return false;
        };
        let Ok(number) = number.parse() else { return false };
        match word {
            "begun" => self.begun = number,
            "durable" => self.durable = number,
            "deleting" => self.deleting = number,
            "deleted" => self.deleted = number,
            _ => return false,
        }
        self.lines += 1;
        true
    }
}

/// The child: nothing unless it was started as one.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let first = std::env::var(FIRST).expect("a number").parse().expect("a number");
    work(dir.as_ref(), first);
}

/// Passage `n` happens in second `n` and expires 300 s later.
fn work(dir: &Path, first: u64) {
    let say = |word: &str, number: u64| {
        // The test harness holds back what `println!` says.
        let mut out = std::io::stdout().lock();
        writeln!(out, "{word} {number}.").and_then(|()| out.flush()).expect("a pipe");
    };
    let index = open(dir).expect("an index");
    for batch in 0.. {
        let from = first + batch * BATCH;
        let points: Vec<_> = (from..from + BATCH).map(|n| passage(n, n as i64)).collect();
        say("begun", from + BATCH);
        index.upsert(&points).expect("stored");
        if batch % 3 == 2 {
            index.maintain().expect("maintained");
            say("durable", from + BATCH);
        }
        if batch % 2 == 1 {
            let oldest = (from + BATCH).saturating_sub(KEPT);
            say("deleting", oldest);
            index.delete_before(None, T0 + (oldest as i64 + 300) * S).expect("deleted");
            say("deleted", oldest);
        }
    }
}

#[test]
fn eight_kills_lose_nothing_durable_and_bring_nothing_back() {
    kills(8, 1);
}

#[test]
#[ignore = "long: make soak"]
fn soak_a_hundred_kills_lose_nothing_durable_and_bring_nothing_back() {
    kills(100, 2);
}

fn kills(rounds: u32, seed: u64) {
    let dir = TempDir::new().expect("a directory");
    let mut chance = Chance(seed);
    let mut told = Told::default();
    for round in 0..rounds {
        let before = told.lines;
        run_and_kill(dir.path(), &mut told, chance.below(400_000));
        assert!(told.lines > before, "round {round}: the child said nothing");
        check(dir.path(), &mut told);
    }
    assert!(told.durable > u64::from(rounds) * BATCH, "{told:?} is too little to mean anything");
}

/// Opens the index and compares it with what was said.
fn check(dir: &Path, told: &mut Told) {
    let index = open(dir).expect("an index after a kill");
    let mut there = BTreeSet::new();
    for window in 0..=told.begun / 60 {
        let mut query = question(common::axis(0), 64);
        query.from = T0 + window as i64 * 60 * S;
        query.to = query.from + 60 * S;
        for hit in index.search(&query).expect("hits") {
            let number = hit.id.0 as u64;
            assert_eq!(hit.key, passage(number, 0).key);
            assert_eq!(hit.time, T0 + number as i64 * S);
            assert!(there.insert(number), "{number} is there twice");
        }
    }
    let durable = told.found.iter().copied().chain(told.first..told.durable);
    for number in durable.filter(|number| *number >= told.deleting) {
        assert!(there.contains(&number), "{number} was durable and is lost: {told:?}");
    }
    let back: Vec<_> = there.range(..told.deleted).collect();
    assert!(back.is_empty(), "{back:?} were deleted and are back: {told:?}");
    assert!(there.range(told.begun..).next().is_none(), "more than was stored: {told:?}");
    assert_eq!(index.count().expect("a count"), there.len() as u64);
    // All goes on as if nothing had been: what is here now is durable.
    let deleted = index.delete_before(None, T0 + (told.deleting as i64 + 300) * S).expect("gone");
    assert_eq!(deleted.count, there.range(..told.deleting).count() as u64);
    told.deleted = told.deleting;
    told.found = there.range(told.deleting..).copied().collect();
}

/// Runs a child until `after_us` after its first word, and kills it.
fn run_and_kill(dir: &Path, told: &mut Told, after_us: u64) {
    told.first = told.begun;
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .env(FIRST, told.first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("a child");
    let pipe = child.stdout.take().expect("a pipe");
    let (sender, lines) = channel();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines() {
            // The line at which the child was killed may be cut off; it has no full stop.
            let Ok(line) = line else { break };
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let mut deadline: Option<Instant> = None;
    loop {
        let left = deadline.map_or(Duration::from_secs(600), |deadline| {
            deadline.saturating_duration_since(Instant::now())
        });
        match lines.recv_timeout(left) {
            Ok(line) if told.hear(&line) => {
                deadline.get_or_insert(Instant::now() + Duration::from_micros(after_us));
            }
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) if deadline.is_some() => break,
            Err(error) => panic!("the child said nothing: {error}"),
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            break;
        }
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("its end");
    // What it had said before it died still counts.
    while let Ok(line) = lines.recv_timeout(Duration::from_secs(600)) {
        told.hear(&line);
    }
    reader.join().expect("the reader");
}
