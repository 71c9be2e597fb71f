//! Reads a partition of messages to its end, again and again, without a group.

use std::marker::PhantomData;
use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Reader, Start, Stored, Topic};
use wayside_proto::convert::Message;

/// Records read at once.
const RECORDS_MAX: usize = 1_000;
/// Bytes read at once.
const BYTES_MAX: usize = 1024 * 1024;
/// How long records are waited for that are known to be there.
const WAIT: Duration = Duration::from_secs(5);

/// Reads the messages of a partition. It begins with the first that the bus has: what holds now may have
/// been said long ago.
pub(crate) struct Follow<M> {
    reader: Box<dyn Reader>,
    topic: Topic,
    partition: Partition,
    /// Messages that were of use.
    pub(crate) taken: u64,
    message: PhantomData<M>,
}

impl<M: Message> Follow<M> {
    pub(crate) fn open(
        bus: &dyn Bus,
        topic: Topic,
        partition: Partition,
    ) -> Result<Self, BusError> {
        let reader = bus.read_from(topic, partition, Start::Begin)?;
        Ok(Self { reader, topic, partition, taken: 0, message: PhantomData })
    }

    /// Hands over every message that is there now; `take` says whether it was of use.
    pub(crate) fn take(
        &mut self,
        bus: &dyn Bus,
        mut take: impl FnMut(&Stored, Result<M, String>) -> bool,
    ) -> Result<(), BusError> {
        let end = self.reader.end()?;
        while self.reader.next() < end {
            let records = self.reader.read(RECORDS_MAX, BYTES_MAX, WAIT)?;
            if records.is_empty() && self.reader.next() < end {
                return Err(BusError::Silent {
                    place: bus.place(),
                    topic: self.topic,
                    partition: self.partition,
                    waited_ms: WAIT.as_millis() as u64,
                });
            }
            for stored in &records {
                let message = M::from_bytes(&stored.value).map_err(|error| error.to_string());
                self.taken += u64::from(take(stored, message));
            }
        }
        Ok(())
    }
}
