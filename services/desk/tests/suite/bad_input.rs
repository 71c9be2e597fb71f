//! What cannot be decided.

use wayside_cases::{Account, CaseId, CitationEvent, ClaimToken, Decision, Reason};
use wayside_desk::{DeskError, ErrorKind};
use wayside_proto::{CitationId, EvidenceFailure, EvidenceResult, OutcomeId, Verdict, VoidCause};

use crate::common::{
    Place, admit, at, claim, next, reviewer, senior, system, ticketing, violation,
};
use crate::on_both;

on_both!(
    unknown_things_are_not_found,
    what_is_no_case_is_refused,
    failed_evidence_is_recorded_once,
    texts_and_reasons_are_checked,
    programs_decide_nothing,
    damaged_rows_are_told,
);

fn unknown_things_are_not_found(place: &Place) {
    let desk = place.desk();
    let case = CaseId::of(&OutcomeId("0".repeat(32)));
    let token = ClaimToken::of(&case, &Account::new("r1").expect("an account"), 1);
    let r1 = reviewer("r1");
    let errors = [
        desk.decide(&r1, &case, &token, Decision::Approve, None, "", at(0.0)).expect_err("none"),
        desk.view(&r1, &case, at(0.0)).expect_err("none"),
        desk.undo(&r1, &case, at(0.0)).expect_err("none"),
        desk.release(&r1, &case, &token, at(0.0)).expect_err("none"),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.to_string(), format!("there is no case {case}"));
    }
    let citation = CitationId("0".repeat(32));
    let paid = desk.citation_status(&ticketing(), &citation, CitationEvent::Paid, "x", at(0.0));
    assert_eq!(paid.expect_err("none").kind(), ErrorKind::NotFound);
    desk.verify_audit().expect("nothing was written");
}

fn what_is_no_case_is_refused(place: &Place) {
    let desk = place.desk();
    let (outcome, evidence) = violation(1);
    let mut void = outcome.clone();
    void.verdict = Verdict::Void { cause: VoidCause::Gap, detail: String::new() };
    let error = desk.admit(&system(), &void, &evidence, at(0.0)).expect_err("a void");
    assert!(error.to_string().ends_with("is a void, not a violation; there is nothing to decide"));
    let (_, other) = violation(2);
    let error = desk.admit(&system(), &outcome, &other, at(0.0)).expect_err("another's");
    assert!(error.to_string().starts_with("the evidence is of"), "{error}");
    let error = desk.admit(&reviewer("r1"), &outcome, &evidence, at(0.0)).expect_err("a person");
    assert_eq!(error.kind(), ErrorKind::Forbidden);
}

fn failed_evidence_is_recorded_once(place: &Place) {
    let desk = place.desk();
    let (outcome, mut evidence) = violation(1);
    let sealed = evidence.clone();
    let detail = "the worker is gone".to_owned();
    evidence.result = EvidenceResult::Failed { cause: EvidenceFailure::WorkerGone, detail };
    let case = desk.evidence_failed(&system(), &evidence, at(0.0)).expect("recorded");
    desk.evidence_failed(&system(), &evidence, at(1.0)).expect("nothing new");
    desk.admit(&system(), &outcome, &sealed, at(2.0)).expect("nothing new");
    let view = desk.view(&reviewer("r1"), case.case(), at(3.0)).expect("a view");
    assert_eq!(view.state, "evidence_failed");
    assert_eq!(view.why, "worker_gone: the worker is gone");
    assert_eq!(desk.queue(at(3.0)).expect("counts").first, 0);
    let error = desk.admit(&system(), &outcome, &evidence, at(4.0)).expect_err("no package");
    assert!(error.to_string().contains("failed: worker_gone: the worker is gone"), "{error}");
}

fn texts_and_reasons_are_checked(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    let claimed = claim(&desk, &reviewer("r1"), at(1.0));
    let decide = |decision, note: &str| {
        desk.decide(&reviewer("r1"), &case, &claimed.token, decision, None, note, at(2.0))
    };
    for note in ["a\u{7}b".to_owned(), "x".repeat(2_049)] {
        let error = decide(Decision::Approve, &note).expect_err("a bad note");
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
    let failed = Decision::Reject { reason: Reason::EvidenceFailed };
    assert_eq!(
        decide(failed, "").expect_err("not theirs").to_string(),
        "`evidence_failed` is not a reviewer's reason; the evidence service says it"
    );
    let why = desk.send_back(&reviewer("r1"), &case, &claimed.token, " ", at(2.0));
    assert_eq!(why.expect_err("no reason").kind(), ErrorKind::Invalid);
    assert!(Account::new("Jane Doe").is_err() && Account::new("j.doe@city").is_err());
}

fn programs_decide_nothing(place: &Place) {
    let desk = place.desk();
    admit(&desk, 1, at(0.0));
    for actor in [system(), ticketing()] {
        let error = desk.claim(&actor, &Default::default(), at(1.0)).expect_err("a program");
        assert_eq!(error.kind(), ErrorKind::Forbidden);
    }
    assert_eq!(
        desk.claim(&system(), &Default::default(), at(1.0)).expect_err("a program").to_string(),
        "program (system) may not claim cases; this is for: reviewer, senior"
    );
}

/// CT-1 holds against the database, too: a row that says "approved" without votes issues nothing.
fn damaged_rows_are_told(place: &Place) {
    let desk = place.desk();
    let case = admit(&desk, 1, at(0.0));
    place.tamper("UPDATE cases SET state = 'approved', undo_until_us = 0").expect("done");
    let error = desk.issue_due(&system(), at(1.0), 10).expect_err("nobody has decided");
    assert!(matches!(error, DeskError::Damaged(_)), "{error}");
    assert_eq!(
        error.to_string(),
        format!("case {case} is stored as approved, but its 0 decisions do not lead there")
    );
    // It holds up nobody else.
    admit(&desk, 2, at(2.0));
    next(&desk, &reviewer("r1"), Decision::Approve, at(2.0));
    assert_eq!(desk.issue_due(&system(), at(999.0), 10).expect("the other").len(), 1);

    place
        .tamper("UPDATE cases SET state = 'queued', stage = 'senior' WHERE state = 'approved'")
        .expect("done");
    admit(&desk, 3, at(999.0));
    let claimed = claim(&desk, &senior("s1"), at(1_000.0));
    assert_ne!(claimed.case, case, "the one that can be read");
    assert_eq!(desk.view(&senior("s1"), &case, at(1_001.0)).expect("a view").state, "damaged");
}
