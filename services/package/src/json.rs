//! The parts that are JSON: what the signals showed, where the vehicle was, when each frame was taken.
//!
//! Times are RFC 3339 in UTC with six decimals; numbers are rounded to six decimals.

use serde::{Deserialize, Serialize};
use wayside_proto::{
    Content, Covariance2, EventTime, Observation, SignalColour, TrackId, TrackState,
};
use wayside_rules::signals::{SignalRecord, SignalSource};

/// An instant in JSON.
pub(crate) mod instant {
    use serde::{Deserialize, Deserializer, Serializer};
    use wayside_proto::EventTime;

    pub(crate) fn serialize<S: Serializer>(time: &EventTime, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(time)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<EventTime, D::Error> {
        EventTime::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// An instant in JSON, or null.
pub(crate) mod instant_or_null {
    use serde::{Deserialize, Deserializer, Serializer};
    use wayside_proto::EventTime;

    pub(crate) fn serialize<S: Serializer>(
        time: &Option<EventTime>,
        out: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => out.collect_str(time),
            None => out.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<EventTime>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| EventTime::parse(&text).map_err(serde::de::Error::custom)).transpose()
    }
}

/// A SHA-256 in JSON: 64 lower-case hex digits.
pub(crate) mod hash {
    use serde::{Deserialize, Deserializer, Serializer};
    use wayside_proto::Hash32;

    pub(crate) fn serialize<S: Serializer>(hash: &Hash32, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(hash)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash32, D::Error> {
        let text = String::deserialize(from)?;
        super::bytes_of(&text)
            .map(Hash32)
            .ok_or_else(|| serde::de::Error::custom("a hash has 64 lower-case hex digits"))
    }
}

/// The 32 bytes in 64 lower-case hex digits.
pub(crate) fn bytes_of(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        *byte = u8::from_str_radix(digits, 16).ok().filter(|_| !digits.contains('+'))?;
    }
    Some(bytes)
}

/// To six decimals, without a negative zero.
pub(crate) fn rounded(value: f64) -> f64 {
    let scaled = value * 1e6;
    if scaled.abs() < 9e15 { scaled.round() / 1e6 + 0.0 } else { value }
}

/// JSON for people: indented, with a line break at the end.
pub(crate) fn pretty<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// `clip-frames.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FramesFile {
    /// Capture instants of the frames of the clip, in order.
    pub(crate) frames: Vec<Instant>,
}

/// An instant by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Instant(#[serde(with = "instant")] pub(crate) EventTime);

/// `signals.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignalsFile {
    /// Records in the order in which they were known.
    pub(crate) records: Vec<SignalEntry>,
}

/// From when on a signal group shows a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignalEntry {
    #[serde(with = "instant")]
    time: EventTime,
    group: String,
    state: String,
    /// `log` (the controller) or `lamp` (a lamp as a camera saw it).
    source: String,
}

impl From<&SignalRecord> for SignalEntry {
    fn from(record: &SignalRecord) -> Self {
        let source = match record.source {
            SignalSource::Log => "log",
            SignalSource::Lamp => "lamp",
        };
        Self {
            time: record.time,
            group: record.group.clone(),
            state: record.state.as_str().to_owned(),
            source: source.to_owned(),
        }
    }
}

impl SignalEntry {
    /// The record; what is wrong where it is none.
    pub(crate) fn record(&self) -> Result<SignalRecord, String> {
        let state = SignalColour::parse(&self.state)
            .ok_or_else(|| format!("`{}` is no state of a signal", self.state))?;
        let source = match self.source.as_str() {
            "log" => SignalSource::Log,
            "lamp" => SignalSource::Lamp,
            other => return Err(format!("`{other}` is no source of a signal")),
        };
        Ok(SignalRecord { time: self.time, group: self.group.clone(), state, source })
    }
}

/// `track.json`: the states of one track, a line each. Metres, seconds and radians; covariances as xx, xy,
/// yy.
pub(crate) fn track(
    id: TrackId,
    observations: &[Observation],
) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = format!("{{\"track\":{id},\"states\":[").into_bytes();
    for (index, (time, state)) in states(id, observations).enumerate() {
        out.extend_from_slice(if index == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut out, &entry(time, state))?;
    }
    out.extend_from_slice(b"\n]}\n");
    Ok(out)
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct StateEntry {
    #[serde(with = "instant")]
    time: EventTime,
    class: &'static str,
    class_confidence: f64,
    confidence: f64,
    measured: bool,
    box_px: Option<[f64; 4]>,
    front_m: [f64; 2],
    front_cov_m2: [f64; 3],
    heading_rad: f64,
    heading_sigma_rad: f64,
    length_m: f64,
    width_m: f64,
    velocity_ms: [f64; 2],
    velocity_cov_m2s2: [f64; 3],
}

/// The states of one track, in the order of the observations.
pub(crate) fn states<'a>(
    id: TrackId,
    observations: impl IntoIterator<Item = &'a Observation>,
) -> impl Iterator<Item = (EventTime, &'a TrackState)> {
    observations.into_iter().filter_map(move |observation| match &observation.content {
        Content::Tracks { tracks, .. } => {
            tracks.iter().find(|track| track.id == id).map(|track| (observation.time, track))
        }
        Content::Gap(_) => None,
    })
}

fn entry(time: EventTime, state: &TrackState) -> StateEntry {
    let single = |value: f32| rounded(f64::from(value));
    let covariance = |c: Covariance2| [c.xx, c.xy, c.yy].map(rounded);
    StateEntry {
        time,
        class: state.class.as_str(),
        class_confidence: single(state.class_confidence),
        confidence: single(state.confidence),
        measured: state.measured,
        box_px: state.box_px.map(|b| [b.x0, b.y0, b.x1, b.y1].map(single)),
        front_m: state.front_m.map(rounded),
        front_cov_m2: covariance(state.front_cov_m2),
        heading_rad: rounded(state.heading_rad),
        heading_sigma_rad: rounded(state.heading_sigma_rad),
        length_m: rounded(state.length_m),
        width_m: rounded(state.width_m),
        velocity_ms: state.velocity_ms.map(rounded),
        velocity_cov_m2s2: covariance(state.velocity_cov_m2s2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_have_one_form() {
        let text = "00ff".repeat(16);
        assert_eq!(bytes_of(&text).map(|bytes| bytes[1]), Some(255));
        for wrong in [&text[1..], &text.to_uppercase(), &text.replace("ff", "+f"), ""] {
            assert_eq!(bytes_of(wrong), None, "{wrong}");
        }
    }
}
