//! In what two judgements of one event differ, in words.

use wayside_proto::{EventTime, Outcome, Quantity, Signal, Verdict};

/// Least difference that is told: a ten-thousandth of the unit is rounding to whoever reads it.
const DIFFERENCE_MIN: f64 = 1e-4;
/// The same for instants, microseconds.
const TIME_US_MIN: u64 = 1_000;

/// What differs; empty where nothing does.
#[must_use]
pub fn words(before: &Outcome, after: &Outcome) -> Vec<String> {
    let mut words = Vec::new();
    let verdicts = (verdict(before), verdict(after));
    if verdicts.0 != verdicts.1 {
        words.push(format!("{} -> {}", verdicts.0, verdicts.1));
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    for (what, old, new) in [
        ("place", before.place.clone(), after.place.clone()),
        ("approach", text(&before.approach), text(&after.approach)),
        ("lane", text(&before.lane), text(&after.lane)),
        ("class", class(before).to_owned(), class(after).to_owned()),
    ] {
        if old != new {
            words.push(format!("{what} {old} -> {new}"));
        }
    }
    if before.event_time.0.abs_diff(after.event_time.0) >= TIME_US_MIN {
        let later_s = after.event_time.since_s(before.event_time);
        let which = if later_s > 0.0 { "later" } else { "earlier" };
        words.push(format!("{:.3} s {which}", later_s.abs()));
    }
    words.extend(quantities(&before.quantities, &after.quantities));
    words.extend(signal(before.signal.as_ref(), after.signal.as_ref()));
    words
}

/// The verdict, for people.
#[must_use]
pub fn verdict(outcome: &Outcome) -> String {
    match &outcome.verdict {
        Verdict::Violation => "violation".to_owned(),
        Verdict::Void { cause, .. } => format!("void ({})", cause.as_str().replace('_', " ")),
    }
}

/// The class of the vehicle.
#[must_use]
pub fn class(outcome: &Outcome) -> &'static str {
    wayside_proto::RoadUserClass::from(outcome.class).as_str()
}

/// A quantity with its interval.
#[must_use]
pub fn quantity(quantity: &Quantity) -> String {
    let name = quantity.name.replace('_', " ");
    let unit = quantity.unit.as_str();
    format!("{name} {:.2} {unit} {}", quantity.value, interval(quantity, 2))
}

/// An instant with milliseconds; the unit of most frame times.
#[must_use]
pub fn instant(time: EventTime) -> String {
    let text = time.to_string();
    let short = text.strip_suffix("000Z").or_else(|| text.strip_suffix('Z'));
    short.unwrap_or(&text).replace('T', " ")
}

fn interval(quantity: &Quantity, decimals: usize) -> String {
    let bound =
        |bound: Option<f64>| bound.map_or("?".to_owned(), |bound| format!("{bound:.decimals$}"));
    format!("[{}, {}]", bound(quantity.low), bound(quantity.high))
}

fn quantities(before: &[Quantity], after: &[Quantity]) -> Vec<String> {
    let mut words = Vec::new();
    for old in before {
        let name = old.name.replace('_', " ");
        match after.iter().find(|new| new.name == old.name) {
            None => words.push(format!("{name} is not stated any more")),
            Some(new) => words.extend(one(&name, old, new)),
        }
    }
    for new in after.iter().filter(|new| before.iter().all(|old| old.name != new.name)) {
        words.push(format!("{} is stated, too", quantity(new)));
    }
    words
}

fn one(name: &str, old: &Quantity, new: &Quantity) -> Option<String> {
    let unit = new.unit.as_str();
    if differs(Some(old.value), Some(new.value)) {
        let decimals = decimals(old.value, new.value);
        return Some(format!(
            "{name} {:.decimals$} {} -> {:.decimals$} {unit}",
            old.value,
            old.unit.as_str(),
            new.value
        ));
    }
    if differs(old.low, new.low) || differs(old.high, new.high) {
        let ends = [(old.low, new.low), (old.high, new.high)];
        let decimals = ends
            .iter()
            .filter_map(|(old, new)| Some(((*old)?, (*new)?)))
            .filter(|(old, new)| differs(Some(*old), Some(*new)))
            .map(|(old, new)| decimals(old, new))
            .max()
            .unwrap_or(2);
        let (old, new) = (interval(old, decimals), interval(new, decimals));
        return Some(format!("{name} within {old} -> {new} {unit}"));
    }
    None
}

/// So many that the two do not look alike.
fn decimals(old: f64, new: f64) -> usize {
    (2..=4).find(|decimals| format!("{old:.decimals$}") != format!("{new:.decimals$}")).unwrap_or(5)
}

fn differs(old: Option<f64>, new: Option<f64>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => (old - new).abs() >= DIFFERENCE_MIN,
        (None, None) => false,
        _ => true,
    }
}

fn signal(before: Option<&Signal>, after: Option<&Signal>) -> Option<String> {
    let since_differs = |old: Option<EventTime>, new: Option<EventTime>| match (old, new) {
        (Some(old), Some(new)) => old.0.abs_diff(new.0) >= TIME_US_MIN,
        (None, None) => false,
        _ => true,
    };
    let text = |signal: &Signal, since: bool| match signal.since {
        Some(time) if since => {
            format!("{} {} since {}", signal.group, signal.state.as_str(), instant(time))
        }
        _ => format!("{} {}", signal.group, signal.state.as_str()),
    };
    match (before, after) {
        (None, None) => None,
        (Some(old), None) => Some(format!("signal {} -> none", text(old, false))),
        (None, Some(new)) => Some(format!("signal none -> {}", text(new, false))),
        (Some(old), Some(new)) if old.group != new.group || old.state != new.state => {
            Some(format!("signal {} -> {}", text(old, false), text(new, false)))
        }
        (Some(old), Some(new)) if since_differs(old.since, new.since) => {
            Some(format!("signal {} -> {}", text(old, true), text(new, true)))
        }
        _ => None,
    }
}
