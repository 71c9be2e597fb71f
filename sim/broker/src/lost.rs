//! A defect of Kafka that a test must tell from one of ours.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::{Broker, BrokerError, BrokerOptions};

/// What Kafka logs when its coordinator loses its partition while it ends a transaction.
const LOST: &str = "transition failed due to NOT_COORDINATOR";
/// How often a broker may lose a transaction before somebody has to look.
const ATTEMPTS_MAX: u32 = 4;

impl Broker {
    /// Whether it may have left a transaction open for ever.
    ///
    /// Seen with Apache Kafka 4.3.1: killed between a transaction's decision and its markers, the broker
    /// leads its partitions again under the old epoch before its new registration takes them away from it. Where
    /// the markers fall into that moment, the coordinator calls the transaction complete, and one of the
    /// partitions never gets its marker: readers of committed records stop there, and no time-out ends it.
    /// An operator finds it with `kafka-transactions.sh find-hanging` and ends it with `abort`.
    pub fn may_have_lost_a_marker(&self) -> bool {
        std::fs::read_to_string(self.log_file()).unwrap_or_default().contains(LOST)
    }
}

/// Runs a test that kills its broker. Where it fails, and the broker's log says that it may have lost a
/// marker, it runs again on another broker; any other failure is the test's own.
///
/// # Errors
///
/// Where a broker does not start.
///
/// # Panics
///
/// Where the test does.
pub fn whatever_the_broker_lost(
    options: &BrokerOptions,
    mut test: impl FnMut(&Broker),
) -> Result<(), BrokerError> {
    for attempt in 1.. {
        let broker = Broker::start(options.clone())?;
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| test(&broker))) else { break };
        if attempt == ATTEMPTS_MAX || !broker.may_have_lost_a_marker() {
            resume_unwind(panic);
        }
        eprintln!(
            "the broker may have left a transaction open: another one, attempt {}",
            attempt + 1
        );
    }
    Ok(())
}
