//! Schema and reference follow from the types, and cover all of them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use wayside_site::Site;
use wayside_site::schema::{json_schema, reference};

#[test]
fn the_schema_is_pinned() {
    insta::assert_snapshot!(json_schema());
}

/// Every key of every table in the value.
fn keys(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                into.insert(key.clone());
                keys(value, into);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| keys(value, into)),
        _ => {}
    }
}

/// Every key under `properties` anywhere in the schema.
fn properties(schema: &Value, into: &mut BTreeSet<String>) {
    if let Some(found) = schema.get("properties").and_then(Value::as_object) {
        into.extend(found.keys().cloned());
    }
    match schema {
        Value::Object(map) => map.values().for_each(|value| properties(value, into)),
        Value::Array(list) => list.iter().for_each(|value| properties(value, into)),
        _ => {}
    }
}

#[test]
fn the_schema_mentions_every_key_with_a_comment() {
    let text = include_str!("data/junction.toml");
    let lamp = "[camera.rtsp]\nurl = \"rtsp://a/b\"\n\n[[camera.lamp]]\ngroup = \"N\"\nred_px = [1, 1, 5, 5]\ngreen_px = [1, 11, 5, 15]\n";
    let text = text.replacen("[[signal_group]]", &format!("{lamp}[[signal_group]]"), 1);
    let position = "position = { latitude_deg = 48.2082, longitude_deg = 16.3738 }";
    let text = text.replacen("driving_side", &format!("{position}\ndriving_side"), 1);
    let text = format!("{text}\n[rules.section_speed]\n\n{}", include_str!("data/section.toml"));
    let text = format!("{text}\n{}", include_str!("data/signs.toml"));
    let site = Site::parse("junction.toml", &text).expect("sound");
    let mut in_file = BTreeSet::new();
    keys(&serde_json::to_value(site.file()).expect("JSON"), &mut in_file);
    let schema: Value = serde_json::from_str(&json_schema()).expect("JSON");
    let mut in_schema = BTreeSet::new();
    properties(&schema, &mut in_schema);
    assert_eq!(in_schema, in_file);
    let page = reference();
    for key in &in_schema {
        assert!(page.contains(&format!("| `{key}` |")), "the reference lacks {key}");
    }
    assert!(!page.contains(" |  |"), "a key has no comment, value or default");
}

#[test]
fn every_object_refuses_unknown_keys() {
    fn check(schema: &Value) {
        if schema.get("properties").is_some() {
            assert_eq!(schema.get("additionalProperties"), Some(&Value::Bool(false)), "{schema:#}");
        }
        match schema {
            Value::Object(map) => map.values().for_each(check),
            Value::Array(list) => list.iter().for_each(check),
            _ => {}
        }
    }
    check(&serde_json::from_str(&json_schema()).expect("JSON"));
}

/// `UPDATE_DOCS=1 cargo test -p wayside-site` rewrites the page.
#[test]
#[allow(clippy::disallowed_methods, reason = "the crate is pure; this test compares a file")]
fn the_reference_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/site-file.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("docs/");
        std::fs::write(&path, reference()).expect("docs/site-file.md");
    }
    let committed = std::fs::read_to_string(&path).expect("docs/site-file.md");
    assert_eq!(committed, reference(), "run with UPDATE_DOCS=1 and commit the page");
}
