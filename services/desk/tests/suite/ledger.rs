//! The error ledger, stand-downs and their end.

use wayside_cases::{Decision, Reason, Role};
use wayside_desk::{Desk, OutboxTopic};
use wayside_proto::convert::Message;
use wayside_proto::{CameraId, RuleStandDown, SiteId};

use crate::common::{Place, REJECT, actor, admit, at, next, reviewer, senior, system};
use crate::on_both;

on_both!(
    errors_stand_a_rule_down_and_a_person_puts_it_back,
    what_is_no_error_of_the_rule_does_not,
    a_site_may_allow_more_of_a_rule,
    an_undone_decision_does_not_count,
    old_decisions_leave_the_window,
);

fn decide_some(desk: &Desk, from: u64, count: u64, decision: Decision, when: f64) {
    for number in from..from + count {
        admit(desk, number, at(when));
        next(desk, &reviewer("r1"), decision, at(when));
    }
}

fn errors_stand_a_rule_down_and_a_person_puts_it_back(place: &Place) {
    let desk = place.desk();
    decide_some(&desk, 0, 22, Decision::Approve, 1.0);
    decide_some(&desk, 100, 7, REJECT, 2.0);
    assert!(desk.stand_downs().expect("none").is_empty(), "29 are fewer than 30");
    admit(&desk, 200, at(3.0));
    let decided = next(&desk, &reviewer("r1"), REJECT, at(3.0));
    let change = decided.stand_down.expect("8 of 30: at least 14.2%");
    insta::allow_duplicates! { insta::assert_snapshot!(change.why, @"People found 8 of 30 violations wrong (26.7%, at least 14.2% with 95% confidence; 10.0% are allowed). Most often (8): The signal was not red."); }
    assert_eq!(desk.stand_downs().expect("one"), std::slice::from_ref(&change));
    // Once, not with every further error.
    admit(&desk, 201, at(4.0));
    assert_eq!(next(&desk, &reviewer("r1"), REJECT, at(4.0)).stand_down, None);
    let records = desk.outbox_take(&system(), at(5.0), 100).expect("records");
    assert_eq!(records.len(), 1);
    assert_eq!(
        (records[0].id.topic, records[0].key.as_str()),
        (OutboxTopic::StandDowns, "demo/A1")
    );
    assert_eq!(RuleStandDown::from_bytes(&records[0].payload).expect("a message"), change);
    desk.outbox_done(&system(), &[records[0].id.clone()], at(5.0)).expect("done");

    let (site, camera) = (SiteId::from("demo"), CameraId::from("A1"));
    let back = |who, why: &str| desk.reinstate(&who, &site, &camera, "red_light", why, at(6.0));
    back(reviewer("r1"), "seen to").expect_err("a reviewer");
    back(senior("s1"), " ").expect_err("no reason");
    let change = back(actor("e1", Role::Engineer), "signal log repaired").expect("reinstated");
    assert!(!change.stood_down && change.why == "signal log repaired");
    assert!(desk.stand_downs().expect("none").is_empty());
    back(senior("s1"), "again").expect_err("it does not stand down");
    let line = desk.ledger(at(7.0)).expect("a ledger").remove(0);
    assert_eq!(line.errors.of, 0, "what was before does not count any more");
    let records = desk.outbox_take(&system(), at(8.0), 100).expect("records");
    assert_eq!(records[0].id.revision, 2);
}

fn what_is_no_error_of_the_rule_does_not(place: &Place) {
    let desk = place.desk();
    let harmless = Decision::Reject { reason: Reason::EmergencyVehicle };
    decide_some(&desk, 0, 40, harmless, 1.0);
    let line = desk.ledger(at(2.0)).expect("a ledger").remove(0);
    assert_eq!((line.errors.count, line.errors.of), (0, 40));
    assert_eq!(line.reasons.get(&Reason::EmergencyVehicle), Some(&40));
    assert!(desk.stand_downs().expect("none").is_empty());
}

fn a_site_may_allow_more_of_a_rule(place: &Place) {
    let of = |rule: &str, share| ((SiteId::from("demo"), rule.to_owned()), share);
    let desk = place.desk_with(|options| {
        options.error_rates_max.extend([of("red_light", 0.2), of("stop_line", 0.0)]);
    });
    // At least 14.2% of these are wrong: too many by the policy, not by what the site allows.
    decide_some(&desk, 0, 22, Decision::Approve, 1.0);
    decide_some(&desk, 100, 8, REJECT, 2.0);
    assert!(desk.stand_downs().expect("none").is_empty());
    decide_some(&desk, 200, 4, REJECT, 3.0);
    let down = desk.stand_downs().expect("one");
    assert!(down[0].why.contains("20.0% are allowed"), "{}", down[0].why);
    let mut options = place.options();
    options.error_rates_max.extend([of("red_light", 1.5)]);
    place.open(options).expect_err("out of range");
}

fn an_undone_decision_does_not_count(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    next(&desk, &reviewer("r1"), Decision::Approve, at(1.0));
    assert_eq!(desk.ledger(at(2.0)).expect("a ledger")[0].errors.of, 1);
    desk.undo(&reviewer("r1"), &case, at(2.0)).expect("undone");
    assert!(desk.ledger(at(3.0)).expect("a ledger").is_empty());
}

fn old_decisions_leave_the_window(place: &Place) {
    let desk = place.desk_with(|options| options.policy.ledger_window_s = 3_600);
    decide_some(&desk, 0, 7, REJECT, 1.0);
    decide_some(&desk, 100, 40, Decision::Approve, 3_601.5);
    let line = desk.ledger(at(3_602.0)).expect("a ledger").remove(0);
    assert_eq!((line.errors.count, line.errors.of), (0, 40));
}
