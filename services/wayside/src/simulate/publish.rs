//! The way to the bus.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wayside_bus::{Bus, BusError, Pending, Record, Topic};
use wayside_city::Keyed;

use crate::commands::bus_args::BusArgs;
use crate::failure::Failure;

/// Records and bytes of one batch.
const BATCH_RECORDS: usize = 500;
const BATCH_BYTES: usize = 2 * 1024 * 1024;
/// Batches whose acknowledgement is waited for.
const PENDING_MAX: usize = 64;
/// How long a full bus is waited for.
const FULL_WAIT: Duration = Duration::from_secs(60);

/// Publishes messages in order.
pub(super) struct Publisher {
    bus: Arc<dyn Bus>,
    pending: VecDeque<Pending>,
}

impl Publisher {
    /// Opens the bus and asks it for its topics, so that a bus that is not there is found out first.
    pub(super) fn open(args: &BusArgs) -> Result<Self, Failure> {
        let bus = args.open()?;
        for topic in [Topic::Observations, Topic::Signals, Topic::Passages] {
            bus.partitions(topic).map_err(Failure::failed)?;
        }
        Ok(Self { bus, pending: VecDeque::new() })
    }

    /// Where messages go.
    pub(super) fn place(&self) -> String {
        self.bus.place()
    }

    /// Publishes signal reports and waits until they are durable.
    pub(super) fn signals(&mut self, reports: impl Iterator<Item = Keyed>) -> Result<(), Failure> {
        let mut reports = reports.peekable();
        if reports.peek().is_none() {
            return Ok(());
        }
        let before = self.pending.len();
        self.append(Topic::Signals, reports)?;
        // Waiting for the last of them waits for all: batches become durable in order of topic.
        let signals = self.pending.split_off(before.min(self.pending.len()));
        for pending in signals {
            pending.wait().map_err(Failure::failed)?;
        }
        Ok(())
    }

    /// Hands messages over; they become durable soon.
    pub(super) fn later(
        &mut self,
        topic: Topic,
        messages: impl Iterator<Item = Keyed>,
    ) -> Result<(), Failure> {
        self.append(topic, messages)?;
        while self.pending.len() > PENDING_MAX {
            self.wait_for_first()?;
        }
        Ok(())
    }

    /// Waits until everything is durable.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        while !self.pending.is_empty() {
            self.wait_for_first()?;
        }
        self.bus.flush().map_err(Failure::failed)
    }

    fn append(
        &mut self,
        topic: Topic,
        messages: impl Iterator<Item = Keyed>,
    ) -> Result<(), Failure> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        for Keyed { key, time, value } in messages {
            bytes += value.len();
            batch.push(Record { key, time: time.0, id: None, value });
            if batch.len() >= BATCH_RECORDS || bytes >= BATCH_BYTES {
                self.hand_over(topic, std::mem::take(&mut batch))?;
                bytes = 0;
            }
        }
        if batch.is_empty() { Ok(()) } else { self.hand_over(topic, batch) }
    }

    fn hand_over(&mut self, topic: Topic, batch: Vec<Record>) -> Result<(), Failure> {
        let since = Instant::now();
        loop {
            match self.bus.append_later(topic, batch.clone()) {
                Ok(pending) => {
                    self.pending.push_back(pending);
                    return Ok(());
                }
                Err(BusError::Full { .. }) if since.elapsed() < FULL_WAIT => {}
                Err(error) => return Err(Failure::failed(error)),
            }
        }
    }

    fn wait_for_first(&mut self) -> Result<(), Failure> {
        match self.pending.pop_front() {
            Some(pending) => pending.wait().map(|_| ()).map_err(Failure::failed),
            None => Ok(()),
        }
    }
}
