//! `docs/metrics.md`, which follows from the table of metrics.

mod alerts;

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::labels::{Label, values};
use crate::metric::{Kind, Metric};
use crate::trace::SpanName;

pub use alerts::{ALERTS, Alert};

const HEAD: &str = "<!-- Generated from the enum `Metric` of the crate `wayside-telemetry`; do not edit. -->

# Metrics, health and traces

A worker (`wayside run`, `wayside ingest`) serves three pages on `127.0.0.1:9464`:

| page | what |
| --- | --- |
| `/metrics` | all that follows, in the Prometheus text format |
| `/healthz` | 200 while the main loop runs, else 503; JSON with the last health of each camera |
| `/readyz` | 200 when site files, model and bus are ready, else 503; JSON with what is missing |

They have no sign-in: serve them on another address than this machine's own only behind a firewall. No
label and no page tells of a road user, and passwords in addresses are hidden.

A camera that is taken out of the site file loses its gauges at once and its counters five minutes
later. What is not known is absent, never 0. The dashboard is
[helm/wayside/dashboards/wayside.json](../helm/wayside/dashboards/wayside.json); Grafana asks for the data source on import.

In the tables, *what to do* is for a value that is not as it should be.
";

/// Headings, each with the first metric under it.
const SECTIONS: &[(&str, Metric)] = &[
    ("Cameras", Metric::CamerasConfigured),
    ("Frames and gaps", Metric::FramesReceived),
    ("Speed", Metric::StageSeconds),
    ("Observations and evidence", Metric::ObservationsPublished),
    ("Detector", Metric::BatchSize),
    ("Rules", Metric::Outcomes),
    ("Bus", Metric::BusAppendSeconds),
    ("The worker", Metric::SiteReloads),
    ("Telemetry itself", Metric::TraceSpansDropped),
    ("The process", Metric::BuildInfo),
];

/// The page.
#[must_use]
pub fn metrics_page() -> String {
    let mut page = HEAD.to_owned();
    for metric in Metric::ALL {
        if let Some((heading, _)) = SECTIONS.iter().find(|(_, first)| first == metric) {
            put(&mut page, &format!("\n## {heading}\n"));
            put(&mut page, "| name | type | unit | labels | meaning | what to do |");
            put(&mut page, "| --- | --- | --- | --- | --- | --- |");
        }
        let row = metric.row();
        let labels: Vec<String> =
            row.labels.iter().map(|label| format!("`{}`", label.as_str())).collect();
        let labels = if labels.is_empty() { "none".to_owned() } else { labels.join(", ") };
        let (name, kind, unit) = (row.name, row.kind.as_str(), row.unit.as_str());
        let line =
            format!("| `{name}` | {kind} | {unit} | {labels} | {} | {} |", row.help, row.advice);
        put(&mut page, &line);
    }
    labels(&mut page);
    buckets(&mut page);
    alert_rules(&mut page);
    traces(&mut page);
    page
}

fn put(page: &mut String, line: &str) {
    page.push_str(line);
    page.push('\n');
}

fn labels(page: &mut String) {
    put(page, "\n## Labels\n");
    put(
        page,
        "All are from closed lists or from the site file, so that the number of series has a bound.\n",
    );
    put(page, "| label | of | values |\n| --- | --- | --- |");
    let used: BTreeSet<Label> =
        Metric::ALL.iter().flat_map(|metric| metric.labels()).copied().collect();
    for label in used {
        let of = match label {
            Label::GapCause => "frames and gaps",
            Label::DisconnectCause => "disconnections",
            Label::VoidCause => "voids",
            Label::EvidenceFailure => "evidence",
            _ => "all",
        };
        let told = match (label, values(label)) {
            (_, Some(values)) => {
                values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
            }
            (Label::Version, None) => "version of the program".to_owned(),
            (Label::Rule, None) => "rules of the site file".to_owned(),
            (_, None) => "ids of the site file".to_owned(),
        };
        put(page, &format!("| `{}` | {of} | {told} |", label.as_str()));
    }
}

fn buckets(page: &mut String) {
    put(page, "\n## Buckets\n");
    put(page, "| histogram | upper bounds |\n| --- | --- |");
    for metric in Metric::ALL {
        if let Kind::Histogram(bounds) = metric.kind() {
            let bounds: Vec<String> = bounds.iter().map(f64::to_string).collect();
            put(page, &format!("| `{}` | {} |", metric.name(), bounds.join(", ")));
        }
    }
}

fn alert_rules(page: &mut String) {
    put(page, "\n## Alerts to begin with\n");
    put(page, "Rules for Prometheus. The thresholds are a start; your junctions know better.\n");
    put(page, "```yaml\ngroups:\n  - name: wayside\n    rules:");
    for alert in ALERTS {
        // Writing to a string cannot fail.
        let _ = write!(
            page,
            "      - alert: {}\n        expr: '{}'\n        for: {}\n        labels: {{ severity: {} }}\n        \
             annotations: {{ summary: \"{}\" }}\n",
            alert.name, alert.expr, alert.held, alert.severity, alert.summary
        );
    }
    put(page, "```");
}

const TRACES: &str = "
## Logs and traces

Log lines go to stderr. `WAYSIDE_LOG` says which (`warn,ort=error` where it is not set), as
`info` or `wayside_ingest=debug,warn`; `WAYSIDE_LOG_FORMAT=json` writes one JSON object a line.

Traces are exported where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, as `http://127.0.0.1:4318`, over
OTLP/HTTP with protobuf. A collector that is away or slow holds nobody up: spans wait in a queue of 4,096,
more are dropped and counted, the first failure is logged, and the end of the program waits for at most 2 s.

| variable | meaning |
| --- | --- |
| `OTEL_EXPORTER_OTLP_ENDPOINT` | the collector; `/v1/traces` is added |
| `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` | the same for traces alone, taken as it is |
| `OTEL_EXPORTER_OTLP_HEADERS` | headers to send, as `key=value,key=value` |
| `OTEL_EXPORTER_OTLP_CERTIFICATE` | PEM file to trust in place of the usual authorities, for `https://` |
| `OTEL_TRACES_SAMPLER` | `traceidratio` (usual), `always_on` or `always_off` |
| `OTEL_TRACES_SAMPLER_ARG` | share of traces that is exported, 0 to 1; 1 where it is not set |
| `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES` | what the worker is called; `wayside` where they are not set |
| `OTEL_SDK_DISABLED=true`, `OTEL_TRACES_EXPORTER=none` | no traces |

A trace is one frame's way. A worker with 16 cameras at 5 frames a second has 80 traces a second: a
share of 0.01 is enough to see where time goes. Names of spans: ";

fn traces(page: &mut String) {
    page.push_str(TRACES);
    let names: Vec<String> =
        SpanName::ALL.iter().map(|name| format!("`{}`", name.as_str())).collect();
    put(page, &format!("{}.", names.join(", ")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_in_the_order_of_the_table() {
        assert!(SECTIONS.windows(2).all(|pair| pair[0].1 < pair[1].1));
        assert_eq!(SECTIONS.first().map(|it| it.1), Metric::ALL.first().copied());
    }

    #[test]
    fn alerts_can_stand_in_yaml() {
        for alert in ALERTS {
            assert!(!alert.expr.contains('\'') && !alert.summary.contains('"'), "{}", alert.name);
            assert!(alert.summary.ends_with('.') && !alert.expr.contains('\n'), "{}", alert.name);
        }
    }
}
