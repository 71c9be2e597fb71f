//! A process that is killed at any instant loses nothing that it has acknowledged, and doubles
//! nothing (BU-1).
//!
//! The test binary starts itself as a child that writes and consumes, and says on a pipe what was
//! acknowledged. After a while by a seed the parent kills it, opens the log and compares. `worker`
//! is the child, `check` the comparison.
//!
//! A kill leaves what the kernel has: that the disk has it, too, is a matter of `fsync`, which
//! no test without a power switch can show. `damage.rs` cuts the files instead.

mod check;
#[path = "../common/mod.rs"]
mod common;
mod worker;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use common::Chance;
use tempfile::TempDir;

/// Where the child finds its directory.
const DIR: &str = "WAYSIDE_BUS_CRASH_DIR";

/// The child: nothing unless it was started as one.
#[test]
fn child() {
    if let Some(dir) = std::env::var_os(DIR) {
        worker::work(dir.as_ref());
    }
}

#[test]
fn ten_kills_lose_nothing_and_double_nothing() {
    kills(10, 1);
}

#[test]
#[ignore = "long: make soak"]
fn soak_fifty_kills_lose_nothing_and_double_nothing() {
    kills(50, 2);
}

fn kills(rounds: usize, seed: u64) {
    let dir = TempDir::new().expect("a directory");
    let mut chance = Chance(seed);
    let mut told = check::Told::default();
    let mut records = 0;
    for round in 0..rounds {
        let before = told.lines;
        run_and_kill(dir.path(), &mut told, chance.below(250_000));
        assert!(told.lines > before, "round {round}: the child acknowledged nothing");
        records = check::check(dir.path(), &told);
    }
    assert!(records > rounds as u64 * 20, "{records} records are too few to mean anything");
}

/// Runs a child until `after_us` after its first word, and kills it.
fn run_and_kill(dir: &std::path::Path, told: &mut check::Told, after_us: u64) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
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
