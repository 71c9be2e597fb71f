//! The way to a server: away and back, API key, TLS, a collection that vanishes, threads of other
//! runtimes.

mod common;

use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use common::{DIMENSION, axis, numbers, passage, question};
use tempfile::TempDir;
use wayside_index::shim::{Shim, ShimOptions};
use wayside_index::{Index, IndexError, ServerIndex, ServerOptions};

fn start(dir: &TempDir, options: ShimOptions) -> Shim {
    Shim::start(dir.path(), options).expect("a server")
}

fn options(shim: &Shim) -> ServerOptions {
    ServerOptions::new(&shim.url(), "passages", DIMENSION)
}

/// A port that nobody takes while a server is away from it: Linux takes ports from 32768 on for outgoing connections.
fn steady_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = (std::process::id() % 8_000) as u16;
    loop {
        let port = 12_000 + (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 8_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn temp() -> TempDir {
    TempDir::new().expect("a directory")
}

#[test]
fn a_server_that_goes_and_comes_is_waited_for() {
    let dir = temp();
    let port = steady_port();
    let shim = start(&dir, ShimOptions { port, ..ShimOptions::default() });
    // A busy machine takes longer to start a server than is usually waited for one.
    let options = ServerOptions { attempts_max: 12, ..options(&shim) };
    let index = ServerIndex::open(options).expect("an index");
    index.upsert(&[passage(1, 10)]).expect("stored");
    drop(shim);
    let shim = std::thread::scope(|scope| {
        let writer = scope.spawn(|| index.upsert(&[passage(2, 10)]));
        let reader = scope.spawn(|| index.search(&question(axis(0), 9)));
        std::thread::sleep(Duration::from_millis(300));
        let shim = start(&dir, ShimOptions { port, ..ShimOptions::default() });
        writer.join().expect("a thread").expect("stored when it came back");
        assert!(!reader.join().expect("a thread").expect("found when it came back").is_empty());
        shim
    });
    assert_eq!(index.count().expect("a count"), 2);
    drop(shim);
}

#[test]
fn a_collection_that_vanishes_is_made_again() {
    let (first, second) = (temp(), temp());
    let port = steady_port();
    let shim = start(&first, ShimOptions { port, ..ShimOptions::default() });
    let index = ServerIndex::open(options(&shim)).expect("an index");
    index.upsert(&[passage(1, 10)]).expect("stored");
    drop(shim);
    // The same address, but nothing in it.
    let _shim = start(&second, ShimOptions { port, ..ShimOptions::default() });
    assert_eq!(numbers(&index, &question(axis(0), 9)), [0; 0]);
    index.upsert(&[passage(2, 10)]).expect("stored");
    assert_eq!(index.count().expect("a count"), 1);
}

#[test]
fn the_right_key_opens() {
    let dir = temp();
    let key = Some("the key".to_owned());
    let shim = start(&dir, ShimOptions { api_key: key.clone(), ..ShimOptions::default() });
    let index = ServerIndex::open(ServerOptions { api_key: key, ..options(&shim) });
    index.expect("an index").upsert(&[passage(1, 10)]).expect("stored");
    let wrong = ServerOptions { api_key: Some("another".to_owned()), ..options(&shim) };
    for options in [options(&shim), wrong] {
        let error = ServerIndex::open(options).expect_err("refused");
        assert!(matches!(error, IndexError::Refused { .. }), "{error}");
    }
}

#[test]
fn tls_by_a_certificate_of_ones_own() {
    let dir = temp();
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let ca_file = dir.path().join("ca.pem");
    std::fs::write(&ca_file, cert.pem()).expect("a file");
    let tls = Some((cert.pem(), signing_key.serialize_pem()));
    let data = temp();
    let shim = start(&data, ShimOptions { tls, ..ShimOptions::default() });
    assert!(shim.url().starts_with("https://"));
    let trusting = ServerOptions { ca_file: Some(ca_file), ..options(&shim) };
    let index = ServerIndex::open(trusting).expect("an index");
    index.upsert(&[passage(1, 10)]).expect("stored");
    assert_eq!(numbers(&index, &question(axis(0), 9)), [1]);
    // Nobody else vouches for it, and without TLS nobody answers.
    let quick =
        |url: &str| ServerOptions { url: url.to_owned(), attempts_max: 1, ..options(&shim) };
    for url in [shim.url(), shim.url().replace("https", "http")] {
        let error = ServerIndex::open(quick(&url)).expect_err("no trust");
        assert!(matches!(error, IndexError::Unreachable { .. }), "{error}");
    }
}

#[test]
fn a_thread_of_another_runtime_may_call() {
    let dir = temp();
    let shim = start(&dir, ShimOptions::default());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let index = ServerIndex::open(options(&shim)).expect("an index");
        index.upsert(&[passage(1, 10)]).expect("stored");
        assert_eq!(index.count().expect("a count"), 1);
        drop(index);
    });
}

#[test]
fn two_processes_share_a_collection() {
    let dir = temp();
    let shim = start(&dir, ShimOptions::default());
    let small = ServerOptions { points_max: 60, ..options(&shim) };
    let one = ServerIndex::open(small.clone()).expect("an index");
    let other = ServerIndex::open(small).expect("an index");
    for n in 0..30 {
        one.upsert(&[passage(n * 2, 10)]).expect("stored");
        other.upsert(&[passage(n * 2 + 1, 10)]).expect("stored");
    }
    assert_eq!(one.count().expect("a count"), 60);
    for index in [&one, &other] {
        // Neither has upserted 60, but each looks now and then.
        let full = (0..8).find_map(|n| index.upsert(&[passage(100 + n, 10)]).err());
        assert!(matches!(full, Some(IndexError::Full { .. })), "{full:?}");
    }
    assert!(one.count().expect("a count") <= 60 + 2 * 60 / 16 + 2);
}
