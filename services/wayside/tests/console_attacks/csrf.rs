//! Requests that another site's page makes a browser send, to everything that changes something beside accounts (those
//! are in services/accounts): what engineers do, and review's API where it is behind the console's sessions.

use serde_json::{Value, json};

use crate::house::House;

/// Every route that changes something: role, method, path, body.
fn changing(case: &str) -> Vec<(&'static str, &'static str, String, Value)> {
    let token = "ab".repeat(16);
    let review = |rest: &str| format!("/api/review/v1{rest}");
    let of_case = |act: &str| review(&format!("/cases/{case}/{act}"));
    let at = |path: &str| path.to_owned();
    let (engineer, reviewer) = ("engineer", "reviewer");
    vec![
        (
            engineer,
            "POST",
            at("/api/v1/calibrate/frame"),
            json!({"site": "road", "camera": "camera"}),
        ),
        (engineer, "POST", at("/api/v1/calibrate/upload"), json!({})),
        (engineer, "POST", at("/api/v1/calibrate/frame-of-recording"), json!({"recording": "x"})),
        (
            engineer,
            "POST",
            at("/api/v1/calibrate/solve"),
            json!({"width_px": 640, "height_px": 360, "points": []}),
        ),
        (engineer, "POST", at("/api/v1/sites"), json!({"toml": "schema = 1"})),
        (
            engineer,
            "PUT",
            at("/api/v1/sites/road/file"),
            json!({"toml": "schema = 1", "sha256": "00"}),
        ),
        (engineer, "POST", at("/api/v1/sites/check"), json!({"toml": "schema = 1"})),
        (engineer, "POST", at("/api/v1/sites/compose"), json!({"site": {}})),
        (engineer, "POST", at("/api/v1/recordings?name=x"), json!({})),
        (engineer, "DELETE", at("/api/v1/recordings/0123456789abcdef01234567"), json!({})),
        (
            engineer,
            "POST",
            at("/api/v1/jobs"),
            json!({"kind": "replay", "recording": "x", "site": "road"}),
        ),
        (engineer, "DELETE", at("/api/v1/jobs/0123456789abcdef01234567"), json!({})),
        (reviewer, "POST", review("/claims"), json!({})),
        (reviewer, "POST", of_case("heartbeat"), json!({"token": token})),
        (reviewer, "POST", of_case("release"), json!({"token": token})),
        (
            reviewer,
            "POST",
            of_case("decision"),
            json!({"token": token, "decision": "approve", "plate": "W1X"}),
        ),
        (reviewer, "POST", of_case("send-back"), json!({"token": token, "why": "look"})),
        (reviewer, "POST", of_case("undo"), json!({})),
        (engineer, "POST", of_case("requeue"), json!({"why": "mended"})),
        ("senior", "POST", review("/known-cases"), json!({"case": case, "right": "approve"})),
        (
            "senior",
            "POST",
            review("/stand-downs/reinstate"),
            json!({"site": "road", "camera": "camera", "rule": "red_light", "why": "mended"}),
        ),
    ]
}

#[test]
fn nothing_changes_without_the_token_or_from_another_site() {
    let mut house = House::new();
    let owner = house.owner();
    house.cases_are_there(&owner);
    let before = house.files();
    for (role, method, path, body) in changing(&house.filled.cases[0]) {
        let browser = owner.acting(role);
        let mut without = browser.clone();
        without.csrf = None;
        let mut wrong = browser.clone();
        wrong.csrf = Some("x".repeat(43));
        for (forged, kind) in [
            (without, "csrf"),
            (wrong, "csrf"),
            (browser.with("Origin", "https://evil.example"), "cross-site"),
            (browser.with("Origin", "null"), "cross-site"),
            (browser.with("Sec-Fetch-Site", "cross-site"), "cross-site"),
            (browser.with("Sec-Fetch-Site", "same-site"), "cross-site"),
        ] {
            let answer = forged.send(method, &path, &body);
            assert_eq!((answer.status, answer.kind().as_str()), (403, kind), "{method} {path}");
        }
        // The same request of the console's own page gets as far as its work.
        let own = browser.with("Sec-Fetch-Site", "same-origin").send(method, &path, &body);
        assert!(!matches!(own.kind().as_str(), "csrf" | "cross-site"), "{method} {path}");
    }
    let claimed = owner.acting("reviewer").get("/api/review/v1/queue").json();
    assert_eq!(claimed["claimed"], 1, "only the request of the own page claimed a case: {claimed}");
    assert_eq!(house.files(), before);
    assert!(house.is_well());
}

/// A form needs no leave of the browser to be sent elsewhere; its media types are not read.
#[test]
fn what_a_form_can_send_is_not_read() {
    let house = House::new();
    let owner = house.owner();
    house.cases_are_there(&owner);
    let reviewer = owner.acting("reviewer");
    for kind in
        ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]
    {
        let sent = [("Content-Type", kind)];
        let answer = reviewer.ask("POST", "/api/review/v1/claims", Some(b"{}"), &sent);
        assert_eq!((answer.status, answer.kind().as_str()), (415, "not-json"), "{kind}");
    }
    assert_eq!(reviewer.get("/api/review/v1/queue").json()["claimed"], 0);
    // No answer lets a page of another origin read it, whatever it asks.
    for path in ["/api/v1/overview", "/api/review/v1/queue", "/api/v1/session", "/"] {
        let asked = reviewer.with("Origin", "https://evil.example");
        let answer = asked.get(path);
        assert!(answer.header("access-control-allow-origin").is_none(), "{path}");
        let before = asked.ask("OPTIONS", path, None, &[("Access-Control-Request-Method", "POST")]);
        assert!(before.header("access-control-allow-origin").is_none(), "{path}");
        assert!(before.header("access-control-allow-methods").is_none(), "{path}");
    }
}
