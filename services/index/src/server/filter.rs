//! Questions as conditions on the payload; the same as in `edge::filter`.

use qdrant_client::qdrant::condition::ConditionOneOf;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::{
    Condition, FieldCondition, Filter, HasIdCondition, Match, PointId as ServerId, Range,
    RepeatedStrings,
};
use wayside_proto::RoadUserClass;

use crate::types::{PointId, Query};

pub(super) fn id(id: PointId) -> ServerId {
    ServerId { point_id_options: Some(PointIdOptions::Uuid(id.to_string())) }
}

/// The passages of a query.
pub(super) fn query(query: &Query) -> Filter {
    let mut must = vec![
        is("section", &query.section),
        is("end", query.end.as_str()),
        range("time", Some(query.from), query.to),
    ];
    if let Some(classes) = &query.classes {
        let name = |class: &_| RoadUserClass::from(*class).as_str().to_owned();
        let strings = classes.iter().map(name).collect();
        must.push(field("class", MatchValue::Keywords(RepeatedStrings { strings })));
    }
    all(must)
}

/// What has expired.
pub(super) fn expired(section: Option<&str>, before: i64) -> Filter {
    let mut must = vec![range("expires", None, before)];
    must.extend(section.map(|section| is("section", section)));
    all(must)
}

/// The points of a section.
pub(super) fn of(section: &str) -> Filter {
    all(vec![is("section", section)])
}

/// The points with these ids.
pub(super) fn with_ids(ids: impl Iterator<Item = PointId>) -> Filter {
    let has_id = HasIdCondition { has_id: ids.map(id).collect() };
    all(vec![Condition { condition_one_of: Some(ConditionOneOf::HasId(has_id)) }])
}

fn all(must: Vec<Condition>) -> Filter {
    Filter { must, ..Filter::default() }
}

fn is(name: &str, value: &str) -> Condition {
    field(name, MatchValue::Keyword(value.to_owned()))
}

fn field(name: &str, value: MatchValue) -> Condition {
    condition(FieldCondition {
        key: name.to_owned(),
        r#match: Some(Match { match_value: Some(value) }),
        ..FieldCondition::default()
    })
}

/// From `from` to before `to`. Times are below 2^53, so that a double holds them.
fn range(name: &str, from: Option<i64>, to: i64) -> Condition {
    let range =
        Range { gte: from.map(|from| from as f64), lt: Some(to as f64), gt: None, lte: None };
    condition(FieldCondition {
        key: name.to_owned(),
        range: Some(range),
        ..FieldCondition::default()
    })
}

fn condition(field: FieldCondition) -> Condition {
    Condition { condition_one_of: Some(ConditionOneOf::Field(field)) }
}
