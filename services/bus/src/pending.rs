//! A batch on its way to be durable.

use crossbeam_channel::{Receiver, TryRecvError};

use crate::error::BusError;
use crate::record::Appended;

/// A batch on its way to be durable. Whoever drops it will not hear whether it arrived.
#[derive(Debug)]
#[must_use = "a batch may fail; wait for it"]
pub struct Pending {
    pub(crate) reply: Receiver<Result<Appended, BusError>>,
    pub(crate) closed: BusError,
}

impl Pending {
    /// Waits until the batch is durable.
    ///
    /// # Errors
    /// Where it could not be stored; then nothing of it is.
    pub fn wait(self) -> Result<Appended, BusError> {
        self.reply.recv().unwrap_or(Err(self.closed))
    }

    /// The result, where it is known. It is told once.
    ///
    /// # Errors
    /// As [`Pending::wait`].
    pub fn try_wait(&mut self) -> Option<Result<Appended, BusError>> {
        match self.reply.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(self.closed.clone())),
        }
    }
}
