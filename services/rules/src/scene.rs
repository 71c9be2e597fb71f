//! What every rule sees beside the track: the map, the signals, the gaps, and where outcomes go.

use wayside_proto::{
    CameraId, EventTime, Outcome, OutcomeId, Quantity, RunId, Signal, TrackId, Unit, Verdict,
    VoidCause,
};

use crate::catalogue::RuleInfo;
use crate::gaps::Gaps;
use crate::map::Map;
use crate::signals::SignalHistory;
use crate::track::Track;

/// How far a predicted state may bridge between two measured ones, seconds.
pub(crate) const BRIDGE_S_MAX: f64 = 1.0;

pub(crate) struct Scene<'a> {
    pub(crate) map: &'a Map,
    pub(crate) signals: &'a SignalHistory,
    pub(crate) gaps: &'a Gaps,
    pub(crate) camera: &'a CameraId,
    pub(crate) run: &'a RunId,
    /// Half-width of the 95% interval of the camera's clock, seconds.
    pub(crate) clock_s: f64,
    /// For each lane: whether its hours hold.
    pub(crate) lane_hours: &'a [bool],
}

/// Why a rule abstains.
pub(crate) type Reason = (VoidCause, String);

/// An outcome before the names of site, camera and run are added.
pub(crate) struct Draft<'a> {
    pub(crate) rule: &'static RuleInfo,
    /// The track that the outcome is about.
    pub(crate) subject: TrackId,
    pub(crate) time: EventTime,
    pub(crate) place: &'a str,
    pub(crate) lane: Option<usize>,
    pub(crate) quantities: Vec<Quantity>,
    pub(crate) signal: Option<Signal>,
    pub(crate) void: Option<Reason>,
}

impl Scene<'_> {
    /// Adds an outcome about a vehicle; nothing where the track is none. A class that is not
    /// certain turns a violation into a void.
    pub(crate) fn conclude(&self, track: &Track, draft: Draft<'_>, out: &mut Vec<Outcome>) {
        let Some(class) = track.subject() else { return };
        let lane = draft.lane.and_then(|index| self.map.lanes.get(index));
        let uncertain = track.class_uncertain().then(|| {
            let share = track.class_confidence;
            let detail =
                format!("Only {share:.2} of the track's votes say {}.", track.class.as_str());
            (VoidCause::ClassUncertain, detail)
        });
        let verdict = match draft.void.or(uncertain) {
            Some((cause, detail)) => Verdict::Void { cause, detail },
            None => Verdict::Violation,
        };
        out.push(Outcome {
            id: OutcomeId::derive(
                &self.map.site,
                self.camera,
                self.run,
                draft.subject,
                draft.rule.name,
                draft.place,
                draft.time,
            ),
            rule: draft.rule.name,
            rule_version: draft.rule.version,
            site: self.map.site.clone(),
            camera: self.camera.clone(),
            run: self.run.clone(),
            track: draft.subject,
            class,
            event_time: draft.time,
            place: draft.place.to_owned(),
            approach: lane.and_then(|lane| lane.approach.clone()),
            lane: lane.map(|lane| lane.id.clone()),
            quantities: draft.quantities,
            signal: draft.signal,
            verdict,
        });
    }

    /// Why the span is not to be judged: frames are missing in it.
    pub(crate) fn gap(&self, from: EventTime, to: EventTime) -> Option<Reason> {
        self.gaps.overlapping(from, to).map(|gap| (VoidCause::Gap, Gaps::detail(gap)))
    }
}

/// A quantity. An end of the interval that passes the value by an error of rounding (a sum of steps
/// against a difference of instants) is the value.
pub(crate) fn quantity(
    name: &'static str,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    unit: Unit,
) -> Quantity {
    let (low, high) = (low.map(|low| low.min(value)), high.map(|high| high.max(value)));
    Quantity { name, value, low, high, unit }
}

/// Void: the interval straddles the limit.
pub(crate) fn straddles(detail: impl Into<String>) -> Option<Reason> {
    Some((VoidCause::IntervalStraddlesLimit, detail.into()))
}
