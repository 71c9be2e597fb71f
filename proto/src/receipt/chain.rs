//! Whether a chain of receipts is whole.

use super::{Hash32, Receipt};
use crate::EventTime;

/// What a sound chain adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainSummary {
    /// What was deleted from; empty where there is no receipt.
    pub what: String,
    /// Receipts.
    pub receipts: u64,
    /// Records deleted, over all of them.
    pub deleted: u64,
    /// Number of the first receipt. Above 0 the older part of the chain is gone, for example with the
    /// retention of its topic: what is left is verified from there on.
    pub first: u64,
    /// The worker's clock at the first and at the last deletion.
    pub when: Option<(EventTime, EventTime)>,
    /// Hash of the last receipt, to compare with a copy kept elsewhere: receipts cut off at the end
    /// leave no other trace.
    pub last_hash: Hash32,
}

/// Where a chain breaks, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("receipt {at} of {what}: {problem}")]
pub struct ChainError {
    /// The chain.
    pub what: String,
    /// The number that was expected at this place.
    pub at: u64,
    /// What is wrong.
    pub problem: ChainProblem,
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainProblem {
    /// Some numbers are left out.
    #[error(
        "it is not there; the next one that is has number {found}, so {} missing",
        if .missing == &1 { "one is".to_owned() } else { format!("{} are", .missing) }
    )]
    Missing {
        /// The number that stands there instead.
        found: u64,
        /// How many are not there.
        missing: u64,
    },
    /// A number that was there before, or should have been.
    #[error("number {found} stands in its place: the order was changed, or one was put in")]
    OutOfOrder {
        /// The number that stands there instead.
        found: u64,
    },
    /// The content does not give the hash.
    #[error(
        "its content was changed: the hash over its fields is {computed}, and it says {stated}"
    )]
    Changed {
        /// What the fields give.
        computed: Hash32,
        /// What the receipt says.
        stated: Hash32,
    },
    /// The receipt before is not the one that this one was made after.
    #[error("it was made after a receipt with hash {stated}, and the one before it has {found}")]
    WrongPrevious {
        /// What the receipt says of the one before.
        stated: Hash32,
        /// The hash of the one before.
        found: Hash32,
    },
    /// It belongs to another chain.
    #[error("it is a receipt of {found:?}")]
    OtherChain {
        /// Its chain.
        found: String,
    },
}

/// Checks the receipts of one chain, oldest first.
///
/// The first need not have number 0: what retention took is not held against the rest, and
/// [`ChainSummary::first`] says so.
///
/// # Errors
/// At the first receipt that is missing, changed, out of order, or made after another one than the one
/// before it.
pub fn verify_chain(
    receipts: impl IntoIterator<Item = Receipt>,
) -> Result<ChainSummary, ChainError> {
    let mut summary = ChainSummary {
        what: String::new(),
        receipts: 0,
        deleted: 0,
        first: 0,
        when: None,
        last_hash: Hash32::default(),
    };
    let mut before: Option<Receipt> = None;
    for receipt in receipts {
        check(before.as_ref(), &receipt)?;
        if before.is_none() {
            summary.what.clone_from(&receipt.what);
            summary.first = receipt.number;
        }
        let when = receipt.deletion.when;
        summary.receipts += 1;
        summary.deleted = summary.deleted.saturating_add(receipt.deletion.deleted);
        summary.when = Some((summary.when.map_or(when, |(first, _)| first), when));
        summary.last_hash = receipt.hash;
        before = Some(receipt);
    }
    Ok(summary)
}

fn check(before: Option<&Receipt>, receipt: &Receipt) -> Result<(), ChainError> {
    let expected = before.map_or(receipt.number, |before| before.number.saturating_add(1));
    let what = before.map_or(&receipt.what, |before| &before.what);
    let wrong = |problem| Err(ChainError { what: what.clone(), at: expected, problem });
    if receipt.what != *what {
        return wrong(ChainProblem::OtherChain { found: receipt.what.clone() });
    }
    let found = receipt.number;
    if found > expected {
        return wrong(ChainProblem::Missing { found, missing: found - expected });
    }
    if found < expected {
        return wrong(ChainProblem::OutOfOrder { found });
    }
    let computed = receipt.computed();
    if computed != receipt.hash {
        return wrong(ChainProblem::Changed { computed, stated: receipt.hash });
    }
    let previous = match before {
        Some(before) => Some(before.hash),
        None => (receipt.number == 0).then(Hash32::default),
    };
    match previous {
        Some(found) if found != receipt.previous => {
            wrong(ChainProblem::WrongPrevious { stated: receipt.previous, found })
        }
        _ => Ok(()),
    }
}
