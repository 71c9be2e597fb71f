//! How Kafka is reached, and the settings that are nobody's to change.

use std::fmt;
use std::time::Duration;

use rdkafka::config::ClientConfig;

use crate::kafka::fault::KafkaFault;
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
    /// How long an append waits for room before it fails with [`KafkaFault::Full`].
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

/// Why a property is not the user's.
const OURS: &[(&str, &str)] = &[
    ("bootstrap.servers", "the brokers are told by --kafka"),
    ("metadata.broker.list", "the brokers are told by --kafka"),
    ("enable.idempotence", "an append must not be stored twice"),
    ("acks", "an append counts when all replicas in sync have it"),
    ("request.required.acks", "an append counts when all replicas in sync have it"),
    ("enable.gapless.guarantee", "appends are bounded in time"),
    ("message.max.bytes", "it follows from the largest message"),
    ("message.timeout.ms", "it follows from the time-outs of Wayside"),
    ("delivery.timeout.ms", "it follows from the time-outs of Wayside"),
    ("queue.buffering.max.messages", "Wayside bounds the queue itself"),
    ("queue.buffering.max.kbytes", "Wayside bounds the queue itself"),
    ("transactional.id", "it follows from the group and the instance"),
    ("transaction.timeout.ms", "it bounds how long a dead process holds others up"),
    ("group.id", "it follows from the group"),
    ("group.instance.id", "members are told apart by Wayside"),
    ("group.protocol", "fencing rests on the classic protocol"),
    ("partition.assignment.strategy", "all members of a group must agree on it"),
    ("enable.auto.commit", "a position is stored with its outputs"),
    ("enable.auto.offset.store", "a position is stored with its outputs"),
    ("auto.commit.interval.ms", "a position is stored with its outputs"),
    ("auto.offset.reset", "Wayside says where reading begins"),
    ("isolation.level", "what is not committed must not be seen"),
    ("enable.partition.eof", "readers rest on it"),
    ("allow.auto.create.topics", "topics are made by `wayside topics apply`"),
    ("statistics.interval.ms", "the lag is told by it"),
    ("partitioner", "a site's records lie on one partition"),
];

pub(super) fn check_property(key: &str, value: &str) -> Result<(), KafkaFault> {
    let fault = |why: String| Err(KafkaFault::Property { key: key.to_owned(), why });
    if let Some((_, why)) = OURS.iter().find(|(ours, _)| *ours == key) {
        return fault(format!("is Wayside's own: {why}\n  hint: remove it"));
    }
    if key == "sasl.password" && value.is_empty() {
        return fault("is empty\n  hint: give a password, or remove the line".to_owned());
    }
    let mut probe = ClientConfig::new();
    probe.set(key, value);
    match probe.create_native_config() {
        Ok(_) => Ok(()),
        Err(rdkafka::error::KafkaError::ClientConfig(_, cause, _, _)) => {
            // librdkafka repeats the value, which may be a secret.
            if cause.starts_with("No such configuration property") {
                let hint = "properties are those of librdkafka's CONFIGURATION.md";
                return fault(format!("is no property of librdkafka\n  hint: {hint}"));
            }
            fault("cannot have this value\n  hint: see librdkafka's CONFIGURATION.md".to_owned())
        }
        Err(_) => fault("cannot be set".to_owned()),
    }
}

fn set_default(config: &mut ClientConfig, key: &str, value: &str) {
    if config.get(key).is_none() {
        config.set(key, value);
    }
}

/// Host and process. It does not outlive a restart.
fn default_instance() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { "host" } else { host.trim() };
    format!("{host}-{}", std::process::id())
}
