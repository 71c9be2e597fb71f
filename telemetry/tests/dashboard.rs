//! The dashboard asks for metrics that exist, and can be imported anywhere.

mod promql;

use std::collections::BTreeSet;

use serde_json::Value;

const DASHBOARD: &str = include_str!("../../helm/wayside/dashboards/wayside.json");

/// Grafana's grid is so wide.
const COLUMNS: u64 = 24;

fn dashboard() -> Value {
    serde_json::from_str(DASHBOARD).expect("JSON")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("no list {key}"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no text {key} in {value}"))
}

/// Panels that ask for something, with their title.
fn asking(dashboard: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let panels = list(dashboard, "panels").iter().filter(|panel| panel["type"] != "row");
    panels.map(|panel| (text(panel, "title"), panel))
}

#[test]
fn every_expression_speaks_of_metrics_and_labels_that_exist() {
    let dashboard = dashboard();
    let mut count = 0;
    for (title, panel) in asking(&dashboard) {
        let mut references = BTreeSet::new();
        for target in list(panel, "targets") {
            let expr = text(target, "expr");
            assert_eq!(promql::problems(expr), [""; 0], "{title}: {expr}");
            assert!(references.insert(text(target, "refId")), "{title}: refId twice");
            count += 1;
        }
        assert!(!references.is_empty(), "{title} asks for nothing");
    }
    assert!(count >= 25, "only {count} expressions");
    for variable in list(&dashboard["templating"], "list") {
        let query = text(variable, "definition");
        assert_eq!(promql::problems(query), [""; 0], "{query}");
    }
}

#[test]
fn the_data_source_is_asked_for_on_import() {
    let dashboard = dashboard();
    let inputs = list(&dashboard, "__inputs");
    assert_eq!(inputs.len(), 1);
    assert_eq!(
        (text(&inputs[0], "name"), text(&inputs[0], "pluginId")),
        ("DS_PROMETHEUS", "prometheus")
    );
    fn sources<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("datasource"));
                map.values().for_each(|value| sources(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| sources(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    sources(&dashboard, &mut found);
    assert!(found.len() > asking(&dashboard).count());
    for source in found {
        assert_eq!(source["uid"], "${DS_PROMETHEUS}", "{source}");
        assert_eq!(source["type"], "prometheus", "{source}");
    }
}

#[test]
fn it_has_a_name_of_its_own_and_no_number_of_one_installation() {
    let dashboard = dashboard();
    assert_eq!(text(&dashboard, "uid"), "wayside-workers");
    assert!(dashboard["id"].is_null(), "the number is Grafana's to give");
    assert!(dashboard["schemaVersion"].as_u64().is_some_and(|version| version >= 36));
    let mut ids = BTreeSet::new();
    for panel in list(&dashboard, "panels") {
        assert!(ids.insert(panel["id"].as_u64().expect("an id")), "id twice: {}", panel["title"]);
    }
}

#[test]
fn each_topic_has_its_row() {
    let dashboard = dashboard();
    let rows = list(&dashboard, "panels").iter().filter(|panel| panel["type"] == "row");
    let titles: Vec<&str> = rows.map(|row| text(row, "title")).collect();
    assert_eq!(
        titles,
        ["Cameras", "Frames", "Gaps", "Latency", "Inference", "Rules", "Bus", "Process"]
    );
}

#[test]
fn panels_say_what_they_are_and_do_not_lie_on_each_other() {
    let dashboard = dashboard();
    let mut taken = BTreeSet::new();
    for panel in list(&dashboard, "panels") {
        let title = text(panel, "title");
        let [x, y, w, h] =
            ["x", "y", "w", "h"].map(|key| panel["gridPos"][key].as_u64().expect(key));
        assert!(w > 0 && h > 0 && x + w <= COLUMNS, "{title}");
        for cell in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
            assert!(taken.insert(cell), "{title} lies on another at {cell:?}");
        }
    }
    for (title, panel) in asking(&dashboard) {
        assert!(text(panel, "description").ends_with('.'), "{title} has no description");
        assert!(panel["fieldConfig"]["defaults"]["unit"].is_string(), "{title} has no unit");
    }
}
