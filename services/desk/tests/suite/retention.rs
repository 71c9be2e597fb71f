//! What goes, when, and what stays.

use wayside_cases::retention::{RetentionClass, RetentionPolicy};
use wayside_cases::{CitationEvent, Decision, Role};
use wayside_desk::{Desk, ErrorKind};
use wayside_plates::Purpose;
use wayside_proto::Citation;

use crate::common::{
    Place, REJECT, actor, admit, at, claim, next, plate, reviewer, senior, system, ticketing,
    violation,
};
use crate::on_both;

on_both!(
    what_is_rejected_goes_at_once,
    closed_cases_go_after_their_time,
    erasure_leaves_no_plate_and_no_note,
    what_still_has_to_go_out_stays,
    a_known_case_keeps_its_package,
    nobody_decided,
);

const POLICY: RetentionPolicy = RetentionPolicy { closed_s: 1_000, undecided_s: 100_000 };
const DAY: f64 = 86_400.0;

fn classes(desk: &Desk, when: f64) -> Vec<RetentionClass> {
    let due = desk.cases_to_delete(at(when), &POLICY, 100).expect("a list");
    due.into_iter().map(|case| case.class).collect()
}

fn issued(desk: &Desk, number: u64) -> Citation {
    let case = admit(desk, number, at(0.0));
    let r1 = reviewer("r1");
    let claimed = claim(desk, &r1, at(1.0));
    let read = plate("W 48151 ZX");
    desk.decide(&r1, &case, &claimed.token, Decision::Approve, Some(&read), "a note", at(1.0))
        .expect("decided");
    desk.issue_due(&system(), at(601.0), 10).expect("issued").remove(0)
}

/// Says that everything has reached where it goes.
fn sent(desk: &Desk, when: f64) {
    while let Some(record) = desk.outbox_take(&system(), at(when), 1).expect("records").pop() {
        desk.outbox_done(&system(), &[record.id], at(when)).expect("done");
    }
}

fn what_is_rejected_goes_at_once(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    assert!(classes(&desk, 1.0).is_empty());
    let early = desk.erase(&system(), &case, at(1.0), &POLICY).expect_err("it is not decided");
    assert_eq!(early.kind(), ErrorKind::Conflict);
    next(&desk, &reviewer("r1"), REJECT, at(1.0));
    let due = desk.cases_to_delete(at(1.0), &POLICY, 100).expect("a list");
    assert_eq!(due[0].class, RetentionClass::Rejected);
    assert!(due[0].package.as_ref().is_some_and(|package| package.uri.starts_with("demo/")));
    let erased = desk.erase(&system(), &case, at(2.0), &POLICY).expect("erased");
    assert!(!erased.repeated);
    assert!(desk.erase(&system(), &case, at(3.0), &POLICY).expect("erased").repeated);
    assert!(classes(&desk, 4.0).is_empty());
    let gone = desk.view(&reviewer("r1"), &case, at(4.0)).expect("a view");
    assert_eq!((gone.state.as_str(), gone.outcome, gone.package), ("erased", None, None));
    assert_eq!(desk.ledger(at(5.0)).expect("a ledger")[0].errors.count, 1, "it still counts");
}

fn closed_cases_go_after_their_time(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk, 1);
    sent(&desk, 602.0);
    assert!(classes(&desk, 99.0 * DAY).is_empty(), "it is not closed");
    let paid = CitationEvent::Paid;
    desk.citation_status(&ticketing(), &citation.id, paid, "p-1", at(99.0 * DAY)).expect("taken");
    assert!(classes(&desk, 99.0 * DAY + 999.0).is_empty());
    assert_eq!(classes(&desk, 99.0 * DAY + 1_000.0), [RetentionClass::Closed]);
}

fn erasure_leaves_no_plate_and_no_note(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk, 1);
    sent(&desk, 602.0);
    let event = CitationEvent::Cancelled;
    desk.citation_status(&ticketing(), &citation.id, event, "x-1", at(603.0)).expect("taken");
    let case = desk.citation(&citation.id).expect("a citation").case;
    let when = at(DAY);
    let erased = desk.erase(&system(), &case, when, &POLICY).expect("erased");
    assert!(erased.had_plate && erased.class == RetentionClass::Closed);
    let none = desk.plate(&ticketing(), &citation.id, Purpose::HandToTicketing, when);
    assert_eq!(none.expect_err("gone").kind(), ErrorKind::NotFound);
    desk.verify_audit().expect("the log stays whole");
    let auditor = actor("a1", Role::Auditor);
    let entries = desk.audit_entries(&auditor, Some(&case), 0, 100).expect("entries");
    assert!(entries.iter().any(|entry| entry.act == "decide"));
    // In SQLite nothing of it is left in the file: `secure_delete`, and a log that was emptied.
    for file in place.files() {
        let bytes = std::fs::read(&file).expect("a file");
        let left = bytes.windows(6).any(|window| window == b"a note");
        assert!(!left, "{} still has the note", file.display());
    }
}

fn what_still_has_to_go_out_stays(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk, 1);
    let contest = CitationEvent::Contested;
    desk.citation_status(&ticketing(), &citation.id, contest, "c-1", at(602.0)).expect("taken");
    next(&desk, &reviewer("r2"), REJECT, at(603.0));
    assert!(classes(&desk, 604.0).is_empty(), "the ticketing system has not heard of it");
    sent(&desk, 605.0);
    assert_eq!(classes(&desk, 606.0), [RetentionClass::Void]);
}

fn a_known_case_keeps_its_package(place: &Place) {
    let desk = place.desk();
    admit(&desk, 1, at(0.0));
    next(&desk, &reviewer("r1"), REJECT, at(1.0));
    let (outcome, evidence) = violation(1);
    desk.add_known(&senior("s1"), &outcome, &evidence, REJECT, at(2.0)).expect("added");
    let due = desk.cases_to_delete(at(3.0), &POLICY, 100).expect("a list");
    assert_eq!((due.len(), due[0].package.is_none()), (1, true));
}

fn nobody_decided(place: &Place) {
    let desk = place.desk();
    admit(&desk, 1, at(0.0));
    assert!(classes(&desk, 99_999.0).is_empty());
    assert_eq!(classes(&desk, 100_000.0), [RetentionClass::Undecided]);
}
