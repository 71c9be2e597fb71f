//! One event as text, as the HTML standard has it (server-sent events, 9.2.5).

use std::fmt::Write as _;

use bytes::Bytes;
use serde::Serialize;

use crate::state::Change;

/// What is counted apart where it is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Citation,
    Event,
    Evidence,
    Health,
    Reset,
    Sign,
    Signals,
    StandDown,
    TravelTime,
}

impl Topic {
    /// Every topic, in order of name.
    pub(crate) const ALL: [Self; 9] = [
        Self::Citation,
        Self::Event,
        Self::Evidence,
        Self::Health,
        Self::Reset,
        Self::Sign,
        Self::Signals,
        Self::StandDown,
        Self::TravelTime,
    ];

    /// The event's name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Citation => "citation",
            Self::Event => "event",
            Self::Evidence => "evidence",
            Self::Health => "health",
            Self::Reset => "reset",
            Self::Sign => "sign",
            Self::Signals => "signals",
            Self::StandDown => "stand_down",
            Self::TravelTime => "travel_time",
        }
    }
}

/// Events by topic.
pub(crate) type Counts = [u64; Topic::ALL.len()];

/// Counts one.
pub(crate) fn count(counts: &mut Counts, topic: Topic) {
    if let Some(count) = counts.get_mut(topic as usize) {
        *count += 1;
    }
}

/// The topic of a change, and its data.
pub(crate) fn data(change: &Change) -> (Topic, String) {
    match change {
        Change::Signals(signal) => (Topic::Signals, json(signal)),
        Change::Health(health) => (Topic::Health, json(health)),
        Change::Event(event) => (Topic::Event, json(event)),
        Change::TravelTime(window) => (Topic::TravelTime, json(window)),
        Change::Evidence(evidence) => (Topic::Evidence, json(evidence)),
        Change::Citation(citation) => (Topic::Citation, json(citation)),
        Change::StandDown(stand_down) => (Topic::StandDown, json(stand_down)),
        Change::Sign(sign) => (Topic::Sign, json(sign)),
    }
}

/// A value on one line.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    // Keys are texts and the sink is memory: nothing is left that could fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// An event; `id` where a client may go on after it.
pub(crate) fn frame(event: &str, id: Option<(&str, u64)>, data: &str) -> Bytes {
    let mut text = String::with_capacity(data.len() + 64);
    // Writing to memory does not fail. JSON has no line break of its own.
    let _ = writeln!(text, "event: {event}");
    if let Some((epoch, number)) = id {
        let _ = writeln!(text, "id: {epoch}-{number}");
    }
    let _ = write!(text, "data: {data}\n\n");
    Bytes::from(text)
}
