//! Any sequence of operations against a model that is a list.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tempfile::TempDir;
use wayside_bus::{
    Deleted, Held, Log, LogOptions, Offset, Partition, Position, Record, Stored, Topic,
};

#[derive(Clone, Debug)]
enum Step {
    Append(Topic, Vec<Record>),
    Commit {
        consumer: &'static str,
        topic: Topic,
        next: u64,
        back: u64,
        outputs: Vec<(Topic, Record)>,
    },
    Retain {
        topic: Topic,
        before_time: i64,
        bytes_max: u64,
    },
    Forget(&'static str),
    Reopen,
}

fn topic() -> impl Strategy<Value = Topic> {
    prop_oneof![Just(Topic::Observations), Just(Topic::Violations), Just(Topic::DeadLetter)]
}

fn record() -> impl Strategy<Value = Record> {
    let id = proptest::option::of((0_u8..12).prop_map(|n| format!("id{n}")));
    let value = proptest::collection::vec(any::<u8>(), 0..200);
    ("[a-c]", 0_i64..50, id, value).prop_map(|(key, time, id, value)| Record {
        key,
        time,
        id,
        value,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let consumer = || prop_oneof![Just("one"), Just("two")];
    let outputs = proptest::collection::vec((topic(), record()), 0..4);
    prop_oneof![
        6 => (topic(), proptest::collection::vec(record(), 0..8)).prop_map(|(t, r)| Step::Append(t, r)),
        4 => (consumer(), topic(), 0_u64..40, 0_u64..6, outputs).prop_map(
            |(consumer, topic, next, back, outputs)| Step::Commit { consumer, topic, next, back, outputs }),
        3 => (topic(), 0_i64..60, prop_oneof![Just(u64::MAX), 0_u64..3_000]).prop_map(
            |(topic, before_time, bytes_max)| Step::Retain { topic, before_time, bytes_max }),
        1 => consumer().prop_map(Step::Forget),
        1 => Just(Step::Reopen),
    ]
}

/// A log as a list.
#[derive(Default)]
struct Model {
    topics: BTreeMap<Topic, (u64, Vec<Stored>)>,
    positions: BTreeMap<(&'static str, Topic), Position>,
    latest: BTreeMap<(Topic, String), u64>,
}

fn bytes(stored: &Stored) -> u64 {
    let Stored { key, time, id, value, .. } = stored.clone();
    Record { key, time, id, value }.bytes() as u64
}

impl Model {
    fn append(&mut self, topic: Topic, record: &Record) -> bool {
        let (next, stored) = self.topics.entry(topic).or_default();
        if record.id.is_some() && stored.iter().any(|s| s.id == record.id) {
            return false;
        }
        let Record { key, time, id, value } = record.clone();
        self.latest.insert((topic, key.clone()), *next);
        stored.push(Stored {
            partition: Partition(0),
            offset: Offset(*next),
            key,
            time,
            id,
            value,
        });
        *next += 1;
        true
    }

    fn retain(&mut self, topic: Topic, before_time: i64, bytes_max: u64) -> Deleted {
        let of_topic = self.positions.iter().filter(|((_, t), _)| *t == topic);
        let holder = of_topic.map(|((name, _), p)| (p.rewind, *name)).min();
        let needed = holder.map_or(Offset(u64::MAX), |(rewind, _)| rewind);
        let (_, stored) = self.topics.entry(topic).or_default();
        let mut deleted = Deleted::default();
        stored.retain(|s| {
            let gone = s.time < before_time && s.offset < needed;
            deleted.records += u64::from(gone);
            deleted.bytes += if gone { bytes(s) } else { 0 };
            !gone
        });
        while stored.iter().map(bytes).sum::<u64>() > bytes_max {
            let first = stored.remove(0);
            deleted.records += 1;
            deleted.bytes += bytes(&first);
            deleted.forced += u64::from(first.offset >= needed);
        }
        let held = stored.iter().filter(|s| s.time < before_time && s.offset >= needed).count();
        deleted.held = holder.filter(|_| held > 0).map(|(rewind, consumer)| Held {
            records: held as u64,
            consumer: consumer.to_owned(),
            rewind,
        });
        deleted
    }
}

fn run(steps: &[Step]) -> Result<(), TestCaseError> {
    let dir = TempDir::new().expect("a directory");
    let open = || Log::open(dir.path(), LogOptions::default()).expect("a log");
    let (mut log, mut model) = (open(), Model::default());
    for step in steps {
        match step.clone() {
            Step::Append(topic, records) => {
                let end = log.end(topic);
                let stored = records.iter().filter(|r| model.append(topic, r)).count() as u64;
                let appended = log.append(topic, records.clone()).expect("stored");
                prop_assert_eq!(appended.first, end);
                prop_assert_eq!(appended.stored, stored);
                prop_assert_eq!(appended.duplicates, records.len() as u64 - stored);
            }
            Step::Commit { consumer, topic, next, back, outputs } => {
                let end = model.topics.get(&topic).map_or(0, |(next, _)| *next);
                let least = model.positions.get(&(consumer, topic)).map_or(0, |p| p.next.0);
                let rewind = Offset(next.saturating_sub(back));
                let position = Position { next: Offset(next), rewind };
                let result = log.commit(consumer, topic, position, outputs.clone());
                prop_assert_eq!(result.is_ok(), (least..=end).contains(&next));
                if let Ok(committed) = result {
                    let stored = outputs.iter().filter(|(t, r)| model.append(*t, r)).count() as u64;
                    prop_assert_eq!(committed.stored, stored);
                    prop_assert_eq!(committed.duplicates, outputs.len() as u64 - stored);
                    model.positions.insert((consumer, topic), position);
                }
            }
            Step::Retain { topic, before_time, bytes_max } => {
                let expected = model.retain(topic, before_time, bytes_max);
                prop_assert_eq!(log.retain(topic, before_time, bytes_max), Ok(expected));
            }
            Step::Forget(consumer) => {
                let before = model.positions.len();
                model.positions.retain(|(name, _), _| *name != consumer);
                let gone = (before - model.positions.len()) as u64;
                prop_assert_eq!(log.forget(consumer), Ok(gone));
            }
            Step::Reopen => {
                drop(log);
                log = open();
            }
        }
        compare(&log, &model)?;
    }
    log.check().expect("a sound database");
    Ok(())
}

fn compare(log: &Log, model: &Model) -> Result<(), TestCaseError> {
    let stats = log.stats().expect("stats");
    for (&topic, (next, stored)) in &model.topics {
        let begin = stored.first().map_or(Offset(*next), |first| first.offset);
        prop_assert_eq!((log.begin(topic), log.end(topic)), (begin, Offset(*next)));
        for from in [Offset(0), begin, Offset(next / 2), Offset(*next)] {
            let expected: Vec<Stored> =
                stored.iter().filter(|s| s.offset >= from).cloned().collect();
            let there = log.wait(topic, from, std::time::Duration::ZERO);
            prop_assert_eq!(there, !expected.is_empty());
            prop_assert_eq!(log.read(topic, from, 1_000, usize::MAX).expect("records"), expected);
        }
        let counted = stats.topics.iter().find(|t| t.topic == topic).expect("a topic");
        let (records, bytes) = (stored.len() as u64, stored.iter().map(bytes).sum::<u64>());
        prop_assert_eq!((counted.records, counted.bytes), (records, bytes));
        for key in ["a", "b", "c"] {
            let latest = model.latest.get(&(topic, key.to_owned()));
            let expected = latest.and_then(|at| stored.iter().find(|s| s.offset.0 == *at));
            let last = log.last(topic, key).expect("a record");
            prop_assert_eq!(last.as_ref(), expected);
        }
    }
    for consumer in ["one", "two"] {
        for topic in Topic::ALL {
            let expected = model.positions.get(&(consumer, topic)).copied();
            prop_assert_eq!(log.position(consumer, topic).expect("a position"), expected);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_operations_is_that_of_a_list(steps in proptest::collection::vec(step(), 1..40)) {
        run(&steps)?;
    }
}
