//! What all parts of one [`crate::Kafka`] use: names, partitions, where they begin and end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::error::BusError;
use crate::kafka::append::Appender;
use crate::kafka::fault::{KafkaFault, fault, is_transient};
use crate::kafka::ids::Ids;
use crate::kafka::options::KafkaOptions;
use crate::partition::Partition;
use crate::record::Offset;
use crate::topic::Topic;

/// For how long a question is asked before it is asked anew: a client that has just been made sometimes
/// does not hear the answer to its first, and a refused sign-in is to be told at once.
pub(super) const SLICE_LEAST: Duration = Duration::from_millis(100);
pub(super) const SLICE_MOST: Duration = Duration::from_millis(1_600);

/// A client whose errors come back from its calls.
#[derive(Debug)]
pub(super) struct Quiet;
impl ClientContext for Quiet {}
impl ConsumerContext for Quiet {}

pub(super) struct Shared {
    pub(super) options: KafkaOptions,
    pub(super) appender: Appender,
    pub(super) ids: Arc<Ids>,
    pub(super) asking: Arc<BaseConsumer<Quiet>>,
    partitions: Mutex<BTreeMap<Topic, u32>>,
    /// Numbers of the members that live in this process, of each group.
    members: Mutex<BTreeMap<String, BTreeSet<u32>>>,
}

impl Shared {
    /// Makes the clients and waits for a broker.
    pub(super) fn connect(options: KafkaOptions) -> Result<Self, BusError> {
        options.check()?;
        let options = options.sound();
        let place = options.place();
        let made = |error: KafkaError| fault(&place, "making a client", &error, 0, None);
        let appender = Appender::new(&options).map_err(made)?;
        let asking = Arc::new(options.asking().create_with_context(Quiet).map_err(made)?);
        let timeout = options.connect_timeout;
        let shared = Self {
            options,
            appender,
            ids: Arc::new(Ids::default()),
            asking,
            partitions: Mutex::default(),
            members: Mutex::default(),
        };
        shared.ask("connecting", timeout, |asking, slice| {
            // No topic of that name is asked for: a short answer.
            asking.fetch_metadata(Some(&shared.name(Topic::Health)), slice).map(|_| ())
        })?;
        Ok(shared)
    }

    /// The name of a topic on the brokers.
    pub(super) fn name(&self, topic: Topic) -> String {
        format!("{}{}", self.options.prefix, topic.name())
    }

    /// An error in words.
    pub(super) fn error(&self, doing: &str, error: &KafkaError, waited: Duration) -> BusError {
        let waited_ms = waited.as_millis() as u64;
        let said = self.appender.said().newest();
        fault(&self.options.place(), doing, error, waited_ms, said).into()
    }

    pub(super) fn no_topic(&self, topic: Topic) -> BusError {
        KafkaFault::NoTopic { place: self.options.place(), topic: self.name(topic) }.into()
    }

    /// Asks until there is an answer, a refusal, or no time left.
    pub(super) fn ask<T>(
        &self,
        doing: &str,
        timeout: Duration,
        question: impl Fn(&BaseConsumer<Quiet>, Duration) -> Result<T, KafkaError>,
    ) -> Result<T, BusError> {
        let (begin, mut slice) = (Instant::now(), SLICE_LEAST);
        loop {
            let left = timeout.saturating_sub(begin.elapsed());
            let error = match question(&self.asking, left.min(slice)) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let passes = error.rdkafka_error_code().is_some_and(is_transient);
            let refused = self.appender.said().refusal().is_some();
            if !passes || refused || begin.elapsed() >= timeout {
                return Err(self.error(doing, &error, begin.elapsed()));
            }
            slice = (2 * slice).min(SLICE_MOST);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Partitions of a topic. Asked once: who changes their number restarts what writes there.
    pub(super) fn partitions(&self, topic: Topic) -> Result<u32, BusError> {
        let known = |this: &Self| {
            this.partitions.lock().unwrap_or_else(PoisonError::into_inner).get(&topic).copied()
        };
        if let Some(partitions) = known(self) {
            return Ok(partitions);
        }
        let name = self.name(topic);
        let doing = format!("asking for the partitions of {topic}");
        let found = self.ask(&doing, self.options.request_timeout, |asking, slice| {
            let metadata = asking.fetch_metadata(Some(&name), slice)?;
            let Some(topic) = metadata.topics().first() else { return Ok(0) };
            match topic.error().map(Code::from) {
                None => Ok(topic.partitions().len()),
                Some(Code::UnknownTopicOrPartition | Code::UnknownTopic) => Ok(0),
                Some(code) => Err(KafkaError::MetadataFetch(code)),
            }
        })?;
        let partitions = u32::try_from(found).unwrap_or(0);
        if partitions == 0 {
            return Err(self.no_topic(topic));
        }
        let mut all = self.partitions.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(topic, partitions);
        Ok(partitions)
    }

    /// The first record of a partition, and where the next will stand, committed or not.
    pub(super) fn bounds(
        &self,
        topic: Topic,
        partition: Partition,
    ) -> Result<(Offset, Offset), BusError> {
        let partitions = self.partitions(topic)?;
        if partition.0 >= partitions {
            return Err(BusError::NoPartition { topic, partition, partitions });
        }
        let (name, number) = (self.name(topic), number(partition));
        let doing = format!("asking for the bounds of partition {partition} of {topic}");
        let (low, high) = self.ask(&doing, self.options.request_timeout, |asking, slice| {
            asking.fetch_watermarks(&name, number, slice)
        })?;
        Ok((offset(low), offset(high)))
    }

    /// The first offset of a partition that was written at or after a time, in milliseconds; none where
    /// there is none.
    pub(super) fn written_since(
        &self,
        topic: Topic,
        partition: Partition,
        time_ms: i64,
    ) -> Result<Option<Offset>, BusError> {
        let (name, number) = (self.name(topic), number(partition));
        let doing = format!("looking for a time in partition {partition} of {topic}");
        self.ask(&doing, self.options.request_timeout, |asking, slice| {
            let mut times = rdkafka::TopicPartitionList::new();
            let time = rdkafka::Offset::Offset(time_ms.max(0));
            times.add_partition_offset(&name, number, time)?;
            let found = asking.offsets_for_times(times, slice)?;
            let Some(found) = found.find_partition(&name, number) else { return Ok(None) };
            found.error()?;
            Ok(match found.offset() {
                rdkafka::Offset::Offset(at) => Some(offset(at)),
                _ => None,
            })
        })
    }

    /// A number for a member of a group: the least that no other member in this process has.
    pub(super) fn enter(self: &Arc<Self>, group: &str) -> Place {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = members.entry(group.to_owned()).or_default();
        let number = (1..).find(|number| !taken.contains(number)).unwrap_or(u32::MAX);
        taken.insert(number);
        Place { shared: Arc::clone(self), group: group.to_owned(), number }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kafka")
            .field("options", &self.options)
            .field("appender", &self.appender)
            .finish_non_exhaustive()
    }
}

/// A member's number, its own as long as this lives.
#[derive(Debug)]
pub(super) struct Place {
    shared: Arc<Shared>,
    group: String,
    number: u32,
}

impl Place {
    /// The name of the member's transactions.
    pub(super) fn transactional(&self) -> String {
        let options = &self.shared.options;
        let name = format!("{}wayside-{}-{}", options.prefix, self.group, options.instance);
        if self.number == 1 { name } else { format!("{name}-{}", self.number) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut members = self.shared.members.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = members.get_mut(&self.group) {
            taken.remove(&self.number);
        }
    }
}

pub(super) fn number(partition: Partition) -> i32 {
    i32::try_from(partition.0).unwrap_or(i32::MAX)
}

pub(super) fn offset(raw: i64) -> Offset {
    Offset(u64::try_from(raw).unwrap_or(0))
}

pub(super) fn raw(offset: Offset) -> rdkafka::Offset {
    rdkafka::Offset::Offset(i64::try_from(offset.0).unwrap_or(i64::MAX))
}
