//! The few kinds of schema that the site file's types give rise to.

use serde_json::Value;

/// What a value has to be.
pub(crate) enum Shape<'a> {
    /// A table.
    Object(Object<'a>),
    /// A list of alike items.
    List {
        /// Schema of an item.
        items: &'a Value,
        /// Fewest items.
        min: Option<usize>,
        /// Most items.
        max: Option<usize>,
    },
    /// One of these texts, each with its comment.
    Choice(Vec<(&'a str, &'a str)>),
    /// Any text.
    Text,
    /// Any number.
    Number,
    /// A whole number from 0.
    Integer,
    /// Yes or no.
    Truth,
}

/// A table with known keys.
pub(crate) struct Object<'a> {
    /// Keys with their schemas, in the order of the type.
    pub(crate) keys: Vec<(&'a str, &'a Value)>,
    /// Keys that have to be there.
    pub(crate) required: Vec<&'a str>,
}

impl Shape<'_> {
    /// The shape in a sentence.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::Object(_) => "a table",
            Self::List { .. } => "a list",
            Self::Choice(_) | Self::Text => "a text",
            Self::Number => "a number",
            Self::Integer => "a whole number",
            Self::Truth => "true or false",
        }
    }
}

/// The shape that `schema` asks for; `root` holds the definitions.
pub(crate) fn shape_of<'a>(root: &'a Value, schema: &'a Value) -> Shape<'a> {
    let schema = resolve(root, schema);
    if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
        return Shape::Choice(choices.iter().flat_map(choices_of).collect());
    }
    if schema.get("enum").is_some() {
        return Shape::Choice(choices_of(schema));
    }
    match type_of(schema) {
        "object" => Shape::Object(object(schema)),
        "array" => Shape::List {
            items: schema.get("items").unwrap_or(&Value::Null),
            min: count(schema, "minItems"),
            max: count(schema, "maxItems"),
        },
        "integer" => Shape::Integer,
        "number" => Shape::Number,
        "boolean" => Shape::Truth,
        _ => Shape::Text,
    }
}

/// Follows references, and takes what is not null of what may be null.
pub(super) fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    // References do not nest deeper than the types do.
    for _ in 0..16 {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            schema = root.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null);
        } else if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
            schema = any.iter().find(|one| type_of(one) != "null").unwrap_or(&Value::Null);
        } else {
            return schema;
        }
    }
    schema
}

fn type_of(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(name)) => name,
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("")
        }
        _ => "",
    }
}

fn count(schema: &Value, key: &str) -> Option<usize> {
    schema.get(key)?.as_u64().and_then(|count| usize::try_from(count).ok())
}

fn object(schema: &Value) -> Object<'_> {
    let keys = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    Object {
        keys: keys.into_iter().flatten().map(|(key, value)| (key.as_str(), value)).collect(),
        required: required.into_iter().flatten().filter_map(Value::as_str).collect(),
    }
}

fn choices_of(schema: &Value) -> Vec<(&str, &str)> {
    let comment = schema.get("description").and_then(Value::as_str).unwrap_or("");
    let one = schema.get("const").and_then(Value::as_str);
    let many = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    one.into_iter().chain(many.filter_map(Value::as_str)).map(|name| (name, comment)).collect()
}
