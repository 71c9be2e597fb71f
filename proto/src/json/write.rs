//! Lines out of outcomes.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{OutcomeLine, QuantityLine, SignalLine};
use crate::{Outcome, RoadUserClass};

/// The line of an outcome, by its verdict, without a line break.
#[must_use]
pub fn line(outcome: &Outcome) -> String {
    OutcomeLine::from(outcome).to_json()
}

/// The line of a violation, without a line break. The keys are, in this order: `id`, `rule`,
/// `rule_version`, `site`, `camera`, `track`, `class`, `event_time`, `quantities`, `signal`,
/// `place`, `approach`, `lane`, `run`. A void is written without its cause.
#[must_use]
pub fn violation_line(outcome: &Outcome) -> String {
    OutcomeLine { void: None, ..OutcomeLine::from(outcome) }.to_json()
}

/// The line of a void, without a line break: as [`violation_line`], then `cause` and `detail`. A
/// violation has no cause and is written without.
#[must_use]
pub fn void_line(outcome: &Outcome) -> String {
    line(outcome)
}

impl OutcomeLine {
    /// The line, without a line break.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Keys are texts and the sink is memory: there is nothing left that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for OutcomeLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("rule", &self.rule)?;
        map.serialize_entry("rule_version", &self.rule_version)?;
        map.serialize_entry("site", &self.site)?;
        map.serialize_entry("camera", &self.camera)?;
        map.serialize_entry("track", &self.track)?;
        map.serialize_entry("class", RoadUserClass::from(self.class).as_str())?;
        map.serialize_entry("event_time", &self.event_time.to_string())?;
        map.serialize_entry("quantities", &Quantities(&self.quantities))?;
        map.serialize_entry("signal", &self.signal)?;
        map.serialize_entry("place", &self.place)?;
        map.serialize_entry("approach", &self.approach)?;
        map.serialize_entry("lane", &self.lane)?;
        map.serialize_entry("run", &self.run)?;
        if let Some(void) = &self.void {
            map.serialize_entry("cause", void.cause.as_str())?;
            map.serialize_entry("detail", &void.detail)?;
        }
        map.end()
    }
}

struct Quantities<'a>(&'a [QuantityLine]);

impl Serialize for Quantities<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|quantity| (&quantity.name, quantity)))
    }
}

impl Serialize for QuantityLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("value", &self.value)?;
        map.serialize_entry("low", &self.low)?;
        map.serialize_entry("high", &self.high)?;
        map.serialize_entry("unit", &self.unit)?;
        map.end()
    }
}

impl Serialize for SignalLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("group", &self.group)?;
        map.serialize_entry("state", self.state.as_str())?;
        map.serialize_entry("since", &self.since.map(|since| since.to_string()))?;
        map.end()
    }
}
