//! The JSON Schema of the site file, from the same types and comments.

use crate::model::SiteFile;

/// The schema, pretty-printed.
#[must_use]
pub fn json_schema() -> String {
    format!("{:#}\n", schemars::schema_for!(SiteFile).as_value())
}
