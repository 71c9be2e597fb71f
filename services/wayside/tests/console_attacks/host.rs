//! A `Host` that somebody wrote: no link, cookie or redirect is made of it.

use serde_json::json;

use crate::house::House;
use crate::wire::{answers, exchange};

#[test]
fn links_are_made_of_the_address_that_was_set() {
    // The address that is set says nothing of the port that is listened on, so that one is chosen here.
    // Linux takes ports from 32768 on for outgoing connections: below, it is still free in a moment.
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let begin = 12_000 + (std::process::id() % 4_000) as u16;
    let port = (begin..begin + 4_000).find(free).expect("a free port");
    let listen = format!("127.0.0.1:{port}");
    let set = ["--public-url", "http://wayside.example:8080", "--listen", listen.as_str()];
    let mut house = House::with(&set, str::to_owned);
    house.addr = listen.parse().expect("an address");
    assert!(house.said().contains("http://wayside.example:8080/#/setup?token="));
    let owner = house.owner();
    for (name, value) in [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Host", "evil.example"),
        ("Forwarded", "host=evil.example"),
        ("X-Original-URL", "/api/v1/accounts"),
        ("X-Rewrite-URL", "/api/v1/accounts"),
    ] {
        let asked = owner.acting("administrator").with(name, value);
        let account = format!("a-{}", name.to_lowercase());
        let made = json!({"account": account, "name": "A", "roles": ["operator"]});
        let made = asked.post("/api/v1/accounts", &made);
        assert_eq!(made.status, 201, "{name}: {}", made.text());
        assert!(!made.whole().contains("evil.example"), "{name}: {}", made.whole());
        for path in ["/", "/api/v1/oidc/none/start", "/api/v1/session", "/api/v1/none"] {
            let answer = asked.get(path);
            assert!(!answer.whole().contains("evil.example"), "{name} {path}: {}", answer.whole());
            assert!(answer.header("location").is_none(), "{name} {path}");
        }
        assert!(
            asked.get("/api/v1/session").text().contains("\"owner\""),
            "{name}: the path holds"
        );
    }
}

#[test]
fn a_host_of_another_name_gets_no_other_answer() {
    let house = House::new();
    let owner = house.owner();
    let cookie = owner.cookie.clone().expect("a cookie");
    for host in ["evil.example", "localhost@evil.example", "127.0.0.1:1/../..", "[::1]", "", "a b"]
    {
        let sent = format!(
            "GET /api/v1/session HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        );
        let answered = answers(&exchange(house.addr, sent.as_bytes()));
        let answer = answered.first().expect("an answer");
        assert!(matches!(answer.status, 200 | 400 | 421), "{host:?}: {}", answer.status);
        assert!(!answer.whole().contains("evil.example"), "{host:?}: {}", answer.whole());
    }
    // Whoever has a page at another name that points here is still of another origin.
    let csrf = owner.csrf.clone().expect("a token");
    let sent = format!(
        "PATCH /api/v1/session HTTP/1.1\r\nHost: {}\r\nOrigin: http://evil.example\r\nCookie: {cookie}\r\n\
         Wayside-Csrf: {csrf}\r\nContent-Type: application/json\r\nContent-Length: 15\r\nConnection: close\r\n\r\n\
         {{\"name\": \"Evil\"}}",
        house.addr
    );
    let answered = answers(&exchange(house.addr, sent.as_bytes()));
    assert_eq!(answered.first().map(|answer| answer.kind()), Some("cross-site".to_owned()));
}

/// An address in the request line, as to a proxy, is a path here and nothing else.
#[test]
fn it_is_no_proxy() {
    let house = House::new();
    for (line, most) in [
        ("GET http://evil.example/ HTTP/1.1", 200..500),
        ("GET http://127.0.0.1:1/api/v1/session HTTP/1.1", 200..500),
        ("CONNECT evil.example:443 HTTP/1.1", 400..500),
        ("GET //evil.example/%2e%2e HTTP/1.1", 200..500),
        ("OPTIONS * HTTP/1.1", 200..500),
    ] {
        let sent = format!("{line}\r\nHost: {}\r\nConnection: close\r\n\r\n", house.addr);
        let answered = answers(&exchange(house.addr, sent.as_bytes()));
        let answer = answered.first().expect("an answer");
        assert!(most.contains(&answer.status), "{line}: {}", answer.status);
        assert!(answer.header("location").is_none(), "{line}: {}", answer.whole());
        assert!(!answer.text().contains("evil.example"), "{line}: {}", answer.text());
    }
}
