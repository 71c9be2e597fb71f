//! Odd, large and broken input: a refusal each time, never a fault, nothing repeated that was sent.

use serde_json::json;
use wayside_accounts::policy::Role;

use crate::common::browser::{raw, raw_and_end};
use crate::common::{House, PASSWORD};

#[test]
fn bodies_have_a_bound() {
    let house = House::new();
    let mut browser = house.chief();
    let large = json!({"account": "chief", "password": "x".repeat(64 * 1024)});
    let answer = browser.post("/api/v1/session", &large);
    assert_eq!((answer.status, answer.kind().as_str()), (413, "too-large"));
    let many = format!("[{}]", "[".repeat(60_000));
    let answer =
        browser.send("PATCH", "/api/v1/session", Some(many.as_bytes()), "application/json");
    assert_eq!(answer.kind(), "bad-request");
    // A length that is a lie, and one that would be terabytes.
    for length in ["99999999999999", "-1", "1e3", "18446744073709551616"] {
        let head = format!(
            "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{{}}"
        );
        let status = raw_and_end(house.addr, head.as_bytes()).split(' ').nth(1).map(str::to_owned);
        assert!(matches!(status.as_deref(), Some("400" | "413")), "{length}: {status:?}");
    }
    assert_eq!(browser.sign_in("chief", PASSWORD).status, 200);
}

/// Whoever declares a body and never sends it is waited for 15 s.
#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    use std::io::{Read, Write};
    let house = House::new();
    let mut stream = std::net::TcpStream::connect(house.addr).expect("a connection");
    stream.set_read_timeout(Some(std::time::Duration::from_secs(25))).expect("a time-out");
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 100\r\nConnection: close\r\n\r\n{";
    stream.write_all(head.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn a_password_longer_than_any_is_refused_like_a_wrong_one() {
    let house = House::new();
    house.chief();
    let mut browser = house.browser();
    let long = browser.sign_in("chief", &"x".repeat(50_000));
    let wrong = browser.sign_in("chief", "wrong password");
    assert_eq!((long.status, &long.text), (401, &wrong.text));
}

#[test]
fn broken_json_is_told_by_place_and_never_repeated() {
    let house = House::new();
    let mut browser = house.browser();
    for sent in [
        "",
        "{",
        "null",
        "[]",
        "{\"account\":\"chief\"}",
        "{\"account\":\"chief\",\"password\":\"hunter2 hunter2\",\"role\":\"administrator\"}",
        "{\"account\":{\"$ne\":null},\"password\":\"hunter2 hunter2\"}",
        "{\"account\":\"chief\",\"password\":12345678901234}",
        "{\"account\":\"a\",\"account\":\"b\",\"password\":\"hunter2 hunter2\"}",
        "\u{feff}{}",
    ] {
        let answer =
            browser.send("POST", "/api/v1/session", Some(sent.as_bytes()), "application/json");
        assert_eq!((answer.status, answer.kind().as_str()), (400, "bad-request"), "{sent}");
        assert!(!answer.text.contains("hunter2") && !answer.text.contains("12345678901234"));
    }
    let bytes = b"{\"account\":\"\xff\xfe\",\"password\":\"x\"}";
    let answer = browser.send("POST", "/api/v1/session", Some(bytes), "application/json");
    assert_eq!(answer.status, 400);
}

#[test]
fn odd_unicode_names_find_nobody_and_break_nothing() {
    let house = House::new();
    house.chief();
    for (index, name) in [
        "CHIEF",
        "chief ",
        "chief\0",
        "ｃｈｉｅｆ",
        "сhief",
        "chie\u{200d}f",
        "\u{202e}feihc",
        "chief\r\nSet-Cookie: a=b",
        "' OR 1=1 --",
        "chief' UNION SELECT 1,2,3 --",
        "../chief",
        "👩‍🚒",
        "\u{10ffff}",
    ]
    .iter()
    .enumerate()
    {
        let mut browser = house.browser().from(&format!("198.51.100.{index}"));
        let answer = browser.sign_in(name, PASSWORD);
        assert_eq!((answer.status, answer.kind().as_str()), (401, "sign-in-failed"), "{name:?}");
        assert!(answer.all("set-cookie").is_empty());
    }
    // None of them stands in the log: it may have been a password.
    let log = house.accounts.log(0, 100).expect("a log");
    let failed: Vec<_> = log.iter().filter(|entry| entry.act == "failed").collect();
    assert_eq!(failed.len(), 13);
    assert!(failed.iter().all(|entry| entry.account.is_empty()));
}

#[test]
fn passwords_may_be_of_any_script() {
    let house = House::new();
    let mut chief = house.chief();
    let password = "пароль — это 12 знаков 👩‍🚒";
    let change = json!({"old": PASSWORD, "new": password});
    assert_eq!(chief.post("/api/v1/session/password", &change).status, 204);
    assert_eq!(house.browser().sign_in("chief", password).status, 200);
    assert_eq!(house.browser().sign_in("chief", &password.to_uppercase()).status, 401);
}

#[test]
fn headers_cannot_be_injected() {
    let house = House::new();
    let mut browser = house.chief();
    let cookie = browser.session();
    // By a line break in what is sent: the server takes no such header.
    for head in [
        format!("Wayside-Role: operator\r\n X-Evil: 1\r\nCookie: wayside_session={cookie}\r\n"),
        format!("Cookie: wayside_session={cookie}\r\n\tmore\r\n"),
        "Wayside-Role: a\rb\r\n".to_owned(),
        "Bad Header: x\r\n".to_owned(),
    ] {
        let sent =
            format!("GET /api/v1/session HTTP/1.1\r\nHost: x\r\n{head}Connection: close\r\n\r\n");
        let answer = raw(house.addr, sent.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(!answer.to_lowercase().contains("x-evil"));
    }
    // By one in what is stored, or in an address that we redirect from.
    for path in [
        "/api/v1/oidc/city%0d%0aX-Evil:1/start",
        "/api/v1/oidc/%0d%0aSet-Cookie:%20wayside_session=evil/back?state=%0d%0aX-Evil:1&error=%0d%0aX-Evil:1",
        "/api/v1/passkeys/x%0d%0aX-Evil:%201",
    ] {
        let answer = browser.get(path);
        assert!(matches!(answer.status, 302 | 404 | 405), "{path}: {}", answer.status);
        assert!(answer.header("x-evil").is_none());
        assert!(answer.all("set-cookie").iter().all(|line| !line.contains("evil")));
    }
    assert_eq!(browser.get("/api/v1/session").status, 200);
}

#[test]
fn a_browser_that_lies_about_itself_stays_within_its_line_of_the_log() {
    let house = House::new();
    house.account("jo", &[Role::Operator]);
    let agent = format!("Mozilla/5.0 \u{1}\u{7f}\t({})", "x".repeat(4_000));
    let sent = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0 \u{e9}\u{a0} {}\r\n\
         Content-Type: application/json\r\nContent-Length: 47\r\nConnection: close\r\n\r\n\
         {{\"account\":\"jo\",\"password\":\"wrong password 12\"}}",
        "x".repeat(4_000)
    );
    assert!(raw(house.addr, sent.as_bytes()).starts_with("HTTP/1.1 401"));
    let client = wayside_accounts::Client::new("192.0.2.1".parse().expect("an address"), &agent);
    assert!(client.agent.len() == 120 && client.agent.bytes().all(|b| (b' '..=b'~').contains(&b)));
    let log = house.accounts.log(0, 100).expect("a log");
    let last = log.last().expect("an entry");
    assert_eq!((last.act.as_str(), last.account.as_str()), ("failed", "jo"));
    assert!(last.agent.len() <= 120 && last.agent.is_ascii());
}

#[test]
fn cookies_of_any_shape_are_nobody() {
    let house = House::new();
    house.chief();
    for cookie in [
        "wayside_session=".to_owned(),
        "wayside_session=null".to_owned(),
        format!("wayside_session={}", "x".repeat(200)),
        format!("wayside_session={}", "a".repeat(7_000)),
        "wayside_session=\"quoted\"".to_owned(),
        "wayside_session=../../accounts".to_owned(),
        "; ; =; ==; wayside_session".to_owned(),
        "a=b; ".repeat(1_500),
    ] {
        let answer = house.browser().with("cookie", &cookie).get("/api/v1/session");
        assert_eq!((answer.status, answer.kind().as_str()), (401, "not-signed-in"), "{cookie:.40}");
    }
}

#[test]
fn every_answer_has_the_headers() {
    let house = House::new();
    let mut browser = house.browser();
    for path in ["/api/v1/session", "/api/v1/setup", "/api/v1/none", "/", "/assets/none.js"] {
        let answer = browser.get(path);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"), "{path}");
        let data = path.starts_with("/api/");
        assert_eq!(answer.header("cache-control").is_some_and(|v| v == "no-store"), data, "{path}");
    }
    let answer = browser.send("TRACE", "/api/v1/session", None, "");
    assert!(matches!(answer.status, 401 | 405), "{}", answer.status);
    assert_eq!(browser.send("PUT", "/api/v1/session", None, "").kind(), "other-method");
}
