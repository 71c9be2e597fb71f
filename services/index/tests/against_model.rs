//! Both implementations agree with a list that is read from end to end, and so with each other,
//! whatever is done in whatever order.

mod common;
mod model;

use common::{CLASSES, Chance, DIMENSION, S, T0, axis, passage, question};
use proptest::prelude::*;
use tempfile::TempDir;
use wayside_index::shim::{Shim, ShimOptions};
use wayside_index::{End, Index, Point, Query, ServerIndex, ServerOptions};

/// Something that is done.
#[derive(Clone, Debug)]
enum Act {
    Upsert(Vec<Point>),
    Search(Query),
    Delete(Option<&'static str>, i64),
    Maintain,
    Reopen,
}

/// Few places and few vectors, so that ids, ties and borders meet.
fn point() -> impl Strategy<Value = Point> {
    (0..40_u64, 0..2_usize, any::<bool>(), 0..30_i64, 1..30_i64, 0..4_usize, 0..6_usize).prop_map(
        |(number, section, entry, second, life, class, vector)| Point {
            section: ["a", "b"][section].to_owned(),
            end: if entry { End::Entry } else { End::Exit },
            time: T0 + second * S,
            expires: T0 + (second + life) * S,
            class: CLASSES[class],
            vector: vector_of(vector),
            ..passage(number, 0)
        },
    )
}

fn vector_of(number: usize) -> Vec<f32> {
    match number {
        0..3 => axis(number),
        _ => Chance(number as u64).unit(DIMENSION),
    }
}

fn query() -> impl Strategy<Value = Query> {
    let classes = proptest::option::of(proptest::collection::btree_set(0..4_usize, 0..4));
    (0..2_usize, any::<bool>(), 0..30_i64, 1..30_i64, classes, 0..6_usize, 1..8_usize).prop_map(
        |(section, entry, from, length, classes, vector, limit)| Query {
            section: ["a", "b"][section].to_owned(),
            end: if entry { End::Entry } else { End::Exit },
            from: T0 + from * S,
            to: T0 + (from + length) * S,
            classes: classes.map(|set| set.into_iter().map(|class| CLASSES[class]).collect()),
            ..question(vector_of(vector), limit)
        },
    )
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => proptest::collection::vec(point(), 1..20).prop_map(Act::Upsert),
        4 => query().prop_map(Act::Search),
        2 => (0..3_usize, 0..60_i64).prop_map(|(section, second)| {
            Act::Delete([None, Some("a"), Some("b")][section], T0 + second * S)
        }),
        1 => Just(Act::Maintain),
        1 => Just(Act::Reopen),
    ]
}

fn agrees(acts: Vec<Act>, open: impl Fn() -> Box<dyn Index>) -> Result<(), TestCaseError> {
    let (mut index, mut list) = (open(), Vec::new());
    for act in acts {
        match act {
            Act::Upsert(points) => {
                index.upsert(&points).expect("stored");
                model::upsert(&mut list, &points);
            }
            Act::Search(query) => {
                let hits = index.search(&query).expect("hits");
                prop_assert_eq!(hits, model::search(&list, &query));
            }
            Act::Delete(section, before) => {
                let due = index.due(section, before).expect("told");
                let deleted = index.delete_before(section, before).expect("deleted");
                prop_assert_eq!(deleted, model::delete_before(&mut list, section, before));
                prop_assert_eq!(due, deleted);
            }
            Act::Maintain => {
                let points = index.maintain().expect("maintained").points;
                prop_assert_eq!(points, list.len() as u64);
            }
            Act::Reopen => {
                index.maintain().expect("maintained");
                drop(index);
                index = open();
            }
        }
        prop_assert_eq!(index.count().expect("a count"), list.len() as u64);
        for section in ["a", "b"] {
            let count = list.iter().filter(|point| point.section == section).count() as u64;
            prop_assert_eq!(index.count_of(section).expect("a count"), count);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_embedded_index_agrees(acts in proptest::collection::vec(act(), 1..25)) {
        let dir = TempDir::new().expect("a directory");
        agrees(acts, || Box::new(common::open(dir.path()).expect("an index")))?;
    }

    #[test]
    fn the_index_on_a_server_agrees(acts in proptest::collection::vec(act(), 1..25)) {
        let dir = TempDir::new().expect("a directory");
        let shim = Shim::start(dir.path(), ShimOptions::default()).expect("a server");
        let options = ServerOptions::new(&shim.url(), "passages", DIMENSION);
        agrees(acts, || Box::new(ServerIndex::open(options.clone()).expect("an index")))?;
    }
}
