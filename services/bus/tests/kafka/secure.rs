//! TLS and SASL against the real broker, and what is said where they fail.

use std::time::Duration;

use wayside_broker::{Broker, BrokerOptions, User, skip};
use wayside_bus::{Bus, Kafka, KafkaOptions, Password, Topic, kafka_properties};

use crate::contract::{all, numbered, numbers};

fn properties(text: &str) -> Vec<(String, String)> {
    kafka_properties(text).unwrap_or_else(|error| panic!("{error}"))
}

fn options(brokers: Option<&str>, properties: Vec<(String, String)>) -> KafkaOptions {
    KafkaOptions { properties, ..KafkaOptions::new(brokers.expect("it listens")) }
}

#[test]
fn tls_and_sasl() {
    if skip() {
        return;
    }
    let broker = Broker::start(BrokerOptions::secured()).unwrap_or_else(|error| panic!("{error}"));
    let user = User::new("wayside", "only-for-tests");
    let scram = properties(&broker.sasl_properties(&user).expect("SASL"));
    let mutual = properties(&broker.tls_properties().expect("TLS"));
    let (sasl_at, tls_at) = (broker.sasl_bootstrap(), broker.tls_bootstrap());

    let kafka = Kafka::connect(options(sasl_at, scram.clone())).expect("signed in");
    kafka.apply_topics(&kafka.topics(2, None).expect("asked")).expect("made");
    kafka.append(Topic::Signals, vec![numbered("k", 1, None)]).expect("stored");
    // The password apart from the file, as a secret is mounted.
    let mut apart = scram.clone();
    apart.retain(|(key, _)| key != "sasl.password");
    let mut with_password = options(sasl_at, apart.clone());
    with_password.password = Some(Password::new("only-for-tests\n"));
    let kafka = Kafka::connect(with_password).expect("signed in");
    kafka.append(Topic::Signals, vec![numbered("k", 2, None)]).expect("stored");
    let kafka = Kafka::connect(options(tls_at, mutual.clone())).expect("known by its certificate");
    assert_eq!(numbers(&all(&kafka, Topic::Signals)), [1, 2]);
    // A group, with its transactions, over TLS.
    let mut worker = crate::contract::Worker::join(&kafka, "rules", Topic::Signals);
    worker.take(2);
    let outputs = vec![(Topic::Signs, numbered("k", 3, Some("three")))];
    worker.consumer.commit(&worker.positions(), outputs).expect("stored");

    let mut said = String::new();
    let mut refused = |what: &str, brokers: Option<&str>, properties: Vec<(String, String)>| {
        let begin = std::time::Instant::now();
        let mut options = options(brokers, properties);
        options.connect_timeout = Duration::from_secs(10);
        let error = Kafka::connect(options).expect_err(what).to_string();
        eprintln!("{what}: told after {:.1?}", begin.elapsed());
        assert!(!error.contains("only-for-tests") && !error.contains("wrong-word"), "{error}");
        said += &format!("{what}:\n{}\n\n", steady(&error, brokers, &broker));
    };
    let mut wrong = apart.clone();
    wrong.push(("sasl.password".to_owned(), "wrong-word".to_owned()));
    refused("wrong password", sasl_at, wrong);
    refused("wrong authority", sasl_at, with(&scram, "ssl.ca.location", &stranger(&broker)));
    let mut anonymous = mutual.clone();
    anonymous.retain(|(key, _)| !key.contains("certificate") && !key.contains(".key."));
    refused("no client certificate", tls_at, anonymous);
    refused("no TLS at all", tls_at, Vec::new());
    refused("no broker", Some("127.0.0.1:9"), Vec::new());
    let missing = with(&scram, "ssl.ca.location", "/no/such/file.pem");
    refused("no such file", sasl_at, missing);
    insta::assert_snapshot!(said);
}

/// A certificate that is no authority of the broker's.
fn stranger(broker: &Broker) -> String {
    let files = broker.certificates().expect("TLS");
    files.client_certificate_file.display().to_string()
}

fn with(properties: &[(String, String)], key: &str, value: &str) -> Vec<(String, String)> {
    let mut changed = properties.to_vec();
    for (other, old) in &mut changed {
        if other == key {
            value.clone_into(old);
        }
    }
    changed
}

/// Without ports, folders and times, which are others each time.
fn steady(error: &str, brokers: Option<&str>, broker: &Broker) -> String {
    // What librdkafka adds: after which time, in which state, how often.
    let tell = |line: &str| line.split_once(" (after ").map_or(line, |(text, _)| text).to_owned();
    let text = error
        .lines()
        .map(tell)
        .collect::<Vec<_>>()
        .join("\n")
        .replace(brokers.unwrap_or_default(), "HOST:PORT")
        .replace(&broker.folder().display().to_string(), "FOLDER");
    let mut steady = String::new();
    let mut digits = false;
    for (place, character) in text.char_indices() {
        let after = text[..place].chars().next_back().unwrap_or(' ');
        let numeral = character.is_ascii_digit() && (digits || !after.is_ascii_alphabetic());
        if !numeral {
            steady.push(character);
        } else if !digits {
            steady.push('N');
        }
        digits = numeral;
    }
    steady
}
