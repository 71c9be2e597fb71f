//! Live events: only so many of one account, none without a session, none beyond the end of one.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::house::{Browser, House};
use crate::wire::{PATIENCE, connect};

/// As docs/console.md has it.
const OF_ACCOUNT: usize = 250;

/// Opens a stream, and says the status.
fn open(browser: &Browser, query: &str) -> (TcpStream, u16) {
    let mut stream = connect(browser.addr);
    let head = browser.head("GET", &format!("/api/v1/live{query}"), &[]);
    stream.write_all((head + "\r\n").as_bytes()).expect("sent");
    let mut head = [0; 12];
    stream.read_exact(&mut head).expect("an answer");
    let status = String::from_utf8_lossy(&head[9..12]).parse().expect("a status");
    (stream, status)
}

#[test]
fn one_account_has_so_many_streams_and_others_have_theirs() {
    let mut house = House::new();
    let owner = house.owner();
    let other = house.account(&owner, "other", "operator");
    let mut streams: Vec<TcpStream> = Vec::new();
    for _ in 0..OF_ACCOUNT {
        let (stream, status) = open(&owner, "?tracks=false");
        assert_eq!(status, 200, "after {}", streams.len());
        streams.push(stream);
    }
    let full = owner.get("/api/v1/live");
    assert_eq!((full.status, full.kind().as_str()), (503, "too-many-clients"));
    assert!(full.header("retry-after").is_some());
    // Another account, and every other route, go on.
    assert_eq!(open(&other, "").1, 200);
    assert_eq!(owner.get("/api/v1/overview").status, 200);
    // A place is free again once its browser has gone.
    drop(streams);
    let began = Instant::now();
    while open(&owner, "").1 != 200 {
        assert!(began.elapsed() < PATIENCE, "the places stay taken");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(house.is_well());
}

#[test]
fn a_stream_ends_with_its_session() {
    let house = House::new();
    let owner = house.owner();
    assert_eq!(open(&house.browser(), "").1, 401);
    let watcher = house.account(&owner, "watcher", "operator");
    let (mut stream, status) = open(&watcher, "");
    assert_eq!(status, 200);
    let change = serde_json::json!({"disabled": true});
    let chief = owner.acting("administrator");
    assert_eq!(chief.send("PATCH", "/api/v1/accounts/watcher", &change).status, 200);
    let began = Instant::now();
    let mut piece = [0; 8192];
    while stream.read(&mut piece).expect("an end, not silence") > 0 {
        assert!(began.elapsed() < PATIENCE, "the stream goes on");
    }
}

#[test]
fn where_to_go_on_is_read_with_care() {
    let mut house = House::new();
    let owner = house.owner();
    let long = "9".repeat(4_000);
    for id in [
        "x",
        "-",
        "0-0",
        "-1--1",
        "0-18446744073709551616",
        "%00",
        "%0d%0aevent:%20evil",
        &long,
        "a-b-c",
    ] {
        let (mut stream, status) = open(&owner, &format!("?last_event_id={id}"));
        assert_eq!(status, 200, "{id:.40}");
        let mut said = String::new();
        let mut piece = [0; 4096];
        while !said.contains("event: clock") && !said.contains("event: reset") {
            let count = stream.read(&mut piece).expect("an event");
            assert!(count > 0, "{id:.40}");
            said += &String::from_utf8_lossy(&piece[..count]);
        }
        assert!(!said.contains("evil"), "{said}");
    }
    for query in ["?tracks=maybe", "?site=nowhere", "?what=x", "?tracks=true&tracks=false"] {
        let answer = owner.get(&format!("/api/v1/live{query}"));
        assert!(matches!(answer.status, 400 | 404), "{query}: {}", answer.status);
    }
    assert!(house.is_well());
}
