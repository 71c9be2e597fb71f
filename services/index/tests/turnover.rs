//! Ten minutes of turnover leaves a bounded directory, whichever implementation (PV-2). The
//! long run, with times and memory, is the example `turnover`.

#[allow(dead_code)]
#[path = "../examples/turnover/turnover.rs"]
mod turnover;

use turnover::{Scale, Which, run};

/// 10,000 living points with 64 numbers and a payload take 10 MB, log and indexes included; as much
/// again may be dead.
const DISK_BYTES_MAX: u64 = 30_000_000;

#[test]
fn the_embedded_index_stays_small() {
    check(Which::Edge);
}

#[test]
fn the_index_on_a_server_stays_small() {
    check(Which::Server);
}

fn check(which: Which) {
    let outcome = run(which, Scale::SHORT, &mut |line| println!("{line}")).expect("a run");
    println!("{outcome}");
    assert_eq!(outcome.passages, outcome.deleted + outcome.alive);
    assert!(outcome.deleted > 9_000, "{outcome}");
    assert!(outcome.disk_bytes_max < DISK_BYTES_MAX, "{outcome}");
}
