//! Questions as conditions on the payload.

use qdrant_edge::external::ordered_float::OrderedFloat;
use qdrant_edge::{
    Condition, FieldCondition, Filter, IntegerIndexParams, JsonPath, KeywordIndexParams, Match,
    PayloadFieldSchema, PayloadSchemaParams, Range, ValueVariants,
};
use wayside_proto::RoadUserClass;

use super::copy::Index;
use crate::types::Query;

/// The path of a field; the names are ours and have neither dots nor brackets.
#[allow(clippy::expect_used)]
pub(crate) fn path(name: &str) -> JsonPath {
    JsonPath::try_from(name).expect("a plain name is a path")
}

/// The fields that are looked for.
pub(super) fn indexes() -> Vec<Index> {
    let keyword = || PayloadSchemaParams::Keyword(KeywordIndexParams::default());
    let integer = || {
        PayloadSchemaParams::Integer(IntegerIndexParams {
            lookup: Some(false),
            range: Some(true),
            ..IntegerIndexParams::default()
        })
    };
    [
        ("section", keyword()),
        ("end", keyword()),
        ("class", keyword()),
        ("time", integer()),
        ("expires", integer()),
    ]
    .map(|(name, params)| (path(name), PayloadFieldSchema::FieldParams(params)))
    .into()
}

/// The passages of a query.
pub(super) fn query(query: &Query) -> Filter {
    let mut must = vec![
        is("section", &query.section),
        is("end", query.end.as_str()),
        range("time", Some(query.from), query.to),
    ];
    if let Some(classes) = &query.classes {
        let any = classes.iter().map(|class| is("class", RoadUserClass::from(*class).as_str()));
        must.push(Condition::Filter(Filter { should: Some(any.collect()), ..Filter::default() }));
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

fn all(must: Vec<Condition>) -> Filter {
    Filter { must: Some(must), ..Filter::default() }
}

fn is(name: &str, value: &str) -> Condition {
    let value = Match::new_value(ValueVariants::String(value.to_owned()));
    Condition::Field(FieldCondition::new_match(path(name), value))
}

/// From `from` to before `to`. Times are below 2^53, so that a double holds them.
fn range(name: &str, from: Option<i64>, to: i64) -> Condition {
    let number = |value: i64| OrderedFloat(value as f64);
    let range = Range { gte: from.map(number), lt: Some(number(to)), gt: None, lte: None };
    Condition::Field(FieldCondition::new_range(path(name), range))
}
