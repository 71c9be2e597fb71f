//! A member of a group on the embedded log. There is one partition, so one member has everything,
//! and the others wait for it to leave.

use std::time::{Duration, Instant};

use crate::bus::{Consumer, Event};
use crate::embedded::log::Log;
use crate::error::BusError;
use crate::partition::Partition;
use crate::record::{Committed, Offset, Position, Record};
use crate::topic::Topic;

const ONLY: Partition = Partition(0);
/// How often a member that has nothing looks whether it has something now.
const LOOK: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(super) struct LogConsumer {
    log: Log,
    group: String,
    topic: Topic,
    member: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Another member has the partition.
    Waiting,
    /// It was told of, and waits for a start.
    Assigned,
    Reading(Offset),
}

impl LogConsumer {
    pub(super) fn join(log: &Log, group: &str, topic: Topic) -> Self {
        let member = log.groups().join(group, topic);
        Self { log: log.clone(), group: group.to_owned(), topic, member, state: State::Waiting }
    }

    fn lost(&self, partition: Partition) -> BusError {
        BusError::Lost { consumer: self.group.clone(), topic: self.topic, partition }
    }
}

impl Consumer for LogConsumer {
    fn poll(
        &mut self,
        records_max: usize,
        bytes_max: usize,
        timeout: Duration,
    ) -> Result<Vec<Event>, BusError> {
        match self.state {
            State::Waiting => {
                let until = Instant::now() + timeout;
                while !self.log.groups().has(&self.group, self.topic, self.member) {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Ok(Vec::new());
                    }
                    std::thread::sleep(LOOK.min(left));
                }
                let position = self.log.position(&self.group, self.topic)?;
                let begin = self.log.begin(self.topic);
                let end = self.log.end_of_records(self.topic);
                self.state = State::Assigned;
                Ok(vec![Event::Assigned { partition: ONLY, position, begin, end }])
            }
            State::Assigned => {
                std::thread::sleep(timeout);
                Ok(Vec::new())
            }
            State::Reading(next) => {
                if !self.log.wait(self.topic, next, timeout) {
                    return Ok(Vec::new());
                }
                let records = self.log.read(self.topic, next, records_max, bytes_max)?;
                let Some(last) = records.last() else { return Ok(Vec::new()) };
                self.state = State::Reading(last.offset.next());
                Ok(vec![Event::Records { partition: ONLY, records }])
            }
        }
    }

    fn start(&mut self, partition: Partition, from: Offset) -> Result<(), BusError> {
        match self.state {
            State::Waiting => Err(self.lost(partition)),
            _ if partition != ONLY => Err(self.lost(partition)),
            State::Assigned | State::Reading(_) => {
                self.state = State::Reading(from);
                Ok(())
            }
        }
    }

    fn commit(
        &mut self,
        positions: &[(Partition, Position)],
        outputs: Vec<(Topic, Record)>,
    ) -> Result<Committed, BusError> {
        let other = positions.iter().find(|(partition, _)| *partition != ONLY);
        if let Some((partition, _)) = other {
            return Err(self.lost(*partition));
        }
        if matches!(self.state, State::Waiting) {
            return Err(self.lost(ONLY));
        }
        match positions.last() {
            Some((_, position)) => self.log.commit(&self.group, self.topic, *position, outputs),
            None => self.log.append_all(outputs),
        }
    }

    fn end(&self, partition: Partition) -> Option<Offset> {
        (partition == ONLY).then(|| self.log.end_of_records(self.topic))
    }
}

impl Drop for LogConsumer {
    fn drop(&mut self) {
        self.log.groups().leave(&self.group, self.topic, self.member);
    }
}
