//! Puts what waits into one transaction.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, ErrorCode};

use super::apply::{self, Failed};
use super::job::{Done, Job, Work};
use super::queue::Queue;
use super::retain;
use crate::embedded::open::{self, Heads};
use crate::embedded::tails::{Tail, Tails};
use crate::error::BusError;
use crate::topic::Topic;

/// What the writer counts.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) transactions: AtomicU64,
    pub(crate) failed_transactions: AtomicU64,
    pub(crate) stored: AtomicU64,
    pub(crate) duplicates: AtomicU64,
    pub(crate) refused_records: AtomicU64,
    pub(crate) deleted: AtomicU64,
    pub(crate) group_jobs_max: AtomicU64,
}

impl Counters {
    fn add(counter: &AtomicU64, number: u64) {
        counter.fetch_add(number, Ordering::Relaxed);
    }
}

/// The thread that writes.
pub(crate) struct Writer {
    pub(crate) dir: PathBuf,
    pub(crate) connection: Connection,
    pub(crate) heads: Heads,
    pub(crate) tails: [Tail; Topic::ALL.len()],
    pub(crate) limit_bytes: Option<u64>,
    pub(crate) group_records_max: usize,
    pub(crate) queue: Arc<Queue>,
    pub(crate) shown: Arc<Tails>,
    pub(crate) counters: Arc<Counters>,
}

/// Refuses what waits when the writer ends, however it ends.
struct Ending {
    dir: PathBuf,
    queue: Arc<Queue>,
    shown: Arc<Tails>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        for job in self.queue.abandon() {
            job.work.refuse(BusError::Closed { dir: self.dir.clone() });
        }
        self.shown.close();
    }
}

impl Writer {
    /// Works until the queue is closed and empty.
    pub(crate) fn run(mut self) {
        let (queue, shown) = (Arc::clone(&self.queue), Arc::clone(&self.shown));
        let _ending = Ending { dir: self.dir.clone(), queue, shown };
        while let Some(jobs) = self.queue.take(self.group_records_max) {
            self.group(jobs);
        }
    }

    fn group(&mut self, jobs: Vec<Job>) {
        self.counters.group_jobs_max.fetch_max(jobs.len() as u64, Ordering::Relaxed);
        let (heads, tails) = (self.heads, self.tails);
        // What is refused by itself leaves the others alone; an error of the disk is everybody's.
        let mut done = Vec::with_capacity(jobs.len());
        let mut failed = self.begin().err();
        let mut undone: Vec<Job> = Vec::new();
        for job in jobs {
            if failed.is_some() {
                undone.push(job);
                continue;
            }
            match self.apply(&job.work) {
                Ok(result) => done.push((result, job)),
                Err(Failed::Refused(error)) => job.work.refuse(error),
                Err(Failed::Sql(error)) => {
                    failed = Some(self.error(&error));
                    undone.push(job);
                }
            }
        }
        if failed.is_none() {
            failed = self.end(&heads).map_err(|error| self.error(&error)).err();
        }
        if let Some(error) = failed {
            // A failed statement may have rolled back by itself; then there is nothing to do.
            let _ = self.connection.execute_batch("ROLLBACK");
            // Where there is no room for the write-ahead log to grow, what it has can move out.
            let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)");
            (self.heads, self.tails) = (heads, tails);
            Counters::add(&self.counters.failed_transactions, 1);
            for job in done.into_iter().map(|(_, job)| job).chain(undone) {
                Counters::add(&self.counters.refused_records, job.records as u64);
                job.work.refuse(error.clone());
            }
            return;
        }
        Counters::add(&self.counters.transactions, 1);
        self.shown.set(&self.tails);
        for (result, job) in done {
            if let Some(done) = answer(result, job.work) {
                self.count(&done);
                done.acknowledge();
            }
        }
    }

    fn begin(&self) -> Result<(), BusError> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| self.error(&error))
    }

    /// Stores the counters that have changed, and commits: from here on it is durable.
    fn end(&self, before: &Heads) -> rusqlite::Result<()> {
        for topic in Topic::ALL {
            let head = self.heads[topic.index()];
            if head != before[topic.index()] {
                apply::store_head(&self.connection, topic, &head)?;
            }
        }
        self.connection.execute_batch("COMMIT")
    }

    fn apply(&mut self, work: &Work) -> Result<Outcome, Failed> {
        let connection = &self.connection;
        match work {
            Work::Append { topic, records, .. } => {
                let first = self.heads[topic.index()].next;
                let pairs = records.iter().map(|record| (*topic, record));
                let (stored, duplicates) =
                    apply::insert(connection, pairs, &mut self.heads, &mut self.tails)?;
                Ok(Outcome::Stored { first, stored, duplicates })
            }
            Work::Commit { consumer, topic, position, outputs, .. } => {
                let end = self.heads[topic.index()].next;
                apply::position(connection, consumer, *topic, *position, end)?;
                let pairs = outputs.iter().map(|(topic, record)| (*topic, record));
                let (stored, duplicates) =
                    apply::insert(connection, pairs, &mut self.heads, &mut self.tails)?;
                Ok(Outcome::Stored { first: 0, stored, duplicates })
            }
            Work::Retain { topic, due, .. } => {
                let head = &mut self.heads[topic.index()];
                let (deleted, more) = retain::step(connection, *topic, due, head)?;
                self.tails[topic.index()] = open::tail(connection, *topic, head)?;
                Ok(Outcome::Deleted(deleted, more))
            }
            Work::Forget { consumer, .. } => {
                Ok(Outcome::Forgotten(apply::forget(connection, consumer)?))
            }
            Work::Flush { .. } => Ok(Outcome::Flushed),
        }
    }

    fn count(&self, done: &Done) {
        let counters = &self.counters;
        let (stored, duplicates) = match done {
            Done::Append(_, appended) => (appended.stored, appended.duplicates),
            Done::Commit(_, committed) => (committed.stored, committed.duplicates),
            Done::Retain(_, (deleted, _)) => {
                Counters::add(&counters.deleted, deleted.records);
                return;
            }
            Done::Forget(..) | Done::Flush(..) => return,
        };
        Counters::add(&counters.stored, stored);
        Counters::add(&counters.duplicates, duplicates);
    }

    fn error(&self, error: &rusqlite::Error) -> BusError {
        if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
            let limit_bytes = self.limit_bytes.filter(|limit| {
                // Within some pages of the limit it was the limit and not the disk.
                let bytes = std::fs::metadata(open::file(&self.dir)).map_or(0, |file| file.len());
                let pages: i64 = self
                    .connection
                    .pragma_query_value(None, "page_count", |row| row.get(0))
                    .unwrap_or(0);
                let page: i64 = self
                    .connection
                    .pragma_query_value(None, "page_size", |row| row.get(0))
                    .unwrap_or(0);
                bytes.max((pages.max(0) * page.max(0)) as u64) + 4 * page.max(0) as u64 >= *limit
            });
            return BusError::DiskFull { dir: self.dir.clone(), limit_bytes };
        }
        BusError::sql(&self.dir, "writing", error)
    }
}

/// What a request did.
enum Outcome {
    Stored { first: u64, stored: u64, duplicates: u64 },
    Deleted(crate::record::Deleted, bool),
    Forgotten(u64),
    Flushed,
}

/// Joins a request's result with the one who asked.
fn answer(outcome: Outcome, work: Work) -> Option<Done> {
    use crate::record::{Appended, Committed, Offset};
    match (work, outcome) {
        (Work::Append { reply, .. }, Outcome::Stored { first, stored, duplicates }) => {
            Some(Done::Append(reply, Appended { first: Offset(first), stored, duplicates }))
        }
        (Work::Commit { reply, .. }, Outcome::Stored { stored, duplicates, .. }) => {
            Some(Done::Commit(reply, Committed { stored, duplicates }))
        }
        (Work::Retain { reply, .. }, Outcome::Deleted(deleted, more)) => {
            Some(Done::Retain(reply, (deleted, more)))
        }
        (Work::Forget { reply, .. }, Outcome::Forgotten(count)) => Some(Done::Forget(reply, count)),
        (Work::Flush { reply }, Outcome::Flushed) => Some(Done::Flush(reply)),
        _ => None,
    }
}
