//! One suite over every kind of store: a directory, a bucket over the wire, and the same over TLS.

mod served;

use std::sync::Arc;

use served::Served;
use wayside_evidence::{Put, S3Options, Store, StoreFault};

fn suite(open: &dyn Fn() -> Store) {
    let store = open();
    assert_eq!(store.get("a/x.wayside", 100), Ok(None));
    assert_eq!(store.head("a/x.wayside").expect("an answer"), None);
    assert_eq!(store.list("a").expect("a list"), []);
    assert_eq!(store.put_new("a/x.wayside", b"first".to_vec()), Ok(Put::Stored));
    assert_eq!(store.put_new("a/x.wayside", b"second".to_vec()), Ok(Put::Exists));
    // Another process sees what the first has stored.
    let other = open();
    assert_eq!(other.get("a/x.wayside", 100), Ok(Some(b"first".to_vec())));
    let fault = other.get("a/x.wayside", 4).expect_err("too large").fault;
    assert_eq!(fault, StoreFault::TooLarge { found: 5, max: 4 });
    let head = other.head("a/x.wayside").expect("an answer").expect("an object");
    assert_eq!((head.uri.as_str(), head.size_bytes), ("a/x.wayside", 5));
    assert!(head.stored_at.0 > 1_700_000_000_000_000);
    // Large ones, and many.
    let large: Vec<u8> = (0..12_000_000_u32).map(|n| (n % 251) as u8).collect();
    assert_eq!(store.put_new("a/large.wayside", large.clone()), Ok(Put::Stored));
    assert!(other.get("a/large.wayside", 1 << 28).expect("an answer").as_ref() == Some(&large));
    for number in 0..30 {
        let uri = format!("a/chain/{number:012}.json");
        assert_eq!(store.put_new(&uri, b"{}".to_vec()), Ok(Put::Stored));
    }
    store.put_new("ab/y.wayside", b"y".to_vec()).expect("stored");
    let listed: Vec<String> =
        store.list("a").expect("a list").into_iter().map(|object| object.uri).collect();
    assert_eq!(listed.len(), 32, "and nothing of its neighbour");
    assert!(listed.is_sorted());
    store.delete("a/x.wayside").expect("deleted");
    store.delete("a/x.wayside").expect("that it is gone is no error");
    assert_eq!(other.get("a/x.wayside", 100), Ok(None));
    assert_eq!(store.put_new("a/x.wayside", b"again".to_vec()), Ok(Put::Stored));
    for bad in ["", "/a", "a/", "../a", "a/../b", "a/.x", "a//b", "a b", "a\0b"] {
        let error = store.put_new(bad, Vec::new()).expect_err("refused");
        assert_eq!(error.fault, StoreFault::Refused, "{bad:?}");
    }
}

/// Many at once: one of them stores it.
fn race(store: &Arc<Store>) {
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let store = Arc::clone(store);
            std::thread::spawn(move || store.put_new("race/x", vec![number; 10_000]))
        })
        .collect();
    let stored = threads
        .into_iter()
        .map(|thread| thread.join().expect("a thread").expect("an answer"))
        .filter(|put| *put == Put::Stored)
        .count();
    assert_eq!(stored, 1);
}

#[test]
fn a_directory() {
    let dir = tempfile::tempdir().expect("a directory");
    let place = dir.path().join("packages");
    let place = place.to_str().expect("a path");
    let open = || Store::open(place, &S3Options::default()).expect("a store");
    suite(&open);
    race(&Arc::new(open()));
    // Nothing half written lies about.
    let names = std::fs::read_dir(dir.path().join("packages/a")).expect("a folder");
    let odd = names.filter(|name| {
        let name = name.as_ref().expect("an entry").file_name();
        name.to_string_lossy().contains('#')
    });
    assert_eq!(odd.count(), 0);
}

#[test]
fn a_bucket_over_the_wire() {
    let served = Served::start(false);
    suite(&|| Store::open("s3://evidence", &served.options()).expect("a store"));
}

#[test]
fn a_bucket_over_tls_below_a_prefix() {
    let served = Served::start(true);
    suite(&|| Store::open("s3://evidence/city/one", &served.options()).expect("a store"));
    let plain = Store::open("s3://evidence", &served.options()).expect("a store");
    assert!(plain.head("city/one/a/large.wayside").expect("an answer").is_some());
    // An authority that nobody knows is not believed.
    let stranger = S3Options { ca_pem: None, ..served.options() };
    let stranger = Store::open("s3://evidence", &stranger).expect("a store");
    let error = stranger.head("x").expect_err("no trust");
    assert_eq!(error.fault, StoreFault::Unreachable, "{error}");
}

#[test]
fn faults_are_told_apart_and_hold_no_secret() {
    let served = Served::start(false);
    let wrong = S3Options {
        key: Some((served::KEY_ID.to_owned(), "a-wrong-secret".to_owned())),
        ..served.options()
    };
    let store = Store::open("s3://evidence", &wrong).expect("a store");
    let error = store.put_new("a/x", b"x".to_vec()).expect_err("denied");
    assert_eq!(error.fault, StoreFault::Denied, "{error}");
    assert!(!error.to_string().contains("a-wrong-secret"), "{error}");
    assert!(!format!("{wrong:?}").contains("a-wrong-secret"));
    let mut told = vec![
        Store::open("ftp://x", &S3Options::default()).expect_err("refused").to_string(),
        Store::open("s3://evidence", &S3Options { allow_http: false, ..served.options() })
            .and_then(|store| store.head("x").map(|_| ()))
            .expect_err("no TLS")
            .fault
            .to_string(),
    ];
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("file");
    std::fs::write(&file, b"x").expect("a file");
    let error = Store::open(file.to_str().expect("a path"), &S3Options::default())
        .expect_err("no directory");
    told.push(error.to_string().replace(&dir.path().display().to_string(), "DIR"));
    insta::assert_snapshot!(told.join("\n\n"));
}
