//! Outcomes out of lines, for `wayside eval` and scripts.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::{OutcomeLine, QuantityLine, SignalLine, VoidLine};
use crate::{EventTime, RoadUserClass, SignalColour, VoidCause};

/// Bytes that a line may have.
pub const LINE_BYTES_MAX: usize = 1024 * 1024;

/// A line that is no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}\n  hint: {hint}")]
pub struct LineError {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong, with the key where one is to blame.
    pub problem: String,
    /// What to do.
    pub hint: String,
}

/// Every outcome in `text`, one a line; empty lines are skipped.
///
/// # Errors
/// At the first line that is no outcome.
pub fn parse_lines(text: &str) -> Result<Vec<OutcomeLine>, LineError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| parse_line(line, index + 1))
        .collect()
}

/// The outcome in one line; `number` is the line's, from 1, for messages. Unknown keys are
/// skipped, since later versions may add some.
///
/// # Errors
/// Where the text is no JSON object, or a key is missing or has a value that it cannot have.
pub fn parse_line(text: &str, number: usize) -> Result<OutcomeLine, LineError> {
    let wrong = |(problem, hint): (String, &str)| LineError {
        line: number,
        problem,
        hint: hint.to_owned(),
    };
    if text.len() > LINE_BYTES_MAX {
        let problem = format!("{} bytes, more than the {LINE_BYTES_MAX} of a line", text.len());
        return Err(wrong((problem, "write one object a line, as `wayside replay` does")));
    }
    if text.trim_start().starts_with('[') {
        let hint = "write one object a line, not an array of them";
        return Err(wrong(("an array, not an object".to_owned(), hint)));
    }
    let raw: RawLine = serde_json::from_str(text).map_err(|error| {
        let hint = if error.is_data() {
            "compare the line with one that `wayside replay` wrote"
        } else {
            "each line is one JSON object; a line that ends early was cut off while written"
        };
        // The parser counts lines inside this one line.
        let problem = error.to_string().replace(" at line 1 column", ", column");
        wrong((problem, hint))
    })?;
    raw.checked().map_err(wrong)
}

#[derive(Deserialize)]
#[serde(expecting = "one JSON object")]
struct RawLine {
    id: Option<String>,
    rule: Option<String>,
    rule_version: Option<u32>,
    site: Option<String>,
    camera: Option<String>,
    track: Option<u64>,
    class: Option<String>,
    event_time: Option<String>,
    quantities: Option<RawQuantities>,
    signal: Option<RawSignal>,
    place: Option<String>,
    approach: Option<String>,
    lane: Option<String>,
    run: Option<String>,
    cause: Option<String>,
    detail: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with group, state and since")]
struct RawSignal {
    group: Option<String>,
    state: Option<String>,
    since: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with value, low, high and unit")]
struct RawQuantity {
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    unit: String,
}

/// A map that keeps the order of the line, whatever map type the parser was built with.
struct RawQuantities(Vec<QuantityLine>);

impl<'de> Deserialize<'de> for RawQuantities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = RawQuantities;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of quantities")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawQuantities, A::Error> {
                let mut read: Vec<QuantityLine> = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    let RawQuantity { value, low, high, unit } = map.next_value()?;
                    if read.len() >= crate::convert::QUANTITIES_MAX {
                        let max = crate::convert::QUANTITIES_MAX;
                        return Err(A::Error::custom(format!("more than {max} quantities")));
                    }
                    if read.iter().any(|earlier| earlier.name == name) {
                        return Err(A::Error::custom(format!("quantity `{name}` stands twice")));
                    }
                    read.push(QuantityLine { name, value, low, high, unit });
                }
                Ok(RawQuantities(read))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

type Wrong = (String, &'static str);

fn needed<T>(key: &str, value: Option<T>) -> Result<T, Wrong> {
    let hint = "every line has it; compare the line with one that `wayside replay` wrote";
    value.ok_or_else(|| (format!("`{key}` is missing"), hint))
}

fn time(key: &str, text: &str) -> Result<EventTime, Wrong> {
    EventTime::parse(text).map_err(|error| {
        (format!("`{key}`: {error}"), "give UTC, for example 2026-06-01T07:00:00Z")
    })
}

impl RawLine {
    fn checked(self) -> Result<OutcomeLine, Wrong> {
        let class = needed("class", self.class)?;
        let class = RoadUserClass::parse(&class)
            .and_then(RoadUserClass::motor_vehicle)
            .ok_or_else(|| {
                let problem = format!("`class`: `{class}` is not a motor vehicle");
                (problem, "it is one of car, truck, bus, motorcycle")
            })?;
        Ok(OutcomeLine {
            id: needed("id", self.id)?,
            rule: needed("rule", self.rule)?,
            rule_version: needed("rule_version", self.rule_version)?,
            site: needed("site", self.site)?,
            camera: needed("camera", self.camera)?,
            track: needed("track", self.track)?,
            class,
            event_time: time("event_time", &needed("event_time", self.event_time)?)?,
            quantities: needed("quantities", self.quantities)?.0,
            signal: self.signal.map(RawSignal::checked).transpose()?,
            place: needed("place", self.place)?,
            approach: self.approach,
            lane: self.lane,
            run: needed("run", self.run)?,
            void: self.cause.map(|cause| void(&cause, self.detail)).transpose()?,
        })
    }
}

impl RawSignal {
    fn checked(self) -> Result<SignalLine, Wrong> {
        let state = needed("signal.state", self.state)?;
        let state = SignalColour::parse(&state).ok_or_else(|| {
            (format!("`signal.state`: `{state}` is no state"), "it is one of red, yellow, green")
        })?;
        let since = self.since.map(|text| time("signal.since", &text)).transpose()?;
        Ok(SignalLine { group: needed("signal.group", self.group)?, state, since })
    }
}

fn void(cause: &str, detail: Option<String>) -> Result<VoidLine, Wrong> {
    let cause = VoidCause::parse(cause).ok_or_else(|| {
        let known = VoidCause::ALL.map(VoidCause::as_str).join(", ");
        let problem = format!("`cause`: `{cause}` is not one of {known}");
        (problem, "was the line written by a newer version?")
    })?;
    Ok(VoidLine { cause, detail: detail.unwrap_or_default() })
}
