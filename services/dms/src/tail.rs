//! Reads all partitions of a topic as it grows, without a group: what is read matters only while it is new.

use std::time::Duration;

use wayside_bus::{Bus, BusError, Partition, Reader, Start, Stored, Topic};
use wayside_proto::EventTime;
use wayside_proto::convert::Message;

/// Records read at once.
const RECORDS_MAX: usize = 500;
/// Bytes read at once.
const BYTES_MAX: usize = 1024 * 1024;

pub(crate) struct Tail {
    topic: Topic,
    readers: Vec<Box<dyn Reader>>,
}

impl Tail {
    /// From an instant of event time on, or from the end.
    pub(crate) fn open(
        bus: &dyn Bus,
        topic: Topic,
        from: Option<EventTime>,
    ) -> Result<Self, BusError> {
        let start = from.map_or(Start::End, |from| Start::Time(from.0));
        let partitions = bus.partitions(topic)?;
        let readers = (0..partitions)
            .map(|number| bus.read_from(topic, Partition(number), start))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { topic, readers })
    }

    /// Hands over what is there now, at most 500 records of each partition. What cannot be read as a
    /// message is counted and passed over: `enforce` and others put it among the dead letters.
    pub(crate) fn take<M: Message>(&mut self, mut take: impl FnMut(M)) -> Result<Taken, BusError> {
        let mut taken = Taken::default();
        for reader in &mut self.readers {
            let records = reader.read(RECORDS_MAX, BYTES_MAX, Duration::ZERO)?;
            taken.more |= records.len() >= RECORDS_MAX;
            for Stored { value, partition, offset, .. } in &records {
                match M::from_bytes(value) {
                    Ok(message) => take(message),
                    Err(error) => {
                        taken.unreadable += 1;
                        tracing::warn!(
                            "{} {partition}/{offset} cannot be read and is passed over: {error}",
                            self.topic
                        );
                    }
                }
            }
        }
        Ok(taken)
    }
}

/// What came of a look.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Taken {
    /// There is more.
    pub(crate) more: bool,
    /// Records that were no messages.
    pub(crate) unreadable: u64,
}
