//! Any evidence, citation and stand-down that keeps the contract.

use proptest::option;
use proptest::prelude::*;
use wayside_proto::{
    CameraId, Citation, CitationId, CitationStatus, EventTime, Evidence, EvidenceFailure,
    EvidenceResult, Hash32, HumanDecision, MotorVehicleClass, OutcomeId, RuleStandDown,
    SealedPackage, SiteId,
};

use super::common::{id, name, outcome, time};

/// Any sealed package.
pub fn package() -> impl Strategy<Value = SealedPackage> {
    (
        "[a-z0-9][a-z0-9_.-]{0,20}(/[a-z0-9][a-z0-9_.-]{0,20}){0,3}",
        any::<[u8; 32]>(),
        1..u64::MAX,
        name(),
        any::<u64>(),
        time(),
    )
        .prop_map(|(uri, sha256, size_bytes, key_id, chain_number, sealed_at)| SealedPackage {
            uri,
            sha256: Hash32(sha256),
            size_bytes,
            key_id,
            chain_number,
            sealed_at,
        })
}

/// Any sound one.
pub fn evidence() -> impl Strategy<Value = Evidence> {
    let failed = (proptest::sample::select(EvidenceFailure::ALL.to_vec()), "\\PC{0,40}")
        .prop_map(|(cause, detail)| EvidenceResult::Failed { cause, detail });
    let result = prop_oneof![package().prop_map(EvidenceResult::Sealed), failed];
    ("[0-9a-f]{32}", id(), id(), time(), result).prop_map(
        |(violation, site, camera, event_time, result)| Evidence {
            violation: OutcomeId(violation),
            site: SiteId(site),
            camera: CameraId(camera),
            event_time,
            result,
        },
    )
}

/// Any sound one; issued ones have no reason, voided ones have one.
pub fn citation() -> impl Strategy<Value = Citation> {
    let decision = (option::of("[a-m]{1,9}"), time(), option::of("[a-z_]{1,12}"), "\\PC{0,60}");
    let classes = vec![MotorVehicleClass::Car, MotorVehicleClass::Motorcycle];
    (outcome(), 1_u32.., proptest::sample::select(classes), decision, package()).prop_map(
        |(outcome, revision, class, (second, decided_at, reason, note), evidence)| Citation {
            id: CitationId::of(&outcome.id),
            revision,
            status: match reason {
                Some(_) => CitationStatus::Voided,
                None => CitationStatus::Issued,
            },
            violation: outcome.id,
            site: outcome.site,
            camera: outcome.camera,
            rule: outcome.rule,
            rule_version: outcome.rule_version,
            class,
            event_time: outcome.event_time,
            quantities: outcome.quantities,
            decision: HumanDecision {
                reviewer: "north-1".to_owned(),
                second_reviewer: second,
                decided_at,
                reason,
                note,
            },
            evidence,
        },
    )
}

/// Any sound one.
pub fn stand_down() -> impl Strategy<Value = RuleStandDown> {
    (outcome(), any::<bool>(), "\\PC{0,60}", any::<u32>(), 0.0..=1.0_f64).prop_map(
        |(outcome, stood_down, why, decided, share)| RuleStandDown {
            site: outcome.site,
            camera: outcome.camera,
            rule: outcome.rule,
            stood_down,
            since: EventTime(outcome.event_time.0),
            why,
            decided,
            errors: (f64::from(decided) * share).floor() as u32,
        },
    )
}
