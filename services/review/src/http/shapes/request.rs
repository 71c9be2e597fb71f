//! What callers send. Keys that nobody knows are refused.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which cases a reviewer wants; any, where nothing is said.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimRequest {
    /// Of one junction.
    pub site: Option<String>,
    /// Of one rule.
    pub rule: Option<String>,
    /// Waiting for one review: `first`, `second`, `senior` or `contest`.
    pub stage: Option<String>,
}

/// The proof of a claim.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// The token of the claim.
    pub token: String,
}

/// A reviewer's decision.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideRequest {
    /// The token of the claim.
    pub token: String,
    /// `approve` or `reject`.
    pub decision: String,
    /// Why it is rejected; see `/v1/reasons`.
    pub reason: Option<String>,
    /// The plate as the reviewer reads it, the suggestion confirmed or corrected. An approval needs it.
    pub plate: Option<String>,
    /// For the file; no plate in it.
    #[serde(default)]
    pub note: String,
}

/// Why a case is sent back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBackRequest {
    /// The token of the claim.
    pub token: String,
    /// What has to be seen to.
    pub why: String,
}

/// Why something is done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyRequest {
    /// In one sentence.
    pub why: String,
}

/// A known case.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownRequest {
    /// The case whose violation becomes a known one.
    pub case: String,
    /// The right decision: `approve` or `reject`.
    pub right: String,
    /// The reason, where it is to be rejected.
    pub reason: Option<String>,
}

/// What became of a citation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusRequest {
    /// `served`, `contested`, `paid` or `cancelled`.
    pub status: String,
    /// The ticketing system's own number of this report: the same one again changes nothing.
    pub reference: String,
}

/// The rule of a camera that goes back to work.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReinstateRequest {
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The rule.
    pub rule: String,
    /// What was put right.
    pub why: String,
}

/// Which part of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// From this number on.
    pub from: u64,
    /// At most so many, 1 to 1000; 100 where absent.
    pub limit: Option<u64>,
    /// Of this case alone.
    pub case: Option<String>,
}

/// What a plate is for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlateQuery {
    /// Why it is read, for the audit log: `hand_to_ticketing`.
    pub purpose: String,
}

/// Which citations.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct CitationsQuery {
    /// Those that follow this id in the list.
    pub after: Option<String>,
    /// At most so many, 1 to 1000; 100 where absent.
    pub limit: Option<u64>,
}
