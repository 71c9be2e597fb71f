//! Violations, voids and notices.

use serde::Serialize;
use utoipa::ToSchema;

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A rule holds it for a violation; people decide.
    Violation,
    /// A rule abstained, and says why.
    Void,
    /// Something about the system: a camera or a rule stands down, or is back.
    Notice,
}

/// How far the evidence of a violation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceState {
    /// Nothing was heard of it yet.
    Pending,
    /// A package is sealed and stored.
    Sealed,
    /// There is none, and never will be.
    Failed,
}

/// What became of a violation after people decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CitationState {
    /// A citation was issued.
    Issued,
    /// It does not hold any more.
    Voided,
}

/// A measured quantity with its 95% interval.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventQuantity {
    /// Name, for example `time_into_red`.
    pub name: String,
    /// Best estimate.
    pub value: f64,
    /// Lower end; absent where unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end; absent where unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Symbol of the unit: `s`, `m` or `m/s`.
    pub unit: String,
}

/// A violation, a void or a notice.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventJson {
    /// Its id; of a violation the same as in review.
    pub id: String,
    /// What kind of event it is.
    pub kind: EventKind,
    /// Name of the rule. `camera` for a notice about a camera.
    pub rule: String,
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// When it happened.
    pub time: String,
    /// `car`, `truck`, `bus` or `motorcycle`; absent in notices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle_class: Option<String>,
    /// The anonymous track, unique within camera and run; absent in notices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<u64>,
    /// The lane, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<String>,
    /// Stop line, zone, crossing, conflict area, lane or section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The approach that the place belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approach: Option<String>,
    /// Why a rule abstained, or the condition of a notice: `moved`, `blurred`, `rule_stood_down` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// One sentence for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What was measured.
    pub quantities: Vec<EventQuantity>,
    /// How far the evidence is; of violations alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceState>,
    /// Whether there is a citation; of violations alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citation: Option<CitationState>,
}

/// What a signal group showed at an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignalAtEvent {
    /// The group.
    pub group: String,
    /// `red`, `yellow` or `green`.
    pub state: String,
    /// Since when; absent where it was so before the first record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// Why there is no evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EvidenceFailureJson {
    /// `worker_gone`, `ring_moved_on`, `not_redactable`, `no_track`, `no_pictures`, `not_stored` or
    /// `retention`.
    pub cause: String,
    /// One sentence for a person.
    pub detail: String,
}

/// An event with what is known around it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventDetail {
    /// The event.
    pub event: EventJson,
    /// What was measured.
    pub quantities: Vec<EventQuantity>,
    /// The signal at the event, where the rule depends on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<SignalAtEvent>,
    /// How far the evidence is; none where the event needs none.
    pub evidence: Option<EvidenceState>,
    /// Why there is no evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<EvidenceFailureJson>,
    /// When the package was sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_at: Option<String>,
    /// Version of the rule's definition; absent in notices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_version: Option<u32>,
}

/// A page of events, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventPage {
    /// The events.
    pub events: Vec<EventJson>,
    /// `before` of the next page; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Events of these sites that were heard of and are not kept any more.
    pub not_kept: u64,
}
