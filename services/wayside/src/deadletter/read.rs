//! Letters out of the bus.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use wayside_bus::{Bus, Partition, Start, Stored, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{DeadLetter, EventTime};

use super::{Entry, Place};
use crate::failure::Failure;

/// Most letters that are kept in memory; the newest of each partition.
pub const LETTERS_MAX: usize = 100_000;
/// Bounds of one read.
const RECORDS_MAX: usize = 256;
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long a record that is there is waited for.
const WAIT: Duration = Duration::from_millis(500);
/// So many waits without a record, and the bus is taken for broken.
const WAITS_MAX: u32 = 60;

/// Which letters are meant.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this topic only.
    pub topic: Option<Topic>,
    /// Of records with an event time from here on only.
    pub since: Option<EventTime>,
}

/// Letters without the bytes of their records, in order of place.
#[derive(Debug, Default)]
pub struct Letters {
    /// The letters.
    pub entries: Vec<Entry>,
    /// Older ones that were left out, because there are so many.
    pub left_out: u64,
}

/// Where a record stands, or stood.
type Origin = (String, u32, u64);

/// Every letter that is meant.
///
/// # Errors
/// Where the bus cannot be read.
pub fn letters(bus: &dyn Bus, wanted: &Wanted) -> Result<Letters, Failure> {
    let mut all = Letters::default();
    let mut requeued: BTreeSet<Origin> = BTreeSet::new();
    for number in 0..bus.partitions(Topic::DeadLetter).map_err(|error| failed(bus, error))? {
        let mut kept: VecDeque<Entry> = VecDeque::new();
        records(bus, Partition(number), |stored| {
            let mut entry = entry(stored);
            match &mut entry.letter {
                Ok(letter) if letter.requeued => {
                    requeued.insert(origin(letter));
                    return;
                }
                // Bytes are read again by whoever needs them.
                Ok(letter) => letter.value = Vec::new(),
                Err(_) => {}
            }
            let topic = wanted.topic.is_none_or(|topic| topic.name() == entry.topic);
            if topic && wanted.since.is_none_or(|since| entry.time >= since) {
                kept.push_back(entry);
                if kept.len() > LETTERS_MAX {
                    kept.pop_front();
                    all.left_out += 1;
                }
            }
        })?;
        all.entries.extend(kept);
    }
    for entry in &mut all.entries {
        entry.requeued =
            entry.letter.as_ref().is_ok_and(|letter| requeued.contains(&origin(letter)));
    }
    Ok(all)
}

/// The letter at a place, with the bytes of its record.
///
/// # Errors
/// Where the bus cannot be read, or has no letter there.
pub fn letter(bus: &dyn Bus, place: Place) -> Result<Entry, Failure> {
    let missing = || {
        Failure::input(format!(
            "{} has no dead letter {place}\n  hint: `wayside deadletter list` shows what there is",
            bus.place()
        ))
    };
    let partitions = bus.partitions(Topic::DeadLetter).map_err(|error| failed(bus, error))?;
    if place.partition.0 >= partitions {
        return Err(missing());
    }
    let start = Start::At(place.offset);
    let mut reader = bus
        .read_from(Topic::DeadLetter, place.partition, start)
        .map_err(|error| failed(bus, error))?;
    if reader.end().map_err(|error| failed(bus, error))? <= place.offset {
        return Err(missing());
    }
    for _ in 0..WAITS_MAX {
        let records = reader.read(1, BYTES_MAX, WAIT).map_err(|error| failed(bus, error))?;
        if let Some(stored) = records.into_iter().next() {
            let found = stored.offset == place.offset;
            let entry = entry(stored);
            let note = entry.letter.as_ref().is_ok_and(|letter| letter.requeued);
            return if found && !note { Ok(entry) } else { Err(missing()) };
        }
    }
    Err(missing())
}

/// Where the record of a letter stands.
#[must_use]
pub fn origin(letter: &DeadLetter) -> Origin {
    (letter.topic.clone(), letter.partition, letter.offset)
}

/// Letters by topic and error, the most frequent first.
#[must_use]
pub fn groups(entries: &[Entry]) -> Vec<(u64, String, String)> {
    let mut groups: BTreeMap<(String, String), u64> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.requeued) {
        let error = match &entry.letter {
            Ok(letter) => letter.error.clone(),
            Err(why) => format!("the letter itself cannot be read: {why}"),
        };
        *groups.entry((entry.topic.clone(), error)).or_default() += 1;
    }
    let mut groups: Vec<_> =
        groups.into_iter().map(|((topic, error), count)| (count, topic, error)).collect();
    groups.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (&a.1, &a.2).cmp(&(&b.1, &b.2))));
    groups
}

fn entry(stored: Stored) -> Entry {
    let place = Place { partition: stored.partition, offset: stored.offset };
    let letter = DeadLetter::from_bytes(&stored.value).map_err(|error| error.to_string());
    let topic = letter.as_ref().map_or(stored.key, |letter| letter.topic.clone());
    Entry { place, time: EventTime(stored.time), topic, letter, requeued: false }
}

fn failed(bus: &dyn Bus, error: impl std::fmt::Display) -> Failure {
    Failure::failed(format!("{} of {}: {error}", Topic::DeadLetter, bus.place()))
}

fn records(
    bus: &dyn Bus,
    partition: Partition,
    mut take: impl FnMut(Stored),
) -> Result<(), Failure> {
    let mut reader = bus
        .read_from(Topic::DeadLetter, partition, Start::Begin)
        .map_err(|error| failed(bus, error))?;
    let end = reader.end().map_err(|error| failed(bus, error))?;
    let mut waits = 0_u32;
    while reader.next() < end {
        let records =
            reader.read(RECORDS_MAX, BYTES_MAX, WAIT).map_err(|error| failed(bus, error))?;
        if records.is_empty() {
            waits += 1;
            if waits >= WAITS_MAX {
                let next = reader.next();
                let what = format!("partition {partition} gives nothing from offset {next} on");
                return Err(failed(bus, what));
            }
            continue;
        }
        waits = 0;
        records.into_iter().filter(|stored| stored.offset < end).for_each(&mut take);
    }
    Ok(())
}
