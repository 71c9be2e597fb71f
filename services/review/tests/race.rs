//! Reviewers who race for cases, over HTTP. `WAYSIDE_RACE_CASES=10000` is the long form.

#[path = "common/place.rs"]
mod place;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use place::{PLATE, Place, agent, until_within};
use serde_json::json;
use wayside_bus::Topic;
use wayside_cases::Role;

#[test]
fn reviewers_race_and_every_case_is_decided_once() {
    const CLIENTS: usize = 50;
    let cases: u64 =
        std::env::var("WAYSIDE_RACE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let mut place = Place::new();
    for client in 0..CLIENTS {
        place.account(&format!("reviewer-{client}"), Role::Reviewer);
    }
    let running = place.start(Vec::new());
    (0..cases).for_each(|number| place.admit(number));
    let (took, decided) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (running, took, decided) = (&running, &took, &decided);
            scope.spawn(move || {
                let (agent, account) = (agent(), format!("reviewer-{client}"));
                loop {
                    let began = Instant::now();
                    let claim = running.call(&agent, &account, "POST", "/v1/claims", Some("{}"), &[]);
                    took.lock().expect("a lock").push(began.elapsed());
                    if claim.status == 204 {
                        return;
                    }
                    assert_eq!(claim.status, 200, "{claim:?}");
                    let case = claim.text("case");
                    let body = json!({ "token": claim.text("token"), "decision": "approve", "plate": PLATE });
                    let path = format!("/v1/cases/{case}/decision");
                    let done = running.call(&agent, &account, "POST", &path, Some(&body.to_string()), &[]);
                    assert_eq!((done.status, &done.json()["repeated"]), (200, &json!(false)), "{done:?}");
                    decided.lock().expect("a lock").push(case);
                }
            });
        }
    });
    let decided = decided.into_inner().expect("a lock");
    let once: BTreeSet<&String> = decided.iter().collect();
    assert_eq!((decided.len() as u64, once.len() as u64), (cases, cases));
    let published = || running.service.totals().published.citations >= cases;
    until_within(Duration::from_secs(300 + cases), "the citations", published);
    let ids: BTreeSet<_> = place.records(Topic::Citations).into_iter().map(|r| r.id).collect();
    assert_eq!(ids.len() as u64, cases, "one citation a case");
    let mut took = took.into_inner().expect("a lock");
    took.sort();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{CLIENTS} clients, {cases} cases: a claim over HTTP p50 {:.1} ms, p99 {:.1} ms",
        at(0.5),
        at(0.99)
    );
}
