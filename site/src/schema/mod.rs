//! The JSON Schema of the site file and its reference, from the same types and comments.

mod reference;
mod shape;

pub use reference::reference;
pub(crate) use shape::{Object, Shape, shape_of};

use crate::model::SiteFile;

/// The schema (JSON Schema 2020-12), pretty-printed.
#[must_use]
pub fn json_schema() -> String {
    format!("{:#}\n", value())
}

/// The schema as a value.
pub fn value() -> serde_json::Value {
    schemars::schema_for!(SiteFile).to_value()
}
