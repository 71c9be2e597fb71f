//! How Kafka is reached, and the settings that are nobody's to change.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rdkafka::config::ClientConfig;

use crate::kafka::fault::KafkaFault;
use crate::kafka::refused::check_property;
use crate::limits::{BATCH_BYTES_MAX, BATCH_RECORDS_MAX, VALUE_BYTES_MAX};

/// Room for key, headers and framing beside a value.
const OVERHEAD_BYTES: usize = 64 * 1024;

/// A secret. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// From its text; a line break at the end, as editors leave it, does not count.
    pub fn new(text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self(text.trim_end_matches(['\n', '\r']).to_owned())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// How Kafka is reached. The defaults suit an enforcer of a hundred cameras.
#[derive(Clone)]
pub struct KafkaOptions {
    /// Brokers to ask first, `HOST:PORT`, separated by commas.
    pub brokers: String,
    /// Further properties of librdkafka: TLS, SASL, time-outs. [`crate::kafka_properties`] reads them from a
    /// file. Those that promises rest on are refused.
    pub properties: Vec<(String, String)>,
    /// The SASL password (`sasl.password`).
    pub password: Option<Password>,
    /// Tells this process from the others of its group. Two that run at a time must differ; one that keeps its
    /// name over a restart (a pod of a stateful set) ends at once what its forerunner left open.
    pub instance: String,
    /// Put before the names of topics, groups and transactions, so that several cities share a cluster.
    pub prefix: String,
    /// How long [`crate::Kafka::connect`] waits for a broker.
    pub connect_timeout: Duration,
    /// How long one question to the brokers may take.
    pub request_timeout: Duration,
    /// How long an append is tried again before it fails.
    pub delivery_timeout: Duration,
    /// How long a commit is tried again before it fails.
    pub commit_timeout: Duration,
    /// After this time the brokers abort what a dead process left open; until then its records, and its
    /// partitions' positions, cannot be read. 1 s to 15 min.
    pub transaction_timeout: Duration,
    /// Records that may wait to be stored; at least [`BATCH_RECORDS_MAX`].
    pub queue_records_max: usize,
    /// Bytes that may wait to be stored; at least [`BATCH_BYTES_MAX`].
    pub queue_bytes_max: usize,
    /// How long an append waits for room before it fails with [`KafkaFault::Full`](crate::KafkaFault::Full).
    pub queue_wait: Duration,
}

impl KafkaOptions {
    /// The defaults, for these brokers.
    pub fn new(brokers: impl Into<String>) -> Self {
        Self {
            brokers: brokers.into(),
            properties: Vec::new(),
            password: None,
            instance: default_instance(),
            prefix: String::new(),
            connect_timeout: Duration::from_secs(15),
            request_timeout: Duration::from_secs(15),
            delivery_timeout: Duration::from_secs(60),
            commit_timeout: Duration::from_secs(60),
            transaction_timeout: Duration::from_secs(10),
            queue_records_max: 100_000,
            queue_bytes_max: 2 * BATCH_BYTES_MAX,
            queue_wait: Duration::from_secs(10),
        }
    }

    /// The options, with every bound large enough for one batch.
    pub(super) fn sound(mut self) -> Self {
        self.queue_records_max = self.queue_records_max.clamp(BATCH_RECORDS_MAX, 5_000_000);
        self.queue_bytes_max = self.queue_bytes_max.clamp(BATCH_BYTES_MAX, 1 << 30);
        let (least, most) = (Duration::from_secs(1), Duration::from_secs(900));
        self.transaction_timeout = self.transaction_timeout.clamp(least, most);
        self
    }

    /// `kafka HOST:PORT,...`.
    pub(super) fn place(&self) -> String {
        format!("kafka {}", self.brokers)
    }

    /// What all clients have in common. Ours win over the user's.
    fn common(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        for (key, value) in &self.properties {
            config.set(key, value);
        }
        if let Some(Password(password)) = &self.password {
            config.set("sasl.password", password);
        }
        config.set("bootstrap.servers", &self.brokers);
        set_default(&mut config, "client.id", &format!("wayside-{}", self.instance));
        set_default(&mut config, "reconnect.backoff.ms", "50");
        set_default(&mut config, "reconnect.backoff.max.ms", "2000");
        set_default(&mut config, "socket.keepalive.enable", "true");
        config
    }

    /// A producer, idempotent; with `transactional` as its name, one of transactions.
    pub(super) fn producer(&self, transactional: Option<&str>) -> ClientConfig {
        let mut config = self.common();
        let ours = [
            ("enable.idempotence", "true".to_owned()),
            ("acks", "all".to_owned()),
            ("message.max.bytes", (VALUE_BYTES_MAX + OVERHEAD_BYTES).to_string()),
            // Twice what the gate lets through, so that librdkafka's own queue is never full.
            ("queue.buffering.max.messages", (2 * self.queue_records_max).to_string()),
            ("queue.buffering.max.kbytes", (2 * self.queue_bytes_max / 1024).to_string()),
        ];
        for (key, value) in ours {
            config.set(key, value);
        }
        set_default(&mut config, "compression.type", "lz4");
        match transactional {
            None => {
                config.set("message.timeout.ms", self.delivery_timeout.as_millis().to_string());
                set_default(&mut config, "linger.ms", "5");
            }
            Some(id) => {
                let timeout = self.transaction_timeout.as_millis().to_string();
                config.set("transactional.id", id);
                config.set("transaction.timeout.ms", &timeout);
                config.set("message.timeout.ms", &timeout);
                config.set("linger.ms", "1");
            }
        }
        config
    }

    /// A member of a group. Cooperative: a member that comes or goes moves only the partitions that
    /// change hands. Each move costs a rewind, so the others must go on undisturbed.
    pub(super) fn member(&self, group: &str) -> ClientConfig {
        let mut config = self.reading();
        config.set("group.id", group);
        config.set("partition.assignment.strategy", "cooperative-sticky");
        config.set("statistics.interval.ms", "2000");
        set_default(&mut config, "session.timeout.ms", "10000");
        set_default(&mut config, "heartbeat.interval.ms", "2000");
        set_default(&mut config, "max.poll.interval.ms", "120000");
        set_default(&mut config, "fetch.wait.max.ms", "100");
        config
    }

    /// A reader without a group. librdkafka wants a name nevertheless; nothing is ever committed in it.
    pub(super) fn reader(&self) -> ClientConfig {
        let mut config = self.reading();
        config.set("group.id", format!("{}wayside.readers", self.prefix));
        config.set("enable.partition.eof", "true");
        // The end of a partition is told when a fetch comes back empty.
        config.set("fetch.wait.max.ms", "20");
        config
    }

    fn reading(&self) -> ClientConfig {
        let mut config = self.asking();
        config.set("isolation.level", "read_committed");
        config.set("enable.auto.commit", "false");
        config.set("enable.auto.offset.store", "false");
        config.set("auto.offset.reset", "error");
        set_default(&mut config, "queued.max.messages.kbytes", "32768");
        set_default(&mut config, "fetch.error.backoff.ms", "50");
        config
    }

    /// A client that asks where partitions begin and end. It sees what is not committed, too.
    pub(super) fn asking(&self) -> ClientConfig {
        let mut config = self.common();
        config.set("isolation.level", "read_uncommitted");
        config.set("allow.auto.create.topics", "false");
        config
    }

    /// Refuses properties that are ours, that nobody knows, or whose value cannot be.
    pub(super) fn check(&self) -> Result<(), KafkaFault> {
        for (key, value) in &self.properties {
            check_property(key, value)?;
        }
        Ok(())
    }
}

impl fmt::Debug for KafkaOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&str> = self.properties.iter().map(|(key, _)| key.as_str()).collect();
        f.debug_struct("KafkaOptions")
            .field("brokers", &self.brokers)
            .field("properties", &keys)
            .field("instance", &self.instance)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

fn set_default(config: &mut ClientConfig, key: &str, value: &str) {
    if config.get(key).is_none() {
        config.set(key, value);
    }
}

/// Host and process, and which bus of the process. It does not outlive a restart.
fn default_instance() -> String {
    static BUSES: AtomicU32 = AtomicU32::new(1);
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { "host" } else { host.trim() };
    let (process, bus) = (std::process::id(), BUSES.fetch_add(1, Ordering::Relaxed));
    if bus == 1 { format!("{host}-{process}") } else { format!("{host}-{process}-{bus}") }
}
