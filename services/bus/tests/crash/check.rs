//! What must hold of a log after a kill.

use std::collections::BTreeMap;
use std::path::Path;

use wayside_bus::{Log, LogOptions, Offset, Stored, Topic};

use crate::worker::{CONSUMER, Content, WRITERS, output};

/// What children have acknowledged, over all rounds.
#[derive(Default)]
pub struct Told {
    /// Per writer: offset of a batch, how many were stored, number after its last one.
    batches: BTreeMap<u64, Vec<(u64, u64, u64)>>,
    position: u64,
    pub lines: usize,
}

impl Told {
    /// Takes a line of a child. True where it acknowledges something.
    pub fn hear(&mut self, line: &str) -> bool {
        let Some(line) = line.strip_suffix('.') else { return false };
        let words: Vec<&str> = line.split(' ').collect();
        let number = |word: &str| word.parse::<u64>().expect("a number");
        match words.as_slice() {
            ["stored", writer, first, stored, end] => {
                let batch = (number(first), number(stored), number(end));
                self.batches.entry(number(writer)).or_default().push(batch);
            }
            ["position", next] => self.position = number(next),
            _ => return false,
        }
        self.lines += 1;
        true
    }
}

/// Opens the log and compares it with what was acknowledged. Returns how many records it has.
pub fn check(dir: &Path, told: &Told) -> u64 {
    let log = Log::open(dir, LogOptions::default()).expect("the log opens after a kill");
    assert!(log.stats().expect("stats").was_unclean);
    log.check().expect("the database is whole");
    let records = all(&log, Topic::Observations);
    for (place, record) in records.iter().enumerate() {
        assert_eq!(record.offset, Offset(place as u64), "no offset is left out or used twice");
    }
    for writer in 0..WRITERS {
        let key = format!("w{writer}");
        let of_writer: Vec<&Stored> = records.iter().filter(|r| r.key == key).collect();
        for (number, record) in of_writer.iter().enumerate() {
            assert_eq!(Content::of(record).number, number as u64, "{key}: lost or doubled");
        }
        if let Some(last) = of_writer.last() {
            let content = Content::of(last);
            assert_eq!(content.number + 1, content.end, "{key}: a batch is whole or absent");
        }
        for &(first, stored, end) in told.batches.get(&writer).into_iter().flatten() {
            for place in 0..stored {
                let record = records.get((first + place) as usize);
                let record = record.unwrap_or_else(|| panic!("{key}: {first}+{place} is lost"));
                assert_eq!(record.key, key);
                assert_eq!(Content::of(record).number, end - stored + place);
            }
        }
    }
    let next = log
        .position(CONSUMER, Topic::Observations)
        .expect("a position")
        .map_or(0, |position| position.next.0);
    assert!(next >= told.position, "the position {} was acknowledged", told.position);
    let consumed = records.get(..next as usize).expect("a position within the log");
    let mut expected: Vec<_> = consumed.iter().filter_map(output).collect();
    let mut outputs: Vec<_> = all(&log, Topic::Violations)
        .into_iter()
        .map(|s| wayside_bus::Record { key: s.key, time: s.time, id: s.id, value: s.value })
        .collect();
    expected.sort_by(|a, b| a.id.cmp(&b.id));
    outputs.sort_by(|a, b| a.id.cmp(&b.id));
    assert!(expected == outputs, "outputs are there exactly where the position has passed");
    records.len() as u64
}

fn all(log: &Log, topic: Topic) -> Vec<Stored> {
    let (mut records, mut from) = (Vec::new(), Offset(0));
    loop {
        let read = log.read(topic, from, usize::MAX, usize::MAX).expect("records");
        let Some(last) = read.last() else { return records };
        from = last.offset.next();
        records.extend(read);
    }
}
