//! Receipts of deletions (PV-2): a chain by hash, so that none can be taken out or changed without a
//! trace.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::EventTime;

mod chain;

pub use chain::{ChainError, ChainProblem, ChainSummary, verify_chain};

/// A SHA-256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash32(pub [u8; 32]);

impl fmt::Display for Hash32 {
    /// 64 digits in lower-case hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// That something was deleted from one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What was deleted from, for example `index/A1` or `topic/wayside.passages.v1/0`.
    pub what: String,
    /// Number within the chain of `what`, from 0.
    pub number: u64,
    /// What was deleted, by which rule.
    pub deletion: Deletion,
    /// Hash of the receipt before; zeros for the first.
    pub previous: Hash32,
    /// Hash over all of the above.
    pub hash: Hash32,
}

/// One run of deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// Records deleted.
    pub deleted: u64,
    /// Event times of the first and the last of them; none where none was deleted, or their times
    /// are not known.
    pub span: Option<(EventTime, EventTime)>,
    /// Everything with an event time before this was deleted.
    pub limit: EventTime,
    /// The worker's clock at the deletion.
    pub when: EventTime,
    /// Which rule asked for it, for example `expiry`.
    pub policy: String,
}

impl Receipt {
    /// The receipt that follows `previous`, or begins a chain; `what` is the chain's name, and that
    /// of `previous` where there is one.
    #[must_use]
    pub fn next(previous: Option<&Self>, what: &str, deletion: Deletion) -> Self {
        let (what, number, before) = match previous {
            Some(previous) => {
                (previous.what.clone(), previous.number.saturating_add(1), previous.hash)
            }
            None => (what.to_owned(), 0, Hash32::default()),
        };
        let mut receipt =
            Self { what, number, deletion, previous: before, hash: Hash32::default() };
        receipt.hash = receipt.computed();
        receipt
    }

    /// The hash that the other fields give: SHA-256 over `wayside.receipt.v1`, then each field in the
    /// order of the message. Texts and bytes come after their length; numbers are 8 bytes, the
    /// highest first; an optional one comes after a byte that is 1 where it is there.
    #[must_use]
    pub fn computed(&self) -> Hash32 {
        let mut hash = Sha256::new();
        hash.update(b"wayside.receipt.v1");
        text(&mut hash, self.what.as_bytes());
        hash.update(self.number.to_be_bytes());
        hash.update(self.deletion.deleted.to_be_bytes());
        let (first, last) = self.deletion.span.unzip();
        for end in [first, last] {
            hash.update([u8::from(end.is_some())]);
            if let Some(time) = end {
                hash.update(time.0.to_be_bytes());
            }
        }
        hash.update(self.deletion.limit.0.to_be_bytes());
        hash.update(self.deletion.when.0.to_be_bytes());
        text(&mut hash, self.deletion.policy.as_bytes());
        text(&mut hash, &self.previous.0);
        Hash32(hash.finalize().into())
    }
}

fn text(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}
