//! What every bus promises to those who use it, whatever it is made of.
//!
//! The suite knows only [`Bus`] and [`World`]. A new implementation writes a world, and `contract_suite!`
//! makes the tests. Offsets grow; that they have no holes is not promised.

pub mod batches;
pub mod consumers;
pub mod groups;
pub mod order;
pub mod readers;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wayside_bus::{
    Bus, BusError, Consumer, Event, Offset, Partition, Position, Reader, Record, Start, Stored,
    Topic,
};

/// A place in which a bus keeps what it was given while nobody has it open.
pub trait World: Sized {
    /// An empty one; none where it cannot be had here.
    fn new() -> Option<Self>;
    /// Opens the bus; all handles of an earlier opening are gone.
    fn open(&self) -> Arc<dyn Bus>;
    /// Opens it so that an append does not wait for room.
    fn open_impatient(&self) -> Arc<dyn Bus>;
}

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(300);
const TICK: Duration = Duration::from_millis(50);

/// A record whose value is a number; its time is that many microseconds.
pub fn numbered(key: &str, number: u64, id: Option<&str>) -> Record {
    Record {
        key: key.to_owned(),
        time: number as i64,
        id: id.map(str::to_owned),
        value: number.to_le_bytes().to_vec(),
    }
}

/// The number of a record.
pub fn number(stored: &Stored) -> u64 {
    u64::from_le_bytes(stored.value.as_slice().try_into().expect("a number"))
}

pub fn numbers<'a>(stored: impl IntoIterator<Item = &'a Stored>) -> Vec<u64> {
    stored.into_iter().map(number).collect()
}

/// The partition of a key.
pub fn home(bus: &dyn Bus, topic: Topic, key: &str) -> Partition {
    Partition::of(key, bus.partitions(topic).expect("a topic"))
}

/// What a reader finds up to the end as it is now.
pub fn drain(reader: &mut dyn Reader) -> Vec<Stored> {
    let end = reader.end().expect("an end");
    let (begin, mut records) = (Instant::now(), Vec::new());
    while reader.next() < end {
        records.extend(reader.read(100, usize::MAX, TICK).expect("records"));
        assert!(begin.elapsed() < PATIENCE, "{} never comes to {end}", reader.next());
    }
    records
}

/// Everything of a partition.
pub fn all_of(bus: &dyn Bus, topic: Topic, partition: Partition) -> Vec<Stored> {
    drain(&mut *bus.read_from(topic, partition, Start::Begin).expect("a reader"))
}

/// Everything in a topic, partition after partition.
pub fn all(bus: &dyn Bus, topic: Topic) -> Vec<Stored> {
    let partitions = bus.partitions(topic).expect("a topic");
    (0..partitions).flat_map(|number| all_of(bus, topic, Partition(number))).collect()
}

/// A member of a group as a program would write it: it begins where the group stood, and forgets what
/// it has lost.
pub struct Worker {
    pub consumer: Box<dyn Consumer>,
    /// What was told on assignment.
    pub held: BTreeMap<Partition, Option<Position>>,
    pub records: Vec<Stored>,
}

impl Worker {
    pub fn join(bus: &dyn Bus, group: &str, topic: Topic) -> Self {
        let consumer = bus.consume(group, topic).expect("a consumer");
        Self { consumer, held: BTreeMap::new(), records: Vec::new() }
    }

    /// One poll.
    pub fn poll(&mut self, wait: Duration) {
        for event in self.consumer.poll(50, usize::MAX, wait).expect("events") {
            match event {
                Event::Assigned { partition, position, begin, .. } => {
                    let from = position.map_or(begin, |position| position.next);
                    match self.consumer.start(partition, from) {
                        // It is told with the next poll.
                        Ok(()) | Err(BusError::Lost { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                    assert!(self.held.insert(partition, position).is_none(), "assigned twice");
                }
                Event::Revoked { partition } => {
                    assert!(self.held.remove(&partition).is_some(), "revoked, never assigned");
                    self.records.retain(|record| record.partition != partition);
                }
                Event::Records { partition, records } => {
                    assert!(self.held.contains_key(&partition), "records of another's partition");
                    self.records.extend(records);
                }
            }
        }
    }

    /// Polls until it is true.
    pub fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !done(self) {
            assert!(begin.elapsed() < PATIENCE, "{what} did not come");
            self.poll(TICK);
        }
    }

    /// Waits for so many records.
    pub fn take(&mut self, count: usize) -> Vec<Stored> {
        self.until("records", |this| this.records.len() >= count);
        self.records.clone()
    }

    /// Where all that was read ends, of each partition.
    pub fn positions(&self) -> Vec<(Partition, Position)> {
        let mut next: BTreeMap<Partition, Offset> = BTreeMap::new();
        for record in &self.records {
            next.insert(record.partition, record.offset.next());
        }
        next.into_iter().map(|(partition, next)| (partition, at(next))).collect()
    }
}

/// A position without a rewind.
pub fn at(next: Offset) -> Position {
    Position { next, rewind: next }
}

macro_rules! tests {
    ($world:ty, $($module:ident: $($name:ident),+;)+) => {
        $(mod $module { $(
            #[test]
            fn $name() {
                if let Some(world) = <$world as crate::contract::World>::new() {
                    crate::contract::$module::$name(&world);
                }
            }
        )+ })+
    };
}
pub(crate) use tests;

/// The whole suite over one world.
macro_rules! contract_suite {
    ($world:ty) => {
        crate::contract::tests! { $world,
            order: records_of_a_key_keep_their_order, what_is_read_begins_where_it_was_asked,
                topics_are_apart, what_is_stored_survives_closing, waiting_ends_with_a_record;
            batches: a_second_record_with_an_id_is_counted, an_id_is_unique_in_its_topic_only,
                an_id_is_remembered_after_closing, what_breaks_a_bound_is_refused_whole,
                an_empty_batch_is_nothing, writers_keep_their_order, a_full_queue_loses_nothing,
                the_largest_record_goes_through;
            consumers: a_new_consumer_has_no_position, a_position_is_stored_with_its_outputs,
                a_crash_before_the_commit_redelivers, groups_do_not_see_each_other,
                a_position_never_goes_back, outputs_made_twice_are_stored_once,
                a_bad_output_leaves_the_position, dead_letters_are_outputs,
                a_consumer_begins_where_it_is_told;
            groups: a_second_member_takes_over, members_come_and_go, who_has_nothing_cannot_commit;
            readers: a_reader_finds_its_start, a_reader_comes_to_the_end, a_time_is_found,
                old_records_are_deleted, there_are_no_other_partitions;
        }
    };
}
pub(crate) use contract_suite;
