//! A search sees what it asks for and nothing else.

use wayside_index::{End, Index, Point};
use wayside_proto::MotorVehicleClass::{Bus, Car, Motorcycle, Truck};

use super::World;
use crate::common::{CLASSES, Chance, DIMENSION, S, T0, axis, classes, numbers, passage, question};

pub fn a_section_is_alone<W: World>(world: &W) {
    let index = world.open();
    let other = Point { section: "a2".to_owned(), ..passage(2, 10) };
    index.upsert(&[passage(1, 10), other]).expect("stored");
    let mut query = question(axis(0), 64);
    assert_eq!(numbers(&index, &query), [1]);
    query.section = "a2".to_owned();
    assert_eq!(numbers(&index, &query), [2]);
    // Names are compared whole and as they are written.
    for name in ["A", "a ", "a2 ", "none", "a\"2"] {
        query.section = name.to_owned();
        assert_eq!(numbers(&index, &query), [0; 0], "{name}");
    }
}

pub fn an_end_is_alone<W: World>(world: &W) {
    let index = world.open();
    let exit = Point { end: End::Exit, ..passage(2, 10) };
    index.upsert(&[passage(1, 10), exit]).expect("stored");
    let mut query = question(axis(0), 64);
    assert_eq!(numbers(&index, &query), [1]);
    query.end = query.end.other();
    assert_eq!(numbers(&index, &query), [2]);
}

pub fn a_window_is_half_open<W: World>(world: &W) {
    let index = world.open();
    let at = |number: u64, time| Point { time, expires: time + S, ..passage(number, 0) };
    let points: Vec<_> = (0..7).map(|i| at(i + 1, T0 + i as i64 - 3)).collect();
    index.upsert(&points).expect("stored");
    for (from, to, expected) in
        [(-3, 4, 7), (-1, 1, 2), (0, 1, 1), (1, 3, 2), (4, 9, 0), (-9, -3, 0), (-9, -2, 1)]
    {
        let mut query = question(axis(0), 64);
        (query.from, query.to) = (T0 + from, T0 + to);
        let found = index.search(&query).expect("hits");
        assert_eq!(found.len(), expected, "{from} to {to}");
        assert!(found.iter().all(|hit| (query.from..query.to).contains(&hit.time)));
    }
}

pub fn classes_are_chosen<W: World>(world: &W) {
    let index = world.open();
    let points: Vec<_> = CLASSES
        .into_iter()
        .zip(1..)
        .map(|(class, number)| Point { class, vector: axis(0), ..passage(number, 10) })
        .collect();
    index.upsert(&points).expect("stored");
    for (wanted, expected) in [
        (None, vec![1, 2, 3, 4]),
        (classes(&[Car]), vec![1]),
        (classes(&[Truck, Bus]), vec![2, 3]),
        (classes(&[Motorcycle, Car, Bus, Truck]), vec![1, 2, 3, 4]),
        (classes(&[]), vec![]),
    ] {
        let mut query = question(axis(0), 64);
        query.classes = wanted;
        assert_eq!(numbers(&index, &query), expected, "{:?}", query.classes);
    }
}

pub fn every_filter_at_once_agrees_with_a_plain_search<W: World>(world: &W) {
    let index = world.open();
    let mut chance = Chance(7);
    let points: Vec<Point> = (1..=2_000)
        .map(|number| Point {
            section: format!("s{}", chance.below(3)),
            end: if chance.below(2) == 0 { End::Entry } else { End::Exit },
            class: CLASSES[chance.below(4) as usize],
            vector: chance.unit(DIMENSION),
            ..passage(number, chance.below(600) as i64)
        })
        .collect();
    for batch in points.chunks(500) {
        index.upsert(batch).expect("stored");
    }
    for _ in 0..30 {
        let mut query = question(chance.unit(DIMENSION), 1 + chance.below(40) as usize);
        query.section = format!("s{}", chance.below(3));
        query.end = if chance.below(2) == 0 { End::Entry } else { End::Exit };
        query.from = T0 + chance.below(400) as i64 * S;
        query.to = query.from + (1 + chance.below(300) as i64) * S;
        query.classes = (chance.below(2) == 0).then(|| classes(&[Car, Bus])).flatten();
        let hits = index.search(&query).expect("hits");
        assert_eq!(hits, crate::model::search(&points, &query));
    }
}
