//! A violation, and people who judge it.
#![allow(dead_code)]

use wayside_cases::{Account, Actor, Ballot, Decision, Role, Subject};
use wayside_proto::{
    CameraId, EventTime, Evidence, EvidenceResult, Hash32, MotorVehicleClass, Outcome, OutcomeId,
    RunId, SealedPackage, SiteId, TrackId, Verdict,
};

pub fn at(seconds: f64) -> EventTime {
    EventTime(1_780_000_000_000_000).plus_s(seconds)
}

pub fn account(name: &str) -> Account {
    Account::new(name).expect("an account")
}

pub fn reviewer(name: &str) -> Actor {
    Actor::new(account(name), Role::Reviewer)
}

pub fn senior(name: &str) -> Actor {
    Actor::new(account(name), Role::Senior)
}

pub fn system() -> Actor {
    Actor::new(account("program"), Role::System)
}

pub fn ballot(decision: Decision) -> Ballot {
    Ballot { decision, note: String::new(), plate_differs: false }
}

pub fn subject(number: u64) -> Subject {
    let (site, camera, run) = (SiteId::from("demo"), CameraId::from("A1"), RunId::from("r1"));
    let (track, event_time) = (TrackId(number), at(-100.0));
    let id = OutcomeId::derive(&site, &camera, &run, track, "red_light", "N", event_time);
    let outcome = Outcome {
        id: id.clone(),
        rule: "red_light",
        rule_version: 1,
        site: site.clone(),
        camera: camera.clone(),
        run,
        track,
        class: MotorVehicleClass::Car,
        event_time,
        place: "N".to_owned(),
        approach: None,
        lane: None,
        quantities: Vec::new(),
        signal: None,
        verdict: Verdict::Violation,
    };
    let result = EvidenceResult::Sealed(SealedPackage {
        uri: format!("demo/{id}"),
        sha256: Hash32([1; 32]),
        size_bytes: 1,
        key_id: "k".to_owned(),
        chain_number: 0,
        sealed_at: at(0.0),
    });
    let evidence = Evidence { violation: id, site, camera, event_time, result };
    Subject::new(&outcome, &evidence).expect("a subject")
}
