//! Where topics begin and end, for those who wait for a record. Only what is durable is told.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::topic::Topic;

/// The living part of a topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tail {
    /// First record that is there; `end` where there is none.
    pub(crate) begin: u64,
    /// Last record that is there.
    pub(crate) newest: Option<u64>,
    /// Offset of the next record.
    pub(crate) end: u64,
}

/// The tails of all topics.
#[derive(Debug)]
pub(crate) struct Tails {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug)]
struct State {
    tails: [Tail; Topic::ALL.len()],
    closed: bool,
}

impl Tails {
    pub(crate) fn new(tails: [Tail; Topic::ALL.len()]) -> Self {
        Self { state: Mutex::new(State { tails, closed: false }), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is plain numbers: it is whole even where a thread died with the guard.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn of(&self, topic: Topic) -> Tail {
        self.state().tails[topic.index()]
    }

    pub(crate) fn set(&self, tails: &[Tail; Topic::ALL.len()]) {
        self.state().tails = *tails;
        self.changed.notify_all();
    }

    /// Lets everybody who waits go.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    /// Waits until there is a record at or after `from`. False where there is none in time.
    pub(crate) fn wait(&self, topic: Topic, from: u64, timeout: Duration) -> bool {
        let deadline = Instant::now().checked_add(timeout);
        let mut state = self.state();
        loop {
            if state.tails[topic.index()].newest.is_some_and(|newest| newest >= from) {
                return true;
            }
            // A wait without an end is made of long ones.
            let left = deadline.map_or(Duration::from_secs(3_600), |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            if left.is_zero() || state.closed {
                return false;
            }
            state =
                self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
