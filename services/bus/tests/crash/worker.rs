//! The child: three writers with batches of numbered records, and a consumer that makes an output
//! of every third number.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use wayside_bus::{Log, LogOptions, Offset, Position, Record, Stored, Topic};

use crate::common::Chance;

pub const WRITERS: u64 = 3;
pub const CONSUMER: &str = "thirds";

/// What stands in a record: its number, and where its batch begins and ends.
pub struct Content {
    pub number: u64,
    pub first: u64,
    pub end: u64,
}

impl Content {
    fn record(&self, writer: u64) -> Record {
        let mut value = Vec::new();
        for number in [self.number, self.first, self.end] {
            value.extend_from_slice(&number.to_le_bytes());
        }
        // Of different lengths, some longer than a page.
        value.resize(24 + (self.number as usize * 37) % 900, 0x5a);
        if self.number.is_multiple_of(50) {
            value.resize(20_000, 0x5a);
        }
        let id = (writer == 0).then(|| format!("n{}", self.number));
        Record { key: format!("w{writer}"), time: self.number as i64, id, value }
    }

    pub fn of(stored: &Stored) -> Self {
        let number = |place: usize| {
            let bytes = stored.value.get(place * 8..place * 8 + 8).expect("a number");
            u64::from_le_bytes(bytes.try_into().expect("eight bytes"))
        };
        Self { number: number(0), first: number(1), end: number(2) }
    }
}

/// The output that the consumer makes of a record.
pub fn output(stored: &Stored) -> Option<Record> {
    let content = Content::of(stored);
    content.number.is_multiple_of(3).then(|| Record {
        key: "site".to_owned(),
        time: stored.time,
        id: Some(format!("{}-{}", stored.key, content.number)),
        value: stored.offset.0.to_le_bytes().to_vec(),
    })
}

fn say(text: &str) {
    // One write, so that a line is whole or cut off, and never mixed with another.
    let mut out = std::io::stdout().lock();
    let told = out.write_all(format!("\n{text}.\n").as_bytes()).and_then(|()| out.flush());
    told.expect("a pipe");
}

pub fn work(dir: &Path) {
    let log = Log::open(dir, LogOptions::default()).expect("a log");
    for writer in 0..WRITERS {
        let log = log.clone();
        std::thread::spawn(move || write(&log, writer));
    }
    consume(&log);
}

fn write(log: &Log, writer: u64) {
    let key = format!("w{writer}");
    let last = log.last(Topic::Observations, &key).expect("the last record");
    let mut next = last.as_ref().map_or(0, |last| Content::of(last).end);
    let mut chance = Chance(next ^ writer << 32);
    if let (0, Some(last)) = (writer, &last) {
        // Not sure whether its last batch had arrived, it sends that again; the ids tell.
        let content = Content::of(last);
        append(log, writer, content.first, content.end);
    }
    loop {
        let end = next + 1 + chance.below(20);
        append(log, writer, next, end);
        next = end;
    }
}

fn append(log: &Log, writer: u64, first: u64, end: u64) {
    let records =
        (first..end).map(|number| Content { number, first, end }.record(writer)).collect();
    let appended = log.append(Topic::Observations, records).expect("stored");
    say(&format!("stored {writer} {} {} {end}", appended.first, appended.stored));
}

fn consume(log: &Log) {
    let stored = log.position(CONSUMER, Topic::Observations).expect("a position");
    // A consumer that starts anew reads again from its rewind, and makes its outputs again.
    let mut next = stored.map_or(Offset(0), |position| position.rewind);
    let mut committed = stored.map_or(Offset(0), |position| position.next);
    loop {
        if !log.wait(Topic::Observations, next, Duration::from_secs(1)) {
            continue;
        }
        let records = log.read(Topic::Observations, next, 64, 100_000).expect("records");
        let Some(last) = records.last() else { continue };
        let outputs = records.iter().filter_map(output).map(|r| (Topic::Violations, r)).collect();
        committed = committed.max(last.offset.next());
        let rewind = Offset(committed.0.saturating_sub(100)).min(next);
        let position = Position { next: committed, rewind };
        log.commit(CONSUMER, Topic::Observations, position, outputs).expect("committed");
        next = last.offset.next();
        say(&format!("position {committed}"));
    }
}
