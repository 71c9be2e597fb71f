//! Partitions that come to a member of a group and go from it, as the caller is told.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::consumer::Consumer as _;
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::TopicPartitionListElem;

use crate::bus::Event;
use crate::error::BusError;
use crate::kafka::fault::is_transient;
use crate::kafka::member::{Member, Part, State};
use crate::kafka::message::bytes;
use crate::kafka::moves::Change;
use crate::kafka::position;
use crate::kafka::shared::{number, offset};
use crate::partition::Partition;
use crate::record::Offset;

/// How long one question about new partitions may keep the caller.
const ANSWER: Duration = Duration::from_secs(2);

impl Member {
    /// Drops what was read of a partition and not handed over.
    pub(super) fn forget(&mut self, partition: Partition) {
        self.held.retain(|record| record.partition != partition);
        self.held_bytes = self.held.iter().map(bytes).sum();
    }

    /// Tells what came and went.
    pub(super) fn tell(&mut self, events: &mut Vec<Event>) -> Result<(), BusError> {
        let changes: Vec<Change> = self.consumer.context().state().changes.drain(..).collect();
        for change in changes {
            match change {
                Change::Gained(partitions) => {
                    for partition in partitions.iter().filter_map(|p| u32::try_from(*p).ok()) {
                        let state = State::Arriving { since: Instant::now() };
                        let (begin, end) = (Offset(0), Offset(0));
                        self.parts.insert(partition, Part { state, committed: None, begin, end });
                    }
                }
                Change::Lost(partitions) => {
                    for partition in partitions.iter().filter_map(|p| u32::try_from(*p).ok()) {
                        self.forget(Partition(partition));
                        let part = self.parts.remove(&partition);
                        if part.is_some_and(|part| !matches!(part.state, State::Arriving { .. })) {
                            events.push(Event::Revoked { partition: Partition(partition) });
                        }
                    }
                }
            }
        }
        let moves = Arc::clone(self.consumer.client().context());
        let forfeit = self.parts.iter().filter(|(_, part)| part.state == State::Forfeit);
        for partition in forfeit.map(|(number, _)| Partition(*number)).collect::<Vec<_>>() {
            // It is not read where that fails: nothing was.
            let _ = moves.end(&self.consumer, number(partition));
            self.forget(partition);
            events.push(Event::Revoked { partition });
            if let Some(part) = self.parts.get_mut(&partition.0) {
                part.state = State::Arriving { since: Instant::now() };
            }
        }
        let arriving = self.parts.values().any(|p| matches!(p.state, State::Arriving { .. }));
        if arriving { self.arrive(events) } else { Ok(()) }
    }

    /// Asks where new partitions begin. What is not answered yet is asked again later.
    fn arrive(&mut self, events: &mut Vec<Event>) -> Result<(), BusError> {
        let mut list = TopicPartitionList::new();
        let mut oldest = Duration::ZERO;
        for (partition, part) in &self.parts {
            if let State::Arriving { since } = part.state {
                list.add_partition(&self.name, number(Partition(*partition)));
                oldest = oldest.max(since.elapsed());
            }
        }
        // An open transaction of whoever had it before may have to end first.
        let options = &self.shared.options;
        let patience = options.request_timeout + options.transaction_timeout;
        let told = self.consumer.committed_offsets(list, ANSWER).and_then(|found| {
            found.elements().iter().try_for_each(|element| self.arrived(element, events))
        });
        match told {
            Ok(()) => Ok(()),
            Err(error)
                if error.rdkafka_error_code().is_some_and(is_transient) && oldest < patience =>
            {
                Ok(())
            }
            Err(error) => {
                let doing = format!("asking for the positions of {}", self.group);
                Err(self.shared.error(&doing, &error, oldest))
            }
        }
    }

    fn arrived(
        &mut self,
        element: &TopicPartitionListElem<'_>,
        events: &mut Vec<Event>,
    ) -> Result<(), KafkaError> {
        element.error()?;
        let Ok(number) = u32::try_from(element.partition()) else { return Ok(()) };
        let position = match element.offset() {
            rdkafka::Offset::Offset(next) => {
                Some(position::parse(offset(next), element.metadata()))
            }
            _ => None,
        };
        let (low, high) =
            self.consumer.fetch_watermarks(&self.name, element.partition(), ANSWER)?;
        let (partition, begin, end) = (Partition(number), offset(low), offset(high));
        // Whoever had it may have stored ids that are not known here.
        self.shared.ids.doubt();
        self.parts.insert(number, Part { state: State::Told, committed: position, begin, end });
        events.push(Event::Assigned { partition, position, begin, end });
        Ok(())
    }
}
