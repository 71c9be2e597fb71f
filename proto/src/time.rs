//! Event time: the capture instant of a frame. Nothing here reads a clock.

use std::fmt;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventTime(pub i64);

/// A text that is not an RFC 3339 instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an RFC 3339 instant such as 2026-06-01T07:00:00Z: {cause}")]
pub struct EventTimeError {
    /// The text as given.
    pub text: String,
    /// What the parser said.
    pub cause: String,
}

impl EventTime {
    /// The instant `seconds` after this one (before it, where negative), rounded to a microsecond.
    #[must_use]
    pub fn plus_s(self, seconds: f64) -> Self {
        Self(self.0.saturating_add((seconds * 1e6).round() as i64))
    }

    /// Seconds from `earlier` to this instant.
    #[must_use]
    pub fn since_s(self, earlier: Self) -> f64 {
        self.0.saturating_sub(earlier.0) as f64 / 1e6
    }

    /// Reads an RFC 3339 instant.
    ///
    /// # Errors
    /// Where the text is none, or lies outside the years that the calendar covers.
    pub fn parse(text: &str) -> Result<Self, EventTimeError> {
        text.parse::<jiff::Timestamp>()
            .map(|instant| Self(instant.as_microsecond()))
            .map_err(|error| EventTimeError { text: text.to_owned(), cause: error.to_string() })
    }
}

impl fmt::Display for EventTime {
    /// RFC 3339 in UTC with six decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(f, "{instant:.6}"),
            Err(_) => write!(f, "{} us", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_six_decimals_and_reads_them_back() {
        let time = EventTime::parse("2026-06-01T07:00:12.5Z").expect("an instant");
        assert_eq!(time.to_string(), "2026-06-01T07:00:12.500000Z");
        assert_eq!(EventTime::parse(&time.to_string()), Ok(time));
        assert_eq!(time.plus_s(-0.5).since_s(time), -0.5);
    }
}
