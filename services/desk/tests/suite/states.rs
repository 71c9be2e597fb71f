//! From admission to citation.

use wayside_cases::{Decision, Stage};
use wayside_desk::{Admitted, ClaimFilter, Step};

use crate::common::{
    Place, REJECT, admit, at, claim, decide, next, reviewer, senior, system, violation,
};
use crate::on_both;

on_both!(
    admission_is_idempotent,
    an_approval_is_issued_after_the_window,
    a_rejection_is_final,
    two_reviewers_who_agree,
    two_who_disagree_need_a_senior,
    the_second_does_not_learn_of_the_first,
    undo_puts_a_case_back,
    sent_back_and_into_the_queue_again,
    the_same_decision_again_gives_the_same_answer,
);

fn admission_is_idempotent(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let (outcome, evidence) = violation(1);
    let again = desk.admit(&system(), &outcome, &evidence, at(1.0)).expect("admitted");
    assert_eq!(again, Admitted::Before(case.clone()));
    next(&desk, &reviewer("r1"), REJECT, at(2.0));
    let again = desk.admit(&system(), &outcome, &evidence, at(3.0)).expect("admitted");
    assert_eq!(again, Admitted::Before(case));
    assert_eq!(desk.queue(at(3.0)).expect("counts").first, 0, "it does not come back");
}

fn an_approval_is_issued_after_the_window(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let decided = next(&desk, &reviewer("r1"), Decision::Approve, at(10.0));
    assert_eq!(decided.step, Step::Approved { undo_until: at(610.0) });
    assert!(desk.issue_due(&system(), at(609.9), 10).expect("due").is_empty());
    let issued = desk.issue_due(&system(), at(610.0), 10).expect("due");
    assert_eq!(issued.len(), 1);
    assert_eq!(issued[0].decision.reviewer, "r1");
    assert_eq!((issued[0].revision, issued[0].decision.second_reviewer.as_deref()), (1, None));
    assert!(desk.issue_due(&system(), at(700.0), 10).expect("due").is_empty(), "once");
    let view = desk.view(&reviewer("r1"), &case, at(701.0)).expect("a view");
    assert_eq!((view.state.as_str(), view.citation.as_ref()), ("issued", Some(&issued[0].id)));
    let error = desk.undo(&reviewer("r1"), &case, at(702.0)).expect_err("too late");
    assert!(error.to_string().contains("could be undone until"), "{error}");
}

fn a_rejection_is_final(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    assert_eq!(next(&desk, &reviewer("r1"), REJECT, at(1.0)).step, Step::Rejected);
    let error = desk.undo(&reviewer("r1"), &case, at(2.0)).expect_err("final");
    assert_eq!(
        error.to_string(),
        "the case was already decided by r1 (reviewer) at 2026-05-28T20:26:41.000000Z"
    );
    assert!(desk.issue_due(&system(), at(9_999.0), 10).expect("due").is_empty());
    assert!(desk.claim(&reviewer("r2"), &ClaimFilter::default(), at(3.0)).expect("none").is_none());
}

fn two_reviewers_who_agree(place: &Place) {
    let desk = place.desk_with(|options| options.policy.second_share = 1.0);
    admit(&desk, 1, at(0.0));
    assert_eq!(next(&desk, &reviewer("r1"), Decision::Approve, at(1.0)).step, Step::SecondReview);
    let none = desk.claim(&reviewer("r1"), &ClaimFilter::default(), at(2.0)).expect("none");
    assert!(none.is_none(), "nobody reviews their own decision");
    let step = next(&desk, &reviewer("r2"), Decision::Approve, at(3.0)).step;
    assert!(matches!(step, Step::Approved { .. }), "{step:?}");
    let issued = desk.issue_due(&system(), at(9_999.0), 10).expect("due");
    assert_eq!(issued[0].decision.reviewer, "r1");
    assert_eq!(issued[0].decision.second_reviewer.as_deref(), Some("r2"));
    let pairs = desk.agreement().expect("agreement").agreement.pairs;
    assert_eq!((pairs.both_approve, pairs.first_only), (1, 0));
}

fn two_who_disagree_need_a_senior(place: &Place) {
    let desk = place.desk_with(|options| options.policy.second_share = 1.0);
    admit(&desk, 1, at(0.0));
    next(&desk, &reviewer("r1"), REJECT, at(1.0));
    assert_eq!(next(&desk, &reviewer("r2"), Decision::Approve, at(2.0)).step, Step::SeniorReview);
    let none = desk.claim(&reviewer("r3"), &ClaimFilter::default(), at(3.0)).expect("none");
    assert!(none.is_none(), "a reviewer does not get it");
    let claimed = claim(&desk, &senior("s1"), at(4.0));
    assert_eq!(claimed.stage, Stage::Senior);
    decide(&desk, &senior("s1"), &claimed.case, &claimed.token, Decision::Approve, at(5.0));
    let issued = desk.issue_due(&system(), at(9_999.0), 10).expect("due");
    assert_eq!(issued[0].decision.reviewer, "r2", "who approved first");
    assert_eq!(issued[0].decision.second_reviewer.as_deref(), Some("s1"));
}

fn the_second_does_not_learn_of_the_first(place: &Place) {
    let desk = place.desk_with(|options| options.policy.second_share = 1.0);
    let case = admit(&desk, 1, at(0.0));
    let mut first = claim(&desk, &reviewer("r1"), at(1.0));
    decide(&desk, &reviewer("r1"), &case, &first.token, REJECT, at(2.0));
    let second = claim(&desk, &reviewer("r2"), at(3.0));
    (first.token, first.until) = (second.token.clone(), second.until);
    assert_eq!(first, second, "it looks as it did to the first");
    let view = desk.view(&reviewer("r2"), &case, at(4.0)).expect("a view");
    assert!(view.votes.is_empty() && view.stage == Stage::First && !view.has_plate);
    let auditor = crate::common::actor("a1", wayside_cases::Role::Auditor);
    assert_eq!(desk.view(&auditor, &case, at(5.0)).expect("a view").votes.len(), 1);
}

fn undo_puts_a_case_back(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    next(&desk, &reviewer("r1"), Decision::Approve, at(1.0));
    let error = desk.undo(&reviewer("r2"), &case, at(2.0)).expect_err("another's");
    assert_eq!(error.to_string(), "the decision is r1's; it is undone by r1 or by a senior");
    desk.undo(&reviewer("r1"), &case, at(3.0)).expect("undone");
    assert_eq!(desk.queue(at(3.0)).expect("counts").first, 1);
    // The same reviewer may decide it anew.
    assert_eq!(next(&desk, &reviewer("r1"), REJECT, at(4.0)).step, Step::Rejected);
    assert!(desk.issue_due(&system(), at(9_999.0), 10).expect("due").is_empty());
}

fn sent_back_and_into_the_queue_again(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let claimed = claim(&desk, &reviewer("r1"), at(1.0));
    desk.send_back(&reviewer("r1"), &case, &claimed.token, "the clip stutters", at(2.0))
        .expect("sent back");
    assert!(desk.claim(&reviewer("r2"), &ClaimFilter::default(), at(3.0)).expect("none").is_none());
    assert_eq!(
        desk.view(&reviewer("r2"), &case, at(3.0)).expect("a view").why,
        "the clip stutters"
    );
    let error = desk.requeue(&reviewer("r1"), &case, "seen to", at(4.0)).expect_err("a reviewer");
    insta::allow_duplicates! { insta::assert_snapshot!(error, @"r1 (reviewer) may not put a case back into the queue; this is for: senior, engineer"); }
    desk.requeue(&senior("s1"), &case, "seen to", at(5.0)).expect("requeued");
    next(&desk, &reviewer("r2"), Decision::Approve, at(6.0));
}

fn the_same_decision_again_gives_the_same_answer(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let claimed = claim(&desk, &reviewer("r1"), at(1.0));
    let first = decide(&desk, &reviewer("r1"), &case, &claimed.token, Decision::Approve, at(2.0));
    let again = decide(&desk, &reviewer("r1"), &case, &claimed.token, Decision::Approve, at(3.0));
    assert!(again.repeated && !first.repeated);
    assert_eq!((again.step, again.at), (first.step, first.at));
    let error = desk
        .decide(&reviewer("r1"), &case, &claimed.token, REJECT, None, "", at(4.0))
        .expect_err("another decision");
    assert!(error.to_string().starts_with("the case was already decided by r1 (reviewer)"));
}
