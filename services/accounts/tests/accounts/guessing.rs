//! Guessing passwords: it is slow, and tells nothing about which accounts there are.

use serde_json::json;
use wayside_accounts::policy::Role;

use crate::common::{Answer, House, PASSWORD};

fn told(answer: &Answer) -> (u16, String, Option<String>) {
    let retry = answer.header("retry-after").map(str::to_owned);
    (answer.status, answer.text.clone(), retry)
}

/// Each kind of account that cannot sign in looks like none at all, to the last byte and the last wait.
#[test]
fn a_guesser_learns_nothing_and_waits() {
    let house = House::new();
    let mut chief = house.chief();
    house.account("there", &[Role::Operator]);
    house.account("disabled", &[Role::Operator]);
    chief.patch("/api/v1/accounts/disabled", &json!({"disabled": true}));
    let invited = json!({"account": "invited", "name": "I", "roles": ["operator"]});
    assert_eq!(chief.post("/api/v1/accounts", &invited).status, 201);
    let names = ["there", "nobody", "disabled", "invited", "No Account", "a\u{202e}b"];
    let mut lines: Vec<Vec<_>> = Vec::new();
    for (index, name) in names.into_iter().enumerate() {
        let mut browser = house.browser().from(&format!("198.51.100.{index}"));
        lines.push((0..8).map(|_| told(&browser.sign_in(name, "wrong password"))).collect());
    }
    assert_eq!(lines[0][0].0, 401);
    assert_eq!(lines[0][7].0, 429);
    for (line, name) in lines.iter().zip(names) {
        assert_eq!(line, &lines[0], "{name}");
    }
}

#[test]
fn waits_grow_and_end_and_the_right_password_then_works() {
    let house = House::new();
    house.chief();
    let mut browser = house.browser();
    let mut waits = Vec::new();
    while waits.len() < 5 {
        let answer = browser.sign_in("chief", "wrong password");
        match answer.status {
            401 => {}
            429 => {
                assert_eq!(answer.kind(), "too-many-tries");
                let wait: f64 =
                    answer.header("retry-after").and_then(|s| s.parse().ok()).expect("s");
                // Too early, even with the right one.
                assert_eq!(browser.sign_in("chief", PASSWORD).status, 429);
                waits.push(wait);
                house.pass_s(wait);
            }
            other => panic!("{other}: {}", answer.text),
        }
    }
    assert_eq!(waits, [2.0, 4.0, 8.0, 16.0, 32.0]);
    assert_eq!(browser.sign_in("chief", PASSWORD).status, 200);
    // And all is forgotten.
    for _ in 0..4 {
        assert_eq!(browser.sign_in("chief", "wrong password").status, 401);
    }
}

/// Whoever guesses at somebody's account from elsewhere does not keep them from working for long.
#[test]
fn a_stranger_cannot_lock_somebody_out() {
    let house = House::new();
    house.chief();
    for address in 0..200 {
        let mut stranger = house.browser().from(&format!("198.51.100.{address}"));
        stranger.sign_in("chief", "wrong password");
    }
    let mut own = house.browser();
    let answer = own.sign_in("chief", PASSWORD);
    assert_eq!(answer.status, 429);
    let wait: f64 = answer.header("retry-after").and_then(|s| s.parse().ok()).expect("seconds");
    assert!(wait <= 30.0, "{wait}");
    house.pass_s(wait);
    assert_eq!(own.sign_in("chief", PASSWORD).status, 200);
}

#[test]
fn one_address_cannot_try_many_accounts() {
    let house = House::new();
    house.chief();
    let mut browser = house.browser().from("2001:db8:1:2::1");
    let tried = |browser: &mut crate::common::Browser| {
        (0..40)
            .filter(|n| browser.sign_in(&format!("user-{n}"), "password1234").status == 401)
            .count()
    };
    assert_eq!(tried(&mut browser), 20);
    // Its neighbours in the same network are the same.
    browser.address = "2001:db8:1:2:ffff::7".to_owned();
    assert_eq!(tried(&mut browser), 0);
    // Others are not.
    assert_eq!(house.browser().sign_in("chief", PASSWORD).status, 200);
    house.pass_s(60.0);
    assert_eq!(tried(&mut browser), 10);
}

/// Many tries at once gain nothing over one after the other.
#[test]
fn tries_at_once_are_counted_before_they_are_checked() {
    let house = House::new();
    house.chief();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| {
                let mut browser = house.browser();
                scope.spawn(move || browser.sign_in("chief", "wrong password").status)
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    });
    let checked = statuses.iter().filter(|status| **status == 401).count();
    assert!(checked <= 5, "{statuses:?}");
}

/// What takes the time is one hash of the same cost, whatever is wrong.
#[test]
fn each_sign_in_costs_the_same() {
    let house = House::new();
    let mut chief = house.chief();
    house.account("disabled", &[Role::Operator]);
    chief.patch("/api/v1/accounts/disabled", &json!({"disabled": true}));
    let invited = json!({"account": "invited", "name": "I", "roles": ["operator"]});
    assert_eq!(chief.post("/api/v1/accounts", &invited).status, 201);
    let names = ["chief", "nobody", "disabled", "invited", "No Account"];
    for (index, name) in names.into_iter().enumerate() {
        for password in ["wrong password", PASSWORD] {
            let before = house.accounts.passwords_checked();
            let mut browser = house.browser().from(&format!("198.51.100.{index}"));
            let status = browser.sign_in(name, password).status;
            assert_eq!(status, if name == "chief" && password == PASSWORD { 200 } else { 401 });
            assert_eq!(house.accounts.passwords_checked(), before + 1, "{name}");
        }
    }
}

#[test]
fn a_session_cannot_guess_the_old_password() {
    let house = House::new();
    let mut browser = house.chief();
    let change = json!({"old": "wrong password", "new": "another long one"});
    let statuses: Vec<u16> =
        (0..7).map(|_| browser.post("/api/v1/session/password", &change).status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429]);
}

#[test]
fn too_many_requests_are_sent_away() {
    let house = House::new();
    let mut browser = house.browser();
    let statuses: Vec<u16> = (0..220).map(|_| browser.get("/api/v1/setup").status).collect();
    assert!(statuses[..200].iter().all(|status| *status == 200));
    let answer = browser.get("/api/v1/setup");
    assert_eq!((answer.status, answer.kind().as_str()), (429, "too-many-requests"));
    assert!(answer.header("retry-after").is_some());
    // A session is counted by itself, whatever address it shares.
    house.pass_s(10.0);
    let mut chief = house.chief();
    assert!((0..200).all(|_| chief.get("/api/v1/session").status == 200));
}
