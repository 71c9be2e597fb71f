//! Local times of day, such as `06:00-09:30`, in the site's time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wayside_proto::EventTime;

/// Spans of the local day; a span whose end lies before its begin runs over midnight. The begin
/// belongs to a span, the end does not. On the day of a change of clocks the wall clock counts:
/// an hour that happens twice is inside twice.
#[derive(Clone, Debug)]
pub(crate) struct Hours {
    /// Begin and end, minutes of the day; always where empty.
    spans: Vec<(i32, i32)>,
    zone: TimeZone,
}

impl Hours {
    /// The spans in `texts`. The site's validation has refused those that cannot be read, and
    /// unknown zones; here the former are skipped and the latter are UTC.
    pub(crate) fn new(texts: &[String], timezone: &str) -> Self {
        let spans = texts.iter().filter_map(|text| span(text)).collect();
        Self { spans, zone: TimeZone::get(timezone).unwrap_or(TimeZone::UTC) }
    }

    /// Whether the instant lies in one of the spans.
    pub(crate) fn contain(&self, time: EventTime) -> bool {
        if self.spans.is_empty() {
            return true;
        }
        let Ok(instant) = Timestamp::from_microsecond(time.0) else { return false };
        let local = self.zone.to_datetime(instant);
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        self.spans.iter().any(|&(from, to)| {
            if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
        })
    }
}

fn span(text: &str) -> Option<(i32, i32)> {
    let (from, to) = text.split_once('-')?;
    Some((minute(from)?, minute(to)?))
}

fn minute(text: &str) -> Option<i32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..=24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(hours: &str, zone: &str, time: &str) -> bool {
        let time = EventTime::parse(time).expect("an instant");
        Hours::new(&[hours.to_owned()], zone).contain(time)
    }

    #[test]
    fn spans_follow_the_wall_clock() {
        // Vienna is one hour ahead of UTC in winter and two in summer.
        assert!(inside("07:00-09:00", "Europe/Vienna", "2026-01-15T06:00:00Z"));
        assert!(!inside("07:00-09:00", "Europe/Vienna", "2026-07-15T07:00:00Z"));
        assert!(inside("07:00-09:00", "Europe/Vienna", "2026-07-15T06:59:59Z"));
        // Clocks go from 02:00 to 03:00 on 29 March, and from 03:00 back to 02:00 on 25 October.
        assert!(!inside("02:00-03:00", "Europe/Vienna", "2026-03-29T01:00:00Z"));
        assert!(inside("02:00-03:00", "Europe/Vienna", "2026-10-25T00:30:00Z"));
        assert!(inside("02:00-03:00", "Europe/Vienna", "2026-10-25T01:30:00Z"));
    }

    #[test]
    fn spans_may_run_over_midnight() {
        for (time, expected) in
            [("21:59", false), ("22:00", true), ("04:59", true), ("05:00", false)]
        {
            let time = format!("2026-06-01T{time}:00Z");
            assert_eq!(inside("22:00-05:00", "UTC", &time), expected, "{time}");
        }
        assert!(inside("18:00-24:00", "UTC", "2026-06-01T23:59:59Z"));
    }
}
