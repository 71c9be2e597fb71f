//! The bus of a city: Apache Kafka.
//!
//! [`Kafka`] promises what [`crate::Bus`] does, with these means:
//!
//! - **Appends** come from one idempotent producer with `acks=all`. What waits is bounded; a batch that finds
//!   no room in time is refused whole. A batch over several partitions may be stored in part.
//! - **Outputs** and positions go into one transaction, under the generation of the group: whoever has lost a
//!   partition cannot commit. Readers see what is committed alone.
//! - **Ids** are looked up among the last 50,000 records of their partition (`ids`).
//! - **Times** are headers; Kafka's own timestamps say when a record was written (`message`).
//!
//! Deliberately absent: tokio (librdkafka has threads of its own), schema registries, topics that are not
//! Wayside's, Kafka's newer group protocol (`group.protocol=consumer`).

mod append;
mod arrivals;
mod batch;
mod block;
mod commit;
mod difference;
mod fault;
mod gate;
mod ids;
mod member;
mod message;
mod moves;
mod options;
mod plan;
mod position;
mod properties;
mod reader;
mod refused;
mod retain;
mod said;
mod shared;
mod topics;
mod transaction;
mod work;

use std::sync::Arc;

use crate::bus::{Bus, Consumer, Reader, Start};
use crate::error::BusError;
use crate::limits;
use crate::partition::Partition;
use crate::pending::Pending;
use crate::record::{Deleted, Record};
use crate::topic::Topic;

pub use difference::{TopicChange, TopicFound, TopicState};
pub use fault::KafkaFault;
pub use ids::IDS_MAX;
pub use options::{KafkaOptions, Password};
pub use plan::{PARTITIONS_DEFAULT, TopicPlan, topic_plan};
pub use properties::kafka_properties;

use member::Member;
use reader::KafkaReader;
use shared::Shared;

/// Kafka as a bus. Clones share their connections; the last one that goes waits for what is on its way.
#[derive(Clone, Debug)]
pub struct Kafka {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
}

impl Kafka {
    /// Connects, and waits for a broker to answer.
    ///
    /// # Errors
    /// A property that is refused, or why no broker answers.
    pub fn connect(options: KafkaOptions) -> Result<Self, BusError> {
        let shared = Arc::new(Shared::connect(options)?);
        Ok(Self { inner: Arc::new(Inner { shared }) })
    }

    fn shared(&self) -> &Shared {
        &self.inner.shared
    }
}

impl Bus for Kafka {
    fn place(&self) -> String {
        self.inner.shared.options.place()
    }

    fn partitions(&self, topic: Topic) -> Result<u32, BusError> {
        self.inner.shared.partitions(topic)
    }

    fn append_later(&self, topic: Topic, records: Vec<Record>) -> Result<Pending, BusError> {
        self.inner.shared.appender.append(&self.inner.shared, topic, records)
    }

    fn consume(&self, group: &str, topic: Topic) -> Result<Box<dyn Consumer>, BusError> {
        limits::check_consumer(group, None)?;
        Ok(Box::new(Member::join(&self.inner.shared, group, topic)?))
    }

    fn read_from(
        &self,
        topic: Topic,
        partition: Partition,
        start: Start,
    ) -> Result<Box<dyn Reader>, BusError> {
        Ok(Box::new(KafkaReader::open(&self.inner.shared, topic, partition, start)?))
    }

    fn delete_before(
        &self,
        topic: Topic,
        partition: Partition,
        before_time: i64,
    ) -> Result<Deleted, BusError> {
        retain::delete_before(&self.inner.shared, topic, partition, before_time)
    }

    fn flush(&self) -> Result<(), BusError> {
        let timeout = self.inner.shared.options.delivery_timeout;
        if self.inner.shared.appender.gate.empties(timeout) {
            return Ok(());
        }
        let (place, waited_ms) = (self.place(), timeout.as_millis() as u64);
        let (doing, cause) = ("storing what waits".to_owned(), "records are left".to_owned());
        Err(KafkaFault::TimedOut { place, doing, waited_ms, cause }.into())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever wanted to know has waited for it.
        let timeout = self.shared.options.delivery_timeout;
        let _ = self.shared.appender.gate.empties(timeout);
    }
}
