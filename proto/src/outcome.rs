//! What a rule concluded: a violation, or a void with its cause.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{CameraId, EventTime, MotorVehicleClass, RunId, SiteId, TrackId};

/// A rule's conclusion about one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Deterministic id (EV-1).
    pub id: OutcomeId,
    /// Name of the rule, as in the site file.
    pub rule: &'static str,
    /// Version of the rule's definition.
    pub rule_version: u32,
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// The run of the worker.
    pub run: RunId,
    /// The track.
    pub track: TrackId,
    /// The subject.
    pub class: MotorVehicleClass,
    /// When it happened.
    pub event_time: EventTime,
    /// Id of the stop line, zone, crossing, conflict area or lane.
    pub place: String,
    /// Approach that the place belongs to, where it belongs to one.
    pub approach: Option<String>,
    /// Lane, where one is known.
    pub lane: Option<String>,
    /// Measured quantities, in a fixed order.
    pub quantities: Vec<Quantity>,
    /// The signal at the event, where the rule depends on one.
    pub signal: Option<Signal>,
    /// Violation or void.
    pub verdict: Verdict,
}

/// Whether the rule holds the event for a violation.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Yes, beyond the interval of every quantity.
    Violation,
    /// The rule abstains.
    Void {
        /// Why.
        cause: VoidCause,
        /// One sentence for a person.
        detail: String,
    },
}

/// Why a rule abstained (EV-3, EV-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoidCause {
    /// Frames are missing in the window.
    Gap,
    /// The signal's state is not known.
    SignalUnknown,
    /// Two sources of the signal disagree.
    SignalDisagreement,
    /// The interval of a quantity straddles the limit.
    IntervalStraddlesLimit,
    /// The track ended before the rule could decide.
    TrackLost,
    /// The track's class is not certain enough, or is not a motor vehicle's for certain.
    ClassUncertain,
    /// The vehicle stood in a queue or waited for a signal.
    Queueing,
    /// The recording ended, or was interrupted, before the rule could decide.
    RecordingEnded,
    /// Two independent estimates of the speed disagree.
    SpeedsDisagree,
    /// Two passages are probably of one vehicle, but not certainly enough to accuse anybody.
    MatchUncertain,
    /// The rule of that camera had stood down: people had found it wrong too often.
    RuleStoodDown,
}

impl VoidCause {
    /// Every cause, in the order of declaration.
    pub const ALL: [Self; 11] = [
        Self::Gap,
        Self::SignalUnknown,
        Self::SignalDisagreement,
        Self::IntervalStraddlesLimit,
        Self::TrackLost,
        Self::ClassUncertain,
        Self::Queueing,
        Self::RecordingEnded,
        Self::SpeedsDisagree,
        Self::MatchUncertain,
        Self::RuleStoodDown,
    ];

    /// The cause's name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::SignalUnknown => "signal_unknown",
            Self::SignalDisagreement => "signal_disagreement",
            Self::IntervalStraddlesLimit => "interval_straddles_limit",
            Self::TrackLost => "track_lost",
            Self::ClassUncertain => "class_uncertain",
            Self::Queueing => "queueing",
            Self::RecordingEnded => "recording_ended",
            Self::SpeedsDisagree => "speeds_disagree",
            Self::MatchUncertain => "match_uncertain",
            Self::RuleStoodDown => "rule_stood_down",
        }
    }

    /// The cause with this name in files.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == name)
    }
}

/// A measured quantity with its 95% interval (EV-4). An absent bound is unknown.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Name, for example `time_into_red`.
    pub name: &'static str,
    /// Best estimate.
    pub value: f64,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// Unit of all three.
    pub unit: Unit,
}

/// Units of quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Metres.
    Metre,
    /// Metres a second.
    MetrePerSecond,
}

impl Unit {
    /// Symbol in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Metre => "m",
            Self::MetrePerSecond => "m/s",
        }
    }

    /// The unit with this symbol.
    #[must_use]
    pub fn parse(symbol: &str) -> Option<Self> {
        [Self::Second, Self::Metre, Self::MetrePerSecond]
            .into_iter()
            .find(|unit| unit.as_str() == symbol)
    }
}

/// State of a signal group at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// The signal group.
    pub group: String,
    /// Its state.
    pub state: SignalColour,
    /// Since when; none where it was in force before the first record.
    pub since: Option<EventTime>,
}

/// What a signal group shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalColour {
    /// Stop.
    Red,
    /// Clearance; red-and-yellow counts as red.
    Yellow,
    /// Go.
    Green,
}

impl SignalColour {
    /// Name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
            Self::Green => "green",
        }
    }

    /// The state with this name in files.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Red, Self::Yellow, Self::Green].into_iter().find(|state| state.as_str() == name)
    }
}

/// Deterministic id of an outcome: the first 16 bytes of a SHA-256 over what makes the event one
/// event, in lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutcomeId(pub String);

impl OutcomeId {
    /// The id of the event of `rule` at `place` by `track` at `time`. A violation and a void of
    /// the same event share their id, since they are two judgements of one thing.
    #[must_use]
    pub fn derive(
        site: &SiteId,
        camera: &CameraId,
        run: &RunId,
        track: TrackId,
        rule: &str,
        place: &str,
        time: EventTime,
    ) -> Self {
        let mut hash = Sha256::new();
        for part in [site.as_str(), camera.as_str(), run.as_str(), rule, place] {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(track.0.to_be_bytes());
        hash.update(time.0.to_be_bytes());
        let hex: String = hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Self(hex)
    }
}

impl fmt::Display for OutcomeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(camera: &str, run: &str, track: u64) -> OutcomeId {
        let time = EventTime(7);
        let (site, camera, run) = (SiteId::from("s"), CameraId::from(camera), RunId::from(run));
        OutcomeId::derive(&site, &camera, &run, TrackId(track), "red_light", "N", time)
    }

    #[test]
    fn ids_depend_on_every_part_and_on_where_parts_end() {
        assert_eq!(id("ab", "c", 1), id("ab", "c", 1));
        assert_ne!(id("ab", "c", 1), id("a", "bc", 1));
        assert_ne!(id("ab", "c", 1), id("ab", "c", 2));
        assert_eq!(id("ab", "c", 1).to_string().len(), 32);
    }
}
