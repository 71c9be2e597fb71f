//! What every bus promises to those who use it, whatever it is made of.
//!
//! The suite knows only [`Bus`] and [`World`]. A new implementation writes these two, and
//! `contract_suite!` makes the tests. Offsets grow; that they have no holes is not promised.

pub mod batches;
pub mod consumers;
pub mod order;

use std::time::Duration;

use wayside_bus::{Appended, BusError, Committed, Log, Offset, Position, Record, Stored, Topic};

/// A bus, as its users see it.
pub trait Bus: Clone + Send + Sync + 'static {
    fn append(&self, topic: Topic, records: Vec<Record>) -> Result<Appended, BusError>;
    fn read(&self, topic: Topic, from: Offset, records_max: usize)
    -> Result<Vec<Stored>, BusError>;
    fn begin(&self, topic: Topic) -> Offset;
    fn end(&self, topic: Topic) -> Offset;
    fn wait(&self, topic: Topic, from: Offset, timeout: Duration) -> bool;
    fn last(&self, topic: Topic, key: &str) -> Result<Option<Stored>, BusError>;
    fn position(&self, consumer: &str, topic: Topic) -> Result<Option<Position>, BusError>;
    fn commit(
        &self,
        consumer: &str,
        topic: Topic,
        position: Position,
        outputs: Vec<(Topic, Record)>,
    ) -> Result<Committed, BusError>;
}

/// A place in which a bus keeps what it was given while nobody has it open.
pub trait World {
    type Bus: Bus;
    /// An empty one.
    fn new() -> Self;
    /// Opens the bus; all handles of an earlier opening are gone.
    fn open(&self) -> Self::Bus;
}

impl Bus for Log {
    fn append(&self, topic: Topic, records: Vec<Record>) -> Result<Appended, BusError> {
        Log::append(self, topic, records)
    }
    fn read(
        &self,
        topic: Topic,
        from: Offset,
        records_max: usize,
    ) -> Result<Vec<Stored>, BusError> {
        Log::read(self, topic, from, records_max, usize::MAX)
    }
    fn begin(&self, topic: Topic) -> Offset {
        Log::begin(self, topic)
    }
    fn end(&self, topic: Topic) -> Offset {
        Log::end(self, topic)
    }
    fn wait(&self, topic: Topic, from: Offset, timeout: Duration) -> bool {
        Log::wait(self, topic, from, timeout)
    }
    fn last(&self, topic: Topic, key: &str) -> Result<Option<Stored>, BusError> {
        Log::last(self, topic, key)
    }
    fn position(&self, consumer: &str, topic: Topic) -> Result<Option<Position>, BusError> {
        Log::position(self, consumer, topic)
    }
    fn commit(
        &self,
        consumer: &str,
        topic: Topic,
        position: Position,
        outputs: Vec<(Topic, Record)>,
    ) -> Result<Committed, BusError> {
        Log::commit(self, consumer, topic, position, outputs)
    }
}

/// A record whose value is a number.
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

/// Everything in a topic.
pub fn all(bus: &impl Bus, topic: Topic) -> Vec<Stored> {
    let (mut records, mut from) = (Vec::new(), bus.begin(topic));
    loop {
        let read = bus.read(topic, from, 100).expect("records");
        let Some(last) = read.last() else { return records };
        from = last.offset.next();
        records.extend(read);
    }
}

macro_rules! tests {
    ($world:ty, $($module:ident: $($name:ident),+;)+) => {
        $(mod $module { $(
            #[test]
            fn $name() {
                crate::contract::$module::$name(&<$world as crate::contract::World>::new());
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
                topics_are_apart, what_is_stored_survives_closing, waiting_ends_with_a_record,
                the_last_record_of_a_key_is_found;
            batches: a_second_record_with_an_id_is_counted, an_id_is_unique_in_its_topic_only,
                an_id_is_remembered_after_closing, what_breaks_a_bound_is_refused_whole,
                an_empty_batch_is_nothing, batches_of_many_writers_are_not_mixed;
            consumers: a_new_consumer_has_no_position, a_position_is_stored_with_its_outputs,
                a_crash_before_the_commit_redelivers, consumers_do_not_see_each_other,
                a_position_never_goes_back, outputs_made_twice_are_stored_once,
                a_bad_output_leaves_the_position;
        }
    };
}
pub(crate) use contract_suite;
