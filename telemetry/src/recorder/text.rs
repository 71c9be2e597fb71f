//! The page in the Prometheus text format, version 0.0.4.

use std::fmt::Write;

use super::cell::HistogramCell;
use super::store::{Cell, SeriesKey};
use crate::metric::{Kind, Metric};

/// What the page is, for the header.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Writes the series, which are in order of their metrics.
pub(crate) fn render(series: &[(SeriesKey, Cell)]) -> String {
    let mut page = String::with_capacity(series.len() * 120);
    let mut last = None;
    for ((metric, values), cell) in series {
        if matches!(cell, Cell::Gauge(gauge) if gauge.get().is_nan()) {
            continue;
        }
        if last != Some(*metric) {
            head(&mut page, *metric);
            last = Some(*metric);
        }
        let labels = labels(*metric, values);
        match cell {
            Cell::Counter(counter) => {
                let value = number(*metric, counter.get());
                line(&mut page, metric.name(), "", &labels, &value);
            }
            Cell::Gauge(gauge) => {
                line(&mut page, metric.name(), "", &labels, &float(gauge.get()));
            }
            Cell::Histogram(cell) => histogram(&mut page, *metric, &labels, cell),
        }
    }
    page
}

fn head(page: &mut String, metric: Metric) {
    let row = metric.row();
    let help = row.help.replace('\\', "\\\\").replace('\n', "\\n");
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(page, "# HELP {} {help}", row.name);
    let _ = writeln!(page, "# TYPE {} {}", row.name, row.kind.as_str());
}

fn histogram(page: &mut String, metric: Metric, labels: &str, cell: &HistogramCell) {
    let (rows, count, sum) = cell.read();
    let comma = if labels.is_empty() { "" } else { "," };
    for (bound, upto) in rows {
        let labels = format!("{labels}{comma}le=\"{}\"", float(bound));
        line(page, metric.name(), "_bucket", &labels, &upto.to_string());
    }
    let all = format!("{labels}{comma}le=\"+Inf\"");
    line(page, metric.name(), "_bucket", &all, &count.to_string());
    line(page, metric.name(), "_sum", labels, &float(sum));
    line(page, metric.name(), "_count", labels, &count.to_string());
}

fn line(page: &mut String, name: &str, suffix: &str, labels: &str, value: &str) {
    let _ = if labels.is_empty() {
        writeln!(page, "{name}{suffix} {value}")
    } else {
        writeln!(page, "{name}{suffix}{{{labels}}} {value}")
    };
}

fn labels(metric: Metric, values: &[String]) -> String {
    let mut text = String::new();
    for (label, value) in metric.labels().iter().zip(values) {
        let comma = if text.is_empty() { "" } else { "," };
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _ = write!(text, "{comma}{}=\"{value}\"", label.as_str());
    }
    text
}

/// A counter's value: of durations, seconds with six places.
fn number(metric: Metric, value: u64) -> String {
    match metric.kind() {
        Kind::SecondsCounter => format!("{}.{:06}", value / 1_000_000, value % 1_000_000),
        _ => value.to_string(),
    }
}

fn float(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    value.to_string()
}
