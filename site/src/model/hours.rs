//! Spans of the day.

/// A span of the day in local time, both ends in minutes since midnight. A span whose end comes
/// before its start goes on past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    from_min: u16,
    to_min: u16,
}

impl Hours {
    /// The span in `HH:MM-HH:MM`; `24:00` may end it. None for anything else, and for a span that
    /// ends where it starts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let (from_min, to_min) = (minutes(from)?, minutes(to)?);
        (from_min != to_min && from_min < 24 * 60).then_some(Self { from_min, to_min })
    }

    /// Whether the span holds this minute of the day (0 to 1439); the start belongs to it, the end
    /// does not.
    #[must_use]
    pub fn contains(&self, minute: u16) -> bool {
        if self.from_min < self.to_min {
            (self.from_min..self.to_min).contains(&minute)
        } else {
            minute >= self.from_min || minute < self.to_min
        }
    }
}

fn minutes(text: &str) -> Option<u16> {
    let bytes = text.as_bytes();
    let digits =
        |at: usize| bytes.get(at).filter(|b| b.is_ascii_digit()).map(|b| u16::from(b - b'0'));
    if bytes.len() != 5 || bytes.get(2) != Some(&b':') {
        return None;
    }
    let (hour, minute) = (digits(0)? * 10 + digits(1)?, digits(3)? * 10 + digits(4)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_hold_their_start_and_pass_midnight() {
        let day = Hours::parse("06:00-09:30").expect("a span");
        assert!(day.contains(360) && day.contains(569) && !day.contains(570));
        let night = Hours::parse("22:00-05:00").expect("a span");
        assert!(night.contains(1_439) && night.contains(0) && !night.contains(300));
        assert!(Hours::parse("00:00-24:00").expect("a span").contains(1_439));
    }

    #[test]
    fn other_texts_are_no_spans() {
        for text in
            ["", "6:00-9:30", "06:00", "06:00-06:00", "25:00-26:00", "06:60-07:00", "24:00-06:00"]
        {
            assert_eq!(Hours::parse(text), None, "{text}");
        }
    }
}
