//! The console in a browser: Debian's Chromium, driven by scripts in `services/console/web/e2e`, against the real
//! program with a camera that plays the example.
//!
//! The program starts once, and people do one thing after the other. `WAYSIDE_E2E_SHOTS=DIR` leaves a picture of
//! every page they come by.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

#[path = "../common/mod.rs"]
mod common;

#[allow(dead_code)] // Each test file uses its part, of this and of the next five.
#[path = "../live/cameras.rs"]
mod cameras;
#[allow(dead_code)]
#[path = "../live/films.rs"]
mod films;
#[allow(dead_code)]
#[path = "../live/junction.rs"]
mod junction;
#[allow(dead_code)]
#[path = "../live/told.rs"]
mod told;
#[allow(dead_code)]
#[path = "../live/waits.rs"]
mod waits;
#[allow(dead_code)]
#[path = "../live/worker.rs"]
mod worker;

mod program;
mod script;

use wayside_bus::{Log, LogOptions, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{Citation, CitationStatus};

use program::Program;
use waits::comes;

/// What people at the console do, and what of it stands on the bus.
#[test]
fn people_at_the_console() {
    let mut program = Program::start();
    let facts = script::run("console.mjs", &program);
    let ended = program.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let text = |name: &str| facts[name].as_str().unwrap().to_owned();
    let (violation, account, plate) = (text("violation"), text("account"), text("plate"));
    for what in ["panicked", plate.as_str()] {
        assert!(!ended.stderr.contains(what), "{what} in the log: {}", ended.stderr);
    }

    let log = Log::open(&program.data(), LogOptions::default()).unwrap();
    let citations: Vec<Citation> = told::records(&log, Topic::Citations)
        .iter()
        .map(|stored| Citation::from_bytes(&stored.value).unwrap())
        .collect();
    let of_it: Vec<_> = citations.iter().filter(|one| one.violation.0 == violation).collect();
    assert_eq!((citations.len(), of_it.len()), (1, 1), "{citations:?}");
    assert_eq!(of_it[0].status, CitationStatus::Issued);
    assert_eq!(of_it[0].decision.reviewer, account);
}
