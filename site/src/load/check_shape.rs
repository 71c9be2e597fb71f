//! Keys and types, against the same schema that `site schema` prints: unknown keys, missing keys,
//! values of the wrong type, lists that are too long or too short, numbers that are none.

use serde_json::Value as Json;
use toml_edit::{TableLike, Value};

use super::findings::{Findings, near};
use super::locate::{Node, Path};
use crate::schema::{Shape, shape_of};

/// Items that any list may have.
pub(super) const ITEMS_MAX: usize = 1_000;
/// Numbers beyond this are no coordinates, sizes or times of a junction.
const NUMBER_MAX: f64 = 1e6;

/// What the walk over the file found out.
#[derive(Default)]
pub(super) struct Walked {
    /// Keys that nobody knows. The rest of the file can be read without them.
    pub(super) unknown: Vec<Path>,
    /// Whether anything else is wrong, so that the file cannot be read as a site.
    pub(super) broken: bool,
}

/// Walks over the file beside its schema.
pub(super) fn check(root: &dyn TableLike, schema: &Json, findings: &mut Findings<'_>) -> Walked {
    let mut walk = Walk { schema, findings, walked: Walked::default() };
    walk.node(Node::Table(root), schema, &Path::default());
    walk.walked
}

struct Walk<'w, 'f> {
    schema: &'w Json,
    findings: &'w mut Findings<'f>,
    walked: Walked,
}

impl Walk<'_, '_> {
    fn broken(&mut self, path: &Path, problem: String, hint: Option<String>) {
        self.walked.broken = true;
        self.findings.error(path, problem, hint);
    }

    fn node(&mut self, node: Node<'_>, schema: &Json, path: &Path) {
        match (shape_of(self.schema, schema), node) {
            (Shape::Object(object), Node::Table(table)) => self.table(table, &object, path),
            (Shape::List { items, min, max }, Node::Tables(_) | Node::List(_)) => {
                self.list(&node.items(), items, (min, max), path);
            }
            (Shape::Choice(names), Node::Single(Value::String(text))) => {
                let text = text.value();
                if !names.iter().any(|(name, _)| name == text) {
                    let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
                    let hint = near(text, names.iter().copied())
                        .map(|name| format!("did you mean `{name}`?"));
                    let problem = format!("`{}` is not one of {}", short(text), names.join(", "));
                    self.broken(path, problem, hint);
                }
            }
            (Shape::Text, Node::Single(Value::String(_)))
            | (Shape::Truth, Node::Single(Value::Boolean(_))) => {}
            (Shape::Number, Node::Single(Value::Float(number))) => {
                let number = *number.value();
                if !number.is_finite() {
                    let problem = format!("{number} is not a finite number");
                    self.broken(path, problem, describe(schema));
                } else if number.abs() > NUMBER_MAX {
                    self.too_large(number, path);
                }
            }
            (Shape::Number, Node::Single(Value::Integer(number))) => {
                let number = *number.value() as f64;
                if number.abs() > NUMBER_MAX {
                    self.too_large(number, path);
                }
            }
            (Shape::Integer, Node::Single(Value::Integer(number))) => {
                if u32::try_from(*number.value()).is_err() {
                    let problem = format!("{} is not a whole number from 0", number.value());
                    self.broken(path, problem, describe(schema));
                }
            }
            (shape, node) => {
                let problem = format!("{} where {} is expected", kind(node), shape.noun());
                let hint = quotes(&shape, node).or_else(|| describe(schema));
                self.broken(path, problem, hint);
            }
        }
    }

    fn too_large(&mut self, number: f64, path: &Path) {
        let problem = format!("{number} is beyond {NUMBER_MAX}");
        let hint = "coordinates are metres from an origin near the junction; subtract the corner \
                    of the map first";
        self.broken(path, problem, Some(hint.to_owned()));
    }

    fn table(&mut self, table: &dyn TableLike, object: &crate::schema::Object<'_>, path: &Path) {
        let mut meant = Vec::new();
        for (key, item) in table.iter() {
            let path = path.key(key);
            if let Some((_, schema)) = object.keys.iter().find(|(known, _)| *known == key) {
                if let Some(node) = Node::of(item) {
                    self.node(node, schema, &path);
                }
                continue;
            }
            let absent =
                object.keys.iter().map(|(known, _)| *known).filter(|k| !table.contains_key(k));
            let hint = match near(key, absent) {
                Some(known) => {
                    meant.push(known);
                    format!("did you mean `{known}`?")
                }
                None => {
                    let keys: Vec<&str> = object.keys.iter().map(|(key, _)| *key).collect();
                    match keys.is_empty() {
                        true => "no keys are known here".to_owned(),
                        false => format!("keys that are known here: {}", keys.join(", ")),
                    }
                }
            };
            self.findings.error(&path, "unknown key", hint);
            self.walked.unknown.push(path);
        }
        for (key, schema) in &object.keys {
            if !object.required.contains(key) || table.contains_key(key) {
                continue;
            }
            self.walked.broken = true;
            // A misspelt key is one mistake, not two.
            if !meant.contains(key) {
                self.findings.error(&path.key(key), "missing", describe(schema));
            }
        }
    }

    fn list(
        &mut self,
        items: &[Node<'_>],
        schema: &Json,
        (min, max): (Option<usize>, Option<usize>),
        path: &Path,
    ) {
        let count = items.len();
        if count > ITEMS_MAX {
            let problem = format!("{count} items; at most {ITEMS_MAX} are read");
            self.broken(path, problem, Some("is the file generated? thin it out".to_owned()));
            return;
        }
        if min.is_some_and(|min| count < min) || max.is_some_and(|max| count > max) {
            let wanted = min.or(max).unwrap_or_default();
            let problem = format!("{count} values where {wanted} are expected");
            let hint = (wanted == 2).then(|| "a point is [x, y]".to_owned());
            self.broken(path, problem, hint);
            return;
        }
        for (index, item) in items.iter().enumerate() {
            self.node(*item, schema, &path.at(index));
        }
    }
}

/// The comment of a key, as a hint.
fn describe(schema: &Json) -> Option<String> {
    let text = schema.get("description")?.as_str()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn quotes(shape: &Shape<'_>, node: Node<'_>) -> Option<String> {
    match (shape, node) {
        (Shape::Text | Shape::Choice(_), Node::Single(_)) => Some("put it in quotes".to_owned()),
        (Shape::Number | Shape::Integer, Node::Single(Value::String(_))) => {
            Some("take away the quotes".to_owned())
        }
        _ => None,
    }
}

fn kind(node: Node<'_>) -> &'static str {
    match node {
        Node::Table(_) => "a table",
        Node::Tables(_) | Node::List(_) => "a list",
        Node::Single(Value::String(_)) => "a text",
        Node::Single(Value::Integer(_)) => "a whole number",
        Node::Single(Value::Float(_)) => "a number",
        Node::Single(Value::Boolean(_)) => "true or false",
        Node::Single(_) => "a date or time",
    }
}

/// A text, cut where it is too long for a message.
pub(super) fn short(text: &str) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(60).collect();
    if chars.next().is_some() { format!("{head}...") } else { head }
}
