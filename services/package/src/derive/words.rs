//! Numbers in sentences.

use wayside_proto::EventTime;
use wayside_proto::json::QuantityLine;

/// A number with at most three decimals.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// A number with its unit.
pub(super) fn with_unit(value: f64, unit: &str) -> String {
    format!("{} {unit}", number(value))
}

/// A quantity with its interval, as the end of a sentence.
pub(super) fn interval(quantity: &QuantityLine) -> String {
    let unit = &quantity.unit;
    let kmh = if unit == "m/s" {
        format!(" ({} km/h)", number(quantity.value * 3.6))
    } else {
        String::new()
    };
    let value = format!("{}{kmh}", with_unit(quantity.value, unit));
    match (quantity.low, quantity.high) {
        (Some(low), Some(high)) => format!(
            "{value}; with a probability of 95% it is between {} and {}",
            with_unit(low, unit),
            with_unit(high, unit)
        ),
        (Some(low), None) => {
            format!(
                "{value}; it is at least {}, and how much more is not known",
                with_unit(low, unit)
            )
        }
        (None, Some(high)) => {
            format!(
                "{value}; it is at most {}, and how much less is not known",
                with_unit(high, unit)
            )
        }
        (None, None) => format!("{value}; its interval is not known"),
    }
}

/// Whether the whole interval is beyond a limit, as a sentence.
pub(super) fn beyond(quantity: &QuantityLine, limit: f64, limit_name: &str) -> String {
    let unit = &quantity.unit;
    match quantity.low {
        Some(low) if low > limit => format!(
            "The lower end, {}, is above {limit_name} of {}.",
            with_unit(low, unit),
            with_unit(limit, unit)
        ),
        Some(low) if low >= limit => format!(
            "The lower end, {}, reaches {limit_name} of {}.",
            with_unit(low, unit),
            with_unit(limit, unit)
        ),
        Some(low) => format!(
            "The lower end, {}, is not above {limit_name} of {}.",
            with_unit(low, unit),
            with_unit(limit, unit)
        ),
        None => format!("Its lower end is not known; {limit_name} is {}.", with_unit(limit, unit)),
    }
}

/// The time of day of an instant, with milliseconds, UTC.
pub(super) fn clock(time: EventTime) -> String {
    let text = time.to_string();
    text.get(11..23).map_or(text.clone(), |day| format!("{day} UTC"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_times_have_milliseconds() {
        assert_eq!(
            ["1", "0.25", "0", "-0.5", "12.346"],
            [1.0, 0.25, -0.0001, -0.5, 12.3456].map(number).each_ref().map(String::as_str)
        );
        let time = EventTime::parse("2026-06-01T07:00:12.5Z").expect("an instant");
        assert_eq!(clock(time), "07:00:12.500 UTC");
    }
}
