//! Where an account is signed in: its owner sees it and ends it, nobody else.

use serde_json::{Value, json};
use wayside_accounts::policy::Role;

use crate::common::{Browser, House, PASSWORD};

const PATH: &str = "/api/v1/sessions";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";

fn listed(browser: &mut Browser) -> Vec<Value> {
    let answer = browser.get(PATH);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json().as_array().expect("a list").clone()
}

fn one(id: &Value) -> String {
    format!("{PATH}/{}", id.as_str().expect("an id"))
}

/// Another browser that the account signs in with, from its own address.
fn elsewhere(house: &House, account: &str) -> Browser {
    let mut browser = house.browser().from("198.51.100.7");
    browser.user_agent = FIREFOX.to_owned();
    assert_eq!(browser.sign_in(account, PASSWORD).status, 200);
    browser
}

/// What the log has of sessions that were ended.
fn ended(house: &House) -> Vec<(String, String, String)> {
    let log = house.accounts.log(0, 1_000).expect("a log");
    house.accounts.verify_log().expect("sound");
    let ended = log.into_iter().filter(|entry| entry.act == "session-ended");
    ended.map(|entry| (entry.account, entry.address, entry.why)).collect()
}

#[test]
fn an_account_sees_where_it_is_signed_in() {
    let house = House::new();
    let mut chief = house.chief();
    house.signed_in("jo", &[Role::Operator]);
    house.pass_s(60.0);
    let mut other = elsewhere(&house, "chief");
    house.pass_s(60.0);
    let all = listed(&mut chief);
    let ids: Vec<&Value> = all.iter().map(|row| &row["id"]).collect();
    assert_eq!(
        json!(all),
        json!([
            {
                "id": ids[0], "began": "2026-06-01T07:00:00.000000Z",
                "last_seen": "2026-06-01T07:02:00.000000Z",
                "expires": "2026-06-01T07:32:00.000000Z",
                "how": "link", "provider": null, "browser": null, "system": null,
                "address": "192.0.2.1", "current": true,
            },
            {
                "id": ids[1], "began": "2026-06-01T07:01:00.000000Z",
                "last_seen": "2026-06-01T07:01:00.000000Z",
                "expires": "2026-06-01T07:31:00.000000Z",
                "how": "password", "provider": null, "browser": "Firefox", "system": "Linux",
                "address": "198.51.100.7", "current": false,
            },
        ])
    );
    // The other one sees the same two, itself first. Of the last 10 s the file was not told yet.
    house.pass_s(10.0);
    assert_eq!(chief.get("/api/v1/session").status, 200);
    let seen = listed(&mut other);
    assert_eq!((&seen[0]["id"], &seen[0]["current"]), (ids[1], &json!(true)));
    assert_eq!((&seen[1]["id"], &seen[1]["current"]), (ids[0], &json!(false)));
    assert_eq!(seen[1]["last_seen"], "2026-06-01T07:02:10.000000Z");
}

#[test]
fn whatever_a_browser_calls_itself_only_known_names_are_shown() {
    let house = House::new();
    house.account("jo", &[Role::Operator]);
    let mut browser = house.browser();
    for agent in
        ["<img src=x onerror=alert(1)>".to_owned(), format!("{} Firefox/1", "x".repeat(4_000))]
    {
        browser.user_agent = agent;
        assert_eq!(browser.sign_in("jo", PASSWORD).status, 200);
        let answer = browser.get(PATH);
        assert!(
            !answer.text.contains("onerror") && !answer.text.contains("xxx"),
            "{}",
            answer.text
        );
        let own = &answer.json()[0];
        assert_eq!((&own["browser"], &own["system"]), (&json!(null), &json!(null)));
    }
}

#[test]
fn a_session_that_is_ended_elsewhere_is_out_at_its_next_request() {
    let house = House::new();
    let mut chief = house.chief();
    house.pass_s(1.0);
    let mut other = elsewhere(&house, "chief");
    let mut third = elsewhere(&house, "chief");
    let id = listed(&mut other)[0]["id"].clone();
    assert_eq!(chief.delete(&one(&id)).status, 204);
    let answer = other.get("/api/v1/session");
    assert_eq!((answer.status, answer.kind().as_str()), (401, "not-signed-in"));
    assert!(answer.header("set-cookie").is_some_and(|line| line.contains("Max-Age=0")));
    // It ends once, and the others stay.
    assert_eq!(chief.delete(&one(&id)).kind(), "not-found");
    assert_eq!(third.get("/api/v1/session").status, 200);
    assert_eq!(listed(&mut chief).len(), 2);
    let why = "begun 2026-06-01T07:00:01.000000Z from 198.51.100.7";
    assert_eq!(ended(&house), [("chief".to_owned(), "192.0.2.1".to_owned(), why.to_owned())]);
}

#[test]
fn all_others_end_and_the_one_that_asks_stays() {
    let house = House::new();
    let mut chief = house.chief();
    let mut jo = house.signed_in("jo", &[Role::Operator]);
    let mut others = [elsewhere(&house, "chief"), elsewhere(&house, "chief")];
    assert_eq!(chief.delete(PATH).status, 204);
    for other in &mut others {
        assert_eq!(other.get("/api/v1/session").status, 401);
    }
    assert_eq!(listed(&mut chief).len(), 1);
    assert_eq!(jo.get("/api/v1/session").status, 200);
    let why = "2 other sessions ended";
    let lines = [("chief".to_owned(), "192.0.2.1".to_owned(), why.to_owned())];
    assert_eq!(ended(&house), lines);
    // Where there is none, there is nothing to write down.
    assert_eq!(chief.delete(PATH).status, 204);
    assert_eq!(ended(&house), lines);
}

#[test]
fn ending_ones_own_session_signs_out() {
    let house = House::new();
    let mut chief = house.chief();
    let id = listed(&mut chief)[0]["id"].clone();
    let answer = chief.delete(&one(&id));
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").is_some_and(|line| line.contains("Max-Age=0")));
    assert!(chief.session().is_empty());
    assert_eq!(chief.get(PATH).kind(), "not-signed-in");
    assert!(ended(&house).is_empty());
    let log = house.accounts.log(0, 100).expect("a log");
    assert_eq!(log.last().expect("an entry").act, "sign-out");
}

/// Another account's session cannot be told from one that never was, and stays as it is.
#[test]
fn a_session_of_another_account_is_none() {
    let house = House::new();
    let mut chief = house.chief();
    let mut jo = house.signed_in("jo", &[Role::Operator]);
    let foreign = listed(&mut chief)[0]["id"].clone();
    assert!(!listed(&mut jo).iter().any(|row| row["id"] == foreign));
    let unknown = json!("0123456789abcdef0123456789abcdef");
    let answers = [&foreign, &unknown].map(|id| jo.delete(&one(id)));
    assert_eq!((answers[0].status, answers[0].kind().as_str()), (404, "not-found"));
    assert_eq!((answers[1].status, &answers[1].text), (404, &answers[0].text));
    // Nor by an administrator, nor by what looks like an id.
    let theirs = listed(&mut jo)[0]["id"].clone();
    assert_eq!(chief.delete(&one(&theirs)).kind(), "not-found");
    for odd in ["x", "%00", "%27%20OR%201=1", &"f".repeat(4_000)] {
        assert_eq!(jo.delete(&format!("{PATH}/{odd}")).kind(), "not-found", "{odd:.40}");
    }
    assert_eq!((chief.get(PATH).status, jo.get(PATH).status), (200, 200));
    assert!(ended(&house).is_empty());
}

#[test]
fn an_id_is_no_cookie_and_no_secret_is_shown() {
    let house = House::new();
    let mut chief = house.chief();
    let mut other = elsewhere(&house, "chief");
    let answer = chief.get(PATH);
    let secrets =
        [&chief, &other].map(|browser| [browser.session(), browser.csrf.clone().expect("a token")]);
    for secret in secrets.iter().flatten() {
        assert!(!answer.text.contains(secret.as_str()));
    }
    for row in listed(&mut other) {
        let mut thief = house.browser();
        let id = row["id"].as_str().expect("an id").to_owned();
        assert_eq!(id.len(), 32);
        thief.cookies.insert("wayside_session".to_owned(), id);
        assert_eq!(thief.get(PATH).kind(), "not-signed-in");
    }
}

#[test]
fn what_has_expired_is_not_listed_nor_ended() {
    let house = House::new();
    let mut chief = house.chief();
    let mut other = elsewhere(&house, "chief");
    let id = listed(&mut other)[0]["id"].clone();
    house.pass_s(29.0 * 60.0);
    assert_eq!(listed(&mut chief).len(), 2);
    house.pass_s(60.0);
    assert_eq!(listed(&mut chief).len(), 1);
    assert_eq!(chief.delete(&one(&id)).kind(), "not-found");
    assert_eq!(chief.delete(PATH).status, 204);
    assert!(ended(&house).is_empty());
}

#[test]
fn without_the_token_or_a_session_nothing_ends() {
    let house = House::new();
    let mut chief = house.chief();
    let mut other = elsewhere(&house, "chief");
    let id = listed(&mut other)[0]["id"].clone();
    let right = chief.csrf.take();
    for path in [PATH.to_owned(), one(&id)] {
        assert_eq!(chief.delete(&path).kind(), "csrf", "{path}");
        assert_eq!(house.browser().delete(&path).kind(), "not-signed-in", "{path}");
        // The token of the other session of the same account is none of this one.
        chief.csrf.clone_from(&other.csrf);
        assert_eq!(chief.delete(&path).kind(), "csrf", "{path}");
        chief.csrf.clone_from(&right);
        chief.extra = vec![("sec-fetch-site".to_owned(), "cross-site".to_owned())];
        assert_eq!(chief.delete(&path).kind(), "cross-site", "{path}");
        chief.extra.clear();
        chief.csrf = None;
    }
    assert_eq!(house.browser().get(PATH).kind(), "not-signed-in");
    assert_eq!(other.get("/api/v1/session").status, 200);
    assert!(ended(&house).is_empty());
}

/// A file of the program before has sessions of which the kind of browser was not written down.
#[test]
fn sessions_from_before_are_listed_without_their_browser() {
    let house = House::new();
    house.account("jo", &[Role::Operator]);
    let browser = elsewhere(&house, "jo");
    let file = rusqlite::Connection::open(house.dir.path().join("accounts.db")).expect("a file");
    file.execute_batch(
        "ALTER TABLE sessions DROP COLUMN browser;
         ALTER TABLE sessions DROP COLUMN system;
         DELETE FROM refinery_schema_history WHERE version = 3;",
    )
    .expect("the tables of before");
    let again = house.again();
    let mut headers = axum::http::HeaderMap::new();
    let cookie = format!("wayside_session={}", browser.session());
    headers.insert("cookie", cookie.parse().expect("a header"));
    let who = again.session_of(&headers, None, house.now()).expect("a session");
    let all = again.sessions(&who, house.now()).expect("a list");
    let own = all.iter().find(|row| row.current).expect("its own");
    assert_eq!((own.device.browser, own.address.as_str()), (None, "198.51.100.7"));
}
