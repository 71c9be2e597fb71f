//! The desk's outbox onto the bus. A citation is in the outbox by the transaction that issues it, and
//! leaves it after the bus has it; what is published twice in between has the same id.

use std::sync::Arc;

use wayside_bus::{Bus, BusError, Record, Topic};
use wayside_cases::Actor;
use wayside_desk::{Desk, DeskError, Outbox, OutboxTopic, QueueCounts};
use wayside_proto::EventTime;

/// Records and citations of one turn.
const TURN_MAX: usize = 500;

/// Why nothing could be published; the next call tries again.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The bus.
    #[error("citations cannot be published: {0}")]
    Bus(#[from] BusError),
    /// The desk.
    #[error("citations cannot be published: {0}")]
    Desk(#[from] DeskError),
}

/// What one turn did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Citations that were issued.
    pub issued: u64,
    /// Messages about citations that the bus has now.
    pub citations: u64,
    /// Messages about rules that stand down or are back.
    pub stand_downs: u64,
}

impl std::ops::AddAssign for Published {
    fn add_assign(&mut self, turn: Self) {
        self.issued += turn.issued;
        self.citations += turn.citations;
        self.stand_downs += turn.stand_downs;
    }
}

/// Issues and publishes.
#[derive(Debug)]
pub struct Publisher {
    bus: Arc<dyn Bus>,
    desk: Arc<Desk>,
    actor: Actor,
}

impl Publisher {
    /// Publishes the outbox of this desk. `actor` is the service's own account.
    #[must_use]
    pub fn new(bus: Arc<dyn Bus>, desk: Arc<Desk>, actor: Actor) -> Self {
        Self { bus, desk, actor }
    }

    /// What waits in the desk, for metrics.
    pub(crate) fn queue(&self, now: EventTime) -> Result<QueueCounts, DeskError> {
        self.desk.queue(now)
    }

    /// Issues what cannot be undone any more, and publishes what is in the outbox.
    ///
    /// # Errors
    /// Where the bus or the desk fails. What was taken comes back after its lease.
    pub fn run_once(&self, now: EventTime) -> Result<Published, PublishError> {
        let issued = self.desk.issue_due(&self.actor, now, TURN_MAX)?.len() as u64;
        let mut done = Published { issued, ..Published::default() };
        let taken = self.desk.outbox_take(&self.actor, now, TURN_MAX)?;
        for (topic, count) in [
            (OutboxTopic::Citations, &mut done.citations),
            (OutboxTopic::StandDowns, &mut done.stand_downs),
        ] {
            let of_topic: Vec<&Outbox> = taken.iter().filter(|of| of.id.topic == topic).collect();
            if of_topic.is_empty() {
                continue;
            }
            self.bus.append(place(topic), of_topic.iter().map(|of| record(of)).collect())?;
            let ids: Vec<_> = of_topic.iter().map(|of| of.id.clone()).collect();
            self.desk.outbox_done(&self.actor, &ids, now)?;
            *count = ids.len() as u64;
        }
        Ok(done)
    }
}

fn place(topic: OutboxTopic) -> Topic {
    match topic {
        OutboxTopic::Citations => Topic::Citations,
        OutboxTopic::StandDowns => Topic::StandDowns,
    }
}

fn record(of: &Outbox) -> Record {
    Record {
        key: of.key.clone(),
        time: of.created_at.0,
        id: Some(format!("{}/{}", of.id.id, of.id.revision)),
        value: of.payload.clone(),
    }
}
