//! The most similar first, and the same order everywhere.

use wayside_index::{Index, Point, PointId};
use wayside_proto::MotorVehicleClass;

use super::World;
use crate::common::{Chance, DIMENSION, S, T0, axis, numbers, passage, question, unit};

/// A vector whose similarity with the first axis is `similarity`.
fn near(similarity: f32) -> Vec<f32> {
    let mut vector = vec![0.0; DIMENSION];
    vector[0] = similarity;
    vector[1] = (1.0 - similarity * similarity).sqrt();
    vector
}

pub fn the_most_similar_comes_first<W: World>(world: &W) {
    let index = world.open();
    let similarities = [0.3, 0.9, -0.5, 1.0, 0.0, 0.8999, -1.0];
    let points: Vec<_> = similarities
        .into_iter()
        .zip(1..)
        .map(|(similarity, number)| Point { vector: near(similarity), ..passage(number, 10) })
        .collect();
    index.upsert(&points).expect("stored");
    assert_eq!(numbers(&index, &question(axis(0), 64)), [4, 2, 6, 1, 5, 3, 7]);
    assert_eq!(numbers(&index, &question(axis(0), 2)), [4, 2]);
    let opposite = unit(near(-1.0));
    assert_eq!(numbers(&index, &question(opposite, 1)), [7]);
}

pub fn equal_ones_come_by_id<W: World>(world: &W) {
    let index = world.open();
    // The largest numbers first, so that the order of storing is another one.
    for number in [u128::MAX, 1 << 100, 1 << 64, 9, 5, 3] {
        let point =
            Point { id: PointId(number), vector: near(0.5), key: String::new(), ..passage(1, 10) };
        index.upsert(&[point]).expect("stored");
    }
    let hits = index.search(&question(axis(0), 64)).expect("hits");
    let ids: Vec<u128> = hits.iter().map(|hit| hit.id.0).collect();
    assert_eq!(ids, [3, 5, 9, 1 << 64, 1 << 100, u128::MAX]);
}

pub fn a_tie_across_the_limit<W: World>(world: &W) {
    let index = world.open();
    // 300 alike; an engine may choose any of them.
    let mut chance = Chance(3);
    let mut ids: Vec<u64> = (1..=300).collect();
    ids.sort_by_cached_key(|_| chance.next());
    let alike: Vec<_> =
        ids.into_iter().map(|number| Point { vector: near(0.25), ..passage(number, 10) }).collect();
    index.upsert(&alike).expect("stored");
    index.upsert(&[Point { vector: near(0.75), ..passage(500, 10) }]).expect("stored");
    assert_eq!(numbers(&index, &question(axis(0), 5)), [500, 1, 2, 3, 4]);
    assert_eq!(numbers(&index, &question(axis(0), 1)), [500]);
}

pub fn similarities_are_rounded<W: World>(world: &W) {
    let index = world.open();
    let points = [
        // Nearer by less than half a step: counts as equal.
        Point { vector: near(0.500_001), ..passage(2, 10) },
        Point { vector: near(0.5), ..passage(1, 10) },
        Point { vector: near(0.500_03), ..passage(3, 10) },
    ];
    index.upsert(&points).expect("stored");
    let hits = index.search(&question(axis(0), 64)).expect("hits");
    let told: Vec<_> = hits.iter().map(|hit| (hit.id.0, hit.similarity)).collect();
    assert_eq!(told, [(3, 0.500_03), (1, 0.5), (2, 0.5)]);
}

pub fn many_queries_are_answered_in_their_order<W: World>(world: &W) {
    let index = world.open();
    let points: Vec<_> = (1..=200).map(|number| passage(number, number as i64)).collect();
    index.upsert(&points).expect("stored");
    let mut queries: Vec<_> =
        points.iter().take(40).map(|point| question(point.vector.clone(), 3)).collect();
    // One that finds nothing, one that cannot, and one that has to ask again.
    queries[7].section = "nowhere".to_owned();
    queries[8].classes = Some([MotorVehicleClass::Bus].into());
    queries[9].classes = Some([].into());
    let many = index.search_many(&queries).expect("hits");
    assert_eq!(many.len(), 40);
    for (at, (hits, query)) in many.iter().zip(&queries).enumerate() {
        assert_eq!(*hits, index.search(query).expect("hits"));
        match at {
            7..=9 => assert_eq!(hits.len(), 0),
            _ => assert_eq!(hits[0].id, points[at].id),
        }
    }
    assert_eq!(index.search_many(&[]).expect("none"), Vec::<Vec<_>>::new());
}

pub fn a_hit_tells_what_was_stored<W: World>(world: &W) {
    let index = world.open();
    let point = Point {
        id: PointId(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10),
        time: T0 + 7,
        class: MotorVehicleClass::Motorcycle,
        key: "wien/gürtel 7\u{0}\n\"".repeat(8),
        vector: axis(3),
        expires: T0 + S,
        ..passage(1, 0)
    };
    index.upsert(std::slice::from_ref(&point)).expect("stored");
    let hits = index.search(&question(axis(3), 1)).expect("hits");
    let hit = hits.first().expect("a hit");
    assert_eq!((hit.id, hit.time, hit.class), (point.id, point.time, point.class));
    assert_eq!((hit.key.as_str(), hit.similarity), (point.key.as_str(), 1.0));
}
