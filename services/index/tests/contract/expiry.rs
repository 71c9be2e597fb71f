//! What has expired goes at once, and is counted exactly (PV-2).

use wayside_index::{Deleted, Index, Point};

use super::World;
use crate::common::{S, T0, axis, numbers, passage, question};

pub fn what_has_expired_is_gone_and_counted<W: World>(world: &W) {
    let index = world.open();
    // They expire 300 s after their second.
    let points: Vec<_> = (0..500).map(|number| passage(number + 1, number as i64)).collect();
    index.upsert(&points).expect("stored");
    let deleted = index.delete_before(None, T0 + 400 * S).expect("deleted");
    let expected = Deleted { count: 100, first_time: Some(T0), last_time: Some(T0 + 99 * S) };
    assert_eq!(deleted, expected);
    assert_eq!(index.count().expect("a count"), 400);
    let mut query = question(axis(0), 64);
    query.to = T0 + 100 * S;
    assert_eq!(numbers(&index, &query), [0; 0]);
    query.to = T0 + 101 * S;
    assert_eq!(numbers(&index, &query), [101]);
}

pub fn one_section_is_left_alone<W: World>(world: &W) {
    let index = world.open();
    let other: Vec<_> =
        (11..=15).map(|n| Point { section: "b".to_owned(), ..passage(n, 20) }).collect();
    index.upsert(&[passage(1, 10), passage(2, 11)]).expect("stored");
    index.upsert(&other).expect("stored");
    let deleted = index.delete_before(Some("a"), T0 + 1000 * S).expect("deleted");
    assert_eq!((deleted.count, deleted.first_time), (2, Some(T0 + 10 * S)));
    assert_eq!(index.count_of("a").expect("a count"), 0);
    assert_eq!(index.count_of("b").expect("a count"), 5);
    assert_eq!(index.delete_before(None, T0 + 1000 * S).expect("deleted").count, 5);
}

pub fn what_is_due_is_told_first<W: World>(world: &W) {
    let index = world.open();
    let points: Vec<_> = (0..50).map(|number| passage(number + 1, number as i64)).collect();
    index.upsert(&points).expect("stored");
    for section in [None, Some("a"), Some("b")] {
        let due = index.due(section, T0 + 310 * S).expect("told");
        assert_eq!(due.count, if section == Some("b") { 0 } else { 10 });
        assert_eq!(due, index.due(section, T0 + 310 * S).expect("told again"));
    }
    assert_eq!(index.count().expect("a count"), 50);
    let due = index.due(None, T0 + 310 * S).expect("told");
    assert_eq!(index.delete_before(None, T0 + 310 * S).expect("deleted"), due);
}

pub fn deleting_nothing_counts_nothing<W: World>(world: &W) {
    let index = world.open();
    assert_eq!(index.delete_before(None, T0).expect("empty"), Deleted::default());
    index.upsert(&[passage(1, 10)]).expect("stored");
    assert_eq!(index.delete_before(None, T0).expect("early"), Deleted::default());
    assert_eq!(index.delete_before(Some("b"), T0 + 999 * S).expect("other"), Deleted::default());
    assert_eq!(index.count().expect("a count"), 1);
}

pub fn deleted_points_stay_away<W: World>(world: &W) {
    let index = world.open();
    let points: Vec<_> = (0..100).map(|number| passage(number + 1, number as i64)).collect();
    index.upsert(&points).expect("stored");
    index.maintain().expect("maintained");
    assert_eq!(index.delete_before(None, T0 + 350 * S).expect("deleted").count, 50);
    // Not maintained again: a deletion is durable when it returns.
    drop(index);
    let index = world.open();
    assert_eq!(index.count().expect("a count"), 50);
    assert_eq!(index.delete_before(None, T0 + 350 * S).expect("again"), Deleted::default());
    for _ in 0..8 {
        assert_eq!(index.maintain().expect("maintained").points, 50);
    }
    let mut query = question(axis(0), 64);
    query.to = T0 + 50 * S;
    assert_eq!(numbers(&index, &query), [0; 0]);
}

pub fn expiry_is_exclusive_to_the_microsecond<W: World>(world: &W) {
    let index = world.open();
    let at = |number: u64, expires| Point { expires, ..passage(number, 0) };
    let e = T0 + 60 * S;
    index.upsert(&[at(1, e - 1), at(2, e), at(3, e + 1)]).expect("stored");
    assert_eq!(index.delete_before(None, e).expect("deleted").count, 1);
    assert_eq!(index.delete_before(None, e + 1).expect("deleted").count, 1);
    assert_eq!(index.count().expect("a count"), 1);
}
