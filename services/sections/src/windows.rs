//! Travel times by windows of event time: sums over vehicles, never one vehicle.

use std::collections::BTreeMap;

use wayside_proto::{
    Abstention, EventTime, SectionEnd, SectionId, Spread, TRAVEL_TIME_MATCHED_MIN, TravelTime,
};

/// One window that is not complete yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    entered: u32,
    left: u32,
    abstained: BTreeMap<Abstention, u32>,
    seconds: Vec<f64>,
    speeds_ms: Vec<f64>,
}

/// Windows that are not complete yet, by their end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Windows {
    open: BTreeMap<EventTime, Window>,
}

impl Windows {
    /// The end of the window that holds an instant; the start of a window belongs to it, the end does
    /// not.
    pub(crate) fn end_of(time: EventTime, window_s: u32) -> EventTime {
        let length = i64::from(window_s.max(1)) * 1_000_000;
        EventTime(time.0.div_euclid(length).saturating_add(1).saturating_mul(length))
    }

    /// Counts a vehicle in the window that ends at `window`. True where the window is new.
    pub(crate) fn passed(&mut self, window: EventTime, end: SectionEnd) -> bool {
        let is_new = !self.open.contains_key(&window);
        let counts = self.open.entry(window).or_default();
        match end {
            SectionEnd::Entry => counts.entered += 1,
            SectionEnd::Exit => counts.left += 1,
        }
        is_new
    }

    pub(crate) fn matched(&mut self, window: EventTime, seconds: f64, speed_ms: f64) {
        if let Some(counts) = self.open.get_mut(&window) {
            counts.seconds.push(seconds);
            counts.speeds_ms.push(speed_ms);
        }
    }

    pub(crate) fn abstained(&mut self, window: EventTime, cause: Abstention) {
        if let Some(counts) = self.open.get_mut(&window) {
            *counts.abstained.entry(cause).or_default() += 1;
        }
    }

    /// The first instant of the oldest open window.
    pub(crate) fn oldest(&self, window_s: u32) -> Option<EventTime> {
        let (end, _) = self.open.first_key_value()?;
        Some(EventTime(end.0.saturating_sub(i64::from(window_s) * 1_000_000)))
    }

    /// Closes a window.
    pub(crate) fn close(
        &mut self,
        section: &SectionId,
        window: EventTime,
        window_s: u32,
    ) -> Option<TravelTime> {
        let Window { entered, left, abstained, seconds, speeds_ms } = self.open.remove(&window)?;
        Some(TravelTime {
            section: section.clone(),
            time: window,
            window_s,
            matched: u32::try_from(seconds.len()).unwrap_or(u32::MAX),
            entered,
            left,
            abstained: abstained.into_iter().collect(),
            travel_time_s: spread(seconds),
            mean_speed_ms: spread(speeds_ms),
        })
    }
}

/// Median and quartiles, interpolated linearly between the values in order (Hyndman and Fan 1996,
/// type 7); none of fewer than [`TRAVEL_TIME_MATCHED_MIN`] values.
fn spread(mut values: Vec<f64>) -> Option<Spread> {
    if values.len() < TRAVEL_TIME_MATCHED_MIN as usize {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let quantile = |share: f64| {
        let at = share * (values.len() - 1) as f64;
        let (below, above) = (at.floor() as usize, at.ceil() as usize);
        let (low, high) = (values.get(below)?, values.get(above)?);
        Some(low + (high - low) * (at - below as f64))
    };
    Some(Spread {
        median: quantile(0.5)?,
        lower_quartile: quantile(0.25)?,
        upper_quartile: quantile(0.75)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_begin_at_whole_multiples() {
        let end = |time| Windows::end_of(EventTime(time), 60).0;
        assert_eq!(
            (end(0), end(59_999_999), end(60_000_000)),
            (60_000_000, 60_000_000, 120_000_000)
        );
        assert_eq!(end(-1), 0);
    }

    #[test]
    fn two_vehicles_have_no_median() {
        assert_eq!(spread(vec![1.0, 2.0]), None);
        let spread = spread(vec![4.0, 1.0, 2.0]).expect("three");
        assert_eq!((spread.lower_quartile, spread.median, spread.upper_quartile), (1.5, 2.0, 3.0));
    }
}
