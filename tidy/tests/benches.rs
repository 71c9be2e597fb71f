//! The short form of the bench runners: their own tests. The bench of the rules runs once with the tests
//! of `wayside-benches`.

use std::process::Command;

use wayside_tidy::source::root;

#[test]
fn the_bench_runners_hold_their_tests() {
    let answer = Command::new("python3")
        .args(["-B", "-m", "unittest", "discover", "-s", "benches", "-p", "test_*.py"])
        .current_dir(root())
        .output()
        .expect("python3 is there");
    let said = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "{said}");
    assert!(said.contains("Ran 13 tests"), "{said}");
}
