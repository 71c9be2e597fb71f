//! Copying what is alive from one shard to another.

use qdrant_edge::{
    CreateIndex, EdgeShard, FieldIndexOperations, JsonPath, OperationError, OperationResult,
    PayloadFieldSchema, PointInsertOperations, PointOperations, PointStructPersisted, Record,
    ScrollRequest, UpdateOperation, VectorStructInternal, VectorStructPersisted, WithVector,
};

/// Points that are copied at once.
const PAGE_POINTS: usize = 1_000;

/// An index over a field of the payload.
pub(crate) type Index = (JsonPath, PayloadFieldSchema);

/// Makes the indexes that a shard does not have.
pub(super) fn ensure_indexes(shard: &EdgeShard, indexes: &[Index]) -> OperationResult<()> {
    let there = shard.info().payload_schema;
    for (field_name, schema) in indexes.iter().filter(|(field, _)| !there.contains_key(field)) {
        let (field_name, field_schema) = (field_name.clone(), Some(schema.clone()));
        shard.update(UpdateOperation::FieldIndexOperation(FieldIndexOperations::CreateIndex(
            CreateIndex { field_name, field_schema },
        )))?;
    }
    Ok(())
}

/// Copies indexes and points; gives the number of points. A point that is in two segments of
/// `from` is one.
pub(super) fn copy(from: &EdgeShard, to: &EdgeShard) -> OperationResult<u64> {
    let schema = from.info().payload_schema;
    let mut indexes: Vec<Index> = schema
        .into_iter()
        .map(|(field, info)| {
            let by_type = PayloadFieldSchema::FieldType(info.data_type);
            (field, info.params.map_or(by_type, PayloadFieldSchema::FieldParams))
        })
        .collect();
    indexes.sort_by_key(|(field, _)| field.to_string());
    ensure_indexes(to, &indexes)?;
    let (mut offset, mut copied) = (None, 0);
    loop {
        let (records, next) = from.scroll(ScrollRequest {
            offset,
            limit: Some(PAGE_POINTS),
            with_vector: WithVector::Bool(true),
            ..ScrollRequest::default()
        })?;
        copied += records.len() as u64;
        let points = records.into_iter().map(point).collect::<OperationResult<Vec<_>>>()?;
        if !points.is_empty() {
            to.update(UpdateOperation::PointOperation(PointOperations::UpsertPoints(
                PointInsertOperations::PointsList(points),
            )))?;
        }
        offset = next;
        if offset.is_none() {
            return Ok(copied);
        }
    }
}

fn point(record: Record) -> OperationResult<PointStructPersisted> {
    let Record { id, payload, vector, .. } = record;
    let Some(VectorStructInternal::Single(vector)) = vector else {
        return Err(OperationError::service_error(format!("point {id} has no vector")));
    };
    Ok(PointStructPersisted { id, vector: VectorStructPersisted::Single(vector), payload })
}
