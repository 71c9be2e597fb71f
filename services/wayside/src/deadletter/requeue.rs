//! Puts a record back into its topic.

use wayside_bus::{Appended, Bus, Record, Topic};
use wayside_proto::DeadLetter;
use wayside_proto::convert::Message;

use super::{Entry, Place, decode};
use crate::failure::Failure;

/// Who says so in the note.
const CONSUMER: &str = "wayside deadletter";

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// Put back; the words say where.
    Requeued(String),
    /// Put back before.
    Before,
    /// Left alone; the words say why.
    Left(String),
}

/// What became of the letter at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The letter.
    pub place: Place,
    /// The record's topic.
    pub topic: String,
    /// What became of it.
    pub became: Became,
}

/// Puts the record of a letter back, where this version can read it, or `force` says that another can.
///
/// # Errors
/// Where the bus refuses.
pub fn requeue(bus: &dyn Bus, entry: &Entry, requeued: bool, force: bool) -> Result<Done, Failure> {
    let done = |became| Ok(Done { place: entry.place, topic: entry.topic.clone(), became });
    let letter = match &entry.letter {
        Ok(letter) => letter,
        Err(why) => return done(Became::Left(format!("the letter itself cannot be read: {why}"))),
    };
    if requeued {
        return done(Became::Before);
    }
    let topic = match decode::of_letter(letter) {
        Ok((topic, _)) => topic,
        Err(why) => match Topic::parse(&letter.topic).filter(|_| force && is_whole(letter)) {
            Some(topic) => topic,
            None => return done(Became::Left(why)),
        },
    };
    let failed = |error| {
        Failure::failed(format!(
            "letter {} cannot be put back into {topic} of {}: {error}",
            entry.place,
            bus.place()
        ))
    };
    let appended = bus.append(topic, vec![record(letter)]).map_err(failed)?;
    note(bus, letter)?;
    done(Became::Requeued(match appended {
        Appended { stored: 0, .. } => "it was there already; noted".to_owned(),
        Appended { first, .. } => format!("put back into {topic} as offset {first}"),
    }))
}

/// Whether the letter has all bytes of its record, and some.
fn is_whole(letter: &DeadLetter) -> bool {
    !letter.is_perishable()
        && !letter.value.is_empty()
        && letter.value.len() as u64 >= letter.value_bytes
}

/// Key and time are the record's; the id is new, since the log still has the one that could not be read
/// under the old.
fn record(letter: &DeadLetter) -> Record {
    Record {
        key: letter.key.clone(),
        time: letter.time.0,
        id: Some(format!("requeued/{}/{}", letter.partition, letter.offset)),
        value: letter.value.clone(),
    }
}

fn note(bus: &dyn Bus, letter: &DeadLetter) -> Result<(), Failure> {
    let note = DeadLetter {
        value: Vec::new(),
        value_bytes: 0,
        error: format!("put back into its topic; it was: {}", letter.error),
        consumer: CONSUMER.to_owned(),
        requeued: true,
        ..letter.clone()
    };
    let failed = |error: &dyn std::fmt::Display| {
        Failure::failed(format!(
            "the record of {} is put back, but that cannot be noted: {error}\n  hint: another call would put it back again; the log stores it once",
            letter.topic
        ))
    };
    let value = note.to_bytes().map_err(|error| failed(&error))?;
    let id = format!("requeued/{}/{}/{}", letter.topic, letter.partition, letter.offset);
    let record = Record { key: letter.topic.clone(), time: letter.time.0, id: Some(id), value };
    bus.append(Topic::DeadLetter, vec![record]).map_err(|error| failed(&error))?;
    Ok(())
}
