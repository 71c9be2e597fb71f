//! Topics are made as planned, and what differs is told first.

use std::collections::BTreeSet;

use wayside_bus::{Bus, BusError, KafkaFault, Record, Topic, TopicState, VALUE_BYTES_MAX};

use crate::contract::{Worker, World, all, numbered, numbers};
use crate::world::{Cluster, PARTITIONS};

fn changes(states: &[TopicState]) -> Vec<String> {
    let of = |state: &TopicState| {
        let topic = state.plan.topic.name();
        state.changes().iter().map(|change| format!("{topic}: {change}")).collect::<Vec<_>>()
    };
    states.iter().flat_map(of).collect()
}

#[test]
fn topics_become_as_planned() {
    let Some(mut world) = Cluster::new() else { return };
    world.prefix.push_str("again.");
    let kafka = world.connect(world.options());
    let missing = kafka.topics(2, None).expect("asked");
    assert!(changes(&missing).iter().all(|change| change.ends_with(": create")));
    kafka.apply_topics(&missing).expect("made");
    let made = kafka.topics(2, None).expect("asked");
    assert_eq!(changes(&made), [""; 0], "nothing is left to do");
    kafka.apply_topics(&made).expect("once more changes nothing");
    // An older plan, and a setting that is somebody else's.
    let mut older = kafka.topics(2, None).expect("asked");
    for state in &mut older {
        match state.plan.topic {
            Topic::Observations => state.plan.settings[1].1 = "1000000".to_owned(),
            Topic::Signals => state.plan.settings.push(("compression.type", "gzip".to_owned())),
            _ => {}
        }
    }
    kafka.apply_topics(&older).expect("changed");
    let differs = kafka.topics(5, Some(2)).expect("asked");
    insta::assert_snapshot!(changes(&differs).join("\n"));
    let wanted = kafka.topics(5, None).expect("asked");
    kafka.apply_topics(&wanted).expect("changed");
    assert_eq!(changes(&kafka.topics(5, None).expect("asked")), [""; 0]);
    let fewer = changes(&kafka.topics(4, None).expect("asked"));
    let told: BTreeSet<&str> =
        fewer.iter().map(|change| change.split_once(": ").expect("a topic").1).collect();
    assert_eq!(told, ["cannot change partitions 5 -> 4: Kafka takes none away"].into());
    // What is nobody's plan stays.
    let mut signals = kafka.topics(5, None).expect("asked");
    signals.retain(|state| state.plan.topic == Topic::Signals);
    signals[0].plan.settings.push(("compression.type", "gzip".to_owned()));
    let _ = kafka.apply_topics(&signals);
    assert_eq!(kafka.shared_partitions().expect("asked"), Some(5));
}

#[test]
fn a_topic_that_is_not_there_is_named() {
    let Some(mut world) = Cluster::new() else { return };
    world.prefix = "no-such-city.".to_owned();
    let kafka = world.connect(world.options());
    let error = kafka.append(Topic::Signs, vec![numbered("k", 1, None)]).expect_err("no topic");
    let text = error.to_string().replace(&world.brokers, "HOST:PORT");
    insta::assert_snapshot!(text);
    let errors = [
        kafka.consume("rules", Topic::Observations).err(),
        kafka.read_from(Topic::Signs, Default::default(), wayside_bus::Start::Begin).err(),
    ];
    for error in errors {
        let error = error.expect("no topic");
        assert!(matches!(error, BusError::Kafka(KafkaFault::NoTopic { .. })), "{error}");
    }
}

/// The broker refuses one record for its size; the rest of the batch and the next ones are stored.
#[test]
fn a_record_that_the_broker_refuses_stops_nothing() {
    let Some(world) = Cluster::new() else { return };
    let bus = world.connect(world.options());
    let mut states = bus.topics(PARTITIONS, None).expect("asked");
    for state in &mut states {
        let limit = state.plan.settings.iter_mut().find(|(key, _)| *key == "max.message.bytes");
        limit.expect("planned").1 = "1100000".to_owned();
    }
    bus.apply_topics(&states).expect("changed");
    let mut chance = crate::common::Chance(3);
    let noise: Vec<u8> =
        (0..VALUE_BYTES_MAX / 16).flat_map(|_| chance.next().to_le_bytes()).collect();
    let large = Record { value: noise, ..numbered("k", 2, None) };
    let topic = Topic::Violations;
    let batch = vec![numbered("k", 1, None), large.clone(), numbered("k", 3, None)];
    let error = bus.append(topic, batch).expect_err("one of them is too large");
    insta::assert_snapshot!(error.to_string().replace(&world.brokers, "HOST:PORT"));
    bus.append(topic, vec![numbered("k", 4, None)]).expect("the next is stored");
    assert_eq!(numbers(&all(&bus, topic)), [1, 3, 4]);
    // As an output, it keeps the whole commit back; without it, the consumer goes on.
    bus.append(Topic::Observations, vec![numbered("k", 1, None)]).expect("stored");
    let mut worker = Worker::join(&bus, "rules", Topic::Observations);
    worker.take(1);
    let outputs = vec![(topic, numbered("k", 5, Some("five"))), (topic, large)];
    let positions = worker.positions();
    let error = worker.consumer.commit(&positions, outputs).expect_err("too large");
    assert!(matches!(error, BusError::Kafka(KafkaFault::TooLarge { .. })), "{error}");
    let outputs = vec![(topic, numbered("k", 5, Some("five")))];
    worker.consumer.commit(&positions, outputs).expect("stored");
    assert_eq!(numbers(&all(&bus, topic)), [1, 3, 4, 5]);
}
