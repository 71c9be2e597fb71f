//! What the pure crates may depend on.

/// Direct dependencies of each.
pub const DIRECT: &[(&str, &[&str])] = &[
    ("wayside-proto", &["jiff", "prost", "serde", "serde_json", "sha2", "thiserror"]),
];

/// What reaches their libraries at all.
pub const REACHED: &[&str] = &[];
