//! `wayside run` and `wayside ingest` against real RTSP cameras.
//!
//! Every test starts the real program, lets cameras fail, and reads what became of it out of the
//! durable log, from the program's pages and from what it said. Timing never decides a test: what
//! is measured is printed, limits are generous.
//!
//! Tests whose names begin with `soak_` take minutes: `cargo test --test live soak_ -- --ignored`.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

#[path = "../common/mod.rs"]
mod common;

mod cameras;
mod faults;
mod films;
mod junction;
mod kills;
mod leaks;
mod messages;
mod overload;
mod passages;
mod reload;
mod same_as_replay;
mod site;
mod told;
mod worker;

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

/// The wall clock.
fn wall() -> wayside_proto::EventTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    wayside_proto::EventTime(i64::try_from(since.as_micros()).unwrap())
}

/// Pauses, as long as the machine may take for what is going on.
fn pass(seconds: f64) {
    std::thread::sleep(Duration::from_secs_f64(seconds));
}
