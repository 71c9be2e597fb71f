//! A limit on everything, and the checks that both implementations make before they do anything.

use std::collections::BTreeMap;

use crate::error::IndexError;
use crate::types::{Point, PointId, Query};

/// Numbers in a vector, at most.
pub const DIMENSION_MAX: usize = 512;
/// Points in an index, at most, whatever the options say.
pub const POINTS_MAX: u64 = 1_000_000;
/// Points in one upsert.
pub const UPSERT_POINTS_MAX: usize = 1_000;
/// Queries in one call.
pub const QUERIES_MAX: usize = 64;
/// Hits of one query.
pub const LIMIT_MAX: usize = 64;
/// Bytes of a point's key.
pub const KEY_BYTES_MAX: usize = 256;
/// Bytes of a section's id.
pub const SECTION_BYTES_MAX: usize = 128;
/// Length of a query's window, microseconds: an hour.
pub const WINDOW_US_MAX: i64 = 3_600_000_000;
/// How long after its event time a point may expire, microseconds: an hour.
pub const RETENTION_US_MAX: i64 = 3_600_000_000;
/// Distance of a time from 1970, microseconds, exclusive. Qdrant compares numbers as doubles; up to
/// here a double holds every microsecond (until the year 2255).
pub const TIME_US_MAX: i64 = 1 << 53;
/// How far the square of a vector's length may be from 1: what rounding of 512 numbers leaves, with
/// room.
const LENGTH_SLACK: f64 = 1e-3;

/// Checks the options of an index.
pub(crate) fn check_options(dimension: usize, points_max: u64) -> Result<(), IndexError> {
    let wrong = |what: String, hint| Err(IndexError::Options { what, hint });
    if !(1..=DIMENSION_MAX).contains(&dimension) {
        return wrong(
            format!("vectors of {dimension} numbers; 1 to {DIMENSION_MAX} are possible"),
            "the number of dimensions is that of the embedding model",
        );
    }
    if !(1..=POINTS_MAX).contains(&points_max) {
        return wrong(
            format!("room for {points_max} points; 1 to {POINTS_MAX} are possible"),
            "a point lives for minutes: take the passages of the busiest hour",
        );
    }
    Ok(())
}

/// Checks a batch, and leaves of each id the last point.
pub(crate) fn check_points(
    points: &[Point],
    dimension: usize,
) -> Result<BTreeMap<PointId, &Point>, IndexError> {
    if points.len() > UPSERT_POINTS_MAX {
        return Err(IndexError::Batch {
            what: format!("{} points", points.len()),
            max: UPSERT_POINTS_MAX,
        });
    }
    for point in points {
        let wrong = |what: String, hint| IndexError::Point {
            id: point.id,
            section: point.section.clone(),
            time: point.time,
            what,
            hint,
        };
        section(&point.section).map_err(|what| {
            IndexError::Point {
                id: point.id,
                // It may be long.
                section: point.section.chars().take(32).collect(),
                time: point.time,
                what,
                hint: SECTION_HINT,
            }
        })?;
        for (name, value) in [("time", point.time), ("expiry", point.expires)] {
            time(name, value).map_err(|what| wrong(what, TIME_HINT))?;
        }
        let retention = point.expires - point.time;
        if !(1..=RETENTION_US_MAX).contains(&retention) {
            return Err(wrong(
                format!(
                    "it expires {} s after its time; more than 0 s and at most {} s are possible",
                    seconds(retention),
                    RETENTION_US_MAX / 1_000_000
                ),
                "an embedding is kept only as long as a vehicle needs for the section (PV-2)",
            ));
        }
        if point.key.len() > KEY_BYTES_MAX {
            return Err(wrong(
                format!("its key has {} bytes, at most {KEY_BYTES_MAX}", point.key.len()),
                "the key only names the passage",
            ));
        }
        vector(&point.vector, dimension).map_err(|(what, hint)| wrong(what, hint))?;
    }
    Ok(points.iter().map(|point| (point.id, point)).collect())
}

/// Checks a query.
pub(crate) fn check_query(query: &Query, dimension: usize) -> Result<(), IndexError> {
    check_section(&query.section)?;
    let wrong =
        |what: String, hint| IndexError::Query { section: query.section.clone(), what, hint };
    for (name, value) in [("start of the window", query.from), ("end of the window", query.to)] {
        time(name, value).map_err(|what| wrong(what, TIME_HINT))?;
    }
    let window = query.to - query.from;
    if !(1..=WINDOW_US_MAX).contains(&window) {
        return Err(wrong(
            format!(
                "its window is {} s long; more than 0 s and at most {} s are possible",
                seconds(window),
                WINDOW_US_MAX / 1_000_000
            ),
            "ask for the times in which a vehicle can have passed the other end",
        ));
    }
    if !(1..=LIMIT_MAX).contains(&query.limit) {
        return Err(wrong(
            format!("it asks for {} hits; 1 to {LIMIT_MAX} are possible", query.limit),
            "a match needs the best and the second best",
        ));
    }
    vector(&query.vector, dimension).map_err(|(what, hint)| wrong(what, hint))
}

/// Checks the number of queries.
pub(crate) fn check_queries(queries: &[Query], dimension: usize) -> Result<(), IndexError> {
    if queries.len() > QUERIES_MAX {
        return Err(IndexError::Batch {
            what: format!("{} queries", queries.len()),
            max: QUERIES_MAX,
        });
    }
    queries.iter().try_for_each(|query| check_query(query, dimension))
}

/// Checks a section's id.
pub(crate) fn check_section(id: &str) -> Result<(), IndexError> {
    section(id).map_err(|what| IndexError::Query {
        section: id.chars().take(32).collect(),
        what,
        hint: SECTION_HINT,
    })
}

/// Checks what is to be deleted.
pub(crate) fn check_deletion(section: Option<&str>, before: i64) -> Result<(), IndexError> {
    section.map_or(Ok(()), check_section)?;
    time("time of expiry", before).map_err(|what| IndexError::Query {
        section: section.unwrap_or("all sections").to_owned(),
        what,
        hint: TIME_HINT,
    })
}

const SECTION_HINT: &str = "a section's id is that of the site file";
const TIME_HINT: &str = "times are microseconds since 1970";

fn section(id: &str) -> Result<(), String> {
    if (1..=SECTION_BYTES_MAX).contains(&id.len()) {
        return Ok(());
    }
    Err(format!("its section's id has {} bytes; 1 to {SECTION_BYTES_MAX} are possible", id.len()))
}

fn time(name: &str, value: i64) -> Result<(), String> {
    if value > -TIME_US_MAX && value < TIME_US_MAX {
        return Ok(());
    }
    Err(format!("its {name}, {value}, is no time in microseconds that can be compared"))
}

fn vector(vector: &[f32], dimension: usize) -> Result<(), (String, &'static str)> {
    if vector.len() != dimension {
        return Err((
            format!("its vector has {} numbers, those of this index {dimension}", vector.len()),
            "one index holds the embeddings of one model",
        ));
    }
    if let Some(at) = vector.iter().position(|value| !value.is_finite()) {
        return Err((
            format!("number {} of its vector is {}", at + 1, vector[at]),
            "look at what the embedding model gave for this picture",
        ));
    }
    let square: f64 = vector.iter().map(|value| f64::from(*value) * f64::from(*value)).sum();
    if (square - 1.0).abs() > LENGTH_SLACK {
        return Err((
            format!("its vector has length {:.4}, not 1", square.sqrt()),
            "divide the embedding by its length",
        ));
    }
    Ok(())
}

fn seconds(us: i64) -> f64 {
    us as f64 / 1e6
}
