//! What a draft changes in a site file: keys, with defaults filled in, old and new.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use wayside_site::model::SiteFile;

use crate::failure::Failure;

/// Longest value that is shown whole, characters.
const VALUE_CHARS_MAX: usize = 72;
/// What is shown of a value that may hold a secret.
const HIDDEN: &str = "(not shown)";

/// A key whose value differs.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyChange {
    /// Where, for example `rules.red_light.grace_s`, `stop_line.N.line_m` or `camera.north.width_px`.
    pub key: String,
    /// Old value; none where there was none.
    pub old: Option<Value>,
    /// New value; none where there is none any more.
    pub new: Option<Value>,
}

impl KeyChange {
    /// The steps of the key.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.key.split('.')
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let kind = self.steps().next().unwrap_or_default();
        let rule = kind == "rules" && self.steps().count() == 2;
        let words = match (&self.old, &self.new) {
            (None, Some(new)) if rule => format!("off -> on{}", thresholds(new)),
            (Some(_), None) if rule => "on -> off".to_owned(),
            (None, Some(Value::Object(_))) => "new".to_owned(),
            (Some(Value::Object(_)), None) => "taken out".to_owned(),
            (old, new) => {
                let (old, new) = (shown(old.as_ref()), shown(new.as_ref()));
                if old == new { "changed".to_owned() } else { format!("{old} -> {new}") }
            }
        };
        format!("{}: {words}", self.key)
    }
}

fn thresholds(rule: &Value) -> String {
    let pairs: Vec<String> = rule
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| format!("{key} {}", shown(Some(value))))
        .collect();
    if pairs.is_empty() { String::new() } else { format!(" ({})", pairs.join(", ")) }
}

fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else { return "none".to_owned() };
    let text = value.to_string().replace(',', ", ");
    if text.chars().count() <= VALUE_CHARS_MAX {
        return text;
    }
    match value.as_array() {
        Some(items) => format!("({} entries)", items.len()),
        None => text.chars().take(VALUE_CHARS_MAX).chain("...".chars()).collect(),
    }
}

/// Keys that differ, in order of key. What may hold a camera's credentials is named, not shown.
///
/// # Errors
/// Where a site file cannot be written as JSON, which no sound one is.
pub fn changes(before: &SiteFile, after: &SiteFile) -> Result<Vec<KeyChange>, Failure> {
    let value = |file: &SiteFile| {
        serde_json::to_value(file)
            .map_err(|error| Failure::failed(format!("the site file cannot be compared: {error}")))
    };
    let mut changes = Vec::new();
    walk(String::new(), Some(&value(before)?), Some(&value(after)?), &mut changes);
    for change in &mut changes {
        if change.steps().any(|step| step == "rtsp") {
            for side in [&mut change.old, &mut change.new].into_iter().flatten() {
                *side = Value::String(HIDDEN.to_owned());
            }
        } else {
            hide(&mut change.old);
            hide(&mut change.new);
        }
    }
    Ok(changes)
}

/// Of a camera that is new or gone.
fn hide(value: &mut Option<Value>) {
    if let Some(rtsp) = value.as_mut().and_then(|value| value.get_mut("rtsp")) {
        *rtsp = Value::String(HIDDEN.to_owned());
    }
}

fn walk(key: String, old: Option<&Value>, new: Option<&Value>, out: &mut Vec<KeyChange>) {
    // Absent and null are the same to whoever reads the file.
    let (old, new) = (old.filter(|v| !v.is_null()), new.filter(|v| !v.is_null()));
    if equal(old, new) {
        return;
    }
    let tables = match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => Some((old.clone(), new.clone())),
        (Some(old), Some(new)) => by_id(old).zip(by_id(new)),
        _ => None,
    };
    let Some((old_keys, new_keys)) = tables else {
        out.push(KeyChange { key, old: old.cloned(), new: new.cloned() });
        return;
    };
    let names: BTreeSet<&String> = old_keys.keys().chain(new_keys.keys()).collect();
    for name in names {
        let path = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
        walk(path, old_keys.get(name), new_keys.get(name), out);
    }
}

/// A list of tables that have ids, or nothing, as a table.
fn by_id(list: &Value) -> Option<Map<String, Value>> {
    let name = |item: &Value| {
        let id = item.get("id").or_else(|| item.get("group"))?.as_str()?;
        Some((id.to_owned(), item.clone()))
    };
    let items = list.as_array()?;
    let named: Map<String, Value> = items.iter().map(name).collect::<Option<_>>()?;
    // Two with one name would hide each other.
    (named.len() == items.len()).then_some(named)
}

/// 1 and 1.0 are the same number.
fn equal(old: Option<&Value>, new: Option<&Value>) -> bool {
    match (old, new) {
        (Some(Value::Number(old)), Some(Value::Number(new))) => old.as_f64() == new.as_f64(),
        (old, new) => old == new,
    }
}
