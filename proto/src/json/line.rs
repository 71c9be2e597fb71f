//! An outcome as it stands in a line.

use super::parts::rounded;
use crate::{
    EventTime, MotorVehicleClass, Outcome, Quantity, Signal, SignalColour, Verdict, VoidCause,
};

/// One line of `violations.jsonl` or `voids.jsonl`.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeLine {
    /// Deterministic id (EV-1).
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
    /// The subject.
    pub class: MotorVehicleClass,
    /// When it happened.
    pub event_time: EventTime,
    /// Measured quantities, in the order of the line.
    pub quantities: Vec<QuantityLine>,
    /// The signal at the event, where the rule depends on one.
    pub signal: Option<SignalLine>,
    /// Stop line, zone, crossing, conflict area or lane.
    pub place: String,
    /// Approach that the place belongs to.
    pub approach: Option<String>,
    /// Lane, where one is known.
    pub lane: Option<String>,
    /// The run of the worker.
    pub run: String,
    /// Cause and detail of a void; none for a violation.
    pub void: Option<VoidLine>,
}

/// A quantity with its 95% interval, rounded to six decimals.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantityLine {
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

/// A signal state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalLine {
    /// The signal group.
    pub group: String,
    /// Its state.
    pub state: SignalColour,
    /// Since when; none where it was in force before the first record.
    pub since: Option<EventTime>,
}

/// Why a rule abstained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoidLine {
    /// Why.
    pub cause: VoidCause,
    /// One sentence for a person.
    pub detail: String,
}

impl OutcomeLine {
    /// The quantity with this name.
    #[must_use]
    pub fn quantity(&self, name: &str) -> Option<&QuantityLine> {
        self.quantities.iter().find(|quantity| quantity.name == name)
    }
}

impl From<&Outcome> for OutcomeLine {
    fn from(outcome: &Outcome) -> Self {
        let void = match &outcome.verdict {
            Verdict::Violation => None,
            Verdict::Void { cause, detail } => {
                Some(VoidLine { cause: *cause, detail: detail.clone() })
            }
        };
        Self {
            id: outcome.id.0.clone(),
            rule: outcome.rule.to_owned(),
            rule_version: outcome.rule_version,
            site: outcome.site.0.clone(),
            camera: outcome.camera.0.clone(),
            track: outcome.track.0,
            class: outcome.class,
            event_time: outcome.event_time,
            quantities: outcome.quantities.iter().map(QuantityLine::from).collect(),
            signal: outcome.signal.as_ref().map(SignalLine::from),
            place: outcome.place.clone(),
            approach: outcome.approach.clone(),
            lane: outcome.lane.clone(),
            run: outcome.run.0.clone(),
            void,
        }
    }
}

impl From<&Quantity> for QuantityLine {
    fn from(quantity: &Quantity) -> Self {
        Self {
            name: quantity.name.to_owned(),
            value: rounded(quantity.value),
            low: quantity.low.map(rounded),
            high: quantity.high.map(rounded),
            unit: quantity.unit.as_str().to_owned(),
        }
    }
}

impl From<&Signal> for SignalLine {
    fn from(signal: &Signal) -> Self {
        Self { group: signal.group.clone(), state: signal.state, since: signal.since }
    }
}
