//! However often the consumer is interrupted, between any two commits, the outcomes are those of one
//! run without interruption, byte for byte (EV-1, BU-1).

mod common;

use common::scenario::Scenario;
use common::{NOW, Stream, enforcer, open, outcomes, publish, run_to_end, scenarios, step, stream};
use proptest::prelude::*;
use tempfile::TempDir;
use wayside_bus::{Log, Topic};
use wayside_enforcement::{Options, Totals};
use wayside_proto::convert::Message;
use wayside_proto::{Observation, Outcome, Verdict};
use wayside_rules::Engine;

/// Runs with an interruption after each of so many commits.
fn run_in_pieces(stream: &Stream, log: &Log, options: &Options, pieces: &[usize]) -> Totals {
    for commits in pieces {
        let mut enforcer = enforcer(stream, log, options);
        let mut left = *commits;
        while left > 0 {
            let progress = step(&mut enforcer);
            if progress.partitions > 0 && progress.lag == 0 {
                break;
            }
            left -= usize::from(progress.read > 0 && !progress.catching_up);
        }
        // Gone without a word.
    }
    let mut last = enforcer(stream, log, options);
    run_to_end(&mut last);
    last.finish(NOW).expect("finished");
    last.totals()
}

fn options(records_max: usize) -> Options {
    Options { records_max, commit_records: 1, ..Options::default() }
}

/// The log of a stream with its outcomes, and the directory that it lives in.
fn uninterrupted(stream: &Stream) -> (TempDir, Log) {
    let dir = TempDir::new().expect("a directory");
    let log = open(dir.path());
    publish(&log, &stream.observations);
    run_in_pieces(stream, &log, &options(256), &[]);
    (dir, log)
}

fn long_stream(apart_s: f64, every: usize, from: usize) -> Stream {
    let chosen: Vec<Scenario> = scenarios().into_iter().skip(from).step_by(every).collect();
    stream(&chosen, apart_s)
}

#[test]
fn the_bus_changes_nothing_that_the_engine_decides() {
    let stream = long_stream(3.0, 2, 0);
    let (_dir, log) = uninterrupted(&stream);
    let mut expected = std::collections::BTreeMap::new();
    for camera in ["east", "west"] {
        let mut engine = Engine::new(&stream.site);
        let of_camera = stream.observations.iter().filter(|o| o.camera.as_str() == camera);
        for outcome in of_camera.flat_map(|o| engine.observe(o, &stream.signals)) {
            let bytes = outcome.to_bytes().expect("an outcome");
            expected.insert(outcome.id.0, bytes);
        }
    }
    let found = outcomes(&log);
    assert!(found == expected, "{} outcomes instead of {}", found.len(), expected.len());
    let decoded = found.values().map(|bytes| Outcome::from_bytes(bytes).expect("an outcome"));
    let violations = decoded.filter(|outcome| outcome.verdict == Verdict::Violation).count();
    assert!(violations >= 15 && violations < found.len(), "{violations} of {}", found.len());
}

#[test]
fn an_interruption_after_every_commit_changes_nothing() {
    let stream = long_stream(-5.0, 4, 1);
    let (_dir, log) = uninterrupted(&stream);
    let dir = TempDir::new().expect("a directory");
    let interrupted = open(dir.path());
    publish(&interrupted, &stream.observations);
    let commits = stream.observations.len() / 97 + 1;
    let totals = run_in_pieces(&stream, &interrupted, &options(97), &vec![1; commits]);
    assert!(outcomes(&interrupted) == outcomes(&log));
    assert_eq!(totals.given_up, 0);
    assert!(outcomes(&log).len() > 20);
}

/// A restart does not take a first message that came second for one that is missing.
#[test]
fn a_beginning_out_of_order_is_a_beginning() {
    let mut stream = long_stream(-5.0, 4, 0);
    let camera = stream.observations[0].camera.clone();
    let of_camera = |(_, other): &(usize, &Observation)| other.camera == camera;
    let (second, _) =
        stream.observations.iter().enumerate().filter(of_camera).nth(1).expect("a second");
    stream.observations.swap(0, second);
    let (_dir, log) = uninterrupted(&stream);
    let dir = TempDir::new().expect("a directory");
    let interrupted = open(dir.path());
    publish(&interrupted, &stream.observations);
    run_in_pieces(&stream, &interrupted, &options(20), &[1; 40]);
    assert!(outcomes(&interrupted) == outcomes(&log));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn interruptions_change_nothing(
        apart_s in -30.0..20.0_f64,
        from in 0_usize..6,
        records_max in 1_usize..256,
        commit_records in prop_oneof![Just(1_u64), Just(64)],
        pieces in proptest::collection::vec(1_usize..60, 1..12),
        lateness_s in prop_oneof![Just(0.0), Just(1.0), Just(4.0)],
    ) {
        let stream = long_stream(apart_s, 6, from);
        let (_dir, log) = uninterrupted(&stream);
        let dir = TempDir::new().expect("a directory");
        let interrupted = open(dir.path());
        publish(&interrupted, &stream.observations);
        let options = Options { lateness_s, commit_records, ..options(records_max) };
        let totals = run_in_pieces(&stream, &interrupted, &options, &pieces);
        prop_assert_eq!(totals.given_up, 0);
        let (expected, found) = (outcomes(&log), outcomes(&interrupted));
        let named = |a: &std::collections::BTreeMap<String, Vec<u8>>, b: &std::collections::BTreeMap<String, Vec<u8>>| {
            a.iter().filter(|(id, bytes)| b.get(*id) != Some(bytes))
                .map(|(_, bytes)| Outcome::from_bytes(bytes).expect("an outcome"))
                .map(|o| format!("{} {} {:?}", o.rule, o.track, o.verdict)).collect::<Vec<_>>()
        };
        prop_assert_eq!(named(&expected, &found), Vec::<String>::new(), "lost or changed");
        prop_assert_eq!(named(&found, &expected), Vec::<String>::new(), "added or changed");
        prop_assert_eq!(log.end(Topic::DeadLetter), interrupted.end(Topic::DeadLetter));
    }
}
