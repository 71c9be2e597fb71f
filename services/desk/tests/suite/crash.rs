//! A crash between any two statements: either all of an act has happened, or nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use wayside_cases::retention::RetentionPolicy;
use wayside_cases::{CaseId, CitationEvent, Decision};
use wayside_desk::{ClaimFilter, Desk, DeskError, Interrupt};
use wayside_proto::CitationId;

use crate::common::{Place, REJECT, admit, at, plate, reviewer, system, ticketing, violation};
use crate::on_both;

on_both!(any_two_statements);

/// Does what a life of a citation takes, one act after the other, interrupting each at its first, second,
/// third statement and so on until it gets through. Between the tries the database is opened anew.
fn any_two_statements(place: &Place) {
    let interrupts = std::cell::Cell::new(0_u32);
    let mut time = 0.0;
    let mut through = |name: &str, act: &dyn Fn(&Desk) -> Result<(), DeskError>| {
        time += 1.0;
        for statement in 1..200 {
            let left = Arc::new(AtomicI64::new(i64::MAX));
            let desk = place.desk_with(|options| {
                options.policy.undo_s = 0;
                options.interrupt = Some(Interrupt(Arc::clone(&left)));
            });
            let before = desk.verify_audit().expect("sound").entries;
            left.store(statement, Ordering::SeqCst);
            let done = act(&desk);
            left.store(i64::MAX, Ordering::SeqCst);
            let after = desk.verify_audit().expect("sound").entries;
            match done {
                Ok(()) => return,
                Err(DeskError::Interrupted) => {
                    interrupts.set(interrupts.get() + 1);
                    assert_eq!(before, after, "{name}: half an act at statement {statement}");
                }
                Err(error) => panic!("{name}, statement {statement}: {error}"),
            }
        }
        panic!("{name} never gets through");
    };
    let (outcome, evidence) = violation(1);
    let case = CaseId::of(&outcome.id);
    let citation = CitationId::of(&outcome.id);
    let r1 = reviewer("r1");
    let r2 = reviewer("r2");
    let token = std::cell::RefCell::new(None);
    let claim = |desk: &Desk, who: &str, when: f64| {
        let claimed = desk.claim(&reviewer(who), &ClaimFilter::default(), at(when))?;
        *token.borrow_mut() = Some(claimed.expect("it was not lost").token);
        Ok(())
    };
    let held = || token.borrow().clone().expect("a claim");
    through("admit", &|desk| desk.admit(&system(), &outcome, &evidence, at(1.0)).map(|_| ()));
    through("claim", &|desk| claim(desk, "r1", 2.0));
    through("decide", &|desk| {
        let read = plate("W 12345 X");
        desk.decide(&r1, &case, &held(), Decision::Approve, Some(&read), "", at(3.0)).map(|_| ())
    });
    through("issue", &|desk| {
        assert_eq!(desk.issue_due(&system(), at(4.0), 1)?.len(), 1, "it was not lost");
        Ok(())
    });
    let taken = std::cell::RefCell::new(Vec::new());
    through("take", &|desk| {
        *taken.borrow_mut() = desk.outbox_take(&system(), at(5.0), 10)?;
        Ok(())
    });
    assert_eq!(taken.borrow().len(), 1, "once");
    let ids: Vec<_> = taken.borrow().iter().map(|record| record.id.clone()).collect();
    through("done", &|desk| desk.outbox_done(&system(), &ids, at(6.0)));
    through("contest", &|desk| {
        let event = CitationEvent::Contested;
        desk.citation_status(&ticketing(), &citation, event, "c-1", at(9.0)).map(|_| ())
    });
    through("claim again", &|desk| claim(desk, "r2", 10.0));
    through("withdraw", &|desk| {
        desk.decide(&r2, &case, &held(), REJECT, None, "", at(11.0)).map(|_| ())
    });
    let desk = place.desk();
    let records = desk.outbox_take(&system(), at(12.0), 10).expect("records");
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].id.revision, 2, "the citation is voided once");
    desk.outbox_done(&system(), &[records[0].id.clone()], at(13.0)).expect("done");
    through("erase", &|desk| {
        desk.erase(&system(), &case, at(16.0), &RetentionPolicy::default()).map(|_| ())
    });
    admit(&desk, 1, at(17.0));
    assert_eq!(desk.queue(at(18.0)).expect("counts").first, 0, "it does not come back");
    assert!(interrupts.get() > 90, "only {} interruptions", interrupts.get());
}
