//! The violation and its package.

use serde::Serialize;
use utoipa::ToSchema;
use wayside_proto::{Outcome, RoadUserClass, SealedPackage, json::OutcomeLine};

/// A violation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ViolationJson {
    /// Its id.
    pub id: String,
    /// Name of the rule.
    pub rule: String,
    /// Version of the rule's definition.
    pub rule_version: u32,
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The track, unique within camera and run.
    pub track: u64,
    /// What kind of vehicle.
    pub class: String,
    /// When it happened.
    pub event_time: String,
    /// Stop line, zone, crossing, conflict area or lane.
    pub place: String,
    /// Approach that the place belongs to.
    pub approach: Option<String>,
    /// Lane.
    pub lane: Option<String>,
    /// What was measured, with its 95% interval.
    pub quantities: Vec<QuantityJson>,
    /// The signal at the event.
    pub signal: Option<SignalJson>,
}

/// A measured quantity with its 95% interval.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QuantityJson {
    /// Name, for example `time_into_red`.
    pub name: String,
    /// Best estimate.
    pub value: f64,
    /// Lower end; none where unknown.
    pub low: Option<f64>,
    /// Upper end; none where unknown.
    pub high: Option<f64>,
    /// Symbol of the unit.
    pub unit: String,
}

/// A state of a signal group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignalJson {
    /// The group.
    pub group: String,
    /// `red`, `yellow` or `green`.
    pub state: String,
    /// Since when; none where it was so before the first record.
    pub since: Option<String>,
}

/// A sealed package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PackageJson {
    /// Path below the store.
    pub uri: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Bytes of the file.
    pub size_bytes: u64,
    /// Id of the key that signed it.
    pub key_id: String,
    /// Place in the chain of the site's packages.
    pub chain_number: u64,
    /// When it was sealed.
    pub sealed_at: String,
}

impl From<&Outcome> for ViolationJson {
    fn from(outcome: &Outcome) -> Self {
        // As in every other JSON of Wayside: rounded once, in one place.
        let line = OutcomeLine::from(outcome);
        let quantities = line.quantities.into_iter().map(|quantity| QuantityJson {
            name: quantity.name,
            value: quantity.value,
            low: quantity.low,
            high: quantity.high,
            unit: quantity.unit,
        });
        Self {
            id: line.id,
            rule: line.rule,
            rule_version: line.rule_version,
            site: line.site,
            camera: line.camera,
            track: line.track,
            class: RoadUserClass::from(line.class).as_str().to_owned(),
            event_time: line.event_time.to_string(),
            place: line.place,
            approach: line.approach,
            lane: line.lane,
            quantities: quantities.collect(),
            signal: line.signal.map(|signal| SignalJson {
                group: signal.group,
                state: signal.state.as_str().to_owned(),
                since: signal.since.map(|since| since.to_string()),
            }),
        }
    }
}

impl From<&SealedPackage> for PackageJson {
    fn from(package: &SealedPackage) -> Self {
        Self {
            uri: package.uri.clone(),
            sha256: package.sha256.to_string(),
            size_bytes: package.size_bytes,
            key_id: package.key_id.clone(),
            chain_number: package.chain_number,
            sealed_at: package.sealed_at.to_string(),
        }
    }
}
