//! The event bus: what parts of Wayside say to each other, kept.
//!
//! [`Bus`] says what a bus is: [`Topic`]s of [`Record`]s in partitions, appended durably; groups of
//! consumers that share the partitions and commit positions together with what they made of the
//! records; readers without a group. There are two: [`Log`], an embedded log in SQLite for one
//! machine, and [`Kafka`] for many. `tests/contract` holds what both promise.
//!
//! Delivery is at least once; effects are exactly once, because a position and its outputs are
//! stored both or neither (BU-1), and ids are deterministic (EV-1).
//!
//! Deliberately absent: what the messages mean (but for [`unreadable`], the letter about one that nobody could
//! read), the wall clock (times are event times that the caller
//! gives), topics that are not Wayside's.

mod bus;
mod embedded;
mod error;
mod kafka;
mod letters;
mod limits;
mod partition;
mod pending;
mod record;
mod topic;

pub use bus::{Bus, Consumer, Event, Reader, Start};
pub use embedded::{ConsumerStats, Log, LogOptions, LogStats, TopicStats};
pub use error::BusError;
pub use kafka::{
    IDS_MAX, Kafka, KafkaFault, KafkaOptions, PARTITIONS_DEFAULT, Password, TopicChange,
    TopicFound, TopicPlan, TopicState, kafka_properties, topic_plan,
};
pub use letters::{unreadable, unwritable};
pub use limits::{
    BATCH_BYTES_MAX, BATCH_RECORDS_MAX, CONSUMER_BYTES_MAX, CONSUMERS_MAX, ID_BYTES_MAX,
    KEY_BYTES_MAX, PARTITIONS_MAX, READ_BYTES_MAX, READ_RECORDS_MAX, RECORD_BYTES, VALUE_BYTES_MAX,
};
pub use partition::Partition;
pub use pending::Pending;
pub use record::{Appended, Committed, Deleted, Held, Offset, Position, Record, Stored};
pub use topic::Topic;
