//! The embedded log keeps the contract of a bus.

mod common;
mod contract;

use std::sync::Arc;
use std::time::Duration;

use contract::{World, number, numbered};
use tempfile::TempDir;
use wayside_bus::{Bus, Log, LogOptions, Topic};

/// A directory.
struct Directory(TempDir);

impl Directory {
    fn log(&self, options: LogOptions) -> Log {
        Log::open(self.0.path(), options).expect("a log")
    }
}

impl World for Directory {
    fn new() -> Option<Self> {
        Some(Self(TempDir::new().expect("a directory")))
    }

    fn open(&self) -> Arc<dyn Bus> {
        Arc::new(self.log(LogOptions::default()))
    }

    fn open_impatient(&self) -> Arc<dyn Bus> {
        Arc::new(self.log(LogOptions { queue_wait: Duration::ZERO, ..LogOptions::default() }))
    }
}

contract::contract_suite!(crate::Directory);

#[test]
fn the_last_record_of_a_key_is_found() {
    let world = Directory::new().expect("a world");
    let log = world.log(LogOptions::default());
    assert_eq!(log.last(Topic::Health, "a").expect("nothing"), None);
    let batch = vec![numbered("a", 1, None), numbered("b", 2, None), numbered("a", 3, None)];
    log.append(Topic::Health, batch).expect("stored");
    let last = |key| log.last(Topic::Health, key).expect("a record").map(|s| number(&s));
    assert_eq!([last("a"), last("b"), last("c")], [Some(3), Some(2), None]);
    assert_eq!(log.last(Topic::Signals, "a").expect("nothing"), None);
}

#[test]
fn batches_of_many_writers_are_not_mixed() {
    let world = Directory::new().expect("a world");
    let log = world.log(LogOptions::default());
    let threads: Vec<_> = (0..4_u64)
        .map(|writer| {
            let log = log.clone();
            std::thread::spawn(move || {
                for batch in 0..20_u64 {
                    let key = format!("w{writer}");
                    let records = (0..5).map(|n| numbered(&key, batch * 5 + n, None)).collect();
                    log.append(Topic::Observations, records).expect("stored");
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("a writer");
    }
    let stored = contract::all(&log, Topic::Observations);
    assert_eq!(stored.len(), 400);
    for batch in stored.chunks(5) {
        assert!(batch.iter().all(|record| record.key == batch[0].key), "records stand together");
        assert!(batch.windows(2).all(|pair| number(&pair[0]) + 1 == number(&pair[1])));
    }
}
