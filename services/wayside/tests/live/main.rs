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
mod decides;
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
mod waits;
mod worker;

use std::sync::{Mutex, MutexGuard, PoisonError};

use waits::{comes, pass, wall};

/// Tests that need most of the machine take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
