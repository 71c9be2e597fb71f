//! Positions, and what is stored with them.

use wayside_bus::{Offset, Position, Topic};

use super::{Bus, World, all, number, numbered};

const IN: Topic = Topic::Observations;
const OUT: Topic = Topic::Violations;

fn at(next: Offset) -> Position {
    Position { next, rewind: next }
}

/// A bus with ten numbers to consume.
fn filled<B: Bus>(bus: &B) -> Vec<Offset> {
    bus.append(IN, (0..10).map(|n| numbered("camera", n, None)).collect()).expect("stored");
    all(bus, IN).iter().map(|record| record.offset).collect()
}

pub fn a_new_consumer_has_no_position(world: &impl World) {
    let bus = world.open();
    assert_eq!(bus.position("rules", IN).expect("none"), None);
}

pub fn a_position_is_stored_with_its_outputs(world: &impl World) {
    let bus = world.open();
    let offsets = filled(&bus);
    let position = Position { next: offsets[5], rewind: offsets[2] };
    let outputs = vec![
        (OUT, numbered("site", 7, Some("seven"))),
        (Topic::DeadLetter, numbered("in", 8, None)),
    ];
    let committed = bus.commit("rules", IN, position, outputs).expect("stored");
    assert_eq!((committed.stored, committed.duplicates), (2, 0));
    drop(bus);
    let bus = world.open();
    assert_eq!(bus.position("rules", IN).expect("a position"), Some(position));
    assert_eq!(all(&bus, OUT).iter().map(number).collect::<Vec<_>>(), [7]);
    assert_eq!(all(&bus, Topic::DeadLetter).iter().map(number).collect::<Vec<_>>(), [8]);
}

pub fn a_crash_before_the_commit_redelivers(world: &impl World) {
    let bus = world.open();
    let offsets = filled(&bus);
    bus.commit("rules", IN, at(offsets[3]), Vec::new()).expect("stored");
    // It reads on and goes away without a word.
    assert_eq!(bus.read(IN, offsets[3], 4).expect("records").len(), 4);
    drop(bus);
    let bus = world.open();
    let next = bus.position("rules", IN).expect("a position").expect("a position").next;
    let again: Vec<u64> = bus.read(IN, next, 99).expect("records").iter().map(number).collect();
    assert_eq!(again, (3..10).collect::<Vec<_>>());
}

pub fn consumers_do_not_see_each_other(world: &impl World) {
    let bus = world.open();
    let offsets = filled(&bus);
    bus.commit("one", IN, at(offsets[3]), Vec::new()).expect("stored");
    bus.commit("two", IN, at(offsets[8]), Vec::new()).expect("stored");
    bus.commit("one", OUT, at(bus.end(OUT)), Vec::new()).expect("stored");
    assert_eq!(bus.position("one", IN).expect("a position"), Some(at(offsets[3])));
    assert_eq!(bus.position("two", IN).expect("a position"), Some(at(offsets[8])));
    assert_eq!(bus.position("two", OUT).expect("none"), None);
}

pub fn a_position_never_goes_back(world: &impl World) {
    let bus = world.open();
    let offsets = filled(&bus);
    bus.commit("rules", IN, at(offsets[5]), Vec::new()).expect("stored");
    let output = || vec![(OUT, numbered("site", 1, Some("late")))];
    bus.commit("rules", IN, at(offsets[4]), output()).expect_err("it has gone further");
    bus.commit("rules", IN, at(Offset(bus.end(IN).0 + 1)), output()).expect_err("beyond the end");
    let ahead = Position { next: offsets[6], rewind: offsets[7] };
    bus.commit("rules", IN, ahead, output()).expect_err("a rewind lies before");
    assert_eq!(all(&bus, OUT), [], "refused as a whole");
    assert_eq!(bus.position("rules", IN).expect("a position"), Some(at(offsets[5])));
    // To stay and to reach the end are both allowed.
    bus.commit("rules", IN, at(offsets[5]), Vec::new()).expect("stored");
    bus.commit("rules", IN, at(bus.end(IN)), Vec::new()).expect("stored");
}

pub fn outputs_made_twice_are_stored_once(world: &impl World) {
    let bus = world.open();
    let offsets = filled(&bus);
    let outputs =
        |to: u64| (0..to).map(|n| (OUT, numbered("s", n, Some(&format!("v{n}"))))).collect();
    let first = bus.commit("rules", IN, at(offsets[3]), outputs(3)).expect("stored");
    assert_eq!((first.stored, first.duplicates), (3, 0));
    let second = bus.commit("rules", IN, at(offsets[6]), outputs(6)).expect("stored");
    assert_eq!((second.stored, second.duplicates), (3, 3));
    assert_eq!(all(&bus, OUT).iter().map(number).collect::<Vec<_>>(), (0..6).collect::<Vec<_>>());
}

pub fn a_bad_output_leaves_the_position(world: &impl World) {
    let bus = world.open();
    let offsets = filled(&bus);
    let outputs = vec![(OUT, numbered("site", 1, None)), (OUT, numbered("", 2, None))];
    bus.commit("rules", IN, at(offsets[5]), outputs).expect_err("a record without a key");
    assert_eq!(bus.position("rules", IN).expect("none"), None);
    assert_eq!(all(&bus, OUT), []);
    bus.commit("", IN, at(offsets[5]), Vec::new()).expect_err("a consumer without a name");
}
