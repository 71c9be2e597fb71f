//! Paths out of where they belong: encoded once and twice, absolute, with a NUL, with backslashes.

use serde_json::json;

use crate::house::House;

/// Ways to say `/etc/passwd`, and files of the console's own.
const WAYS: [&str; 14] = [
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%252f..%252f..%252fetc%252fpasswd",
    "..%c0%af..%c0%afetc%c0%afpasswd",
    "..%5c..%5c..%5cetc%5cpasswd",
    "%2fetc%2fpasswd",
    "%00",
    "manifest%00.json",
    "..%00/passwd",
    "....//....//etc/passwd",
    "..%2faccounts.sqlite",
    "..%2f..%2fvault.keys",
    "file:%2f%2f%2fetc%2fpasswd",
];

#[test]
fn no_path_leads_out() {
    let mut house = House::new();
    let owner = house.owner();
    house.cases_are_there(&owner);
    let case = house.filled.cases[0].clone();
    let secret = std::fs::read_to_string(house.path().join("vault.keys")).expect("keys");
    let secret = secret.split_whitespace().last().expect("a key").to_owned();
    let places = [
        ("reviewer", format!("/api/review/v1/cases/{case}/evidence/{{}}")),
        ("reviewer", "/api/review/v1/cases/{}/evidence/clip".to_owned()),
        ("reviewer", "/api/review/v1/cases/{}".to_owned()),
        ("auditor", "/api/review/v1/citations/{}".to_owned()),
        ("engineer", "/api/v1/sites/{}/file".to_owned()),
        ("engineer", "/api/v1/jobs/{}".to_owned()),
        ("engineer", "/api/v1/jobs/{}/files/report.html".to_owned()),
        ("engineer", "/api/v1/jobs/0123456789abcdef01234567/files/{}".to_owned()),
        ("engineer", "/api/v1/calibrate/drafts/{}/picture".to_owned()),
        ("operator", "/api/v1/sites/{}".to_owned()),
        ("operator", "/api/v1/sites/road/cameras/{}/picture".to_owned()),
        ("operator", "/api/v1/events/{}/scene".to_owned()),
        ("operator", "/assets/{}".to_owned()),
        ("operator", "/{}".to_owned()),
    ];
    for (role, place) in &places {
        for way in WAYS {
            let path = place.replace("{}", way);
            let answer = owner.acting(role).get(&path);
            assert!(
                matches!(answer.status, 400 | 404 | 405 | 422),
                "{path}: {} {}",
                answer.status,
                answer.text()
            );
            let whole = answer.whole();
            for leak in ["root:", "SQLite format", "BEGIN", &secret] {
                assert!(!whole.contains(leak), "{path}: {whole}");
            }
        }
    }
    // What they lead past is still there for those who may.
    let clip = owner.acting("reviewer").get(&format!("/api/review/v1/cases/{case}/evidence/clip"));
    assert_eq!(clip.status, 200);
    assert!(house.is_well());
}

#[test]
fn what_is_deleted_or_written_lies_where_it_belongs() {
    let mut house = House::new();
    let engineer = house.owner().acting("engineer");
    let before = house.files();
    for way in WAYS {
        for path in [format!("/api/v1/recordings/{way}"), format!("/api/v1/jobs/{way}")] {
            let answer = engineer.ask("DELETE", &path, None, &[]);
            assert!(matches!(answer.status, 400 | 404 | 405), "{path}: {}", answer.status);
        }
        let save = json!({"toml": "schema = 1", "sha256": "00"});
        let answer = engineer.send("PUT", &format!("/api/v1/sites/{way}/file"), &save);
        assert!(matches!(answer.status, 400 | 404 | 405), "{way}: {}", answer.status);
    }
    // A new site is a file under its id: an id that is a path is none.
    let text = std::fs::read_to_string(house.path().join("site.toml")).expect("a site");
    for id in ["../out", "..", "/tmp/out", "a/b", "a\\\\b", ".hidden", "a\\u0000b", ""] {
        let toml = text.replacen("id = \"road\"", &format!("id = \"{id}\""), 1);
        let answer = engineer.post("/api/v1/sites", &json!({"toml": toml}));
        let saved = answer.status == 200 && answer.json()["ok"] == true;
        assert!(answer.status < 500 && !saved, "{id:?}: {} {}", answer.status, answer.text());
    }
    assert_eq!(house.files(), before, "nothing came, nothing went");
    assert!(house.is_well());
}

#[test]
fn a_name_of_a_recording_is_no_name_of_a_file() {
    let mut house = House::new();
    let engineer = house.owner().acting("engineer");
    let clip = house.path().join("road.mp4");
    crate::common::clips::empty_road(&clip, crate::common::clips::SIZE, 12);
    let bytes = std::fs::read(&clip).expect("a clip");
    let before = house.files();
    for name in ["..%2f..%2fout.mp4", "%2ftmp%2fwayside-out.mp4", "a%00b.mp4", "..%5cout.mp4"] {
        let octets = [("Content-Type", "application/octet-stream")];
        let path = format!("/api/v1/recordings?name={name}");
        let answer = engineer.ask("POST", &path, Some(&bytes), &octets);
        assert!(matches!(answer.status, 201 | 400 | 422), "{name}: {}", answer.text());
    }
    let below = house.path().join("home/workbench");
    for file in house.files() {
        assert!(before.contains(&file) || file.starts_with(&below), "{}", file.display());
    }
    assert!(house.is_well());
}
