//! Claims and clocks.

use wayside_cases::{Decision, Stage};
use wayside_desk::ClaimFilter;
use wayside_proto::SiteId;

use crate::common::{Place, admit, at, claim, next, reviewer, senior};
use crate::on_both;

on_both!(
    a_case_is_one_reviewers,
    a_claim_expires_and_the_case_goes_on,
    a_heartbeat_keeps_it,
    released_is_free,
    filters_hold,
    the_oldest_comes_first,
    a_clock_that_runs_back_a_little_is_carried_over,
    a_clock_that_runs_back_far_is_refused,
);

fn a_case_is_one_reviewers(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let claimed = claim(&desk, &reviewer("r1"), at(1.0));
    assert!(desk.claim(&reviewer("r2"), &ClaimFilter::default(), at(2.0)).expect("none").is_none());
    let error = desk
        .decide(&reviewer("r2"), &case, &claimed.token, Decision::Approve, None, "", at(3.0))
        .expect_err("another's");
    insta::allow_duplicates! { insta::assert_snapshot!(error, @"the case is claimed by r1 until 2026-05-28T20:36:41.000000Z"); }
}

fn a_claim_expires_and_the_case_goes_on(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let first = claim(&desk, &reviewer("r1"), at(1.0));
    assert!(
        desk.claim(&reviewer("r2"), &ClaimFilter::default(), at(600.9)).expect("none").is_none()
    );
    assert_eq!(desk.queue(at(601.0)).expect("counts").expired, 1);
    let late = desk
        .decide(&reviewer("r1"), &case, &first.token, Decision::Approve, None, "", at(601.0))
        .expect_err("expired");
    insta::allow_duplicates! { insta::assert_snapshot!(late, @"the claim expired at 2026-05-28T20:36:41.000000Z; claim the case again"); }
    let second = claim(&desk, &reviewer("r2"), at(602.0));
    assert_eq!(second.case, case);
    assert_ne!(second.token, first.token);
    // The first comes back to a case that is another's now.
    let late = desk
        .decide(&reviewer("r1"), &case, &first.token, Decision::Approve, None, "", at(603.0))
        .expect_err("another's");
    assert!(late.to_string().starts_with("the case is claimed by r2"), "{late}");
    // The same account with an old token: it must have claimed twice.
    let again = claim(&desk, &reviewer("r2"), at(9_000.0));
    let stale = desk
        .decide(&reviewer("r2"), &case, &second.token, Decision::Approve, None, "", at(9_001.0))
        .expect_err("an old claim");
    assert!(stale.to_string().starts_with("the claim expired"), "{stale}");
    desk.release(&reviewer("r2"), &case, &again.token, at(9_002.0)).expect("released");
}

fn a_heartbeat_keeps_it(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let claimed = claim(&desk, &reviewer("r1"), at(0.0));
    let until =
        desk.heartbeat(&reviewer("r1"), &case, &claimed.token, at(500.0)).expect("a heartbeat");
    assert_eq!(until, at(1_100.0));
    assert!(
        desk.claim(&reviewer("r2"), &ClaimFilter::default(), at(700.0)).expect("none").is_none()
    );
    let late = desk.heartbeat(&reviewer("r1"), &case, &claimed.token, at(1_100.0));
    assert!(late.is_err(), "it is over at its end");
}

fn released_is_free(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let claimed = claim(&desk, &reviewer("r1"), at(1.0));
    desk.release(&reviewer("r1"), &case, &claimed.token, at(2.0)).expect("released");
    let error = desk.release(&reviewer("r1"), &case, &claimed.token, at(3.0)).expect_err("free");
    assert_eq!(error.to_string(), "the case is not claimed; claim it first");
    assert_eq!(claim(&desk, &reviewer("r2"), at(4.0)).case, case);
}

fn filters_hold(place: &Place) {
    let desk = place.desk();
    admit(&desk, 1, at(0.0));
    let none = |filter: ClaimFilter| {
        assert!(desk.claim(&senior("s1"), &filter, at(1.0)).expect("a claim").is_none());
    };
    none(ClaimFilter { site: Some(SiteId::from("other")), ..ClaimFilter::default() });
    none(ClaimFilter { rule: Some("stop_line".to_owned()), ..ClaimFilter::default() });
    none(ClaimFilter { stage: Some(Stage::Contest), ..ClaimFilter::default() });
    let some = ClaimFilter {
        site: Some(SiteId::from("demo")),
        rule: Some("red_light".to_owned()),
        stage: Some(Stage::First),
    };
    assert!(desk.claim(&senior("s1"), &some, at(2.0)).expect("a claim").is_some());
}

fn the_oldest_comes_first(place: &Place) {
    let desk = place.desk();
    let cases: Vec<_> = (0..5).map(|n| admit(&desk, n, at(n as f64))).collect();
    assert_eq!(desk.queue(at(9.0)).expect("counts").oldest, Some(at(0.0)));
    for case in cases {
        assert_eq!(claim(&desk, &reviewer("r1"), at(10.0)).case, case);
    }
}

fn a_clock_that_runs_back_a_little_is_carried_over(place: &Place) {
    let desk = place.desk();
    admit(&desk, 1, at(100.0));
    let claimed = claim(&desk, &reviewer("r1"), at(60.0));
    assert_eq!(claimed.until, at(700.0), "stamped with the last time on record");
    next(&desk, &reviewer("r2"), Decision::Approve, at(700.0));
    desk.verify_audit().expect("times in the log never decrease");
}

fn a_clock_that_runs_back_far_is_refused(place: &Place) {
    let desk = place.desk();
    admit(&desk, 1, at(100.0));
    let error = desk.claim(&reviewer("r1"), &ClaimFilter::default(), at(39.0)).expect_err("back");
    insta::allow_duplicates! { insta::assert_snapshot!(error, @"the clock says 2026-05-28T20:27:19.000000Z, but an act of 2026-05-28T20:28:20.000000Z is on record; set the clock right, acts up to 60 s back are taken"); }
}
