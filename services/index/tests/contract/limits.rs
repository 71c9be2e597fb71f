//! Points are stored once, within bounds, whole batches or none.

use wayside_index::{Index, IndexError, Point, UPSERT_POINTS_MAX};

use super::World;
use crate::common::{axis, numbers, passage, question};

pub fn an_upsert_twice_is_one_point<W: World>(world: &W) {
    let index = world.open();
    let points: Vec<_> = (1..=100).map(|number| passage(number, 10)).collect();
    for _ in 0..3 {
        index.upsert(&points).expect("stored");
        assert_eq!(index.count().expect("a count"), 100);
    }
    index.maintain().expect("maintained");
    index.upsert(&points).expect("stored");
    assert_eq!(index.count().expect("a count"), 100);
    assert_eq!(index.search(&question(axis(0), 64)).expect("hits").len(), 64);
}

pub fn an_upsert_replaces<W: World>(world: &W) {
    let index = world.open();
    index.upsert(&[passage(1, 10), passage(2, 10)]).expect("stored");
    let moved =
        Point { section: "b".to_owned(), vector: axis(5), key: "new".to_owned(), ..passage(1, 20) };
    index.upsert(&[moved]).expect("stored");
    assert_eq!(numbers(&index, &question(axis(5), 64)), [2]);
    let mut query = question(axis(5), 64);
    query.section = "b".to_owned();
    let hits = index.search(&query).expect("hits");
    let told: Vec<_> = hits.iter().map(|hit| (hit.key.as_str(), hit.similarity)).collect();
    assert_eq!(told, [("new", 1.0)]);
}

pub fn the_last_of_a_batch_counts<W: World>(world: &W) {
    let index = world.open();
    let keyed = |key: &str| Point { key: key.to_owned(), ..passage(1, 10) };
    index.upsert(&[keyed("first"), passage(2, 10), keyed("last")]).expect("stored");
    assert_eq!(index.count().expect("a count"), 2);
    let hits = index.search(&question(passage(1, 10).vector, 1)).expect("hits");
    assert_eq!(hits[0].key, "last");
}

pub fn a_full_index_refuses_and_replaces<W: World>(world: &W) {
    let index = world.open_small(100);
    let points: Vec<_> = (1..=100).map(|number| passage(number, 10)).collect();
    index.upsert(&points).expect("stored");
    let error = index.upsert(&[passage(1, 10), passage(101, 10)]).expect_err("full");
    assert_eq!(error, IndexError::Full { held: 100, new: 1, max: 100 });
    assert_eq!(index.count().expect("a count"), 100);
    // What replaces needs no room.
    index.upsert(&points).expect("stored again");
    let expired = points[0].expires + 1;
    assert_eq!(index.delete_before(None, expired).expect("deleted").count, 100);
    index.upsert(&[passage(101, 10)]).expect("room again");
}

pub fn a_bad_point_leaves_its_batch_out<W: World>(world: &W) {
    let index = world.open();
    let bad = [
        Point { vector: axis(0)[1..].to_vec(), ..passage(2, 10) },
        Point { vector: vec![0.5; axis(0).len()], ..passage(2, 10) },
        Point { vector: vec![f32::NAN; axis(0).len()], ..passage(2, 10) },
        Point { section: String::new(), ..passage(2, 10) },
        Point { section: "s".repeat(129), ..passage(2, 10) },
        Point { key: "k".repeat(257), ..passage(2, 10) },
        Point { expires: passage(2, 10).time, ..passage(2, 10) },
        Point { expires: i64::MAX, ..passage(2, 10) },
        Point { time: i64::MIN, ..passage(2, 10) },
    ];
    for point in bad {
        let error = index.upsert(&[passage(1, 10), point]).expect_err("refused");
        assert!(matches!(error, IndexError::Point { .. }), "{error}");
    }
    let many: Vec<_> = (0..=UPSERT_POINTS_MAX as u64).map(|n| passage(n, 10)).collect();
    assert!(matches!(index.upsert(&many).expect_err("many"), IndexError::Batch { .. }));
    assert_eq!(index.count().expect("a count"), 0);
}

pub fn an_empty_batch_is_nothing<W: World>(world: &W) {
    let index = world.open();
    index.upsert(&[]).expect("nothing");
    assert_eq!(index.count().expect("a count"), 0);
    assert_eq!(numbers(&index, &question(axis(0), 5)), [0; 0]);
    assert_eq!(index.maintain().expect("maintained").points, 0);
}

pub fn counts_are_exact<W: World>(world: &W) {
    let index = world.open();
    for section in ["a", "b", "c"] {
        let base = u64::from(section.as_bytes()[0]) * 1_000;
        let points: Vec<_> = (0..base / 1_000)
            .map(|n| Point { section: section.to_owned(), ..passage(base + n, 10) })
            .collect();
        index.upsert(&points).expect("stored");
    }
    let counts = ["a", "b", "c", "d"].map(|section| index.count_of(section).expect("a count"));
    assert_eq!(counts, [97, 98, 99, 0]);
    assert_eq!(index.count().expect("a count"), 97 + 98 + 99);
}
