//! Connections that threads share: a bounded number, and a bounded wait.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{DeskError, Result};

/// Opens a connection.
type Open<T> = Box<dyn Fn() -> Result<T> + Send + Sync>;

pub(crate) struct Pool<T> {
    open: Open<T>,
    max: usize,
    wait: Duration,
    state: Mutex<State<T>>,
    freed: Condvar,
}

struct State<T> {
    idle: Vec<T>,
    /// Idle and in use.
    total: usize,
    /// Who waits, the first first; and the number of the next to come.
    waiting: VecDeque<u64>,
    next: u64,
}

impl<T> Pool<T> {
    pub(crate) fn new(max: usize, wait_ms_max: u64, open: Open<T>) -> Self {
        Self {
            open,
            max,
            wait: Duration::from_millis(wait_ms_max),
            state: Mutex::new(State {
                idle: Vec::new(),
                total: 0,
                waiting: VecDeque::new(),
                next: 0,
            }),
            freed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An idle connection, or a new one, or the first that comes back. First come, first served: else a
    /// thread that is quick to come again would keep others waiting for seconds.
    pub(crate) fn take(&self) -> Result<Pooled<'_, T>> {
        let begin = Instant::now();
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        state.waiting.push_back(number);
        loop {
            let first = state.waiting.front() == Some(&number);
            if first && (!state.idle.is_empty() || state.total < self.max) {
                break;
            }
            let left = self.wait.saturating_sub(begin.elapsed());
            if left.is_zero() {
                state.waiting.retain(|other| *other != number);
                drop(state);
                self.freed.notify_all();
                let waited_ms = u64::try_from(self.wait.as_millis()).unwrap_or(u64::MAX);
                return Err(DeskError::Busy { waited_ms });
            }
            state = self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.waiting.pop_front();
        let idle = state.idle.pop();
        if idle.is_none() {
            state.total += 1;
        }
        drop(state);
        self.freed.notify_all();
        if let Some(value) = idle {
            return Ok(Pooled { pool: self, value: Some(value) });
        }
        // Without the lock: others go on meanwhile.
        match (self.open)() {
            Ok(value) => Ok(Pooled { pool: self, value: Some(value) }),
            Err(error) => {
                self.give_back(None);
                Err(error)
            }
        }
    }

    fn give_back(&self, value: Option<T>) {
        let mut state = self.lock();
        match value {
            Some(value) => state.idle.push(value),
            None => state.total = state.total.saturating_sub(1),
        }
        drop(state);
        self.freed.notify_all();
    }
}

/// A connection in use; it goes back when it is dropped.
pub(crate) struct Pooled<'a, T> {
    pool: &'a Pool<T>,
    value: Option<T>,
}

impl<T> Pooled<'_, T> {
    /// Closes it instead: it is broken.
    pub(crate) fn discard(&mut self) {
        self.value = None;
    }
}

impl<T> Deref for Pooled<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("in use until it is discarded")
    }
}

impl<T> DerefMut for Pooled<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("in use until it is discarded")
    }
}

impl<T> Drop for Pooled<'_, T> {
    fn drop(&mut self) {
        self.pool.give_back(self.value.take());
    }
}
