//! Filters and orders of the server as the engine's.

use qdrant_client::qdrant as server;
use qdrant_client::qdrant::condition::ConditionOneOf;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_edge::external::ordered_float::OrderedFloat;
use qdrant_edge::{
    Condition, Direction, FieldCondition, Filter, HasIdCondition, JsonPath, Match, OrderBy, Range,
    ValueVariants,
};
use tonic::Status;

use super::convert;

pub(super) fn path(name: &str) -> Result<JsonPath, Status> {
    JsonPath::try_from(name).map_err(|_| Status::invalid_argument(format!("no field: {name}")))
}

pub(super) fn filter(filter: Option<server::Filter>) -> Result<Option<Filter>, Status> {
    filter.map(whole).transpose()
}

pub(super) fn whole(filter: server::Filter) -> Result<Filter, Status> {
    if filter.min_should.is_some() {
        return Err(Status::unimplemented("the shim does not know `min_should`"));
    }
    let conditions = |list: Vec<server::Condition>| {
        let list = list.into_iter().map(condition).collect::<Result<Vec<_>, _>>()?;
        Ok::<_, Status>((!list.is_empty()).then_some(list))
    };
    Ok(Filter {
        must: conditions(filter.must)?,
        should: conditions(filter.should)?,
        must_not: conditions(filter.must_not)?,
        min_should: None,
    })
}

fn condition(condition: server::Condition) -> Result<Condition, Status> {
    match condition.condition_one_of {
        Some(ConditionOneOf::Field(field)) => self::field(field),
        Some(ConditionOneOf::Filter(filter)) => Ok(Condition::Filter(whole(filter)?)),
        Some(ConditionOneOf::HasId(ids)) => {
            let ids: Result<_, Status> = ids.has_id.into_iter().map(convert::id).collect();
            Ok(Condition::HasId(HasIdCondition::from_iter::<Vec<_>>(ids?)))
        }
        other => Err(Status::unimplemented(format!("the shim does not know {other:?}"))),
    }
}

fn field(field: server::FieldCondition) -> Result<Condition, Status> {
    let key = path(&field.key)?;
    let known = server::FieldCondition {
        key: field.key.clone(),
        r#match: field.r#match.clone(),
        range: field.range,
        ..server::FieldCondition::default()
    };
    if known != field {
        return Err(Status::unimplemented(format!("the shim does not know {field:?}")));
    }
    if let Some(range) = field.range {
        let range =
            Range { lt: range.lt, gt: range.gt, gte: range.gte, lte: range.lte }.map(OrderedFloat);
        return Ok(Condition::Field(FieldCondition::new_range(key, range)));
    }
    let is =
        |value| Condition::Field(FieldCondition::new_match(key.clone(), Match::new_value(value)));
    let any = |values: Vec<ValueVariants>| {
        let should = Some(values.into_iter().map(is).collect());
        Condition::Filter(Filter { should, ..Filter::default() })
    };
    match field.r#match.and_then(|one| one.match_value) {
        Some(MatchValue::Keyword(text)) => Ok(any(vec![ValueVariants::String(text)])),
        Some(MatchValue::Integer(number)) => Ok(any(vec![ValueVariants::Integer(number)])),
        Some(MatchValue::Boolean(flag)) => Ok(any(vec![ValueVariants::Bool(flag)])),
        Some(MatchValue::Keywords(list)) => {
            Ok(any(list.strings.into_iter().map(ValueVariants::String).collect()))
        }
        Some(MatchValue::Integers(list)) => {
            Ok(any(list.integers.into_iter().map(ValueVariants::Integer).collect()))
        }
        other => Err(Status::unimplemented(format!("the shim does not know {other:?}"))),
    }
}

pub(super) fn order(order: server::OrderBy) -> Result<OrderBy, Status> {
    if order.start_from.is_some() {
        return Err(Status::unimplemented("the shim does not know `start_from`"));
    }
    let descending = order.direction == Some(server::Direction::Desc.into());
    let direction = Some(if descending { Direction::Desc } else { Direction::Asc });
    Ok(OrderBy { key: path(&order.key)?, direction, start_from: None })
}
