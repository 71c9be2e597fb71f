//! A quantity as an error bar against its limit.

use std::fmt::Write as _;

use wayside_proto::Quantity;

use super::words::{escape, for_people, number};

const WIDTH: f64 = 320.0;
const LEFT: f64 = 6.0;
const RIGHT: f64 = 12.0;

/// SVG of a quantity with its interval; the limit as a dashed line where there is one.
pub(crate) fn gauge(quantity: &Quantity, limit: Option<(f64, &str)>) -> String {
    let (value, unit) = for_people(quantity.value, quantity.unit);
    let shown =
        |v: Option<f64>| v.map(|v| for_people(v, quantity.unit).0).filter(|v| v.is_finite());
    let (low, high) = (shown(quantity.low), shown(quantity.high));
    let limit = limit.map(|(v, name)| (for_people(v, quantity.unit).0, name));
    if !value.is_finite() {
        return String::new();
    }
    let ends = [Some(value), low, high, limit.map(|l| l.0)];
    let most = ends.iter().flatten().fold(0.0f64, |a, b| a.max(*b));
    let least = ends.iter().flatten().fold(0.0f64, |a, b| a.min(*b));
    let span = (most - least).max(1e-9) * 1.12;
    let x = |v: f64| LEFT + (v - least) / span * (WIDTH - LEFT - RIGHT);
    let mut svg = format!(
        "<svg class=\"gauge\" viewBox=\"0 0 {WIDTH} 44\" role=\"img\" aria-label=\"{}\">",
        escape(&words(quantity, limit))
    );
    let _ = write!(
        svg,
        "<line class=\"axis\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"18\" y2=\"18\"/>",
        x(least),
        WIDTH - RIGHT / 2.0
    );
    if least <= 0.0 {
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"14\" y2=\"22\"/>\
             <text x=\"{0:.1}\" y=\"38\" text-anchor=\"middle\">0</text>",
            x(0.0)
        );
    }
    if let Some((at, name)) = limit {
        let anchor = if x(at) > WIDTH * 0.6 {
            "end"
        } else if x(at) < WIDTH * 0.15 {
            "start"
        } else {
            "middle"
        };
        let place = if anchor == "start" { x(at).max(LEFT + 14.0) } else { x(at) };
        let _ = write!(
            svg,
            "<line class=\"limit\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"3\" y2=\"27\"/>\
             <text class=\"limit-text\" x=\"{1:.1}\" y=\"38\" text-anchor=\"{anchor}\">{name} {2} \
             {unit}</text>",
            x(at),
            place,
            number(at)
        );
    }
    if let (Some(a), Some(b)) = (low, high) {
        let _ = write!(
            svg,
            "<path class=\"interval\" d=\"M{0:.1} 18H{1:.1}M{0:.1} 11v14M{1:.1} 11v14\"/>",
            x(a),
            x(b)
        );
    }
    let _ =
        write!(svg, "<circle class=\"value\" cx=\"{:.1}\" cy=\"18\" r=\"4.5\"/></svg>", x(value));
    svg
}

/// `1.88 s (1.79 to 1.97 s)`.
pub(crate) fn value_words(quantity: &Quantity) -> String {
    let (value, unit) = for_people(quantity.value, quantity.unit);
    let show = |v: f64| number(for_people(v, quantity.unit).0);
    let interval = match (quantity.low, quantity.high) {
        (Some(a), Some(b)) => format!("{} to {} {unit}", show(a), show(b)),
        (Some(a), None) => format!("at least {} {unit}", show(a)),
        (None, Some(b)) => format!("at most {} {unit}", show(b)),
        (None, None) => "interval not known".to_owned(),
    };
    format!("{} {unit} ({interval})", number(value))
}

fn words(quantity: &Quantity, limit: Option<(f64, &str)>) -> String {
    let unit = for_people(0.0, quantity.unit).1;
    match limit {
        Some((at, name)) => format!("{}; {name} {} {unit}", value_words(quantity), number(at)),
        None => value_words(quantity),
    }
}
