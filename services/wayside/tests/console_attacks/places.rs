//! The place itself: what is put there can be seen and decided on by those who may. Else no attack would show anything.

use std::path::PathBuf;

use serde_json::json;

use crate::fill::fill;
use crate::house::House;

/// With `WAYSIDE_FILL` it fills that folder, for `scripts/api_fuzz.sh`.
#[test]
fn what_is_put_there_is_seen_and_decided() {
    if let Some(folder) = std::env::var_os("WAYSIDE_FILL").map(PathBuf::from) {
        fill(&folder, str::to_owned);
        return;
    }
    let mut house = House::new();
    let owner = house.owner();
    house.cases_are_there(&owner);
    let overview = owner.get("/api/v1/overview").json();
    assert_eq!(overview["sites"][0]["violations_24h"], house.filled.cases.len());
    let reviewer = owner.acting("reviewer");
    let claim = reviewer.post("/api/review/v1/claims", &json!({})).json();
    let case = format!("/api/review/v1/cases/{}", claim["case"].as_str().expect("a case"));
    assert_eq!(reviewer.get(&case).json()["evidence"]["verified"], true);
    let clip = reviewer.get(&format!("{case}/evidence/clip"));
    assert_eq!((clip.status, clip.header("content-type")), (200, Some("video/mp4")));
    let decision = json!({"token": claim["token"], "decision": "approve", "plate": "WAY51DE"});
    let decided = reviewer.post(&format!("{case}/decision"), &decision);
    assert_eq!(decided.status, 200, "{}", decided.text());
    assert!(house.is_well());
}
