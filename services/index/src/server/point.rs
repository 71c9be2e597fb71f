//! Points of ours and points of the server.

use std::collections::HashMap;

use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::value::Kind;
use qdrant_client::qdrant::vectors::VectorsOptions;
use qdrant_client::qdrant::{
    DenseVector, PointStruct, ScoredPoint, Value, Vector, Vectors, VectorsOutput, vector,
    vector_output, vectors_output,
};
use wayside_proto::RoadUserClass;

use super::filter;
use crate::rank::Found;
use crate::types::{Point, PointId};

pub(super) fn store(point: &Point) -> PointStruct {
    let text = |text: &str| Value { kind: Some(Kind::StringValue(text.to_owned())) };
    let number = |number| Value { kind: Some(Kind::IntegerValue(number)) };
    let payload = [
        ("section", text(&point.section)),
        ("end", text(point.end.as_str())),
        ("time", number(point.time)),
        ("class", text(RoadUserClass::from(point.class).as_str())),
        ("expires", number(point.expires)),
        ("key", text(&point.key)),
    ];
    let dense = vector::Vector::Dense(DenseVector { data: point.vector.clone() });
    let vector = Vector { vector: Some(dense), ..Vector::default() };
    PointStruct {
        id: Some(filter::id(point.id)),
        payload: payload.map(|(name, value)| (name.to_owned(), value)).into(),
        vectors: Some(Vectors { vectors_options: Some(VectorsOptions::Vector(vector)) }),
    }
}

/// A point that was found, or what is strange about it.
pub(super) fn found(scored: ScoredPoint) -> Result<Found, String> {
    let id = match scored.id.and_then(|id| id.point_id_options) {
        Some(PointIdOptions::Uuid(text)) => PointId::parse(&text).ok_or(text),
        other => Err(format!("{other:?}")),
    };
    let id = id.map_err(|id| format!("point {id}: its id is no UUID"))?;
    let strange = |what: &str| format!("point {id}: {what}");
    let payload = &scored.payload;
    let class = text(payload, "class").and_then(RoadUserClass::parse);
    Ok(Found {
        id,
        score: scored.score,
        time: time(payload, "time").ok_or_else(|| strange("no time"))?,
        key: text(payload, "key").ok_or_else(|| strange("no key"))?.to_owned(),
        class: class
            .and_then(RoadUserClass::motor_vehicle)
            .ok_or_else(|| strange("no class of a motor vehicle"))?,
        vector: scored.vectors.and_then(dense).ok_or_else(|| strange("no vector"))?,
    })
}

/// A time in a payload.
pub(super) fn time(payload: &HashMap<String, Value>, name: &str) -> Option<i64> {
    match payload.get(name)?.kind {
        Some(Kind::IntegerValue(value)) => Some(value),
        _ => None,
    }
}

fn text<'a>(payload: &'a HashMap<String, Value>, name: &str) -> Option<&'a str> {
    match &payload.get(name)?.kind {
        Some(Kind::StringValue(text)) => Some(text),
        _ => None,
    }
}

/// The numbers; servers before 1.16 put them elsewhere.
#[allow(deprecated)]
fn dense(vectors: VectorsOutput) -> Option<Vec<f32>> {
    let vectors_output::VectorsOptions::Vector(output) = vectors.vectors_options? else {
        return None;
    };
    match output.vector {
        Some(vector_output::Vector::Dense(dense)) => Some(dense.data),
        Some(_) => None,
        None => Some(output.data),
    }
}
