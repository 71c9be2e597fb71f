//! Who may not see evidence does not, whatever they ask as; pictures are for nobody without a session.

use serde_json::json;

use crate::house::House;

#[test]
fn evidence_is_not_for_operators_and_administrators() {
    let house = House::new();
    let owner = house.owner();
    house.cases_are_there(&owner);
    let case = format!("/api/review/v1/cases/{}", house.filled.cases[0]);
    let clip = format!("{case}/evidence/clip");
    let still = format!("{case}/evidence/at-line");
    let plate = format!("{case}/plate-suggestion");
    for role in ["operator", "administrator"] {
        let browser = house.account(&owner, role, role);
        for path in [&case, &clip, &still, &plate] {
            // Also with a role that the account has not.
            for asked in ["", "?role=reviewer", "?role=senior"] {
                let answer = browser.get(&format!("{path}{asked}"));
                assert_eq!(answer.status, 403, "{role} {path}{asked}: {}", answer.text());
            }
            for asked in ["reviewer", "senior", "auditor"] {
                assert_eq!(browser.acting(asked).get(path).status, 403, "{role} as {asked} {path}");
            }
        }
        for (path, body) in [
            ("/api/review/v1/claims".to_owned(), json!({})),
            (
                format!("{case}/decision"),
                json!({"token": "ab".repeat(16), "decision": "approve", "plate": "W1"}),
            ),
        ] {
            assert_eq!(browser.post(&path, &body).status, 403, "{role} {path}");
        }
        for path in ["audit", "quality", "agreement", "citations"] {
            let answer = browser.get(&format!("/api/review/v1/{path}"));
            assert_eq!(answer.status, 403, "{role} {path}");
        }
    }
    // Engineers look at cases that are sent back to them, and decide nothing.
    let engineer = house.account(&owner, "engineer", "engineer");
    assert_eq!(engineer.post("/api/review/v1/claims", &json!({})).status, 403);
    assert_eq!(engineer.get(&plate).status, 403);
    assert_eq!(engineer.get("/api/review/v1/audit").status, 403);
    // An account with a role that may, in one that may not.
    assert_eq!(owner.acting("operator").get(&clip).status, 403);
    assert_eq!(owner.acting("reviewer").get(&clip).status, 200);
    // What was refused left no line of a view.
    let audit = owner.acting("auditor").get("/api/review/v1/audit?limit=1000").text();
    for account in ["\"operator\"", "\"administrator\""] {
        let by = format!("\"account\":{account}");
        assert!(!audit.contains(&by), "{account}: {audit}");
    }
}

#[test]
fn without_a_session_there_is_nothing() {
    let house = House::new();
    let owner = house.owner();
    house.cases_are_there(&owner);
    let nobody = house.browser();
    let case = &house.filled.cases[0];
    for path in [
        "/api/v1/sites/road/cameras/camera/picture".to_owned(),
        "/api/v1/sites/road/cameras/camera/picture?role=operator".to_owned(),
        format!("/api/review/v1/cases/{case}"),
        format!("/api/review/v1/cases/{case}/evidence/clip"),
        format!("/api/review/v1/cases/{case}/evidence/clip?role=reviewer"),
        format!("/api/v1/events/{}/scene", house.filled.violations[0]),
        "/api/review/v1/audit".to_owned(),
        "/api/v1/sites/road/file".to_owned(),
        "/api/v1/recordings".to_owned(),
        "/api/v1/jobs".to_owned(),
        "/api/v1/accounts".to_owned(),
    ] {
        for cookie in [None, Some(String::new()), Some("A".repeat(43))] {
            let mut asked = nobody.clone();
            asked.cookie = cookie.map(|value| format!("wayside_session={value}"));
            let answer = asked.get(&path);
            assert!(matches!(answer.status, 401 | 429), "{path}: {}", answer.status);
            assert!(!answer.text().contains(case), "{path}: {}", answer.text());
        }
    }
}

#[test]
fn what_engineers_do_is_for_engineers() {
    let house = House::new();
    let owner = house.owner();
    let posts = [
        ("/api/v1/sites", json!({"toml": "schema = 1"})),
        ("/api/v1/sites/check", json!({"toml": "schema = 1"})),
        ("/api/v1/jobs", json!({"kind": "replay", "recording": "x", "site": "road"})),
        ("/api/v1/calibrate/frame", json!({"site": "road", "camera": "camera"})),
        ("/api/v1/calibrate/solve", json!({"width_px": 640, "height_px": 360, "points": []})),
    ];
    for role in ["operator", "reviewer", "senior", "auditor", "administrator"] {
        let browser = house.account(&owner, &format!("a-{role}"), role);
        for path in
            ["/api/v1/sites", "/api/v1/sites/road/file", "/api/v1/recordings", "/api/v1/jobs"]
        {
            assert_eq!(browser.get(path).status, 403, "{role} {path}");
            assert_eq!(browser.acting("engineer").get(path).status, 403, "{role} {path}");
        }
        for (path, body) in &posts {
            assert_eq!(browser.post(path, body).status, 403, "{role} {path}");
        }
        let save = json!({"toml": "schema = 1", "sha256": "00"});
        assert_eq!(browser.send("PUT", "/api/v1/sites/road/file", &save).status, 403, "{role}");
    }
    let text = std::fs::read_to_string(house.path().join("site.toml")).expect("a site");
    assert!(text.contains("id = \"road\""), "the file is as it was");
}
