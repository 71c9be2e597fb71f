//! What the writer can be asked, and how it answers.

use crossbeam_channel::Sender;

use super::retain::Due;
use crate::error::BusError;
use crate::record::{Appended, Committed, Deleted, Position, Record};
use crate::topic::Topic;

/// A request that waits for the writer.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) work: Work,
    /// Records and their bytes.
    pub(crate) records: usize,
    pub(crate) bytes: usize,
}

impl Job {
    /// What it counts against the queue's bound on records. A request without any counts, too.
    pub(crate) fn weight(&self) -> usize {
        self.records.max(1)
    }
}

/// What is to be done, and where the answer goes. Nobody may be listening any more.
#[derive(Debug)]
pub(crate) enum Work {
    Append {
        topic: Topic,
        records: Vec<Record>,
        reply: Sender<Result<Appended, BusError>>,
    },
    Commit {
        consumer: String,
        topic: Topic,
        position: Position,
        outputs: Vec<(Topic, Record)>,
        reply: Sender<Result<Committed, BusError>>,
    },
    /// One bounded step of retention; the answer says whether there is more to do.
    Retain {
        topic: Topic,
        due: Due,
        reply: Sender<Result<(Deleted, bool), BusError>>,
    },
    Forget {
        consumer: String,
        reply: Sender<Result<u64, BusError>>,
    },
    Flush {
        reply: Sender<Result<(), BusError>>,
    },
}

/// A request that was done inside a transaction that is not durable yet.
pub(crate) enum Done {
    Append(Sender<Result<Appended, BusError>>, Appended),
    Commit(Sender<Result<Committed, BusError>>, Committed),
    Retain(Sender<Result<(Deleted, bool), BusError>>, (Deleted, bool)),
    Forget(Sender<Result<u64, BusError>>, u64),
    Flush(Sender<Result<(), BusError>>),
}

impl Done {
    /// The transaction is durable.
    pub(crate) fn acknowledge(self) {
        match self {
            Self::Append(reply, done) => drop(reply.send(Ok(done))),
            Self::Commit(reply, done) => drop(reply.send(Ok(done))),
            Self::Retain(reply, done) => drop(reply.send(Ok(done))),
            Self::Forget(reply, done) => drop(reply.send(Ok(done))),
            Self::Flush(reply) => drop(reply.send(Ok(()))),
        }
    }
}

impl Work {
    /// Nothing of it was done.
    pub(crate) fn refuse(self, error: BusError) {
        match self {
            Self::Append { reply, .. } => drop(reply.send(Err(error))),
            Self::Commit { reply, .. } => drop(reply.send(Err(error))),
            Self::Retain { reply, .. } => drop(reply.send(Err(error))),
            Self::Forget { reply, .. } => drop(reply.send(Err(error))),
            Self::Flush { reply } => drop(reply.send(Err(error))),
        }
    }
}
