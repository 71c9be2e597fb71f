//! Which cases two reviewers decide, and which claims get a known case. By digest: the same
//! on every machine and after every restart, and nobody can foresee it without the whole id.

use sha2::{Digest, Sha256};
use wayside_proto::EventTime;

use crate::{Account, CaseId, Decision};

/// A violation whose right decision is known. Reviewers get it like any other case, each at most once,
/// and learn only after their decision that it was one. No citation comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The right decision. With another reason a rejection is still right.
    pub right: Decision,
    /// Who says so; that account does not get it.
    pub added_by: Account,
    /// Since when.
    pub added_at: EventTime,
}

impl Known {
    /// Whether this decision is right.
    #[must_use]
    pub fn is_right(&self, decision: Decision) -> bool {
        self.right.approves() == decision.approves()
    }
}

/// Whether two reviewers decide the case; of many cases, `share` of them do.
#[must_use]
pub fn gets_second_review(case: &CaseId, share: f64) -> bool {
    unit("wayside.sample.second.v1", case.as_str(), 0) < share
}

/// Whether the claim with this number (from 0) of the account gets a known case.
#[must_use]
pub fn gets_known_case(account: &Account, claim: u64, share: f64) -> bool {
    unit("wayside.sample.known.v1", account.as_str(), claim) < share
}

/// 0 inclusive to 1 exclusive: 53 bits of a digest.
fn unit(label: &str, text: &str, number: u64) -> f64 {
    let mut hash = Sha256::new();
    hash.update(label.as_bytes());
    hash.update(text.as_bytes());
    hash.update(number.to_be_bytes());
    let digest = hash.finalize();
    let bits = digest.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}
