//! Ids of cases and of claims. They follow from what they name; nothing is drawn by chance.

use std::fmt;

use sha2::{Digest, Sha256};
use wayside_proto::OutcomeId;

use crate::Account;

/// Id of a case: 32 digits in lower-case hex, a digest. It is not the violation's id, so that a known
/// case, which many reviewers get, has an id like any other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId(String);

/// Proof of a claim: whoever decides shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimToken(String);

fn digest(label: &str, parts: &[&str], number: u64) -> String {
    let mut hash = Sha256::new();
    for part in [label].iter().chain(parts) {
        // The length keeps ("ab", "c") apart from ("a", "bc").
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(number.to_be_bytes());
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_digest(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

impl CaseId {
    /// The case of this violation.
    #[must_use]
    pub fn of(violation: &OutcomeId) -> Self {
        Self(digest("wayside.case.v1", &[&violation.0], 0))
    }

    /// The case that shows the known violation to one reviewer.
    #[must_use]
    pub fn known(violation: &OutcomeId, account: &Account) -> Self {
        Self(digest("wayside.case.known.v1", &[&violation.0, account.as_str()], 0))
    }

    /// Reads an id: 32 digits in lower-case hex.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_digest(text).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ClaimToken {
    /// The token of the claim with this number (from 1) of the case.
    #[must_use]
    pub fn of(case: &CaseId, account: &Account, number: u64) -> Self {
        Self(digest("wayside.claim.v1", &[case.as_str(), account.as_str()], number))
    }

    /// Reads a token: 32 digits in lower-case hex.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_digest(text).then(|| Self(text.to_owned()))
    }

    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ClaimToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
