//! The index as a list that is read from end to end: what an implementation must agree with.
#![allow(dead_code)]

use wayside_index::{Deleted, Hit, Point, Query};

/// Whether a query asks for a point.
pub fn asks_for(query: &Query, point: &Point) -> bool {
    point.section == query.section
        && point.end == query.end
        && (query.from..query.to).contains(&point.time)
        && query.classes.as_ref().is_none_or(|classes| classes.contains(&point.class))
}

/// The similarity in steps of 1e-5.
fn steps(a: &[f32], b: &[f32]) -> i64 {
    let dot: f64 = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    (dot.clamp(-1.0, 1.0) * 1e5).round() as i64
}

/// What a search gives.
pub fn search(points: &[Point], query: &Query) -> Vec<Hit> {
    let candidates = points.iter().filter(|point| asks_for(query, point));
    let mut ranked: Vec<_> =
        candidates.map(|point| (-steps(&point.vector, &query.vector), point.id, point)).collect();
    ranked.sort_by_key(|(steps, id, _)| (*steps, *id));
    ranked.truncate(query.limit);
    let hit = |(steps, id, point): (i64, _, &Point)| Hit {
        id,
        similarity: (-steps as f64 / 1e5) as f32,
        time: point.time,
        key: point.key.clone(),
        class: point.class,
    };
    ranked.into_iter().map(hit).collect()
}

/// Stores points.
pub fn upsert(points: &mut Vec<Point>, batch: &[Point]) {
    for new in batch {
        points.retain(|point| point.id != new.id);
        points.push(new.clone());
    }
}

/// Takes away what has expired.
pub fn delete_before(points: &mut Vec<Point>, section: Option<&str>, before: i64) -> Deleted {
    let expired = |point: &Point| {
        point.expires < before && section.is_none_or(|section| section == point.section)
    };
    let times: Vec<i64> =
        points.iter().filter(|point| expired(point)).map(|point| point.time).collect();
    points.retain(|point| !expired(point));
    Deleted {
        count: times.len() as u64,
        first_time: times.iter().min().copied(),
        last_time: times.iter().max().copied(),
    }
}
