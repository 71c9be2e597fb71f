//! Why retention could not go on.

use wayside_bus::BusError;
use wayside_desk::DeskError;
use wayside_evidence::StoreError;

/// Why retention could not go on; the next run takes up where this one stopped.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The store of packages.
    #[error("retention stops, and the next run goes on: {0}")]
    Store(#[from] StoreError),
    /// The database of cases.
    #[error("retention stops, and the next run goes on: {0}")]
    Desk(#[from] DeskError),
    /// The bus with the receipts.
    #[error("retention stops, and the next run goes on: {0}")]
    Bus(#[from] BusError),
    /// What an earlier run left cannot be read.
    #[error(
        "{uri} in {place} is no plan of retention: {problem}\n  hint: it was changed by somebody else; \
         look at what it names, and take it out"
    )]
    Damaged {
        /// Its path.
        uri: String,
        /// The store.
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// An earlier run planned cases, and this one has no desk.
    #[error(
        "{uri} in {place}, left by an earlier run, names cases, and no database of cases is given\n  hint: \
         run it with the same database as before"
    )]
    NoDesk {
        /// Path of the plan.
        uri: String,
        /// The store.
        place: String,
    },
    /// Another program has written receipts of the same chain.
    #[error(
        "receipt {number} of {what} on the bus is another than the one that {uri} holds\n  hint: two \
         programs keep receipts of one site; let one of them do it"
    )]
    Foreign {
        /// The chain.
        what: String,
        /// Its number.
        number: u64,
        /// Path of the order.
        uri: String,
    },
    /// A receipt breaks the contract.
    #[error("a receipt of {what} cannot be written: {problem}")]
    Receipt {
        /// The chain.
        what: String,
        /// What is wrong.
        problem: String,
    },
}
