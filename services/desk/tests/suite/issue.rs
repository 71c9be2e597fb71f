//! What goes out, and what comes back.

use wayside_cases::{CitationEvent, Decision, Progress, Stage};
use wayside_desk::{Desk, OutboxTopic, Step};
use wayside_proto::convert::Message;
use wayside_proto::{Citation, CitationStatus};

use crate::common::{Place, REJECT, admit, at, claim, decide, next, reviewer, system, ticketing};
use crate::on_both;

on_both!(
    a_citation_goes_out_at_least_once_and_in_order,
    a_contest_is_anothers_to_decide,
    a_withdrawn_citation_is_voided,
    reports_are_idempotent,
    what_does_not_follow_is_refused,
);

fn issued(desk: &Desk) -> Citation {
    admit(desk, 1, at(0.0));
    next(desk, &reviewer("r1"), Decision::Approve, at(1.0));
    desk.issue_due(&system(), at(601.0), 10).expect("issued").remove(0)
}

fn report(desk: &Desk, citation: &Citation, event: CitationEvent, name: &str, when: f64) {
    desk.citation_status(&ticketing(), &citation.id, event, name, at(when)).expect("taken");
}

/// Contests the citation and has another reviewer withdraw it.
fn withdraw(desk: &Desk, citation: &Citation, from: f64) {
    report(desk, citation, CitationEvent::Contested, "c-1", from);
    let step = next(desk, &reviewer("r2"), REJECT, at(from + 1.0)).step;
    assert_eq!(step, Step::Voided);
}

fn a_citation_goes_out_at_least_once_and_in_order(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk);
    withdraw(&desk, &citation, 700.0);
    let first = desk.outbox_take(&system(), at(702.0), 10).expect("records");
    assert_eq!(first.len(), 1, "the voided one waits for the issued one");
    assert_eq!(first[0].id.topic, OutboxTopic::Citations);
    assert_eq!(first[0].key, format!("demo/{}", citation.violation));
    assert_eq!(Citation::from_bytes(&first[0].payload).expect("a citation"), citation);
    assert!(desk.outbox_take(&system(), at(703.0), 10).expect("none").is_empty(), "leased");
    // The publisher died: the same record again.
    let again = desk.outbox_take(&system(), at(763.0), 10).expect("records");
    assert_eq!(again, first);
    let ids = [first[0].id.clone()];
    desk.outbox_done(&system(), &ids, at(764.0)).expect("done");
    desk.outbox_done(&system(), &ids, at(765.0)).expect("done twice is done");
    let second = desk.outbox_take(&system(), at(766.0), 10).expect("records");
    let voided = Citation::from_bytes(&second[0].payload).expect("a citation");
    assert_eq!((voided.status, voided.revision), (CitationStatus::Voided, 2));
    assert_eq!(voided.decision.reason.as_deref(), Some("signal_not_red"));
    assert_eq!(voided.decision.reviewer, "r2");
}

fn a_contest_is_anothers_to_decide(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk);
    report(&desk, &citation, CitationEvent::Served, "s-1", 700.0);
    report(&desk, &citation, CitationEvent::Contested, "c-1", 701.0);
    assert!(desk.citation(&citation.id).expect("a citation").contested);
    let none = desk.claim(&reviewer("r1"), &Default::default(), at(702.0)).expect("none");
    assert!(none.is_none(), "who approved it does not judge the contest");
    let claimed = claim(&desk, &reviewer("r2"), at(703.0));
    assert_eq!(claimed.stage, Stage::Contest);
    let r2 = reviewer("r2");
    let step = decide(&desk, &r2, &claimed.case, &claimed.token, Decision::Approve, at(704.0)).step;
    assert_eq!(step, Step::Upheld);
    let view = desk.citation(&citation.id).expect("a citation");
    assert_eq!((view.progress, view.contested), (Some(Progress::Upheld), false));
    assert_eq!(view.revision, 1, "nothing new goes out");
    report(&desk, &citation, CitationEvent::Paid, "p-1", 705.0);
    assert_eq!(desk.citation(&citation.id).expect("a citation").progress, Some(Progress::Paid));
}

fn a_withdrawn_citation_is_voided(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk);
    withdraw(&desk, &citation, 700.0);
    let view = desk.citation(&citation.id).expect("a citation");
    assert_eq!((view.status, view.revision), (CitationStatus::Voided, 2));
    let late =
        desk.citation_status(&ticketing(), &citation.id, CitationEvent::Paid, "p", at(800.0));
    assert_eq!(
        late.expect_err("void").to_string(),
        "the citation is voided; `paid` does not follow on that"
    );
}

fn reports_are_idempotent(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk);
    let contest = |when: f64| {
        desk.citation_status(&ticketing(), &citation.id, CitationEvent::Contested, "c-1", at(when))
    };
    assert!(!contest(700.0).expect("taken").repeated);
    next(&desk, &reviewer("r2"), Decision::Approve, at(701.0));
    let again = contest(702.0).expect("taken");
    assert!(again.repeated && !again.citation.contested, "the same report opens nothing anew");
    let reused =
        desk.citation_status(&ticketing(), &citation.id, CitationEvent::Paid, "c-1", at(703.0));
    assert!(reused.expect_err("another report").to_string().contains("give a new reference"));
}

fn what_does_not_follow_is_refused(place: &Place) {
    let desk = place.desk();
    let citation = issued(&desk);
    report(&desk, &citation, CitationEvent::Cancelled, "x-1", 700.0);
    for event in [CitationEvent::Paid, CitationEvent::Contested, CitationEvent::Served] {
        let late =
            desk.citation_status(&ticketing(), &citation.id, event, event.as_str(), at(701.0));
        assert!(late.expect_err("closed").to_string().starts_with("the citation is cancelled;"));
    }
    let person =
        desk.citation_status(&reviewer("r1"), &citation.id, CitationEvent::Paid, "p-1", at(702.0));
    person.expect_err("a reviewer reports nothing");
}
