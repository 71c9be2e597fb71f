//! Requests that a page of another site makes a browser send.

use serde_json::json;

use crate::common::{House, PASSWORD};

#[test]
fn what_changes_something_needs_the_token_of_its_session() {
    let house = House::new();
    let mut browser = house.chief();
    let right = browser.csrf.clone();
    let id = browser.get("/api/v1/sessions").json()[0]["id"].as_str().expect("an id").to_owned();
    let own = format!("/api/v1/sessions/{id}");
    let other = house.signed_in("other", &[wayside_accounts::policy::Role::Operator]).csrf;
    for wrong in [None, Some(String::new()), Some("x".repeat(43)), other] {
        browser.csrf = wrong.clone();
        for (method, path, body) in [
            ("PATCH", "/api/v1/session", json!({"name": "Evil"})),
            ("DELETE", "/api/v1/session", json!(null)),
            ("DELETE", "/api/v1/sessions", json!(null)),
            ("DELETE", own.as_str(), json!(null)),
            (
                "POST",
                "/api/v1/session/password",
                json!({"old": PASSWORD, "new": "another long one"}),
            ),
            (
                "POST",
                "/api/v1/accounts",
                json!({"account": "evil", "name": "E", "roles": ["administrator"]}),
            ),
            ("POST", "/api/v1/passkeys/register/start", json!({"label": "evil"})),
        ] {
            let body = body.to_string();
            let body = (body != "null").then_some(body.as_bytes());
            let answer = browser.send(method, path, body, "application/json");
            assert_eq!((answer.status, answer.kind().as_str()), (403, "csrf"), "{method} {path}");
        }
    }
    browser.csrf = right;
    let answer = browser.patch("/api/v1/session", &json!({"name": "Jo"}));
    assert_eq!((answer.status, answer.json()["name"].as_str()), (200, Some("Jo")));
    // Nothing of the above was done.
    assert_eq!(browser.get("/api/v1/accounts").json().as_array().map(Vec::len), Some(2));
}

#[test]
fn two_tokens_are_none() {
    let house = House::new();
    let mut browser = house.chief();
    let right = browser.csrf.clone().expect("a token");
    browser.extra.push(("wayside-csrf".to_owned(), right));
    assert_eq!(browser.patch("/api/v1/session", &json!({"name": "Jo"})).kind(), "csrf");
}

#[test]
fn a_page_of_another_site_changes_nothing_even_with_the_token() {
    let house = House::new();
    let mut browser = house.chief();
    let change = json!({"name": "Evil"});
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://localhost:8080.evil.example"),
        ("origin", "https://localhost:8080@evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
    ] {
        browser.extra = vec![(name.to_owned(), value.to_owned())];
        let answer = browser.patch("/api/v1/session", &change);
        assert_eq!((answer.status, answer.kind().as_str()), (403, "cross-site"), "{name}: {value}");
        // Nor does it sign somebody in as somebody else.
        assert_eq!(browser.sign_in("chief", PASSWORD).status, 403, "{name}: {value}");
    }
    for (name, value) in [
        ("origin", "http://localhost:8080".to_owned()),
        ("origin", format!("http://{}", house.addr)),
        ("sec-fetch-site", "same-origin".to_owned()),
    ] {
        browser.extra = vec![(name.to_owned(), value)];
        assert_eq!(browser.patch("/api/v1/session", &json!({"name": "Jo"})).status, 200, "{name}");
    }
}

#[test]
fn a_page_of_another_site_reads_nothing() {
    let house = House::new();
    let mut browser = house.chief().with("sec-fetch-site", "cross-site");
    assert_eq!(browser.get("/api/v1/session").kind(), "cross-site");
    assert_eq!(browser.get("/api/v1/oidc/city/start").kind(), "cross-site");
    let mut none = house.browser();
    let answer = none.get("/api/v1/session");
    assert!(answer.header("access-control-allow-origin").is_none());
}

#[test]
fn a_form_cannot_send_what_is_read() {
    let house = House::new();
    let mut browser = house.chief();
    for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"] {
        let body = br#"{"account":"chief","password":"correct horse battery"}"#;
        let answer = browser.send("POST", "/api/v1/session", Some(body), kind);
        assert_eq!((answer.status, answer.kind().as_str()), (415, "not-json"), "{kind}");
    }
}

#[test]
fn without_a_session_no_token_is_needed_and_nothing_is_done() {
    let house = House::new();
    let mut browser = house.browser();
    let answer = browser.patch("/api/v1/session", &json!({"name": "Evil"}));
    assert_eq!((answer.status, answer.kind().as_str()), (401, "not-signed-in"));
    assert_eq!(answer.header("www-authenticate"), Some("Wayside-Session"));
}
