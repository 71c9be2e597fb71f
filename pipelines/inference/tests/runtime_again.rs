//! The runtime is opened once in a process; after failures, by many threads, and asked for again.

use wayside_inference::Runtime;

#[test]
fn a_failure_does_not_spoil_the_next_try_and_clones_share_one_library() {
    let folder = tempfile::tempdir().expect("a folder");
    let garbage = folder.path().join("garbage.so");
    std::fs::write(&garbage, "no library").expect("a file");
    Runtime::load(Some(&garbage)).expect_err("refused");
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(|| Runtime::load(None))).collect();
    let runtimes: Vec<_> = threads
        .into_iter()
        .map(|thread| thread.join().expect("no panic").unwrap_or_else(|e| panic!("{}", e.report())))
        .collect();
    assert!(runtimes.iter().all(|runtime| runtime.path() == runtimes[0].path()));
    let named = Runtime::load(Some(runtimes[0].path())).expect("the same library");
    assert_eq!(named.version(), runtimes[0].version());
    let error = Runtime::load(Some(&garbage)).expect_err("another library");
    assert!(error.to_string().contains("already open"), "{error}");
}
