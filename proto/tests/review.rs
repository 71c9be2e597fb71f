//! Evidence, citations and rules that stand down: what is written is read back the same, and what breaks
//! the contract is refused with its reason.

mod common;
#[path = "common/review.rs"]
mod strategies;

use proptest::prelude::*;
use strategies::{citation, evidence, stand_down};
use wayside_proto::cloudevents::{self, CloudEvent};
use wayside_proto::convert::Message;
use wayside_proto::json::{citation_line, evidence_line, stand_down_line};
use wayside_proto::{
    CameraId, Citation, CitationId, CitationStatus, EventTime, Evidence, EvidenceFailure,
    EvidenceResult, Hash32, HumanDecision, MotorVehicleClass, OutcomeId, Quantity, RuleStandDown,
    SealedPackage, SiteId, Unit, wire,
};

/// An event that says what this line says, under an id that follows from the message.
fn carries(event: &CloudEvent, line: &str) {
    let back = CloudEvent::parse(&event.to_json()).expect("an event");
    assert_eq!((back.data(), back.to_json()), (line, event.to_json()));
    let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert!(value.is_object() && !line.contains('\n'), "{line}");
}

proptest! {
    #[test]
    fn evidence_survives_the_wire_and_has_a_line(evidence in evidence()) {
        let bytes = evidence.to_bytes().expect("sound");
        prop_assert_eq!(Evidence::from_bytes(&bytes), Ok(evidence.clone()));
        carries(&cloudevents::evidence(&evidence), &evidence_line(&evidence));
    }

    #[test]
    fn citations_survive_the_wire_and_have_a_line(citation in citation()) {
        let bytes = citation.to_bytes().expect("sound");
        prop_assert_eq!(Citation::from_bytes(&bytes), Ok(citation.clone()));
        carries(&cloudevents::citation(&citation), &citation_line(&citation));
    }

    #[test]
    fn stand_downs_survive_the_wire_and_have_a_line(change in stand_down()) {
        let bytes = change.to_bytes().expect("sound");
        prop_assert_eq!(RuleStandDown::from_bytes(&bytes), Ok(change.clone()));
        carries(&cloudevents::stand_down(&change), &stand_down_line(&change));
    }
}

fn package() -> SealedPackage {
    SealedPackage {
        uri: "junction/2026-06-01/0123456789abcdef0123456789abcdef.wsp".to_owned(),
        sha256: Hash32([7; 32]),
        size_bytes: 1_234_567,
        key_id: "2026a".to_owned(),
        chain_number: 41,
        sealed_at: EventTime(1_780_297_412_000_000),
    }
}

fn sealed() -> Evidence {
    Evidence {
        violation: OutcomeId("0123456789abcdef0123456789abcdef".to_owned()),
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        event_time: EventTime(1_780_297_407_174_000),
        result: EvidenceResult::Sealed(package()),
    }
}

fn failed() -> Evidence {
    let detail = "The worker north-1 has not answered for 120 s.".to_owned();
    let result = EvidenceResult::Failed { cause: EvidenceFailure::WorkerGone, detail };
    Evidence { result, ..sealed() }
}

fn issued() -> Citation {
    let violation = sealed().violation;
    Citation {
        id: CitationId::of(&violation),
        revision: 1,
        status: CitationStatus::Issued,
        violation,
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        rule: "red_light",
        rule_version: 1,
        class: MotorVehicleClass::Truck,
        event_time: EventTime(1_780_297_407_174_000),
        quantities: vec![Quantity {
            name: "time_into_red",
            value: 11.174,
            low: Some(11.1),
            high: Some(11.25),
            unit: Unit::Second,
        }],
        decision: HumanDecision {
            reviewer: "review-1".to_owned(),
            second_reviewer: Some("review-2".to_owned()),
            decided_at: EventTime(1_780_300_000_000_000),
            reason: None,
            note: String::new(),
        },
        evidence: package(),
    }
}

fn down() -> RuleStandDown {
    RuleStandDown {
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        rule: "red_light",
        stood_down: true,
        since: EventTime(1_780_300_000_000_000),
        why: "7 of 60 decided cases were errors of the rule.".to_owned(),
        decided: 60,
        errors: 7,
    }
}

#[test]
fn lines_are_pinned() {
    let back = RuleStandDown { stood_down: false, why: "The lens is clean.".to_owned(), ..down() };
    let lines = [
        evidence_line(&sealed()),
        evidence_line(&failed()),
        citation_line(&issued()),
        stand_down_line(&down()),
        stand_down_line(&back),
    ];
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_change_is_an_event_of_its_own() {
    let back = RuleStandDown { stood_down: false, ..down() };
    let second = Citation { revision: 2, ..issued() };
    let events = [
        cloudevents::evidence(&sealed()),
        cloudevents::citation(&issued()),
        cloudevents::citation(&second),
        cloudevents::stand_down(&down()),
        cloudevents::stand_down(&back),
    ];
    let mut names: Vec<_> = events.iter().map(|e| (e.source.clone(), e.id.clone())).collect();
    insta::assert_snapshot!(names.iter().map(|(s, id)| format!("{s} {id}\n")).collect::<String>());
    names.sort();
    names.dedup();
    assert_eq!(names.len(), events.len());
    // What is sent again is the same event.
    assert_eq!(cloudevents::evidence(&sealed()).id, events[0].id);
}

#[test]
fn evidence_that_breaks_the_contract_is_refused() {
    let refused = |change: fn(&mut wire::Evidence)| {
        let mut message = wire::Evidence::try_from(&sealed()).expect("sound");
        change(&mut message);
        Evidence::try_from(message).expect_err("refused").to_string()
    };
    fn package(message: &mut wire::Evidence) -> &mut wire::SealedPackage {
        match &mut message.result {
            Some(wire::evidence::Result::Sealed(package)) => package,
            _ => panic!("a package"),
        }
    }
    fn failure(message: &mut wire::Evidence, cause: &str, detail: String) {
        let failure = wire::EvidenceFailure { cause: cause.to_owned(), detail };
        message.result = Some(wire::evidence::Result::Failed(failure));
    }
    let messages = [
        refused(|m| m.violation = "0123".to_owned()),
        refused(|m| m.site = "a site".to_owned()),
        refused(|m| m.camera.clear()),
        refused(|m| m.event_time_us = i64::MAX),
        refused(|m| m.result = None),
        refused(|m| package(m).uri = "/etc/passwd".to_owned()),
        refused(|m| package(m).uri = "junction/../keys".to_owned()),
        refused(|m| package(m).uri = "junction//x".to_owned()),
        refused(|m| package(m).uri = "a/".repeat(300) + "b"),
        refused(|m| package(m).sha256.truncate(31)),
        refused(|m| package(m).size_bytes = 0),
        refused(|m| package(m).key_id.clear()),
        refused(|m| package(m).sealed_at_us = i64::MIN),
        refused(|m| failure(m, "bad_luck", String::new())),
        refused(|m| failure(m, "no_track", "a\u{7}b".to_owned())),
        refused(|m| failure(m, "no_track", "x".repeat(9_000))),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn citations_that_break_the_contract_are_refused() {
    let refused = |change: fn(&mut wire::Citation)| {
        let mut message = wire::Citation::try_from(&issued()).expect("sound");
        change(&mut message);
        Citation::try_from(message).expect_err("refused").to_string()
    };
    fn decision(message: &mut wire::Citation) -> &mut wire::HumanDecision {
        message.decision.as_mut().expect("a decision")
    }
    let messages = [
        refused(|m| m.id = "0".repeat(32)),
        refused(|m| m.revision = 0),
        refused(|m| m.status = "pending".to_owned()),
        refused(|m| m.violation.clear()),
        refused(|m| m.rule = "jaywalking".to_owned()),
        refused(|m| m.rule_version = 0),
        refused(|m| m.vehicle_class = "person".to_owned()),
        refused(|m| m.vehicle_class = "bicycle".to_owned()),
        // No citation without a decision of a person (CT-1), none without evidence.
        refused(|m| m.decision = None),
        refused(|m| decision(m).reviewer.clear()),
        refused(|m| decision(m).second_reviewer = "review-1".to_owned()),
        refused(|m| decision(m).decided_at_us = i64::MAX),
        refused(|m| decision(m).reason = "wrong_vehicle".to_owned()),
        refused(|m| m.status = "voided".to_owned()),
        refused(|m| decision(m).note = "x".repeat(3_000)),
        refused(|m| m.evidence = None),
        refused(|m| m.evidence.as_mut().expect("a package").uri = "../x".to_owned()),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn stand_downs_that_break_the_contract_are_refused() {
    let refused = |change: fn(&mut wire::RuleStandDown)| {
        let mut message = wire::RuleStandDown::try_from(&down()).expect("sound");
        change(&mut message);
        RuleStandDown::try_from(message).expect_err("refused").to_string()
    };
    let messages = [
        refused(|m| m.site.clear()),
        refused(|m| m.camera = "a/b c".to_owned()),
        refused(|m| m.rule = "jaywalking".to_owned()),
        refused(|m| m.since_us = i64::MAX),
        refused(|m| m.why = "a\nb\u{1b}".to_owned()),
        refused(|m| m.errors = 61),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}
