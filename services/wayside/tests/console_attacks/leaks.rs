//! What is answered when something is wrong: no path of the machine, no secret, no trace of the program.

use serde_json::json;

use crate::house::{House, PASSWORD};

#[test]
fn errors_tell_nothing_of_the_machine() {
    let mut house = House::new();
    let owner = house.owner();
    house.cases_are_there(&owner);
    let folder = house.path().display().to_string();
    let vault = std::fs::read_to_string(house.path().join("vault.keys")).expect("keys");
    let secrets = [
        folder.as_str(),
        vault.split_whitespace().last().expect("a key"),
        house.link.as_str(),
        PASSWORD,
        "panicked",
        "RUST_BACKTRACE",
        "thread '",
        ".rs:",
        "/root",
        "/workbench/",
        "SELECT ",
        "sqlite",
    ];
    // A package that is gone, one that is damaged, a site file that is gone: faults of the machine.
    let store = house.path().join("store/road");
    let package =
        |number: usize| store.join(format!("{}.wayside", house.filled.violations[number]));
    std::fs::remove_file(package(0)).expect("removed");
    std::fs::write(package(1), b"no package").expect("written");
    std::fs::remove_file(package(2)).expect("removed");
    std::fs::create_dir(package(2)).expect("a folder in its place");
    let of = |number: usize, rest: &str| {
        format!("/api/review/v1/cases/{}{rest}", house.filled.cases[number])
    };
    let gets = [
        ("reviewer", of(0, "")),
        ("reviewer", of(0, "/evidence/clip")),
        ("reviewer", of(1, "")),
        ("reviewer", of(1, "/evidence/clip")),
        ("reviewer", of(2, "")),
        ("reviewer", of(2, "/evidence/clip")),
        ("reviewer", of(3, "/plate-suggestion")),
        ("operator", "/api/v1/sites/road/cameras/camera/picture".to_owned()),
        ("engineer", "/api/v1/jobs/x/files/y".to_owned()),
        ("engineer", "/api/v1/sites/x/file".to_owned()),
        ("operator", "/nothing".to_owned()),
        ("operator", "/api/v1/nothing".to_owned()),
        ("operator", "/api/review/v1/nothing".to_owned()),
    ];
    let mut answers = Vec::new();
    for (role, path) in &gets {
        let answer = owner.acting(role).get(path);
        assert_ne!(answer.status, 500, "{path}: {}", answer.text());
        answers.push((path.clone(), answer));
    }
    let engineer = owner.acting("engineer");
    let octets = [("Content-Type", "application/octet-stream")];
    for path in ["/api/v1/recordings?name=x.mp4", "/api/v1/calibrate/upload"] {
        let answer = engineer.ask("POST", path, Some(b"no recording at all"), &octets);
        assert_eq!(answer.status, 422, "{path}: {}", answer.text());
        answers.push((path.to_owned(), answer));
    }
    for (path, body) in [
        ("/api/v1/sites", json!({"toml": "id = \"../../etc/passwd\""})),
        ("/api/v1/sites/check", json!({"toml": "[signals]\nlog = \"/etc/passwd\"\n"})),
        ("/api/v1/sites/compose", json!({"site": {"a": null}})),
        ("/api/v1/calibrate/frame", json!({"site": "road", "camera": "camera"})),
        (
            "/api/v1/jobs",
            json!({"kind": "replay", "recording": "../../etc/passwd", "site": "road"}),
        ),
        (
            "/api/v1/jobs",
            json!({"kind": "whatif", "site": "road", "toml": "x", "from": "a", "to": "b"}),
        ),
    ] {
        let answer = engineer.post(path, &body);
        assert!(answer.status < 500, "{path}: {}", answer.text());
        answers.push((path.to_owned(), answer));
    }
    std::fs::remove_file(house.path().join("site.toml")).expect("removed");
    let answer = engineer.get("/api/v1/sites/road/file");
    answers.push(("a site file that is gone".to_owned(), answer));
    for (path, answer) in &answers {
        let whole = answer.whole();
        for secret in secrets {
            assert!(!whole.contains(secret), "{path} tells {secret:?}: {whole}");
        }
        assert!(answer.header("server").is_none() && answer.header("x-powered-by").is_none());
    }
    assert!(house.is_well());
}

/// Nothing with which somebody could sign in stands in the log of the program.
#[test]
fn the_log_has_no_secret() {
    let house = House::new();
    let owner = house.owner();
    let cookie = owner.cookie.clone().expect("a cookie");
    let cookie = cookie.split('=').nth(1).expect("a value");
    let csrf = owner.csrf.clone().expect("a token");
    owner.get("/api/v1/overview");
    house.browser().sign_in("owner", "a guess that somebody made");
    house.browser().sign_in(PASSWORD, PASSWORD);
    house
        .browser()
        .with("Authorization", "Bearer wst_secret_of_somebody")
        .get("/api/review/v1/queue");
    let said = house.said();
    for secret in
        [cookie, csrf.as_str(), PASSWORD, "a guess that somebody made", "wst_secret_of_somebody"]
    {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}
