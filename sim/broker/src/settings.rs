//! Kafka's `server.properties`.

use std::fmt::Write as _;
use std::path::Path;

use crate::{BrokerOptions, Certificates, ClientCertificate};

/// The ports that are listened on.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    pub plaintext: u16,
    pub controller: u16,
    pub tls: Option<u16>,
    pub sasl: Option<u16>,
}

/// What every broker of this crate has. Groups form at once, what expires goes within a second, internal
/// topics are small, and a broker that was killed is taken back after three seconds instead of nine.
const FIXED: &str = "\
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
log.initial.task.delay.ms=1000
log.retention.check.interval.ms=1000
log.segment.delete.delay.ms=1000
log.cleaner.backoff.ms=1000
log.cleaner.dedupe.buffer.size=8388608
log.index.size.max.bytes=1048576
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
num.network.threads=2
num.io.threads=4
";

/// The whole file. Options of the caller come last: the last of a name counts.
pub fn server_properties(
    options: &BrokerOptions,
    ports: Listening,
    data: &Path,
    certificates: Option<&Certificates>,
) -> String {
    let mut text = FIXED.to_owned();
    let mut line = |name: &str, value: &dyn std::fmt::Display| {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{name}={value}");
    };
    let mut open = vec![format!("PLAINTEXT://127.0.0.1:{}", ports.plaintext)];
    open.extend(ports.tls.map(|port| format!("SSL://127.0.0.1:{port}")));
    open.extend(ports.sasl.map(|port| format!("SASL_SSL://127.0.0.1:{port}")));
    let open = open.join(",");
    line("advertised.listeners", &open);
    line("listeners", &format!("{open},CONTROLLER://127.0.0.1:{}", ports.controller));
    line("controller.quorum.voters", &format!("1@127.0.0.1:{}", ports.controller));
    line("log.dirs", &data.display());
    line("num.partitions", &options.partitions);
    line("message.max.bytes", &options.message_bytes_max);
    if let Some(certificates) = certificates {
        line("ssl.keystore.type", &"PEM");
        line("ssl.keystore.location", &certificates.broker_file.display());
        line("ssl.truststore.type", &"PEM");
        line("ssl.truststore.location", &certificates.ca_file.display());
        if options.tls == Some(ClientCertificate::Required) {
            line("listener.name.ssl.ssl.client.auth", &"required");
        }
    }
    if options.sasl {
        line("listener.name.sasl_ssl.sasl.enabled.mechanisms", &"SCRAM-SHA-512,PLAIN");
        line(
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
            &"org.apache.kafka.common.security.scram.ScramLoginModule required;",
        );
        let mut plain =
            "org.apache.kafka.common.security.plain.PlainLoginModule required".to_owned();
        for user in &options.users {
            let _ = write!(plain, " user_{}=\"{}\"", user.name, user.password);
        }
        plain.push(';');
        line("listener.name.sasl_ssl.plain.sasl.jaas.config", &plain);
    }
    for (name, value) in &options.properties {
        line(name, value);
    }
    text
}

/// The log of a broker, in the form that `make kafka` and the class archive use as well.
pub const LOG4J: &str = include_str!("../../../scripts/tools/kafka/log4j2.properties");
