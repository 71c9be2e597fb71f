//! One-time links: of the first account, and invitations.

use serde_json::{Value, json};
use wayside_accounts::policy::Role;
use wayside_accounts::{Error, commands};

use crate::common::{House, PASSWORD};

fn setup(token: &str, account: &str, password: &str) -> Value {
    json!({"token": token, "account": account, "name": "Chief", "password": password})
}

#[test]
fn the_first_account_needs_the_link_of_this_start() {
    let house = House::new();
    let mut browser = house.browser();
    assert_eq!(browser.get("/api/v1/setup").json(), json!({"needed": true}));
    let link = || {
        let address = commands::setup_address(&house.accounts, house.now()).expect("a link");
        let address = address.expect("no account yet");
        assert!(address.starts_with("http://localhost:8080/#/setup?token="), "{address}");
        House::token(&address)
    };
    let (old, token) = (link(), link());
    for wrong in ["", "x", &"x".repeat(43), &old, &"x".repeat(10_000)] {
        let answer = browser.post("/api/v1/setup", &setup(wrong, "chief", PASSWORD));
        assert_eq!((answer.status, answer.kind().as_str()), (403, "link-not-valid"), "{wrong}");
    }
    // What is wrong with the rest does not use it up.
    for (account, password, kind) in [
        ("Chief!", PASSWORD, "account-not-acceptable"),
        ("chief", "short", "password-short"),
        ("chief", "Chief1234567", "password-is-account"),
        ("chief", &"x y".repeat(50), "password-long"),
    ] {
        let answer = browser.post("/api/v1/setup", &setup(&token, account, password));
        assert_eq!((answer.status, answer.kind()), (422, kind.to_owned()));
    }
    let answer = browser.post("/api/v1/setup", &setup(&token, "chief", PASSWORD));
    assert_eq!(answer.json()["roles"].as_array().map(Vec::len), Some(6));
    assert_eq!(browser.get("/api/v1/setup").json(), json!({"needed": false}));
    // Again: it is used, and there is an account.
    let mut other = house.browser();
    let answer = other.post("/api/v1/setup", &setup(&token, "second", PASSWORD));
    assert_eq!(answer.kind(), "link-not-valid");
    assert_eq!(commands::setup_address(&house.accounts, house.now()).expect("asked"), None);
    assert_eq!(house.accounts.list().expect("accounts").len(), 1);
}

#[test]
fn the_link_of_the_first_account_lasts_a_day() {
    let house = House::new();
    let link = house.accounts.setup_link(house.now()).expect("a link").expect("needed");
    house.pass_s(24.0 * 3_600.0);
    let sent = setup(&House::token(link.reveal()), "chief", PASSWORD);
    assert_eq!(house.browser().post("/api/v1/setup", &sent).kind(), "link-not-valid");
}

#[test]
fn of_two_who_use_a_link_at_once_one_gets_an_account() {
    let house = House::new();
    let link = house.accounts.setup_link(house.now()).expect("a link").expect("needed");
    let token = House::token(link.reveal());
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|n| {
                let mut browser = house.browser();
                let sent = setup(&token, &format!("chief-{n}"), PASSWORD);
                scope.spawn(move || browser.post("/api/v1/setup", &sent).status)
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    });
    let made = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!((made, house.accounts.list().expect("accounts").len()), (1, 1), "{statuses:?}");
}

#[test]
fn an_invitation_works_once_and_the_newest_alone() {
    let house = House::new();
    let mut chief = house.chief();
    let new = json!({"account": "jo", "name": "Jo", "roles": ["reviewer"]});
    let first = chief.post("/api/v1/accounts", &new).json();
    let again = chief.post("/api/v1/accounts/jo/invite", &json!({})).json();
    let token = |answer: &Value| House::token(answer["invite"].as_str().expect("a link"));
    let mut jo = house.browser();
    let mut take = |token: &str, password: &str| {
        jo.post("/api/v1/invite", &json!({"token": token, "password": password}))
    };
    assert_eq!(take(&token(&first), PASSWORD).kind(), "link-not-valid");
    assert_eq!(take(&token(&again), "short").kind(), "password-short");
    let answer = take(&token(&again), PASSWORD);
    assert_eq!((answer.status, answer.json()["account"].as_str()), (200, Some("jo")));
    assert_eq!(take(&token(&again), "another long one").kind(), "link-not-valid");
    assert_eq!(house.browser().sign_in("jo", PASSWORD).status, 200);
    // It is no link for the first account either.
    let link = chief.post("/api/v1/accounts/jo/invite", &json!({})).json();
    let sent = setup(&token(&link), "evil", PASSWORD);
    assert_eq!(house.browser().post("/api/v1/setup", &sent).kind(), "link-not-valid");
}

#[test]
fn an_invitation_lasts_three_days_and_ends_with_the_account() {
    let house = House::new();
    let mut chief = house.chief();
    house.account("jo", &[Role::Reviewer]);
    let link = |name: &str| commands::invite(&house.accounts, name, house.now());
    let take = |address: &str| {
        let sent = json!({"token": House::token(address), "password": "another long one"});
        house.browser().post("/api/v1/invite", &sent)
    };
    let old = link("jo").expect("a link");
    house.pass_s(72.0 * 3_600.0);
    assert_eq!(take(&old).kind(), "link-not-valid");
    assert_eq!(chief.sign_in("chief", PASSWORD).status, 200);
    let open = link("jo").expect("a link");
    chief.patch("/api/v1/accounts/jo", &json!({"disabled": true}));
    assert_eq!(take(&open).kind(), "link-not-valid");
    assert!(matches!(link("jo"), Err(Error::Disabled { .. })));
    assert!(matches!(link("nobody"), Err(Error::NoAccount { .. })));
    assert!(matches!(link("No Body"), Err(Error::Account(_))));
}

/// Whoever forgot the password of the only administrator gets a link from the program.
#[test]
fn a_link_of_the_program_recovers_an_account_and_ends_its_sessions() {
    let house = House::new();
    let mut before = house.chief();
    let address = commands::invite(&house.accounts, "chief", house.now()).expect("a link");
    let mut browser = house.browser();
    let sent = json!({"token": House::token(&address), "password": "another long one"});
    assert_eq!(browser.post("/api/v1/invite", &sent).status, 200);
    assert_eq!(before.get("/api/v1/session").status, 401);
    assert_eq!(house.browser().sign_in("chief", PASSWORD).status, 401);
    assert_eq!(house.browser().sign_in("chief", "another long one").status, 200);
}

#[test]
fn guessing_links_is_slow() {
    let house = House::new();
    let mut browser = house.browser();
    let sent = json!({"token": "x".repeat(43), "password": PASSWORD});
    let statuses: Vec<u16> =
        (0..25).map(|_| browser.post("/api/v1/invite", &sent).status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 20);
    assert_eq!(statuses[24], 429);
}
