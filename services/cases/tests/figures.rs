//! Samples, agreement, the ledger, clocks: figures that others can check.

mod common;

use std::collections::BTreeMap;

use common::{account, at};
use wayside_cases::agreement::{Agreement, Pairs};
use wayside_cases::ledger::{LedgerLine, RuleOfCamera, counted_from};
use wayside_cases::{CaseId, Policy, Reason, Refused, clock, sample};
use wayside_proto::{CameraId, OutcomeId, SiteId};

#[test]
fn the_share_of_second_reviews_is_the_one_that_was_asked_for() {
    for share in [0.0, 0.1, 0.5, 1.0] {
        let hits = (0..20_000)
            .filter(|number| {
                let case = CaseId::of(&OutcomeId(format!("{number:032x}")));
                sample::gets_second_review(&case, share)
            })
            .count() as f64;
        // Four standard deviations.
        let off = 4.0 * (20_000.0 * share * (1.0 - share)).sqrt();
        assert!((hits - 20_000.0 * share).abs() <= off, "{share}: {hits}");
    }
    // Pinned: the sample does not change between versions.
    let case = |n: u32| CaseId::of(&OutcomeId(format!("{n:032x}")));
    let picked: Vec<u32> = (0..60).filter(|n| sample::gets_second_review(&case(*n), 0.1)).collect();
    assert_eq!(picked, PICKED);
    let known = (0..10_000).filter(|n| sample::gets_known_case(&account("r1"), *n, 0.02)).count();
    assert!((144..=256).contains(&known), "{known}");
}

const PICKED: &[u32] = &[29, 34, 40, 47];

/// J. L. Fleiss's textbook (Statistical Methods for Rates and Proportions) and R's `psych::cohen.kappa` give
/// for this table kappa 0.4 with a standard error near 0.13.
#[test]
fn kappa_agrees_with_what_others_compute() {
    let pairs = Pairs { both_approve: 20, first_only: 5, second_only: 10, both_reject: 15 };
    let agreement = Agreement::of(pairs);
    assert!((agreement.raw.share - 0.7).abs() < 1e-12);
    let kappa = agreement.kappa.expect("kappa");
    assert!((kappa.value - 0.4).abs() < 1e-12);
    let error = (kappa.high - kappa.low) / 2.0 / wayside_cases::wilson::Z_95;
    assert!((error - 0.127).abs() < 0.002, "{error}");
}

#[test]
fn kappa_at_the_edges() {
    let of = |both_approve, first_only, second_only, both_reject| {
        Agreement::of(Pairs { both_approve, first_only, second_only, both_reject }).kappa
    };
    assert_eq!(of(0, 0, 0, 0), None, "no pair");
    assert_eq!(of(30, 0, 0, 0), None, "chance alone agrees always");
    let perfect = of(20, 0, 0, 10).expect("kappa");
    assert!((perfect.value - 1.0).abs() < 1e-12 && (perfect.low - 1.0).abs() < 1e-6);
    let opposite = of(0, 10, 10, 0).expect("kappa");
    assert!((opposite.value + 1.0).abs() < 1e-12);
}

fn line(decided: u64, errors: u64) -> LedgerLine {
    let what = RuleOfCamera {
        site: SiteId::from("demo"),
        camera: CameraId::from("A1"),
        rule: "red_light",
    };
    let reasons = BTreeMap::from([(Reason::SignalNotRed, errors), (Reason::EmergencyVehicle, 3)]);
    LedgerLine::new(what, at(0.0), decided, reasons, false)
}

#[test]
fn a_rule_stands_down_for_certain_errors_only() {
    let policy = Policy::default();
    for (decided, errors, down) in [
        (29, 29, false), // too few decided
        (30, 6, false),  // at least 9.5%
        (30, 7, true),   // at least 11.8%
        (100, 15, false),
        (100, 18, true),
        (1_000, 120, true),
        (1_000, 110, false),
    ] {
        let line = line(decided, errors);
        assert_eq!(line.is_too_wrong(&policy), down, "{errors} of {decided}: {:?}", line.errors);
    }
    let message = line(100, 18).stand_down(at(9.0), &policy).expect("it stands down");
    assert!(message.stood_down && (message.decided, message.errors) == (100, 18));
    assert_eq!(
        message.why,
        "People found 18 of 100 violations wrong (18.0%, at least 11.7% with 95% confidence; 10.0% \
         are allowed). Most often (18): The signal was not red."
    );
    let back = line(100, 18).reinstated(at(10.0), "lamp repaired".to_owned());
    assert!(!back.stood_down && back.why == "lamp repaired");
}

#[test]
fn what_was_before_a_reinstatement_does_not_count() {
    let policy = Policy { ledger_window_s: 3_600, ..Policy::default() };
    assert_eq!(counted_from(at(4_000.0), None, &policy), at(400.0));
    assert_eq!(counted_from(at(4_000.0), Some(at(3_000.0)), &policy), at(3_000.0));
    assert_eq!(counted_from(at(4_000.0), Some(at(10.0)), &policy), at(400.0));
}

#[test]
fn stamps_never_decrease() {
    let policy = Policy::default();
    assert_eq!(clock::stamp(at(5.0), None, &policy), Ok(at(5.0)));
    assert_eq!(clock::stamp(at(5.0), Some(at(4.0)), &policy), Ok(at(5.0)));
    assert_eq!(clock::stamp(at(5.0), Some(at(65.0)), &policy), Ok(at(65.0)));
    let refused = clock::stamp(at(5.0), Some(at(65.1)), &policy);
    assert!(matches!(refused, Err(Refused::ClockBackwards { back_s_max: 60, .. })));
}

#[test]
fn settings_out_of_range_are_named() {
    assert!(Policy::default().check().is_ok());
    let wrong = Policy { second_share: f64::NAN, ..Policy::default() };
    assert_eq!(wrong.check().expect_err("NaN").name, "second_share");
    let wrong = Policy { claim_s: 5, ..Policy::default() };
    let said = wrong.check().expect_err("too short").to_string();
    assert_eq!(said, "claim_s = 5 is out of range: 10 to 86400");
}

#[test]
fn names_are_read_back() {
    for reason in Reason::ALL {
        assert_eq!(Reason::parse(reason.as_str()), Some(reason));
        assert!(reason.sentence().ends_with('.'));
    }
    let errors: Vec<_> = Reason::ALL.into_iter().filter(|r| r.is_error_of_the_rule()).collect();
    assert_eq!(errors.len(), 6);
}
