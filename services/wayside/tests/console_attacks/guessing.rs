//! Guessing passwords through the console's port: it gets slow, and another written address makes nobody another.

use std::time::{Duration, Instant};

use crate::house::{House, PASSWORD};

/// Failures of one address that are checked at once, and then in each second.
const BURST: f64 = 20.0;
const EACH_S: f64 = 1.0 / 6.0;
/// Guesses that are sent away unchecked before it is believed.
const AWAY: u32 = 15;

#[test]
fn a_guesser_waits_whatever_address_is_written() {
    let house = House::new();
    let owner = house.owner();
    house.account(&owner, "victim", "operator");
    let began = Instant::now();
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
    // Where a check takes long, the first waits of 2, 4 and 8 s are over meanwhile.
    let checked = statuses.iter().filter(|status| **status == 401).count();
    assert!(checked <= 6 + began.elapsed().as_secs() as usize / 4, "{statuses:?}");
    assert!(waited.is_some_and(|seconds| seconds >= 1), "{statuses:?}");
    // Nor does the right one get in while the wait lasts: a guess that hits says nothing. On a busy machine the wait
    // may be over by then.
    let waits = (0..50).any(|_| {
        let asked = Instant::now();
        let told = house.browser().sign_in("victim", "wrong password");
        let Some(wait) = told.header("retry-after").and_then(|wait| wait.parse::<u64>().ok())
        else {
            return false;
        };
        let right = house.browser().with("X-Forwarded-For", "203.0.113.9");
        let status = right.sign_in("victim", PASSWORD).status;
        let over = asked.elapsed() >= Duration::from_secs(wait.saturating_sub(1));
        assert!(status == 429 || over, "{status} within {wait} s");
        status == 429
    });
    assert!(waits, "nobody ever had to wait");
}

#[test]
fn many_accounts_of_one_address_are_as_slow() {
    let house = House::new();
    house.owner();
    let began = Instant::now();
    let mut checked = 0;
    let mut away = 0;
    for number in 0..1_000 {
        // A machine that checks slowly checks more of them, because more time is over.
        if away == AWAY {
            break;
        }
        let guesser = house.browser().with("X-Forwarded-For", &format!("2001:db8::{number}"));
        match guesser.sign_in(&format!("user-{number}"), "password1234").status {
            401 => checked += 1,
            429 => away += 1,
            other => panic!("{other}"),
        }
    }
    let most = BURST + EACH_S * began.elapsed().as_secs_f64() + 1.0;
    assert!(f64::from(checked) <= most && away == AWAY, "{checked} checked, {away} sent away");
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
