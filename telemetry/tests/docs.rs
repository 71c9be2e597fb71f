//! `docs/metrics.md` follows from the code.

mod promql;

use std::path::Path;

use wayside_telemetry::{ALERTS, Metric, metrics_page};

/// `UPDATE_DOCS=1 cargo test -p wayside-telemetry --test docs` rewrites the page.
#[test]
fn the_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/metrics.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, metrics_page()).expect("docs/metrics.md");
    }
    let committed = std::fs::read_to_string(&path).expect("docs/metrics.md");
    assert_eq!(committed, metrics_page(), "run with UPDATE_DOCS=1 and commit the page");
}

#[test]
fn every_metric_is_on_the_page_once() {
    let page = metrics_page();
    for metric in Metric::ALL {
        let row = format!("| `{}` | {} |", metric.name(), metric.kind().as_str());
        assert_eq!(page.matches(&row).count(), 1, "{row}");
    }
}

#[test]
fn alerts_speak_of_metrics_that_exist() {
    let mut names: Vec<&str> = ALERTS.iter().map(|alert| alert.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ALERTS.len());
    for alert in ALERTS {
        assert_eq!(promql::problems(alert.expr), [""; 0], "{}", alert.name);
        assert!(["page", "ticket"].contains(&alert.severity), "{}", alert.name);
    }
}
