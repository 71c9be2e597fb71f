//! Properties that are nobody's to set, and those that librdkafka does not take.

use rdkafka::config::ClientConfig;

use crate::kafka::fault::KafkaFault;

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
