//! A session that somebody else knows: a cookie from before a sign-in is worth nothing after it.

use crate::house::{House, PASSWORD};

#[test]
fn a_cookie_from_before_is_not_taken_over() {
    let house = House::new();
    let owner = house.owner();
    house.account(&owner, "victim", "operator");
    let planted = "A".repeat(43);
    let mut browser = house.browser();
    browser.cookie = Some(format!("wayside_session={planted}"));
    let answer = browser.sign_in("victim", PASSWORD);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    assert!(!cookie.contains(&planted), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert!(cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
    // Whoever planted it is nobody; the victim's own is the new one.
    assert_eq!(browser.get("/api/v1/overview").status, 401);
    browser.take(&answer);
    assert_eq!(browser.get("/api/v1/overview").status, 200);
    assert_eq!(browser.get("/api/review/v1/queue").status, 200);
}

#[test]
fn the_session_before_a_sign_in_ends_with_it() {
    let house = House::new();
    let owner = house.owner();
    let first = house.account(&owner, "victim", "operator");
    // The attacker is signed in as somebody and gives the victim their own cookie.
    let attacker = house.account(&owner, "attacker", "reviewer");
    let mut victim = attacker.clone();
    victim.csrf = None;
    let answer = victim.sign_in("victim", PASSWORD);
    victim.take(&answer);
    let who = victim.get("/api/v1/session").json();
    assert_eq!(who["account"], "victim");
    assert_eq!(attacker.get("/api/v1/session").status, 401, "the attacker's own is gone");
    assert_eq!(
        first.get("/api/v1/session").json()["account"],
        "victim",
        "others of the victim stay"
    );
    // Of two cookies none counts: one may be planted by a neighbour's name.
    let mut two = victim.clone();
    two.cookie =
        Some(format!("wayside_session={}; {}", "B".repeat(43), victim.cookie.expect("one")));
    assert_eq!(two.get("/api/v1/overview").status, 401);
}

#[test]
fn a_session_is_in_no_address() {
    let house = House::new();
    let owner = house.owner();
    let cookie = owner.cookie.clone().expect("a cookie");
    let value = cookie.split('=').nth(1).expect("a value");
    let nobody = house.browser();
    for path in [
        format!("/api/v1/overview?wayside_session={value}"),
        format!("/api/v1/overview?{cookie}"),
        format!("/api/v1/session;{cookie}"),
        format!("/api/v1/live?token={value}"),
    ] {
        assert!(matches!(nobody.get(&path).status, 400 | 401 | 404), "{path}");
    }
    for name in ["Authorization", "X-Session", "Wayside-Session"] {
        let asked = nobody.with(name, &format!("Bearer {value}"));
        assert_eq!(asked.get("/api/v1/overview").status, 401, "{name}");
        assert_eq!(asked.get("/api/review/v1/queue").status, 401, "{name}");
    }
}
