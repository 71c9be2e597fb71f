//! The handle to a log. `state` is what the log says of itself.

mod state;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::embedded::groups::Groups;
use crate::embedded::lock::DirLock;
use crate::embedded::open::{self, Opened};
use crate::embedded::options::LogOptions;
use crate::embedded::read::Readers;
use crate::embedded::tails::Tails;
use crate::embedded::write::{Counters, Due, Job, Queue, Refused, Work, Writer};
use crate::error::BusError;
use crate::limits;
use crate::pending::Pending;
use crate::record::{Appended, Committed, Deleted, Offset, Position, Record, Stored};
use crate::topic::Topic;

/// A durable log in a directory, held by this process. Clones are the same log; when the last one
/// is dropped, what waits is written and the log is closed.
#[derive(Clone, Debug)]
pub struct Log {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    dir: PathBuf,
    queue_wait: Duration,
    queue: Arc<Queue>,
    tails: Arc<Tails>,
    counters: Arc<Counters>,
    readers: Readers,
    lock: DirLock,
    groups: Groups,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Log {
    /// Opens the log in `dir`, which is made where it is missing.
    ///
    /// # Errors
    /// Where the directory cannot be written, another process holds it, or the database is damaged,
    /// somebody else's, or of a newer version.
    pub fn open(dir: &Path, options: LogOptions) -> Result<Self, BusError> {
        let options = options.sound();
        let Opened { lock, connection, heads, tails } = open::open(dir, &options)?;
        let queue = Arc::new(Queue::new(options.queue_records_max, options.queue_bytes_max));
        let (shown, counters) = (Arc::new(Tails::new(tails)), Arc::new(Counters::default()));
        let writer = Writer {
            dir: dir.to_owned(),
            connection,
            heads,
            tails,
            limit_bytes: options.file_bytes_max,
            group_records_max: options.group_records_max,
            queue: Arc::clone(&queue),
            shown: Arc::clone(&shown),
            counters: Arc::clone(&counters),
        };
        let thread = std::thread::Builder::new()
            .name("bus-writer".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| BusError::io(dir, "given a thread", &error))?;
        Ok(Self {
            inner: Arc::new(Inner {
                dir: dir.to_owned(),
                queue_wait: options.queue_wait,
                queue,
                tails: shown,
                counters,
                readers: Readers::new(dir),
                lock,
                groups: Groups::default(),
                writer: Mutex::new(Some(thread)),
            }),
        })
    }

    /// Appends a batch and waits until it is durable. All of it is stored, or nothing.
    ///
    /// # Errors
    /// Where a bound is broken, the queue stays full, or the disk refuses.
    pub fn append(&self, topic: Topic, records: Vec<Record>) -> Result<Appended, BusError> {
        self.append_later(topic, records)?.wait()
    }

    /// Hands a batch over; it becomes durable soon. Batches of one thread keep their order.
    ///
    /// # Errors
    /// Where a bound is broken, or the queue stays full for [`LogOptions::queue_wait`].
    pub fn append_later(&self, topic: Topic, records: Vec<Record>) -> Result<Pending, BusError> {
        let bytes = limits::check(records.iter().map(|record| (topic, record)))?;
        let count = records.len();
        let reply = self.send(count, bytes, |reply| Work::Append { topic, records, reply })?;
        Ok(Pending { reply, closed: self.closed() })
    }

    /// Records from `from` on, in order of offset: at most `records_max`, and no more bytes than
    /// `bytes_max` unless a single record is larger. Empty where there are none yet.
    ///
    /// # Errors
    /// Where the disk fails, or the first of them is damaged.
    pub fn read(
        &self,
        topic: Topic,
        from: Offset,
        records_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Stored>, BusError> {
        self.inner.readers.read(topic, from, records_max, bytes_max)
    }

    /// The first record that is there; the end where there is none.
    #[must_use]
    pub fn begin(&self, topic: Topic) -> Offset {
        Offset(self.inner.tails.of(topic).begin)
    }

    /// Where the next record will stand.
    #[must_use]
    pub fn end(&self, topic: Topic) -> Offset {
        Offset(self.inner.tails.of(topic).end)
    }

    /// The place after the last record that is there; what stood behind it is gone.
    pub(super) fn end_of_records(&self, topic: Topic) -> Offset {
        let tail = self.inner.tails.of(topic);
        Offset(tail.newest.map_or(tail.end, |newest| newest + 1))
    }

    /// Waits until there is a record at or after `from`; false where there is none in time.
    #[must_use]
    pub fn wait(&self, topic: Topic, from: Offset, timeout: Duration) -> bool {
        self.inner.tails.wait(topic, from.0, timeout)
    }

    /// The record that was last appended under a key, unless retention has deleted it.
    ///
    /// # Errors
    /// Where the disk fails, or the record is damaged.
    pub fn last(&self, topic: Topic, key: &str) -> Result<Option<Stored>, BusError> {
        self.inner.readers.last(topic, key)
    }

    /// How far a consumer is; none where it has never committed.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn position(&self, consumer: &str, topic: Topic) -> Result<Option<Position>, BusError> {
        self.inner.readers.position(consumer, topic)
    }

    /// Stores a consumer's position in `topic` and its outputs, both or neither, and waits until
    /// they are durable.
    ///
    /// # Errors
    /// Where the position lies before the one committed last or beyond the end, a bound is broken,
    /// the queue stays full, or the disk refuses.
    pub fn commit(
        &self,
        consumer: &str,
        topic: Topic,
        position: Position,
        outputs: Vec<(Topic, Record)>,
    ) -> Result<Committed, BusError> {
        limits::check_consumer(consumer, Some(position))?;
        let bytes = limits::check(outputs.iter().map(|(topic, record)| (*topic, record)))?;
        let (count, consumer) = (outputs.len(), consumer.to_owned());
        self.ask(count, bytes, |reply| Work::Commit { consumer, topic, position, outputs, reply })
    }

    /// Removes a consumer's positions: it will begin anew, and holds no records back any more.
    /// Returns how many there were.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn forget(&self, consumer: &str) -> Result<u64, BusError> {
        limits::check_consumer(consumer, None)?;
        let consumer = consumer.to_owned();
        self.ask(0, 0, |reply| Work::Forget { consumer, reply })
    }

    /// Deletes every record whose event time lies before `before_time` (microseconds) and that no
    /// consumer needs; then the oldest ones, needed or not, while the topic has more than
    /// `bytes_max` bytes. Offsets are never used again. Others can write in between. Room in the
    /// file is used again; the file does not shrink.
    ///
    /// # Errors
    /// Where the disk refuses. What was deleted until then stays deleted.
    pub fn retain(
        &self,
        topic: Topic,
        before_time: i64,
        bytes_max: u64,
    ) -> Result<Deleted, BusError> {
        self.delete(topic, Due { before_time, bytes_max, held: true })
    }

    /// Deletes every record whose event time lies before `before_time`, needed or not: for what must
    /// not outlive its retention (PV-2).
    ///
    /// # Errors
    /// As [`Log::retain`].
    pub fn delete_before(&self, topic: Topic, before_time: i64) -> Result<Deleted, BusError> {
        self.delete(topic, Due { before_time, bytes_max: u64::MAX, held: false })
    }

    fn delete(&self, topic: Topic, due: Due) -> Result<Deleted, BusError> {
        let mut total = Deleted::default();
        loop {
            let (step, more): (Deleted, bool) =
                self.ask(0, 0, |reply| Work::Retain { topic, due, reply })?;
            total.records += step.records;
            total.bytes += step.bytes;
            total.forced += step.forced;
            total.held = step.held;
            if !more {
                return Ok(total);
            }
        }
    }

    /// Waits until everything that was handed over before is durable, or was refused.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn flush(&self) -> Result<(), BusError> {
        self.ask(0, 0, |reply| Work::Flush { reply })
    }

    /// The directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    pub(super) fn groups(&self) -> &Groups {
        &self.inner.groups
    }

    /// The first record at or after an event time.
    pub(super) fn first_since(&self, topic: Topic, time: i64) -> Result<Option<Offset>, BusError> {
        self.inner.readers.first_since(topic, time)
    }

    /// Appends to several topics, each as a batch of its own.
    pub(super) fn append_all(&self, outputs: Vec<(Topic, Record)>) -> Result<Committed, BusError> {
        let mut by_topic: BTreeMap<Topic, Vec<Record>> = BTreeMap::new();
        for (topic, record) in outputs {
            by_topic.entry(topic).or_default().push(record);
        }
        let mut done = Committed::default();
        for (topic, records) in by_topic {
            let appended = self.append(topic, records)?;
            done.stored += appended.stored;
            done.duplicates += appended.duplicates;
        }
        Ok(done)
    }

    fn closed(&self) -> BusError {
        BusError::Closed { dir: self.inner.dir.clone() }
    }

    /// Hands a request to the writer and waits for the answer.
    fn ask<T>(
        &self,
        records: usize,
        bytes: usize,
        work: impl FnOnce(Sender<Result<T, BusError>>) -> Work,
    ) -> Result<T, BusError> {
        self.send(records, bytes, work)?.recv().unwrap_or_else(|_| Err(self.closed()))
    }

    fn send<T>(
        &self,
        records: usize,
        bytes: usize,
        work: impl FnOnce(Sender<Result<T, BusError>>) -> Work,
    ) -> Result<Receiver<Result<T, BusError>>, BusError> {
        let (sender, receiver) = bounded(1);
        let job = Job { work: work(sender), records, bytes };
        match self.inner.queue.push(job, self.inner.queue_wait) {
            Ok(()) => Ok(receiver),
            Err(Refused::Closed) => Err(self.closed()),
            Err(Refused::Full { records, bytes }) => Err(BusError::Full {
                dir: self.inner.dir.clone(),
                records,
                bytes,
                waited_ms: self.inner.queue_wait.as_millis() as u64,
            }),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queue.close();
        self.readers.close();
        let thread = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A writer that has panicked has not closed the log.
        if thread.is_some_and(|thread| thread.join().is_ok()) {
            self.lock.closed();
        }
    }
}
