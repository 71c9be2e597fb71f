//! Rules, causes, times and numbers in plain words.

use wayside_proto::{EventTime, GapCause, RoadUserClass, SignalColour, Unit, VoidCause};

/// Text as it may stand in HTML text and attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Name of a rule for people.
pub(crate) fn rule_title(rule: &str) -> String {
    match rule {
        "red_light" => "Driving through a red light".to_owned(),
        "stop_line" => "Stopping beyond the stop line".to_owned(),
        "wrong_way" => "Driving the wrong way".to_owned(),
        "illegal_turn" => "Turning where it is not allowed".to_owned(),
        "box_junction" => "Standing in the junction".to_owned(),
        "reserved_lane" => "Using a reserved lane".to_owned(),
        "no_stopping" => "Stopping where it is forbidden".to_owned(),
        "crossing_yield" => "Not yielding at a crossing".to_owned(),
        other => other.replace('_', " "),
    }
}

/// What a rule recognises, in one sentence.
pub(crate) fn rule_sentence(rule: &str) -> &'static str {
    match rule {
        "red_light" => {
            "The vehicle's front crossed the stop line after its signal had been red for longer \
             than the grace time, and it went on into the junction."
        }
        "stop_line" => "The vehicle crossed the stop line on red and stood beyond it.",
        "wrong_way" => "The vehicle drove against the direction of its lane.",
        "illegal_turn" => {
            "The vehicle left the junction by an exit that the lane it came from does not allow."
        }
        "box_junction" => "The vehicle stood in the junction for longer than is tolerated.",
        "reserved_lane" => "The vehicle drove in a lane that its class may not use at that hour.",
        "no_stopping" => {
            "The vehicle stood in a no-stopping zone for longer than is tolerated, and not in a \
             queue."
        }
        "crossing_yield" => {
            "The vehicle passed a crossing while somebody was on the half that it drove over."
        }
        _ => "",
    }
}

/// Name of a quantity for people.
pub(crate) fn quantity_title(name: &str) -> String {
    match name {
        "speed_at_line" => "Speed at the line".to_owned(),
        "dwell" => "Standing time".to_owned(),
        "overrun" => "Distance beyond the line".to_owned(),
        "distance" => "Distance driven".to_owned(),
        "distance_to_person" => "Distance to the person".to_owned(),
        other => {
            let words = other.replace('_', " ");
            let mut letters = words.chars();
            match letters.next() {
                Some(first) => first.to_uppercase().chain(letters).collect(),
                None => words,
            }
        }
    }
}

/// Why a rule abstained, for people.
pub(crate) fn void_reason(cause: VoidCause) -> &'static str {
    match cause {
        VoidCause::Gap => "Frames are missing around the moment.",
        VoidCause::SignalUnknown => "The state of the signal is not known at the moment.",
        VoidCause::SignalDisagreement => "Two sources say different things about the signal.",
        VoidCause::IntervalStraddlesLimit => {
            "The measurement is too uncertain: the limit lies within its interval."
        }
        VoidCause::TrackLost => "The vehicle was lost from sight before the rule could decide.",
        VoidCause::ClassUncertain => "It is not certain what kind of vehicle it was.",
        VoidCause::Queueing => "The vehicle stood in a queue or waited for a signal.",
        VoidCause::RecordingEnded => "The recording ended before the rule could decide.",
        VoidCause::SpeedsDisagree => {
            "Two independent measurements of the speed differ by too much."
        }
        VoidCause::MatchUncertain => {
            "It is not certain enough that one vehicle was seen at both ends."
        }
        VoidCause::RuleStoodDown => "People had found this rule wrong too often at this camera.",
    }
}

/// Why frames were not looked at, for people.
pub(crate) fn gap_reason(cause: GapCause) -> &'static str {
    match cause {
        GapCause::Lost => "the picture was lost",
        GapCause::Stalled => "the camera was silent",
        GapCause::Undecodable => "the picture could not be decoded",
        GapCause::Overload => "the machine could not keep up",
        GapCause::StoodDown => "the camera had been stood down",
    }
}

/// `1 car`, `3 buses`.
pub(crate) fn count_of(class: RoadUserClass, count: u64) -> String {
    let plural = match class {
        RoadUserClass::Bus => "buses",
        RoadUserClass::Person => "people",
        RoadUserClass::Car => "cars",
        RoadUserClass::Truck => "trucks",
        RoadUserClass::Motorcycle => "motorcycles",
        RoadUserClass::Bicycle => "bicycles",
    };
    format!("{count} {}", if count == 1 { class.as_str() } else { plural })
}

/// `1 vehicle`, `2 vehicles`, for words whose plural ends in s.
pub(crate) fn counted(count: u64, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// State of a signal for people.
pub(crate) fn signal(state: Option<SignalColour>) -> &'static str {
    state.map_or("unknown", SignalColour::as_str)
}

/// `1 min 20 s`, `12.5 s`, `2 h 5 min`.
pub(crate) fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0);
    if seconds < 60.0 {
        let text = format!("{seconds:.1}");
        return format!("{} s", text.strip_suffix(".0").unwrap_or(&text));
    }
    let whole = seconds.round() as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes, rest) {
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, 0, _) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

/// Seconds into the recording as `0:07.2` or `1:02:07.2`.
pub(crate) fn offset(seconds: f64) -> String {
    let tenths = (seconds.abs() * 10.0).round() as u64;
    let sign = if seconds < 0.0 && tenths > 0 { "-" } else { "" };
    let (hours, minutes) = (tenths / 36_000, tenths / 600 % 60);
    let (rest, tenth) = (tenths / 10 % 60, tenths % 10);
    if hours > 0 {
        format!("{sign}{hours}:{minutes:02}:{rest:02}.{tenth}")
    } else {
        format!("{sign}{minutes}:{rest:02}.{tenth}")
    }
}

/// Date and time of day (three decimals) in UTC: `("2026-06-01", "07:00:12.480")`.
pub(crate) fn date_and_time(time: EventTime) -> (String, String) {
    let text = time.to_string();
    match text.split_once('T') {
        Some((date, rest)) => {
            let clock = rest.trim_end_matches('Z');
            let kept = clock.len().saturating_sub(3);
            (date.to_owned(), clock.get(..kept).unwrap_or(clock).to_owned())
        }
        None => (String::new(), text),
    }
}

/// Value in the unit that people use, with its symbol: speeds in km/h.
pub(crate) fn for_people(value: f64, unit: Unit) -> (f64, &'static str) {
    match unit {
        Unit::Second => (value, "s"),
        Unit::Metre => (value, "m"),
        Unit::MetrePerSecond => (value * 3.6, "km/h"),
    }
}

/// A number with as many decimals as its size calls for.
pub(crate) fn number(value: f64) -> String {
    let text = if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let said = [0.0, 12.5, 60.0, 80.0, 3600.0, 7512.0].map(duration);
        assert_eq!(said, ["0 s", "12.5 s", "1 min", "1 min 20 s", "1 h", "2 h 5 min"]);
        assert_eq!(offset(59.96), "1:00.0");
        assert_eq!(offset(-3.04), "-0:03.0");
        assert_eq!(offset(3727.2), "1:02:07.2");
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape("<a href='x'>&\"\u{0}"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot; ");
    }

    #[test]
    fn numbers_keep_three_figures() {
        let shown = [0.304, 12.34, 250.4, -0.001].map(number);
        assert_eq!(shown, ["0.30", "12.3", "250", "0.00"]);
    }
}
