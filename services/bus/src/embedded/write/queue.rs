//! What waits for the writer, bounded in records and in bytes.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::job::Job;

/// A queue of jobs, first in, first out.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    room: Condvar,
    work: Condvar,
    records_max: usize,
    bytes_max: usize,
}

#[derive(Debug, Default)]
struct State {
    jobs: VecDeque<Job>,
    records: usize,
    bytes: usize,
    closed: bool,
}

/// Why a job did not get into the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Full { records: usize, bytes: usize },
    Closed,
}

impl Queue {
    pub(crate) fn new(records_max: usize, bytes_max: usize) -> Self {
        Self {
            state: Mutex::new(State::default()),
            room: Condvar::new(),
            work: Condvar::new(),
            records_max,
            bytes_max,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No thread leaves the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job, waiting for room up to `timeout`.
    pub(crate) fn push(&self, job: Job, timeout: Duration) -> Result<(), Refused> {
        let deadline = Instant::now().checked_add(timeout);
        let mut state = self.state();
        loop {
            if state.closed {
                return Err(Refused::Closed);
            }
            let fits = state.records + job.weight() <= self.records_max
                && state.bytes + job.bytes <= self.bytes_max;
            if fits {
                state.records += job.weight();
                state.bytes += job.bytes;
                state.jobs.push_back(job);
                self.work.notify_one();
                return Ok(());
            }
            let left = deadline.map_or(Duration::from_secs(3_600), |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            if left.is_zero() {
                return Err(Refused::Full { records: state.records, bytes: state.bytes });
            }
            state = self.room.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The jobs that go into the next transaction: at least one, and then as many as fit into
    /// `records_max`. None when the queue is closed and empty.
    pub(crate) fn take(&self, records_max: usize) -> Option<Vec<Job>> {
        let mut state = self.state();
        while state.jobs.is_empty() {
            if state.closed {
                return None;
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let (mut jobs, mut records) = (Vec::new(), 0);
        while let Some(weight) = state.jobs.front().map(Job::weight) {
            if !jobs.is_empty() && records + weight > records_max {
                break;
            }
            let Some(job) = state.jobs.pop_front() else { break };
            records += weight;
            state.records -= weight;
            state.bytes -= job.bytes;
            jobs.push(job);
        }
        self.room.notify_all();
        Some(jobs)
    }

    /// Takes no more; what is in it is still done.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.work.notify_all();
        self.room.notify_all();
    }

    /// Takes everything out that nobody will do.
    pub(crate) fn abandon(&self) -> Vec<Job> {
        let mut state = self.state();
        state.closed = true;
        (state.records, state.bytes) = (0, 0);
        let jobs = state.jobs.drain(..).collect();
        self.room.notify_all();
        jobs
    }

    /// Records and bytes that wait.
    pub(crate) fn waiting(&self) -> (usize, usize) {
        let state = self.state();
        (state.records, state.bytes)
    }
}
