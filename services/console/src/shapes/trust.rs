//! What the system did not judge, and what it deleted.

use serde::Serialize;
use utoipa::ToSchema;

/// Voids of one rule at one camera for one cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoidCount {
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The rule.
    pub rule: String,
    /// Why the rule abstained.
    pub cause: String,
    /// How many in the last 24 hours.
    pub count: u64,
    /// When the last one happened.
    pub last: String,
}

/// A receipt of a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptJson {
    /// Number within its chain, from 0.
    pub number: u64,
    /// Records deleted.
    pub deleted: u64,
    /// Event time of the first of them; absent where none was deleted or their times are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Event time of the last of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Everything with an event time before this was deleted.
    pub limit: String,
    /// The worker's clock at the deletion.
    pub when: String,
    /// Which rule asked for it.
    pub policy: String,
    /// Hash over the receipt, SHA-256 in hex.
    pub hash: String,
}

/// The receipts of one place that things are deleted from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptChain {
    /// What was deleted from, for example `evidence/A1`.
    pub what: String,
    /// Whether no receipt was changed, taken out or put in.
    pub holds: bool,
    /// What is wrong, where it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Receipts of the chain that are on the bus.
    pub receipts_total: u64,
    /// Number of the first of them: those before it are not kept any more.
    pub first: u64,
    /// Records deleted, over all of them.
    pub deleted: u64,
    /// Hash of the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_hash: Option<String>,
    /// The newest receipts, newest first, at most 100.
    pub receipts: Vec<ReceiptJson>,
}

/// Receipts of deletions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Receipts {
    /// Chains, in order of what was deleted from.
    pub chains: Vec<ReceiptChain>,
    /// Receipts that cannot be read.
    pub unreadable: u64,
    /// Whether there are more receipts than are read at once; then not every chain is judged to its end.
    pub cut: bool,
}
