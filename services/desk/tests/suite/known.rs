//! Known cases: like any other until they are decided.

use wayside_cases::{CaseId, Decision, Role};
use wayside_desk::Step;

use crate::common::{
    Place, REJECT, actor, admit, at, claim, decide, next, reviewer, senior, system, violation,
};
use crate::on_both;

on_both!(they_look_like_any_other, results_are_kept_and_nothing_is_issued, each_gets_it_once);

fn they_look_like_any_other(place: &Place) {
    let desk = place.desk_with(|options| options.policy.known_share = 0.5);
    let (outcome, evidence) = violation(500);
    desk.add_known(&senior("s1"), &outcome, &evidence, REJECT, at(0.0)).expect("added");
    desk.add_known(&senior("s1"), &outcome, &evidence, REJECT, at(0.0)).expect_err("twice");
    for number in 0..8 {
        admit(&desk, number, at(1.0));
    }
    let mut known = None;
    for _ in 0..9 {
        let claimed = claim(&desk, &reviewer("r1"), at(2.0));
        if claimed.outcome.id == outcome.id {
            known = Some(claimed);
        }
    }
    let claimed = known.expect("one of nine, by the digest of account and number");
    assert_ne!(claimed.case, CaseId::of(&outcome.id));
    let view = desk.view(&reviewer("r1"), &claimed.case, at(3.0)).expect("a view");
    assert_eq!((view.state.as_str(), view.outcome), ("claimed", Some(outcome)));
    desk.view(&reviewer("r2"), &claimed.case, at(3.0)).expect_err("nobody else sees it");
    assert_eq!(desk.queue(at(3.0)).expect("counts").claimed, 8, "it does not count");
}

fn results_are_kept_and_nothing_is_issued(place: &Place) {
    let desk = place.desk_with(|options| options.policy.known_share = 0.5);
    let mut added = Vec::new();
    for number in 500..520 {
        let (outcome, evidence) = violation(number);
        desk.add_known(&senior("s1"), &outcome, &evidence, REJECT, at(0.0)).expect("added");
        added.push(outcome.id);
    }
    for number in 0..40 {
        admit(&desk, number, at(1.0));
    }
    let (mut right, mut wrong) = (0_u64, 0_u64);
    for number in 0..30 {
        let claimed = claim(&desk, &reviewer("r1"), at(2.0));
        let decision = if number % 3 == 0 { Decision::Approve } else { REJECT };
        let r1 = reviewer("r1");
        let decided = decide(&desk, &r1, &claimed.case, &claimed.token, decision, at(3.0));
        assert_eq!(matches!(decided.step, Step::Known(_)), added.contains(&claimed.outcome.id));
        match decided.step {
            Step::Known(result) if result.correct => right += 1,
            Step::Known(_) => wrong += 1,
            _ => {}
        }
        let again = desk.decide(&r1, &claimed.case, &claimed.token, decision, None, "", at(3.0));
        if let (Step::Known(_), Err(error)) = (decided.step, again) {
            assert!(error.to_string().starts_with("the case was already decided by r1"));
        }
    }
    assert!(right > 2 && wrong > 0, "{right} {wrong}");
    let known = desk.agreement().expect("agreement").known;
    assert_eq!(known.len(), 1);
    assert_eq!((known[0].correct.count, known[0].correct.of), (right, right + wrong));
    let ledger = desk.ledger(at(4.0)).expect("a ledger");
    assert_eq!(ledger[0].errors.of, 30 - right - wrong, "known cases do not count");
    let issued = desk.issue_due(&system(), at(9_999.0), 100).expect("issued");
    assert!(issued.iter().all(|citation| !added.contains(&citation.violation)));
}

fn each_gets_it_once(place: &Place) {
    let desk = place.desk_with(|options| options.policy.known_share = 0.5);
    let (outcome, evidence) = violation(500);
    desk.add_known(&senior("s1"), &outcome, &evidence, REJECT, at(0.0)).expect("added");
    for number in 0..200 {
        admit(&desk, number, at(1.0));
    }
    let adder = actor("s1", Role::Senior);
    for (who, wanted) in [(reviewer("r1"), 1), (reviewer("r2"), 1), (adder, 0)] {
        let mut times = 0;
        for _ in 0..30 {
            let claimed = claim(&desk, &who, at(2.0));
            times += u32::from(claimed.outcome.id == outcome.id);
            desk.release(&who, &claimed.case, &claimed.token, at(2.0)).expect("released");
            if claimed.outcome.id == outcome.id {
                // Released, it waits for its own reviewer; decided, it is gone.
                break;
            }
        }
        assert_eq!(times, wanted, "{who}");
    }
    assert!(desk.end_known(&senior("s1"), &outcome.id, at(3.0)).expect("ended"));
    assert!(!desk.end_known(&senior("s1"), &outcome.id, at(3.0)).expect("ended"));
    next(&desk, &reviewer("r3"), Decision::Approve, at(4.0));
}
