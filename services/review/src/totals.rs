//! What the service has done since its start, for metrics. Counts alone: nothing of a case, and no account.

use std::sync::atomic::{AtomicU64, Ordering};

use wayside_desk::QueueCounts;

use crate::bus::{IntakeTotals, Published};

/// An act of a person on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A case was claimed.
    Claim,
    /// It was approved.
    Approve,
    /// It was rejected.
    Reject,
    /// It was sent back to an engineer.
    SendBack,
    /// A decision was undone.
    Undo,
}

impl Act {
    /// Every act, in the order of declaration.
    pub const ALL: [Self; 5] =
        [Self::Claim, Self::Approve, Self::Reject, Self::SendBack, Self::Undo];
}

/// Counts acts from many threads.
#[derive(Debug, Default)]
pub(crate) struct Acts([AtomicU64; Act::ALL.len()]);

impl Acts {
    pub(crate) fn count(&self, act: Act) {
        if let Some(counter) = self.0.get(act as usize) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn get(&self, act: Act) -> u64 {
        self.0.get(act as usize).map_or(0, |counter| counter.load(Ordering::Relaxed))
    }
}

/// Counters since the start of the service, and how it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Cases that came in.
    pub intake: IntakeTotals,
    /// Cases that wait, a few seconds old; none until they were counted.
    pub queue: Option<QueueCounts>,
    /// What people did here, in the order of [`Act::ALL`]; a repeated act counts once.
    pub acts: [u64; Act::ALL.len()],
    /// What went onto the bus.
    pub published: Published,
    /// Deliveries of all webhooks together.
    pub webhooks: WebhookTotals,
}

/// Deliveries of all webhooks together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebhookTotals {
    /// Messages that wait or are on their way.
    pub held: u64,
    /// Messages that receivers took.
    pub delivered: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Messages that were given up.
    pub given_up: u64,
}
