//! Reviewers racing for the same queue: nothing is decided twice, nothing is lost.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use wayside_cases::{Decision, Role};
use wayside_desk::{ClaimFilter, Step};

use crate::common::{Place, REJECT, actor, at, reviewer, system, violation};

const CLIENTS: usize = 50;

#[test]
fn sqlite_fifty_clients_decide_each_case_once() {
    race("SQLite", &Place::sqlite(), 1_000);
}

#[test]
fn postgres_fifty_clients_decide_each_case_once() {
    if let Some(place) = Place::postgres() {
        race("PostgreSQL", &place, 1_000);
    }
}

#[test]
#[ignore = "10,000 cases, a minute or more: make soak"]
fn soak_fifty_clients_decide_ten_thousand_cases_once() {
    race("SQLite", &Place::sqlite(), 10_000);
    if let Some(place) = Place::postgres() {
        race("PostgreSQL", &place, 10_000);
    }
}

fn race(name: &str, place: &Place, cases: u64) {
    let desk = place.desk_with(|options| {
        options.policy.second_share = 0.1;
        // The time of this test stands still; claims that run out are another test's.
        options.policy.undo_s = 0;
        options.wait_ms_max = 600_000;
        options.connections_max = 8;
    });
    let mut second = 0;
    for number in 0..cases {
        let (outcome, evidence) = violation(number);
        let case = desk.admit(&system(), &outcome, &evidence, at(0.0)).expect("admitted");
        second += u64::from(wayside_cases::sample::gets_second_review(case.case(), 0.1));
    }
    let claims = Mutex::new(Vec::<Duration>::new());
    let decided = AtomicU64::new(0);
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (desk, claims, decided) = (desk.clone(), &claims, &decided);
            scope.spawn(move || {
                // Each tenth is a senior, for those on which two disagree.
                let role = if client % 10 == 0 { Role::Senior } else { Role::Reviewer };
                let who = actor(&format!("r{client}"), role);
                let mut times = Vec::new();
                let mut number = client as u64;
                loop {
                    let begin = Instant::now();
                    let claimed =
                        desk.claim(&who, &ClaimFilter::default(), at(1.0)).expect("a claim");
                    times.push(begin.elapsed());
                    let Some(claimed) = claimed else {
                        // Others may still bring a second review.
                        let counts = desk.queue(at(1.0)).expect("counts");
                        let left = counts.first + counts.second + counts.senior + counts.claimed;
                        if left == 0 {
                            break;
                        }
                        std::thread::sleep(Duration::from_millis(20));
                        continue;
                    };
                    number += 1;
                    let decision =
                        if number.is_multiple_of(7) { REJECT } else { Decision::Approve };
                    let (case, token) = (&claimed.case, &claimed.token);
                    let done = desk.decide(&who, case, token, decision, None, "", at(1.0));
                    if let Step::SecondReview | Step::SeniorReview = done.expect("decided").step {
                        continue;
                    }
                    decided.fetch_add(1, Ordering::Relaxed);
                }
                claims.lock().expect("times").extend(times);
            });
        }
    });
    let took = begin.elapsed();
    assert_eq!(decided.load(Ordering::Relaxed), cases, "each case comes to one end");
    let issued = desk.issue_due(&system(), at(2.0), usize::MAX).expect("issued");
    let rejected: u64 = desk.ledger(at(2.0)).expect("a ledger")[0].reasons.values().sum();
    assert_eq!(issued.len() as u64 + rejected, cases, "none is lost");
    let auditor = actor("a1", Role::Auditor);
    let mut votes: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut from = 0;
    loop {
        let page = desk.audit_entries(&auditor, None, from, 1_000).expect("entries");
        let Some(last) = page.last() else { break };
        from = last.number + 1;
        for entry in page.into_iter().filter(|entry| entry.act == "decide") {
            *votes.entry((entry.case, entry.account)).or_default() += 1;
        }
    }
    assert!(votes.values().all(|count| *count == 1), "nobody decides a case twice");
    let disagree = votes.len() as u64 - cases - second;
    assert!(disagree <= second, "{} decisions of {cases} cases, {second} sampled", votes.len());
    desk.verify_audit().expect("one chain, whoever wrote it");
    let mut times = claims.into_inner().expect("times");
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{name}: {cases} cases, {} decisions by {CLIENTS} clients in {:.1} s; a claim p50 {:.0} ms, p99 {:.0} ms, most {:.0} ms",
        votes.len(),
        took.as_secs_f64(),
        at(0.5).as_secs_f64() * 1e3,
        at(0.99).as_secs_f64() * 1e3,
        at(1.0).as_secs_f64() * 1e3,
    );
    // The queue is empty for everybody.
    assert!(
        desk.claim(&reviewer("x"), &ClaimFilter::default(), self::at(3.0)).expect("none").is_none()
    );
}
