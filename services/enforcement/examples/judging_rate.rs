//! How many observations and track states a second go from the log through the rules:
//! `cargo run --release -p wayside-enforcement --example judging_rate`.
#![allow(clippy::disallowed_macros)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use common::{enforcer, open, publish, run_to_end, scenarios, stream};
use wayside_enforcement::Options;
use wayside_proto::Content;

fn main() {
    let stream = stream(&scenarios(), -30.0);
    let dir = tempfile::TempDir::new().expect("a directory");
    let log = open(dir.path());
    publish(&log, &stream.observations);
    let states: usize = stream
        .observations
        .iter()
        .map(|observation| match &observation.content {
            Content::Tracks { tracks, .. } => tracks.len(),
            Content::Gap(_) => 0,
        })
        .sum();
    let began = Instant::now();
    let mut first = enforcer(&stream, &log, &Options::default());
    run_to_end(&mut first);
    let seconds = began.elapsed().as_secs_f64();
    let observations = stream.observations.len();
    println!("{observations} observations with {states} track states in {seconds:.3} s");
    println!(
        "{:.0} observations, {:.0} track states a second",
        observations as f64 / seconds,
        states as f64 / seconds
    );
    println!("{:?}", first.totals());
    let began = Instant::now();
    let mut second = enforcer(&stream, &log, &Options::default());
    run_to_end(&mut second);
    let again = second.totals().read_again;
    println!("a restart read {again} again in {:.3} s", began.elapsed().as_secs_f64());
}
