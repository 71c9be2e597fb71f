//! What an engineer does at the console: from a clip of a camera to its violations, in Chromium, against the real
//! program, which begins with no site at all; and over HTTP what pages alone do not show.
//!
//! The example is calibrated from scratch by clicks, saved, replayed and judged again. `WAYSIDE_E2E_SHOTS=DIR` leaves
//! pictures of the pages.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

#[path = "../common/mod.rs"]
mod common;

#[allow(dead_code)] // Each test file uses its part, of this and of the next four.
#[path = "../live/cameras.rs"]
mod cameras;
#[allow(dead_code)]
#[path = "../live/films.rs"]
mod films;
#[allow(dead_code)]
#[path = "../live/junction.rs"]
mod junction;
#[allow(dead_code)]
#[path = "../live/waits.rs"]
mod waits;
#[allow(dead_code)]
#[path = "../live/worker.rs"]
mod worker;

mod api;
mod browser;
mod comes_live;
mod from_scratch;
mod program;
mod visitor;

use std::sync::{Mutex, MutexGuard, PoisonError};

use waits::comes;

/// Tests that need most of the machine take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
