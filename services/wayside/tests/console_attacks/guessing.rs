//! Guessing passwords through the console's port: it gets slow, and another written address makes nobody another.

use crate::house::{House, PASSWORD};

#[test]
fn a_guesser_waits_whatever_address_is_written() {
    let house = House::new();
    let owner = house.owner();
    house.account(&owner, "victim", "operator");
    let mut statuses = Vec::new();
    let mut waited = None;
    for number in 0..12 {
        let address = format!("198.51.100.{number}");
        let guesser = house
            .browser()
            .with("X-Forwarded-For", &address)
            .with("Forwarded", &format!("for={address}"))
            .with("X-Real-IP", &address)
            .with("CF-Connecting-IP", &address)
            .with("Client-IP", &address);
        let answer = guesser.sign_in("victim", "wrong password");
        statuses.push(answer.status);
        if answer.status == 429 {
            waited = answer.header("retry-after").and_then(|seconds| seconds.parse::<u32>().ok());
            assert_eq!(answer.kind(), "too-many-tries");
        }
    }
    assert!(statuses.iter().filter(|status| **status == 401).count() <= 6, "{statuses:?}");
    assert!(waited.is_some_and(|seconds| seconds >= 1), "{statuses:?}");
    // Nor does the right one get in while the wait lasts: a guess that hits says nothing.
    let answer = house.browser().with("X-Forwarded-For", "203.0.113.9").sign_in("victim", PASSWORD);
    assert_eq!(answer.status, 429);
}

#[test]
fn many_accounts_of_one_address_are_as_slow() {
    let house = House::new();
    house.owner();
    let mut checked = 0;
    let mut away = 0;
    for number in 0..40 {
        let guesser = house.browser().with("X-Forwarded-For", &format!("2001:db8::{number}"));
        match guesser.sign_in(&format!("user-{number}"), "password1234").status {
            401 => checked += 1,
            429 => away += 1,
            other => panic!("{other}"),
        }
    }
    assert!(checked <= 25 && away >= 15, "{checked} checked, {away} sent away");
}

/// Links and tokens are as long as keys; guessing them is as slow all the same.
#[test]
fn links_and_tokens_are_not_guessed() {
    let house = House::new();
    house.owner();
    let nobody = house.browser();
    let guess = |path: &str, number: u32| {
        let token = format!("{number:043}");
        let mut body = serde_json::json!({"token": token, "password": PASSWORD});
        if path.ends_with("setup") {
            body["account"] = "evil".into();
            body["name"] = "Evil".into();
        }
        nobody.post(path, &body).status
    };
    let links: Vec<u16> = (0..30).map(|number| guess("/api/v1/invite", number)).collect();
    assert!(links.iter().all(|status| matches!(status, 403 | 429)), "{links:?}");
    assert!(links.contains(&429), "{links:?}");
    assert!(matches!(guess("/api/v1/setup", 1), 403 | 429));
    let asked = |number: u32| {
        let token = format!("Bearer wst_{number:043}");
        nobody.with("Authorization", &token).get("/api/review/v1/queue").status
    };
    let tokens: Vec<u16> = (0..30).map(asked).collect();
    assert!(tokens.iter().all(|status| matches!(status, 401 | 429)), "{tokens:?}");
    assert!(tokens.contains(&429), "{tokens:?}");
}

/// Where a proxy is known, what it appended counts, and nothing that its client wrote before; from elsewhere nothing does.
#[test]
fn behind_a_known_proxy_each_client_waits_for_itself() {
    let house = House::with(&["--trusted-proxy", "127.0.0.1"], str::to_owned);
    let owner = house.owner();
    house.account(&owner, "victim", "operator");
    let guess = |from: &str| {
        let guesser = house.browser().with("X-Forwarded-For", from);
        guesser.sign_in("victim", "wrong password").status
    };
    // One client, that writes another address before its own each time.
    let statuses: Vec<u16> =
        (0..8).map(|number| guess(&format!("198.51.100.{number}, 203.0.113.7"))).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
    // Another behind the same proxy waits for nobody but itself.
    assert_eq!(guess("203.0.113.8"), 401);
    let log = house.said();
    assert!(!log.contains("198.51.100."), "{log}");
    // A proxy that is elsewhere is none.
    let house = House::with(&["--trusted-proxy", "192.0.2.1"], str::to_owned);
    let owner = house.owner();
    house.account(&owner, "victim", "operator");
    let statuses: Vec<u16> = (0..8)
        .map(|number| {
            let from = format!("198.51.100.{number}");
            house
                .browser()
                .with("X-Forwarded-For", &from)
                .sign_in("victim", "wrong password")
                .status
        })
        .collect();
    assert!(statuses.contains(&429), "{statuses:?}");
}

/// Strangers of the same address, as behind a proxy that is not known, keep nobody from working.
#[test]
fn strangers_do_not_lock_out_who_is_signed_in() {
    let house = House::new();
    let owner = house.owner();
    let stranger = house.browser().with("Authorization", "Bearer wst_guessed");
    let statuses: Vec<u16> = (0..30).map(|_| stranger.get("/api/review/v1/queue").status).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(owner.get("/api/review/v1/queue").status, 200);
}
