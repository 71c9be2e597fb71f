//! Requests inside requests: what two parsers could read differently is refused, and the connection closed.

use crate::house::House;
use crate::wire::{answers, exchange};

/// The request that an attacker hides; it must never be answered.
const HIDDEN: &str = "GET /api/v1/setup HTTP/1.1\r\nHost: x\r\n\r\n";

#[test]
fn two_lengths_are_none() {
    let mut house = House::new();
    let chunked = "Transfer-Encoding: chunked\r\n";
    let length = |n: usize| format!("Content-Length: {n}\r\n");
    let hidden = HIDDEN.len();
    let heads = [
        ("both", format!("{}{chunked}", length(5)), format!("0\r\n\r\n{HIDDEN}")),
        (
            "both, the other way",
            format!("{chunked}{}", length(hidden + 5)),
            format!("0\r\n\r\n{HIDDEN}"),
        ),
        ("two lengths", format!("{}{}", length(0), length(hidden)), HIDDEN.to_owned()),
        ("a list of lengths", format!("Content-Length: 0, {hidden}\r\n"), HIDDEN.to_owned()),
        ("a signed length", format!("Content-Length: +{hidden}\r\n"), HIDDEN.to_owned()),
        ("a length below nothing", "Content-Length: -1\r\n".to_owned(), HIDDEN.to_owned()),
        ("a length in hex", "Content-Length: 0x10\r\n".to_owned(), HIDDEN.to_owned()),
        ("a length beyond all", format!("Content-Length: {}9\r\n", u64::MAX), HIDDEN.to_owned()),
        (
            "a coding that is none",
            "Transfer-Encoding: xchunked\r\n".to_owned(),
            format!("0\r\n\r\n{HIDDEN}"),
        ),
        (
            "chunked, then more",
            "Transfer-Encoding: chunked, identity\r\n".to_owned(),
            format!("0\r\n\r\n{HIDDEN}"),
        ),
        (
            "a space before the colon",
            format!("Transfer-Encoding : chunked\r\n{}", length(0)),
            HIDDEN.to_owned(),
        ),
        (
            "a folded head",
            format!("X: y\r\n Transfer-Encoding: chunked\r\n{}", length(0)),
            HIDDEN.to_owned(),
        ),
        ("a NUL in a head", format!("X: a\0b\r\n{}", length(0)), HIDDEN.to_owned()),
    ];
    for (what, head, body) in heads {
        let sent = format!(
            "POST /api/v1/session HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n{head}\r\n{body}",
            house.addr
        );
        let answered = answers(&exchange(house.addr, sent.as_bytes()));
        assert!(answered.len() <= 1, "{what}: the hidden request was answered: {answered:?}");
        for answer in &answered {
            assert!((400..500).contains(&answer.status), "{what}: {}", answer.status);
            assert!(!answer.text().contains("needed"), "{what}");
        }
    }
    assert!(house.is_well());
}

#[test]
fn chunks_that_lie_end_the_connection() {
    let mut house = House::new();
    for body in [
        format!("fffffffffffffffff\r\n{HIDDEN}"),
        format!("-1\r\n{HIDDEN}"),
        format!("2\r\n{{}}{HIDDEN}"),
        format!("zz\r\n{HIDDEN}"),
        format!("1;a={}\r\n", "x".repeat(200_000)),
    ] {
        let sent = format!(
            "POST /api/v1/session HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Transfer-Encoding: chunked\r\n\r\n{body}",
            house.addr
        );
        let answered = answers(&exchange(house.addr, sent.as_bytes()));
        assert!(answered.len() <= 1, "{body:.30}: {answered:?}");
        assert!(answered.iter().all(|answer| (400..500).contains(&answer.status)), "{answered:?}");
    }
    assert!(house.is_well());
}

/// Two honest requests on one connection stay two.
#[test]
fn honest_requests_share_a_connection() {
    let house = House::new();
    let sent = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: {0}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}\
         GET /api/v1/setup HTTP/1.1\r\nHost: {0}\r\nConnection: close\r\n\r\n",
        house.addr
    );
    let answered = answers(&exchange(house.addr, sent.as_bytes()));
    let statuses: Vec<u16> = answered.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [400, 200]);
}
