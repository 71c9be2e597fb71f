//! Sessions: fixed, stolen, expired, of accounts that changed.

use serde_json::json;
use wayside_accounts::policy::Role;
use wayside_accounts::{Account, commands};

use crate::common::{House, PASSWORD};

#[test]
fn a_sign_in_gives_a_session_with_its_cookie() {
    let house = House::new();
    house.chief();
    let mut browser = house.browser();
    let answer = browser.sign_in("chief", PASSWORD);
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!((body["account"].as_str(), body["passkeys"].as_u64()), (Some("chief"), Some(0)));
    assert_eq!(body["roles"].as_array().map(Vec::len), Some(6));
    assert_eq!(body["expires"], "2026-06-01T07:30:00.000000Z");
    let cookies = answer.all("set-cookie");
    assert_eq!(cookies.len(), 1);
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200"] {
        assert!(cookies[0].contains(part), "{}", cookies[0]);
    }
    assert!(!cookies[0].contains("Secure") && !cookies[0].contains("Domain"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = browser.get("/api/v1/session").json();
    assert_eq!((&body["name"], &body["csrf"]), (&json!("Chief"), &json!(browser.csrf)));
    assert_eq!(browser.delete("/api/v1/session").status, 204);
    assert!(browser.session().is_empty());
    assert_eq!(browser.get("/api/v1/session").kind(), "not-signed-in");
}

#[test]
fn over_tls_the_cookie_is_bound_to_host_and_tls() {
    let house = House::with("https://wayside.city.example", |_| {});
    let mut browser = house.chief();
    let answer = browser.sign_in("chief", PASSWORD);
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-wayside_session=") && cookie.ends_with("; Secure"));
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
    assert_eq!(browser.get("/api/v1/session").status, 200);
    // A cookie of the other name is nobody's.
    let value = browser.cookies.remove("__Host-wayside_session").expect("a cookie");
    browser.cookies.insert("wayside_session".to_owned(), value);
    assert_eq!(browser.get("/api/v1/session").status, 401);
}

/// Whoever put a cookie into the browser before the sign-in knows nothing afterwards.
#[test]
fn a_session_cannot_be_fixed() {
    let house = House::new();
    house.account("victim", &[Role::Operator]);
    let mut attacker = house.signed_in("attacker", &[Role::Operator]);
    for planted in [attacker.session(), "x".repeat(43), "short".to_owned()] {
        let mut victim = house.browser();
        victim.cookies.insert("wayside_session".to_owned(), planted.clone());
        assert_eq!(victim.sign_in("victim", PASSWORD).status, 200);
        assert_ne!(victim.session(), planted);
        let mut other = house.browser();
        other.cookies.insert("wayside_session".to_owned(), planted);
        assert_eq!(other.get("/api/v1/session").status, 401);
    }
    // The attacker's own session, which the victim's browser had, has ended.
    assert_eq!(attacker.get("/api/v1/session").status, 401);
}

#[test]
fn each_sign_in_has_a_new_cookie_and_token() {
    let house = House::new();
    house.chief();
    let mut browser = house.browser();
    browser.sign_in("chief", PASSWORD);
    let (first, csrf) = (browser.session(), browser.csrf.clone());
    browser.sign_in("chief", PASSWORD);
    assert!(browser.session() != first && browser.csrf != csrf);
    let mut old = house.browser();
    old.cookies.insert("wayside_session".to_owned(), first);
    assert_eq!(old.get("/api/v1/session").status, 401);
}

#[test]
fn a_session_ends_when_it_is_not_used_and_at_the_latest_after_twelve_hours() {
    let house = House::new();
    let mut browser = house.chief();
    house.pass_s(29.0 * 60.0);
    assert_eq!(browser.get("/api/v1/session").status, 200);
    house.pass_s(29.0 * 60.0);
    assert_eq!(browser.get("/api/v1/session").status, 200);
    house.pass_s(30.0 * 60.0);
    let answer = browser.get("/api/v1/session");
    assert_eq!(answer.kind(), "not-signed-in");
    assert!(answer.header("set-cookie").is_some_and(|line| line.contains("Max-Age=0")));

    browser.sign_in("chief", PASSWORD);
    for _ in 0..48 {
        house.pass_s(899.9);
        assert_eq!(browser.get("/api/v1/session").status, 200);
    }
    house.pass_s(15.0);
    assert_eq!(browser.get("/api/v1/session").status, 401);
}

#[test]
fn a_restart_keeps_sessions_and_their_end() {
    let house = House::new();
    let browser = house.chief();
    let mut headers = axum::http::HeaderMap::new();
    let cookie = format!("wayside_session={}", browser.session());
    headers.insert("cookie", cookie.parse().expect("a header"));
    house.pass_s(60.0);
    let again = house.again();
    let who = again.session_of(&headers, Some("auditor"), house.now()).expect("a session");
    assert_eq!((who.account.as_str(), who.role), ("chief", Role::Auditor));
    house.pass_s(1_800.0);
    assert!(house.again().session_of(&headers, None, house.now()).is_err());
}

#[test]
fn a_disabled_account_is_out_at_once_wherever_that_was_said() {
    let house = House::new();
    let mut chief = house.chief();
    let mut browser = house.signed_in("jo", &[Role::Operator]);
    let path = "/api/v1/accounts/jo";
    assert_eq!(chief.patch(path, &json!({"disabled": true})).status, 200);
    assert_eq!(browser.get("/api/v1/session").status, 401);
    assert_eq!(browser.sign_in("jo", PASSWORD).kind(), "sign-in-failed");
    // Enabled again, the old session stays dead.
    assert_eq!(chief.patch(path, &json!({"disabled": false})).status, 200);
    assert_eq!(browser.get("/api/v1/session").status, 401);
    assert_eq!(browser.sign_in("jo", PASSWORD).status, 200);
    // By another process: within a second.
    commands::disable(&house.again(), "jo", true, house.now()).expect("disabled");
    house.pass_s(1.0);
    assert_eq!(browser.get("/api/v1/session").status, 401);
}

#[test]
fn a_change_of_roles_ends_sessions() {
    let house = House::new();
    let mut chief = house.chief();
    let mut browser = house.signed_in("jo", &[Role::Operator, Role::Engineer]);
    let answer = chief.patch("/api/v1/accounts/jo", &json!({"roles": ["operator"]}));
    assert_eq!(answer.json()["roles"], json!(["operator"]));
    assert_eq!(browser.get("/api/v1/session").status, 401);
    // What changes nothing ends nothing.
    browser.sign_in("jo", PASSWORD);
    chief.patch("/api/v1/accounts/jo", &json!({"roles": ["operator"], "disabled": false}));
    assert_eq!(browser.get("/api/v1/session").status, 200);
}

#[test]
fn another_password_ends_all_other_sessions() {
    let house = House::new();
    let mut browser = house.chief();
    let mut elsewhere = house.browser();
    elsewhere.sign_in("chief", PASSWORD);
    let new = "staple that battery";
    let change = |old: &str, new: &str| json!({"old": old, "new": new});
    let path = "/api/v1/session/password";
    assert_eq!(browser.post(path, &change("wrong old password", new)).kind(), "sign-in-failed");
    assert_eq!(browser.post(path, &change(PASSWORD, "short")).kind(), "password-short");
    assert_eq!(browser.post(path, &change(PASSWORD, "password1234")).kind(), "password-common");
    assert_eq!(elsewhere.get("/api/v1/session").status, 200);
    assert_eq!(browser.post(path, &change(PASSWORD, new)).status, 204);
    assert_eq!(elsewhere.get("/api/v1/session").status, 401);
    assert_eq!(browser.get("/api/v1/session").status, 200);
    assert_eq!(elsewhere.sign_in("chief", PASSWORD).kind(), "sign-in-failed");
    assert_eq!(elsewhere.sign_in("chief", new).status, 200);
}

#[test]
fn the_cookie_of_another_account_is_another_account() {
    let house = House::new();
    let mut chief = house.chief();
    let mut jo = house.signed_in("jo", &[Role::Operator]);
    // Jo's cookie with the chief's token changes nothing, nor the other way round.
    std::mem::swap(&mut chief.csrf, &mut jo.csrf);
    assert_eq!(chief.patch("/api/v1/session", &json!({"name": "X"})).kind(), "csrf");
    assert_eq!(jo.patch("/api/v1/session", &json!({"name": "X"})).kind(), "csrf");
    assert_eq!(jo.get("/api/v1/session").json()["account"], "jo");
    // Two cookies of the name: somebody planted one. Neither counts.
    let line = format!("wayside_session={}; wayside_session={}", jo.session(), chief.session());
    jo.cookies.clear();
    jo.extra = vec![("cookie".to_owned(), line)];
    assert_eq!(jo.get("/api/v1/session").status, 401);
}

#[test]
fn an_account_has_at_most_twenty_sessions() {
    let house = House::new();
    let mut first = house.chief();
    let mut browsers = Vec::new();
    for _ in 0..20 {
        house.pass_s(1.0);
        let mut browser = house.browser();
        assert_eq!(browser.sign_in("chief", PASSWORD).status, 200);
        browsers.push(browser);
    }
    assert_eq!(first.get("/api/v1/session").status, 401);
    assert!(browsers.iter_mut().all(|browser| browser.get("/api/v1/session").status == 200));
}

#[test]
fn the_file_has_no_cookie_link_or_password_in_it() {
    let house = House::new();
    let browser = house.chief();
    let jo = Account::new("jo").expect("a name");
    let roles = wayside_accounts::policy::Roles::parse("operator").expect("roles");
    let link = house.accounts.create("chief", &jo, "Jo", &roles, house.now()).expect("a link");
    let secrets = [browser.session(), House::token(link.reveal()), PASSWORD.to_owned()];
    let csrf = browser.csrf.clone().expect("a token");
    let files = std::fs::read_dir(house.dir.path()).expect("a folder");
    let mut looked_at = 0;
    for file in files.map(|file| file.expect("a file").path()) {
        let bytes = std::fs::read(&file).expect("a file");
        looked_at += bytes.len();
        for secret in secrets.iter().chain([&csrf]) {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{}", file.display());
        }
    }
    assert!(looked_at > 10_000);
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(house.dir.path().join("accounts.db")).expect("a file");
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
}
