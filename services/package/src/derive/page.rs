//! `quantities.md`: the violation and its quantities on one page.

use std::fmt::Write as _;

use wayside_proto::{Outcome, RoadUserClass};
use wayside_site::Site;

use super::words::number;
use crate::manifest::QuantityRecord;

/// The page.
pub(crate) fn page(outcome: &Outcome, site: &Site, quantities: &[QuantityRecord]) -> String {
    let rule = wayside_rules::catalogue().iter().find(|rule| rule.name == outcome.rule);
    let name = &site.file().site.name;
    let name = if name.is_empty() { outcome.site.as_str() } else { name };
    let class = RoadUserClass::from(outcome.class).as_str();
    let mut out = format!("# {} at {name}\n\n", outcome.rule);
    let mut line = |text: String| {
        // A text in memory takes whatever is written to it.
        let _ = writeln!(out, "{text}");
    };
    line(rule.map_or("", |rule| rule.sentence).to_owned());
    line(String::new());
    line(format!("- violation: {}", outcome.id));
    line(format!("- rule: {}, version {}", outcome.rule, outcome.rule_version));
    line(format!("- vehicle: {class}, track {}", outcome.track));
    line(format!("- time: {}", outcome.event_time));
    line(format!("- camera: {}", outcome.camera));
    line(format!("- place: {}", outcome.place));
    if let Some(signal) = &outcome.signal {
        let since =
            signal.since.map_or("before the first record".to_owned(), |time| time.to_string());
        line(format!("- signal group {}: {} since {since}", signal.group, signal.state.as_str()));
    }
    for quantity in quantities {
        let end = |end: Option<f64>| end.map_or("unknown".to_owned(), number);
        let QuantityRecord { name, value, low, high, unit, formula, derivation } = quantity;
        line(format!("\n## {name}: {} {unit} ({} to {})\n", number(*value), end(*low), end(*high)));
        line(derivation.clone());
        line(format!("\nFormula: `{formula}`"));
    }
    line(
        "\nIntervals are 95% intervals: 1.96 standard deviations (s) to either side, from the covariance that the \
         tracker states for each position and velocity (track.json). Times are capture instants in UTC."
            .to_owned(),
    );
    out
}
