//! Between the server's messages and the engine's types.

use std::collections::HashMap;

use qdrant_client::qdrant as server;
use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::value::Kind;
use qdrant_edge::external::uuid::Uuid;
use qdrant_edge::{
    Payload, PointId, PointStructPersisted, ScoredPoint, VectorStructInternal,
    VectorStructPersisted,
};
use serde_json::{Map, Value};
use tonic::Status;

pub(super) fn id(id: server::PointId) -> Result<PointId, Status> {
    match id.point_id_options {
        Some(PointIdOptions::Num(number)) => Ok(PointId::NumId(number)),
        Some(PointIdOptions::Uuid(text)) => Uuid::parse_str(&text)
            .map(PointId::Uuid)
            .map_err(|_| Status::invalid_argument(format!("Unable to parse UUID: {text}"))),
        None => Err(Status::invalid_argument("a point without id")),
    }
}

pub(super) fn id_back(id: PointId) -> server::PointId {
    let options = match id {
        PointId::NumId(number) => PointIdOptions::Num(number),
        PointId::Uuid(uuid) => PointIdOptions::Uuid(uuid.to_string()),
    };
    server::PointId { point_id_options: Some(options) }
}

pub(super) fn point(
    point: server::PointStruct,
    dimension: usize,
) -> Result<PointStructPersisted, Status> {
    let vectors = point.vectors.and_then(|vectors| vectors.vectors_options);
    let Some(server::vectors::VectorsOptions::Vector(vector)) = vectors else {
        return Err(Status::unimplemented("the shim knows one vector a point"));
    };
    let Some(server::vector::Vector::Dense(dense)) = vector.vector else {
        return Err(Status::unimplemented("the shim knows dense vectors only"));
    };
    check_dimension(&dense.data, dimension)?;
    Ok(PointStructPersisted {
        id: id(point.id.unwrap_or_default())?,
        vector: VectorStructPersisted::Single(dense.data),
        payload: Some(Payload(json_map(point.payload)?)),
    })
}

pub(super) fn check_dimension(vector: &[f32], dimension: usize) -> Result<(), Status> {
    if vector.len() == dimension {
        return Ok(());
    }
    Err(Status::invalid_argument(format!(
        "Wrong input: Vector dimension error: expected dim: {dimension}, got {}",
        vector.len()
    )))
}

pub(super) fn scored(point: ScoredPoint) -> server::ScoredPoint {
    server::ScoredPoint {
        id: Some(id_back(point.id)),
        payload: payload_back(point.payload),
        score: point.score,
        version: point.version,
        vectors: point.vector.and_then(vectors_back),
        shard_key: None,
        order_value: None,
    }
}

pub(super) fn vectors_back(vector: VectorStructInternal) -> Option<server::VectorsOutput> {
    let VectorStructInternal::Single(data) = vector else { return None };
    let dense = server::vector_output::Vector::Dense(server::DenseVector { data });
    let output = server::VectorOutput { vector: Some(dense), ..server::VectorOutput::default() };
    let options = server::vectors_output::VectorsOptions::Vector(output);
    Some(server::VectorsOutput { vectors_options: Some(options) })
}

pub(super) fn payload_back(payload: Option<Payload>) -> HashMap<String, server::Value> {
    let fields = payload.map(|payload| payload.0).unwrap_or_default();
    fields.into_iter().map(|(name, value)| (name, value_back(value))).collect()
}

fn json_map(fields: HashMap<String, server::Value>) -> Result<Map<String, Value>, Status> {
    fields.into_iter().map(|(name, value)| Ok((name, json(value)?))).collect()
}

fn json(value: server::Value) -> Result<Value, Status> {
    Ok(match value.kind {
        None | Some(Kind::NullValue(_)) => Value::Null,
        Some(Kind::DoubleValue(number)) => Value::from(number),
        Some(Kind::IntegerValue(number)) => Value::from(number),
        Some(Kind::StringValue(text)) => Value::from(text),
        Some(Kind::BoolValue(flag)) => Value::from(flag),
        Some(Kind::StructValue(_) | Kind::ListValue(_)) => {
            return Err(Status::unimplemented("the shim knows no nested payloads"));
        }
    })
}

fn value_back(value: Value) -> server::Value {
    let kind = match value {
        Value::Bool(flag) => Kind::BoolValue(flag),
        Value::String(text) => Kind::StringValue(text),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Kind::IntegerValue(number),
            (None, Some(number)) => Kind::DoubleValue(number),
            (None, None) => Kind::NullValue(0),
        },
        // Nothing nested gets in.
        Value::Null | Value::Array(_) | Value::Object(_) => Kind::NullValue(0),
    };
    server::Value { kind: Some(kind) }
}
