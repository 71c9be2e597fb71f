//! Many processes over one bus: `wayside enforce` as a fleet over a real Apache Kafka, and alone over the
//! embedded log.
//!
//! A city is simulated, so that both buses get the very same messages; what the rules make of it is read
//! out of the bus itself. Whatever happens on the way (processes, brokers and publishers that are killed,
//! messages that nobody can read), the outcomes are those of a run in which nothing happened.
//!
//! Timing never decides a test: what is measured is printed, limits are generous. Tests whose names begin
//! with `soak_` take minutes: `cargo test -p wayside --test fleet soak_ -- --ignored --nocapture`.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

#[path = "../common/mod.rs"]
mod common;
#[path = "../live/worker.rs"]
#[allow(dead_code)] // Some of it is about cameras.
mod worker;

mod buses;
mod city;
mod custody;
mod disturb;
mod example;
mod kills;
mod letters;
mod outcomes;
mod place;
mod poison;
mod schedule;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Tests that need most of the machine take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until `there` holds; false where it does not within `wait`.
fn comes(wait: Duration, mut there: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + wait;
    loop {
        if there() {
            return true;
        }
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
