//! Requests that are large or odd: refused in words, and nothing suffers.

use crate::house::House;
use crate::wire::{answers, exchange};

fn status(house: &House, sent: &[u8]) -> Option<u16> {
    answers(&exchange(house.addr, sent)).first().map(|answer| answer.status)
}

#[test]
fn large_heads_and_bodies_are_refused() {
    let mut house = House::new();
    let owner = house.owner();
    let end = "Connection: close\r\n\r\n";
    let long = "x".repeat(1 << 20);
    let many: String = (0..2_000).map(|number| format!("X-{number}: y\r\n")).collect();
    for (what, sent) in [
        ("a long path", format!("GET /{long} HTTP/1.1\r\nHost: x\r\n{end}")),
        ("a long query", format!("GET /api/v1/events?site={long} HTTP/1.1\r\nHost: x\r\n{end}")),
        ("a long header", format!("GET / HTTP/1.1\r\nHost: x\r\nX: {long}\r\n{end}")),
        (
            "a long cookie",
            format!("GET /api/v1/session HTTP/1.1\r\nHost: x\r\nCookie: {long}\r\n{end}"),
        ),
        ("many headers", format!("GET / HTTP/1.1\r\nHost: x\r\n{many}{end}")),
        ("a long method", format!("{long} / HTTP/1.1\r\nHost: x\r\n{end}")),
    ] {
        // Whoever is refused early may find the connection closed.
        let status = status(&house, sent.as_bytes());
        assert!(status.is_none_or(|status| (400..500).contains(&status)), "{what}: {status:?}");
    }
    let large = vec![b'{'; 3 << 20];
    let json = [("Content-Type", "application/json")];
    for (role, method, path) in [
        ("operator", "POST", "/api/v1/session"),
        ("administrator", "POST", "/api/v1/accounts"),
        ("reviewer", "POST", "/api/review/v1/claims"),
        ("engineer", "POST", "/api/v1/jobs"),
        ("engineer", "POST", "/api/v1/sites/check"),
    ] {
        let mut sent = owner.acting(role).head(method, path, &json).into_bytes();
        sent.extend(format!("Content-Length: {}\r\n{end}", large.len()).into_bytes());
        sent.extend_from_slice(&large);
        let status = status(&house, &sent);
        // Large site files are read; what is no JSON ends there.
        assert!(status.is_none_or(|status| matches!(status, 400 | 413)), "{path}: {status:?}");
    }
    // A body that says it is longer than anything is refused, or not waited for.
    let mut head = owner.acting("engineer").head("POST", "/api/v1/jobs", &json);
    head += &format!("Content-Length: {}\r\n{end}", u64::MAX / 2);
    let refused = status(&house, head.as_bytes());
    assert!(matches!(refused, Some(408 | 413)), "{refused:?}");
    assert!(house.is_well());
}

#[test]
fn odd_methods_and_versions_are_refused() {
    let mut house = House::new();
    let owner = house.owner();
    for method in ["TRACE", "CONNECT", "PROPFIND", "DEBUG", "get", "PATCH", "X-Y"] {
        for path in ["/", "/api/v1/overview", "/api/review/v1/queue"] {
            let answer = owner.ask(method, path, None, &[]);
            assert!((400..500).contains(&answer.status), "{method} {path}: {}", answer.status);
            assert!(!answer.text().contains("wayside_session"), "{method} {path}: it echoes");
        }
    }
    for (line, most) in [
        ("GET / HTTP/1.0", 200..401),
        ("GET / HTTP/0.9", 400..506),
        ("GET / HTTP/2.0", 400..506),
        ("GET /", 400..506),
        ("PRI * HTTP/2.0", 400..506),
        ("\u{16}\u{3}\u{1}\u{2}", 400..506),
    ] {
        let sent = format!("{line}\r\nHost: x\r\nConnection: close\r\n\r\n");
        let status = status(&house, sent.as_bytes());
        assert!(status.is_none_or(|status| most.contains(&status)), "{line:?}: {status:?}");
    }
    // HTTP/1.0 has no session less than HTTP/1.1 needs.
    let sent = b"GET /api/v1/overview HTTP/1.0\r\n\r\n";
    assert_eq!(status(&house, sent), Some(401));
    assert!(house.is_well());
}

#[test]
fn a_role_or_a_token_said_twice_counts_for_nothing() {
    let house = House::new();
    let owner = house.owner();
    let twice = owner.acting("operator").with("Wayside-Role", "auditor");
    let answer = twice.get("/api/v1/trust/receipts");
    assert!(matches!(answer.status, 400 | 403), "{}: {}", answer.status, answer.text());
    let answer = twice.get("/api/review/v1/audit");
    assert!(matches!(answer.status, 400 | 403), "{}: {}", answer.status, answer.text());
    for role in ["root", "system", "ticketing", "Administrator", "administrator,operator", ""] {
        for path in ["/api/v1/overview", "/api/review/v1/queue"] {
            let answer = owner.acting(role).get(path);
            assert!(matches!(answer.status, 400 | 403), "{role:?} {path}: {}", answer.status);
        }
    }
}
