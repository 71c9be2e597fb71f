//! A site file's text from an object: what an editor has drawn.
//!
//! Where there is a text before, whatever the editor left as it was keeps its place, its form and its
//! comments. Whether the result is sound is asked of `wayside_site`, on the text, so that its findings
//! name lines that a person can look up.

use serde::Serialize;
use serde_json::{Map, Value as Json};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};
use utoipa::ToSchema;

use super::check::{Checked, check};

/// How deep an object may be.
const DEPTH_MAX: usize = 12;
/// Texts of this many bytes and more would not be read again.
const TEXT_BYTES_MAX: usize = wayside_site::load::FILE_BYTES_MAX;
/// Lists wider than this are written with an item a line.
const LINE_CHARS_MAX: usize = 90;

/// The text, and what was found in it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Composed {
    /// The site file.
    pub toml: String,
    /// What `wayside site check` says of it.
    #[serde(flatten)]
    pub checked: Checked,
}

/// Why there is no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Not an object.
    #[error("a site file is an object with `schema`, `site`, `camera` and the others")]
    NoObject,
    /// Too deep.
    #[error("it is nested deeper than {DEPTH_MAX} levels")]
    TooDeep,
    /// Too large.
    #[error("it is larger than the {TEXT_BYTES_MAX} bytes that a site file may have")]
    TooLarge,
    /// A list of objects with something else in it.
    #[error("`{key}` mixes objects with other values")]
    Mixed {
        /// Where.
        key: String,
    },
}

/// Writes `site` as a site file, on the ground of `base` where there is one.
///
/// # Errors
/// Where it has not the form of a site file at all. What is wrong with its content is in the result.
pub fn compose(site: &Json, base: Option<&str>) -> Result<Composed, ComposeError> {
    let object = site.as_object().ok_or(ComposeError::NoObject)?;
    // A base that is no TOML is not kept: the editor's object was made of something else.
    let mut document: DocumentMut = base.and_then(|text| text.parse().ok()).unwrap_or_default();
    let gone: Vec<String> = document
        .iter()
        .map(|(key, _)| key.to_owned())
        .filter(|key| object.get(key).is_none_or(Json::is_null))
        .collect();
    for key in gone {
        document.remove(&key);
    }
    for (key, value) in object {
        if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
            document.remove(key);
            continue;
        }
        let made = top(key, value)?;
        match document.get_mut(key) {
            Some(kept) => merge(kept, made),
            None => {
                document.insert(key, made);
            }
        }
    }
    let toml = document.to_string();
    if toml.len() > TEXT_BYTES_MAX {
        return Err(ComposeError::TooLarge);
    }
    let (checked, _) = check(&toml);
    Ok(Composed { toml, checked })
}

/// A value at the top: tables and lists of tables are written as such.
fn top(key: &str, value: &Json) -> Result<Item, ComposeError> {
    match value {
        Json::Object(object) => Ok(Item::Table(table(object, 1)?)),
        Json::Array(items) if items.iter().any(Json::is_object) => {
            let mut tables = ArrayOfTables::new();
            for item in items {
                let object =
                    item.as_object().ok_or_else(|| ComposeError::Mixed { key: key.to_owned() })?;
                tables.push(table(object, 1)?);
            }
            Ok(Item::ArrayOfTables(tables))
        }
        other => Ok(inline(other, 1)?.map_or(Item::None, Item::Value)),
    }
}

/// A table: first its values, then its own tables, as TOML wants it.
fn table(object: &Map<String, Json>, depth: usize) -> Result<Table, ComposeError> {
    if depth > DEPTH_MAX {
        return Err(ComposeError::TooDeep);
    }
    let mut made = Table::new();
    for (key, value) in object {
        if !value.is_object()
            && let Some(value) = inline(value, depth + 1)?
        {
            made.insert(key, Item::Value(value));
        }
    }
    for (key, value) in object {
        if let Json::Object(object) = value {
            made.insert(key, Item::Table(table(object, depth + 1)?));
        }
    }
    Ok(made)
}

fn inline(value: &Json, depth: usize) -> Result<Option<Value>, ComposeError> {
    if depth > DEPTH_MAX {
        return Err(ComposeError::TooDeep);
    }
    Ok(match value {
        Json::Null => None,
        Json::Bool(value) => Some(Value::from(*value)),
        Json::String(text) => Some(Value::from(text.as_str())),
        Json::Number(number) => Some(match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            (None, Some(real)) => Value::from(real),
            (None, None) => Value::from(number.to_string()),
        }),
        Json::Array(items) => {
            let mut array = Array::new();
            for item in items {
                if let Some(value) = inline(item, depth + 1)? {
                    array.push(value);
                }
            }
            if array.to_string().len() > LINE_CHARS_MAX {
                for value in array.iter_mut() {
                    value.decor_mut().set_prefix("\n    ");
                }
                array.set_trailing_comma(true);
                array.set_trailing("\n");
            }
            Some(Value::Array(array))
        }
        Json::Object(object) => {
            let mut made = InlineTable::new();
            for (key, value) in object {
                if let Some(value) = inline(value, depth + 1)? {
                    made.insert(key, value);
                }
            }
            Some(Value::InlineTable(made))
        }
    })
}

/// Puts `made` in the place of `kept`, except for what says the same.
fn merge(kept: &mut Item, made: Item) {
    match (kept, made) {
        (Item::Table(kept), Item::Table(made)) => merge_table(kept, made),
        (Item::ArrayOfTables(kept), Item::ArrayOfTables(made)) => merge_tables(kept, made),
        (kept, made) => {
            if meaning(kept) != meaning(&made) {
                *kept = made;
            }
        }
    }
}

fn merge_table(kept: &mut Table, made: Table) {
    let gone: Vec<String> =
        kept.iter().map(|(key, _)| key.to_owned()).filter(|key| !made.contains_key(key)).collect();
    for key in gone {
        kept.remove(&key);
    }
    for (key, item) in made {
        match kept.get_mut(&key) {
            Some(old) => merge(old, item),
            None => {
                kept.insert(&key, item);
            }
        }
    }
}

/// Items are the same thing where their ids are, else where they stand at the same place.
fn merge_tables(kept: &mut ArrayOfTables, made: ArrayOfTables) {
    let id = |table: &Table| table.get("id").and_then(Item::as_str).map(str::to_owned);
    let before: Vec<Table> = kept.iter().cloned().collect();
    kept.clear();
    for (place, table) in made.into_iter().enumerate() {
        let old = match id(&table) {
            Some(wanted) => before.iter().find(|old| id(old).as_deref() == Some(&wanted)),
            None => before.get(place).filter(|old| id(old).is_none()),
        };
        match old.cloned() {
            Some(mut old) => {
                merge_table(&mut old, table);
                // A place that the parser gave would pull the table back to where it stood.
                old.set_position(None);
                kept.push(old);
            }
            None => kept.push(table),
        }
    }
}

/// JSON has one kind of number, and what has no fraction is read as a whole one again.
fn number(real: f64) -> Json {
    // Within the range in which every whole number is exact.
    #[allow(clippy::cast_possible_truncation)]
    if real.fract() == 0.0 && real.abs() < 9.0e15 {
        Json::from(real as i64)
    } else {
        Json::from(real)
    }
}

/// What an item says, whatever its form: `1` and `1.0` are the same number, written as a whole one.
pub(super) fn meaning(item: &Item) -> Option<Json> {
    fn of(value: &Value) -> Json {
        match value {
            Value::String(text) => Json::from(text.value().as_str()),
            Value::Integer(whole) => Json::from(*whole.value()),
            Value::Float(real) => number(*real.value()),
            Value::Boolean(value) => Json::from(*value.value()),
            Value::Datetime(time) => Json::from(time.value().to_string()),
            Value::Array(array) => array.iter().map(of).collect(),
            Value::InlineTable(table) => {
                table.iter().map(|(key, value)| (key.to_owned(), of(value))).collect()
            }
        }
    }
    match item {
        Item::Value(value) => Some(of(value)),
        Item::None => None,
        Item::Table(table) => {
            Some(table.iter().filter_map(|(k, v)| Some((k.to_owned(), meaning(v)?))).collect())
        }
        Item::ArrayOfTables(tables) => Some(
            tables
                .iter()
                .map(|table| meaning(&Item::Table(table.clone())).unwrap_or_default())
                .collect(),
        ),
    }
}
