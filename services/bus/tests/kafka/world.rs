//! A corner of the shared broker: its own prefix, its own topics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use wayside_broker::{Broker, skip};
use wayside_bus::{Bus, Kafka, KafkaOptions};

use crate::contract::{PATIENCE, World};

/// Partitions of the topics that are shared.
pub const PARTITIONS: u32 = 3;
static WORLDS: AtomicU32 = AtomicU32::new(0);

/// Topics that no other test has.
pub struct Cluster {
    pub prefix: String,
    pub brokers: String,
}

impl Cluster {
    /// On this broker, with the topics made.
    pub fn on(brokers: &str) -> Self {
        let prefix = format!("t{}.", WORLDS.fetch_add(1, Ordering::Relaxed));
        let cluster = Self { prefix, brokers: brokers.to_owned() };
        let kafka = cluster.connect(cluster.options());
        // A broker answers before its controller counts it: until then no topic can have a replica.
        let until = std::time::Instant::now() + PATIENCE;
        loop {
            let states = kafka.topics(PARTITIONS, None).expect("asked");
            match kafka.apply_topics(&states) {
                Ok(_) => return cluster,
                Err(error)
                    if error.to_string().contains("InvalidReplicationFactor")
                        && std::time::Instant::now() < until =>
                {
                    std::thread::sleep(std::time::Duration::from_millis(500));
                }
                Err(error) => panic!("the topics are not made: {error}"),
            }
        }
    }

    /// With shorter time-outs than usual, so that a dead member is missed soon; but one that a busy machine does
    /// not let run for some seconds is none.
    pub fn options(&self) -> KafkaOptions {
        let mut options = KafkaOptions::new(&self.brokers);
        options.prefix.clone_from(&self.prefix);
        for (key, value) in [
            ("session.timeout.ms", "10000"),
            ("heartbeat.interval.ms", "1000"),
            ("max.poll.interval.ms", "15000"),
        ] {
            options.properties.push((key.to_owned(), value.to_owned()));
        }
        options
    }

    pub fn connect(&self, options: KafkaOptions) -> Kafka {
        Kafka::connect(options).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl World for Cluster {
    fn new() -> Option<Self> {
        if skip() {
            return None;
        }
        let broker = Broker::shared().unwrap_or_else(|error| panic!("{error}"));
        Some(Self::on(broker.bootstrap()))
    }

    fn open(&self) -> Arc<dyn Bus> {
        Arc::new(self.connect(self.options()))
    }

    fn open_impatient(&self) -> Arc<dyn Bus> {
        let mut options = self.options();
        options.queue_bytes_max = 0;
        options.queue_wait = Duration::ZERO;
        Arc::new(self.connect(options))
    }
}
