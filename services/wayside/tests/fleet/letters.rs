//! Dead letters.

use std::collections::BTreeMap;

use wayside_bus::{Bus, Topic};
use wayside_proto::DeadLetter;
use wayside_proto::convert::Message;

use crate::buses::records;

/// Topic, partition and offset of a record that could not be read.
pub type Origin = (String, u32, u64);

/// The letters of a bus, by where their record stands. None may be there twice.
#[track_caller]
pub fn letters(bus: &dyn Bus) -> BTreeMap<Origin, DeadLetter> {
    let mut all = BTreeMap::new();
    for stored in records(bus, Topic::DeadLetter) {
        let letter = DeadLetter::from_bytes(&stored.value).unwrap();
        let origin = (letter.topic.clone(), letter.partition, letter.offset);
        let before = all.insert(origin, letter);
        assert!(before.is_none(), "there twice: {before:?}");
    }
    all
}
