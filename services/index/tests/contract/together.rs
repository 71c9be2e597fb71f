//! Many at once, and over time.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use wayside_index::Index;

use super::World;
use crate::common::{Chance, DIMENSION, S, T0, axis, numbers, passage, question};

pub fn readers_and_a_writer<W: World>(world: &W) {
    let index = world.open();
    let (done, written) = (AtomicBool::new(false), AtomicU64::new(0));
    let searches = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3_u64)
            .map(|seed| {
                let (index, done, written) = (&index, &done, &written);
                scope.spawn(move || {
                    let (mut chance, mut searches) = (Chance(seed), 0);
                    while !done.load(Ordering::Acquire) {
                        let known = written.load(Ordering::Acquire);
                        let number = known.saturating_sub(1);
                        let query = question(passage(number, 0).vector, 4);
                        let hits = index.search(&query).expect("hits");
                        // The newest that was acknowledged is there: it has not expired yet.
                        if known > 0 {
                            assert_eq!(hits[0].id.0, u128::from(number));
                        }
                        assert!(hits.iter().all(|hit| hit.time < T0 + 1200 * S));
                        index.search(&question(chance.unit(DIMENSION), 8)).expect("hits");
                        searches += 2;
                    }
                    searches
                })
            })
            .collect();
        let mut deleted = 0;
        for batch in 0..60_u64 {
            let points: Vec<_> =
                (batch * 20..(batch + 1) * 20).map(|n| passage(n, n as i64)).collect();
            index.upsert(&points).expect("stored");
            written.store((batch + 1) * 20, Ordering::Release);
            // All but the last 300 s and a bit.
            let before = T0 + (batch as i64 * 20) * S;
            deleted += index.delete_before(None, before).expect("deleted").count;
            if batch % 5 == 0 {
                index.maintain().expect("maintained");
            }
        }
        done.store(true, Ordering::Release);
        assert_eq!(deleted + index.count().expect("a count"), 1200);
        readers.into_iter().map(|reader| reader.join().expect("a reader")).sum::<u64>()
    });
    assert!(searches > 20, "{searches} searches are too few to mean anything");
}

pub fn what_was_maintained_survives_reopening<W: World>(world: &W) {
    let index = world.open();
    let points: Vec<_> = (1..=300).map(|number| passage(number, number as i64)).collect();
    index.upsert(&points).expect("stored");
    index.maintain().expect("maintained");
    let query = question(axis(2), 64);
    let before = index.search(&query).expect("hits");
    drop(index);
    for _ in 0..3 {
        let index = world.open();
        assert_eq!(index.count().expect("a count"), 300);
        assert_eq!(index.search(&query).expect("hits"), before);
    }
    // And it goes on.
    let index = world.open();
    index.upsert(&[passage(301, 301)]).expect("stored");
    assert_eq!(index.count_of("a").expect("a count"), 301);
}

pub fn turnover_leaves_only_the_living<W: World>(world: &W) {
    let index = world.open();
    let mut deleted = 0;
    for minute in 0..40_i64 {
        let points: Vec<_> =
            (0..50).map(|n| passage(minute as u64 * 50 + n, minute * 60 + n as i64)).collect();
        index.upsert(&points).expect("stored");
        deleted += index.delete_before(Some("a"), T0 + minute * 60 * S).expect("deleted").count;
        let points = index.maintain().expect("maintained").points;
        // They live for five minutes.
        assert!(points <= 6 * 50, "{points}");
        assert_eq!(deleted + points, (minute as u64 + 1) * 50);
    }
    let mut query = question(axis(0), 64);
    query.to = T0 + 30 * 60 * S;
    assert_eq!(numbers(&index, &query), [0; 0]);
}
