//! The last word on who is most similar.
//!
//! An engine's scores are sums of single-precision products; their last bits depend on the processor,
//! and so does the order of points that are nearly equal. Here each candidate's score is computed
//! again from its stored vector: products of two `f32` are exact in `f64`, and the order of
//! summation is that of the vector. Both implementations then give the same bytes (EV-2).
//!
//! The engine is asked for a few more points than wanted. If the last of them is within rounding of the
//! last wanted one, points that belong before it may be missing, and the engine is asked for more.

use wayside_proto::MotorVehicleClass;

use crate::types::{Hit, PointId, Query};

/// Steps of a similarity in 1.
const STEPS: f64 = 1e5;
/// How far an engine's score may be from ours: n roundings of 2^-24 each at n = 512 dimensions,
/// and half a step.
const SLACK: f64 = 5e-5;
/// So many points more than wanted are asked for.
const MARGIN: usize = 8;

/// A candidate, as the engine gives it.
pub(crate) struct Found {
    pub(crate) id: PointId,
    /// The engine's score.
    pub(crate) score: f32,
    pub(crate) vector: Vec<f32>,
    pub(crate) time: i64,
    pub(crate) key: String,
    pub(crate) class: MotorVehicleClass,
}

/// Whether the candidates sufficed.
pub(crate) enum Settled {
    Hits(Vec<Hit>),
    /// Ask the engine for so many.
    Ask(usize),
}

/// How many points to ask the engine for first.
pub(crate) fn first_ask(query: &Query) -> usize {
    query.limit + MARGIN
}

/// The hits among `found`, the engine's best `asked`.
pub(crate) fn settle(query: &Query, asked: usize, found: Vec<Found>) -> Settled {
    let complete = found.len() < asked;
    let lowest = found.iter().map(|one| f64::from(one.score)).fold(f64::INFINITY, f64::min);
    let mut ranked: Vec<(i64, Found)> =
        found.into_iter().map(|one| (steps(&query.vector, &one.vector), one)).collect();
    ranked.sort_by(|(a, one), (b, other)| b.cmp(a).then(one.id.cmp(&other.id)));
    ranked.truncate(query.limit);
    let last = ranked.last().map_or(f64::INFINITY, |(steps, _)| *steps as f64 / STEPS);
    if !complete && last <= lowest + SLACK {
        return Settled::Ask(asked.saturating_mul(4));
    }
    let hit = |(steps, one): (i64, Found)| Hit {
        id: one.id,
        similarity: (steps as f64 / STEPS) as f32,
        time: one.time,
        key: one.key,
        class: one.class,
    };
    Settled::Hits(ranked.into_iter().map(hit).collect())
}

/// The similarity in steps of 1e-5.
fn steps(a: &[f32], b: &[f32]) -> i64 {
    let dot: f64 = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    (dot.clamp(-1.0, 1.0) * STEPS).round() as i64
}
