//! Where the console learns how much waits for review.

use std::collections::BTreeMap;

/// Knows how many cases wait for a decision.
pub trait ReviewQueue: Send + Sync + std::fmt::Debug {
    /// Cases that wait, by site; none where that cannot be told now. Asked on a thread that may wait.
    fn waiting(&self) -> Option<BTreeMap<String, u64>>;
}
