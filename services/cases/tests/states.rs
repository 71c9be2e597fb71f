//! The states of a case: what leads where, and what is put together again from a database.

mod common;

use common::{account, at, ballot, reviewer, senior, subject, system};
use wayside_cases::{
    Actor, AnyCase, Case, CitationEvent, Contested, Decision, Next, Policy, Queued, Reason,
    Refused, Role, Stage, Stored, StoredState,
};
use wayside_proto::CitationStatus;

const REJECT: Decision = Decision::Reject { reason: Reason::WrongVehicle };

fn policy(second_share: f64) -> Policy {
    Policy { second_share, ..Policy::default() }
}

/// Claims and decides. A case is put together from its parts before each step, as a database does.
fn step(case: Case<Queued>, who: &Actor, decision: Decision, policy: &Policy) -> Next {
    let AnyCase::Queued(case) = again(AnyCase::Queued(case)) else { panic!("queued") };
    let claimed = case.claim(who, 1, at(0.0), policy).expect("a claim");
    let AnyCase::Claimed(claimed) = again(AnyCase::Claimed(claimed)) else { panic!("claimed") };
    let token = claimed.claim().token.clone();
    claimed.decide(who, &token, ballot(decision), at(1.0), policy).expect("decided")
}

fn again(case: AnyCase) -> AnyCase {
    let restored = AnyCase::restore(case.stored()).expect("it follows from its votes");
    assert_eq!(restored, case);
    restored
}

fn queued(next: Next) -> Case<Queued> {
    match next {
        Next::Queued(case) => case,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_approval_becomes_one_citation() {
    let policy = policy(0.0);
    let case = Case::admit(subject(1), &policy);
    let Next::Approved(case) = step(case, &reviewer("r1"), Decision::Approve, &policy) else {
        panic!("approved");
    };
    assert_eq!(case.clone().issue(at(600.9)), Err(Refused::NotDue { until: at(601.0) }));
    let (issued, citation) = case.issue(at(601.0)).expect("issued");
    assert_eq!((citation.status, citation.revision), (CitationStatus::Issued, 1));
    assert_eq!(citation.decision.reviewer, "r1");
    again(AnyCase::Issued(issued.clone()));
    let Contested::Reopened(case) = issued.report(CitationEvent::Contested).expect("taken") else {
        panic!("reopened");
    };
    assert_eq!(case.stage(), Stage::Contest);
    let own = case.clone().claim(&reviewer("r1"), 2, at(700.0), &policy);
    assert_eq!(own.expect_err("own"), Refused::OwnReview { account: account("r1") });
    let Next::Voided(case) = step(case, &reviewer("r2"), REJECT, &policy) else {
        panic!("voided");
    };
    let voided = case.citation();
    assert_eq!((voided.status, voided.revision), (CitationStatus::Voided, 2));
    assert_eq!(voided.id, citation.id);
    assert_eq!(voided.decision.reason.as_deref(), Some("wrong_vehicle"));
    again(AnyCase::Voided(case));
}

/// Every sequence of up to three decisions, with and without a second review.
#[test]
fn every_sequence_of_decisions_comes_to_what_it_should() {
    for sampled in [false, true] {
        let policy = policy(if sampled { 1.0 } else { 0.0 });
        for bits in 0..8_u32 {
            let decisions: Vec<Decision> = (0..3)
                .map(|bit| if bits >> bit & 1 == 1 { Decision::Approve } else { REJECT })
                .collect();
            let who = [reviewer("r1"), reviewer("r2"), senior("s1")];
            let mut case = Case::admit(subject(1), &policy);
            assert_eq!(case.sampled(), sampled);
            let mut taken = 0;
            let end = loop {
                match step(case, &who[taken], decisions[taken], &policy) {
                    Next::Queued(next) => {
                        let stage = if taken == 0 { Stage::Second } else { Stage::Senior };
                        assert_eq!(next.stage(), stage);
                        case = next;
                        taken += 1;
                    }
                    end => break end,
                }
            };
            let agree = decisions[0] == decisions[1];
            let wanted = if !sampled {
                0
            } else if agree {
                1
            } else {
                2
            };
            assert_eq!(taken, wanted, "{sampled} {decisions:?}");
            match (&end, decisions[taken]) {
                (Next::Approved(case), Decision::Approve) => {
                    assert_eq!(case.approval().second().is_some(), sampled);
                }
                (Next::Rejected(case), REJECT) => assert_eq!(case.reason(), Reason::WrongVehicle),
                other => panic!("{other:?}"),
            }
            again(end.into());
        }
    }
}

#[test]
fn two_plates_are_a_disagreement() {
    let policy = policy(1.0);
    let case = Case::admit(subject(1), &policy);
    let case = queued(step(case, &reviewer("r1"), Decision::Approve, &policy));
    let claimed = case.claim(&reviewer("r2"), 2, at(2.0), &policy).expect("a claim");
    let token = claimed.claim().token.clone();
    let mut differs = ballot(Decision::Approve);
    differs.plate_differs = true;
    let next = claimed.decide(&reviewer("r2"), &token, differs, at(3.0), &policy);
    let case = queued(next.expect("decided"));
    assert_eq!(case.stage(), Stage::Senior);
    let refused = case.claim(&reviewer("r3"), 3, at(4.0), &policy).expect_err("no senior");
    assert_eq!(refused, Refused::NeedsSenior { actor: reviewer("r3") });
}

#[test]
fn nobody_but_people_decides() {
    let policy = policy(0.0);
    for role in Role::ALL {
        let who = Actor::new(account("x"), role);
        let claimed = Case::admit(subject(1), &policy).claim(&who, 1, at(0.0), &policy);
        assert_eq!(claimed.is_ok(), matches!(role, Role::Reviewer | Role::Senior), "{role}");
    }
    let claimed = Case::admit(subject(1), &policy)
        .claim(&reviewer("r1"), 1, at(0.0), &policy)
        .expect("a claim");
    let token = claimed.claim().token.clone();
    let taken = claimed.decide(&system(), &token, ballot(REJECT), at(1.0), &policy);
    assert!(matches!(taken, Err(Refused::ClaimOfAnother { .. })));
}

/// CT-1 against the database: what says "issued" without the votes for it is no case.
#[test]
fn no_row_becomes_a_citation_without_votes() {
    let policy = policy(1.0);
    let fresh = AnyCase::Queued(Case::admit(subject(1), &policy)).stored();
    let once = step(Case::admit(subject(1), &policy), &reviewer("r1"), Decision::Approve, &policy);
    let once = AnyCase::from(once).stored();
    let states = [
        StoredState::Approved { undo_until: at(0.0) },
        StoredState::Issued { issued_at: at(0.0), progress: wayside_cases::Progress::Issued },
        StoredState::Voided { issued_at: at(0.0) },
        StoredState::Rejected,
        StoredState::Queued { stage: Stage::Contest, issued_at: Some(at(0.0)) },
        StoredState::Queued { stage: Stage::Senior, issued_at: None },
        StoredState::SentBack { stage: Stage::Contest, issued_at: None, why: "x".to_owned() },
    ];
    for stored in [fresh, once] {
        for state in &states {
            let damaged = AnyCase::restore(Stored { state: state.clone(), ..stored.clone() });
            assert!(damaged.is_err(), "{state:?} with {} votes", stored.votes.len());
        }
    }
}

#[test]
fn undo_goes_back_one_review() {
    let policy = policy(1.0);
    let first =
        queued(step(Case::admit(subject(1), &policy), &reviewer("r1"), Decision::Approve, &policy));
    let back = first.clone().undo(&reviewer("r1"), at(2.0), &policy).expect("undone");
    assert_eq!((back.stage(), back.votes().len()), (Stage::First, 0));
    let other = first.clone().undo(&reviewer("r2"), at(2.0), &policy);
    assert_eq!(other.expect_err("another's"), Refused::UndoOfAnother { by: account("r1") });
    let late = first.clone().undo(&reviewer("r1"), at(601.0), &policy);
    assert_eq!(late.expect_err("late"), Refused::UndoTooLate { until: at(601.0) });
    let Next::Approved(approved) = step(first, &reviewer("r2"), Decision::Approve, &policy) else {
        panic!("approved");
    };
    let back = approved.undo(&senior("s1"), at(3.0)).expect("a senior may");
    assert_eq!((back.stage(), back.votes().len()), (Stage::Second, 1));
    let fresh = back.undo(&reviewer("r1"), at(4.0), &policy).expect("undone");
    let nothing = fresh.undo(&reviewer("r1"), at(4.0), &policy).expect_err("nothing to undo");
    assert!(matches!(nothing, Refused::WrongState { .. }));
}

#[test]
fn a_closed_citation_stays_closed() {
    let policy = Policy { undo_s: 0, ..policy(0.0) };
    let case = Case::admit(subject(1), &policy);
    let Next::Approved(case) = step(case, &reviewer("r1"), Decision::Approve, &policy) else {
        panic!("approved");
    };
    let (issued, _) = case.issue(at(1.0)).expect("issued");
    for closing in [CitationEvent::Paid, CitationEvent::Cancelled] {
        let Contested::Goes(closed) = issued.clone().report(closing).expect("taken") else {
            panic!("closed");
        };
        for event in CitationEvent::ALL {
            let taken = closed.clone().report(event);
            assert_eq!(taken.is_ok(), event == closing, "{event:?} after {closing:?}");
        }
    }
}
