//! The reference of the site file in Markdown: one section a table, one row a key.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Shape, shape_of, value};

/// The reference in Markdown.
#[must_use]
pub fn reference() -> String {
    let schema = value();
    let mut page = Page { root: &schema, text: String::new() };
    page.text.push_str(HEAD);
    page.section("", "The file", &schema);
    page.text
}

const HEAD: &str = "\
<!-- Generated from the types of the crate `wayside-site`; do not edit. -->

# The site file

One TOML file describes one junction. Unknown keys are refused, and every error names file, line, key
and a hint: `wayside site check SITE` reads a file and reports all that is wrong with it, `wayside site
schema` prints the JSON Schema of this page, `wayside site draw SITE` draws the file over a frame.

Ground coordinates are metres on the road plane, `[x, y]`, x east and y north, from an origin of your
choice near the junction. Picture coordinates are pixels from the left and from the top. Ids are
letters, digits, `-` and `_`, unique among their kind. A file has at most 4 MiB, a list at most 1,000
items. In the tables, *needed* marks a key that has no default.
";

struct Page<'a> {
    root: &'a Value,
    text: String,
}

impl<'a> Page<'a> {
    /// The section of one table, then those of the tables in it.
    fn section(&mut self, path: &str, title: &str, schema: &'a Value) {
        let Shape::Object(object) = shape_of(self.root, schema) else { return };
        let comment = words(super::shape::resolve(self.root, schema));
        let _ = write!(self.text, "\n## {title}\n\n{comment}\n");
        let mut inner = Vec::new();
        if object.keys.is_empty() {
            return;
        }
        self.text.push_str("\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n");
        for (key, schema) in &object.keys {
            let needed = object.required.contains(key);
            let default = if needed { "*needed*".to_owned() } else { default(schema) };
            let (value, table) = self.value(schema);
            let comment = self.comment(schema);
            let _ = writeln!(self.text, "| `{key}` | {value} | {default} | {comment} |");
            if let Some((schema, many)) = table {
                let path =
                    if path.is_empty() { (*key).to_owned() } else { format!("{path}.{key}") };
                inner.push((path, schema, many));
            }
        }
        for (path, schema, many) in inner {
            let title = if many { format!("`[[{path}]]`") } else { format!("`[{path}]`") };
            self.section(&path, &title, schema);
        }
    }

    /// What the value is, and the table in it with whether there may be many.
    fn value(&self, schema: &'a Value) -> (String, Option<(&'a Value, bool)>) {
        match shape_of(self.root, schema) {
            Shape::Object(_) => ("table".to_owned(), Some((schema, false))),
            Shape::List { items, min, max } => {
                if let Shape::Object(_) = shape_of(self.root, items) {
                    return ("tables".to_owned(), Some((items, true)));
                }
                let (item, _) = self.value(items);
                match (min, max) {
                    (Some(min), Some(max)) if min == max => {
                        (format!("list of {min}: {item}"), None)
                    }
                    _ => (format!("list of {item}"), None),
                }
            }
            Shape::Choice(names) => {
                let names: Vec<String> =
                    names.iter().map(|(name, _)| format!("`{name}`")).collect();
                (names.join(", "), None)
            }
            Shape::Text => ("text".to_owned(), None),
            Shape::Number => ("number".to_owned(), None),
            Shape::Integer => ("whole number".to_owned(), None),
            Shape::Truth => ("`true` or `false`".to_owned(), None),
        }
    }

    fn comment(&self, schema: &'a Value) -> String {
        let own = words(schema);
        if own.is_empty() { words(super::shape::resolve(self.root, schema)) } else { own }
    }
}

/// A comment in one line.
fn words(schema: &Value) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or("");
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn default(schema: &Value) -> String {
    match schema.get("default") {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::Array(list)) if list.is_empty() => "none".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "none".to_owned(),
        Some(Value::Object(_)) => "see there".to_owned(),
        Some(other) => format!("`{other}`"),
    }
}
