//! Names that are markup: they go out as JSON that no browser takes for a page, whole and unchanged, and every page has
//! a policy under which no script of theirs would run. That the pages show them as text is in services/console/web.

use serde_json::{Value, json};

use crate::common::clips;
use crate::house::House;
use crate::wire::Answer;

const IMG: &str = "<img src=x onerror=alert(1)>";
const SCRIPT: &str = "</script><script>alert(1)</script>";

/// JSON, and nothing that a browser could take for anything else.
#[track_caller]
fn is_data(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), Some("application/json"), "{}", answer.text());
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let policy = answer.header("content-security-policy").expect("a policy");
    assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
    answer.json()
}

fn marked(text: &str) -> String {
    text.replacen("id = \"road\"", &format!("id = \"road\"\nname = \"{IMG}\""), 1)
}

#[test]
fn names_of_sites_accounts_and_recordings_stay_text() {
    let mut house = House::with(&[], marked);
    let owner = house.owner();
    let overview = is_data(&owner.get("/api/v1/overview"));
    assert_eq!(overview["sites"][0]["name"], IMG);
    assert_eq!(is_data(&owner.get("/api/v1/sites/road"))["name"], IMG);

    let chief = owner.acting("administrator");
    let made = json!({"account": "x", "name": SCRIPT, "roles": ["operator"]});
    assert_eq!(chief.post("/api/v1/accounts", &made).status, 201);
    let listed = is_data(&chief.get("/api/v1/accounts"));
    assert!(listed.as_array().expect("a list").iter().any(|one| one["name"] == SCRIPT));
    let named = chief.send("PATCH", "/api/v1/session", &json!({"name": IMG}));
    assert_eq!(is_data(&named)["name"], IMG);
    // A name of an account is of letters that mean nothing anywhere.
    for name in [IMG, "a\"b", "a'b", "a&b", "../x", "a b"] {
        let made = json!({"account": name, "name": "x", "roles": ["operator"]});
        assert_eq!(chief.post("/api/v1/accounts", &made).status, 422, "{name}");
    }

    let engineer = owner.acting("engineer");
    let clip = house.path().join("road.mp4");
    clips::empty_road(&clip, clips::SIZE, 12);
    let bytes = std::fs::read(&clip).expect("a clip");
    let octets = [("Content-Type", "application/octet-stream")];
    let name = "%3Cimg%20src=x%20onerror=alert(1)%3E.mp4";
    let kept =
        engineer.ask("POST", &format!("/api/v1/recordings?name={name}"), Some(&bytes), &octets);
    assert_eq!(kept.status, 201, "{}", kept.text());
    assert_eq!(is_data(&kept)["name"], format!("{IMG}.mp4"));
    is_data(&engineer.get("/api/v1/recordings"));
    assert!(house.is_well());
}

#[test]
fn what_is_refused_is_said_as_data_too() {
    let house = House::new();
    let owner = house.owner();
    let encoded = "%3Cimg%20src=x%20onerror=alert(1)%3E";
    for (role, method, path) in [
        ("operator", "GET", format!("/api/v1/sites/{encoded}")),
        ("operator", "GET", format!("/api/v1/events/{encoded}")),
        ("operator", "GET", format!("/api/v1/events?kind={encoded}")),
        ("engineer", "GET", format!("/api/v1/sites/{encoded}/file")),
        ("engineer", "GET", format!("/api/v1/jobs/{encoded}")),
        ("reviewer", "GET", format!("/api/review/v1/cases/{encoded}")),
        ("administrator", "POST", format!("/api/v1/accounts/{encoded}/invite")),
        ("operator", "GET", format!("/api/{encoded}")),
        ("operator", "GET", format!("/{encoded}")),
        ("operator", "GET", format!("/assets/{encoded}.html")),
    ] {
        let answer = owner.acting(role).ask(method, &path, None, &[]);
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        // Data, with every sign of markup escaped or left out, were it taken for a page all the same.
        answer.json();
    }
}

#[test]
fn every_page_has_a_strict_policy() {
    let house = House::new();
    let nobody = house.browser();
    let page = nobody.get("/");
    let assets: Vec<String> = page
        .text()
        .split('"')
        .filter(|part| part.starts_with("/assets/") || part.starts_with("./assets/"))
        .map(|part| part.trim_start_matches('.').to_owned())
        .collect();
    assert!(!assets.is_empty(), "{}", page.text());
    for path in ["/".to_owned(), "/index.html".to_owned()].into_iter().chain(assets) {
        let answer = nobody.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
            "{policy}"
        );
        for open in ["unsafe", "*", "http:", "https:", "nonce", "strict-dynamic"] {
            assert!(!policy.contains(open), "{path}: {policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
    }
    let html = page.text();
    assert!(
        !html.contains("<script>") && !html.contains("style=\"") && !html.contains("onload="),
        "{html}"
    );
}
