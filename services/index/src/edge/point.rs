//! Points of ours and points of the engine.

use qdrant_edge::external::uuid::Uuid;
use qdrant_edge::{
    OperationError, OperationResult, Payload, PointId as EdgeId, PointStructPersisted, ScoredPoint,
    VectorStructInternal, VectorStructPersisted,
};
use serde_json::{Value, json};
use wayside_proto::RoadUserClass;

use crate::rank::Found;
use crate::types::{Point, PointId};

pub(super) fn id(id: PointId) -> EdgeId {
    EdgeId::Uuid(Uuid::from_u128(id.0))
}

pub(super) fn store(point: &Point) -> PointStructPersisted {
    let payload = json!({
        "section": point.section,
        "end": point.end.as_str(),
        "time": point.time,
        "class": RoadUserClass::from(point.class).as_str(),
        "expires": point.expires,
        "key": point.key,
    });
    let payload = match payload {
        Value::Object(fields) => fields.into_iter().collect(),
        _ => Default::default(),
    };
    PointStructPersisted {
        id: id(point.id),
        vector: VectorStructPersisted::Single(point.vector.clone()),
        payload: Some(Payload(payload)),
    }
}

pub(super) fn found(scored: ScoredPoint) -> OperationResult<Found> {
    let id = scored.id;
    let strange = |what: &str| OperationError::service_error(format!("point {id}: {what}"));
    let EdgeId::Uuid(uuid) = id else { return Err(strange("its id is no UUID")) };
    let Some(VectorStructInternal::Single(vector)) = scored.vector else {
        return Err(strange("no vector"));
    };
    let payload = scored.payload.unwrap_or_default().0;
    let text = |name: &str| payload.get(name).and_then(Value::as_str);
    let class = text("class").and_then(RoadUserClass::parse).and_then(RoadUserClass::motor_vehicle);
    Ok(Found {
        id: PointId(uuid.as_u128()),
        score: scored.score,
        vector,
        time: time(&payload, "time").ok_or_else(|| strange("no time"))?,
        key: text("key").ok_or_else(|| strange("no key"))?.to_owned(),
        class: class.ok_or_else(|| strange("no class"))?,
    })
}

/// A time in a payload.
pub(super) fn time(payload: &serde_json::Map<String, Value>, name: &str) -> Option<i64> {
    payload.get(name).and_then(Value::as_i64)
}
