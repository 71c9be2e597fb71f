//! Travel time and mean speed with their 95% intervals.
//!
//! The travel time is the difference of two crossings. Each has two uncertainties, which are half-widths
//! of 95% intervals: of the crossing within the camera's own time, and of the camera's clock. The four are
//! taken for independent, so they add by squares (JCGM 100:2008, 5.1.2). Clocks are taken for
//! independent even where both cameras say that they come from one recorder: that they share an error
//! cannot be known from here, and to assume it would make the interval narrower.
//!
//! The mean speed is distance by time, divided as intervals: from the shortest distance over the
//! longest time to the longest distance over the shortest time. That contains the interval of
//! first-order propagation (JCGM 100:2008, 5.1.6) and needs no linearity.

use wayside_proto::{EventTime, PassingVehicle};

/// Standard deviations that a half-width of a 95% interval has (normal distribution).
const COVERAGE: f64 = 1.96;

/// A value with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Best estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One crossing, as far as the speed depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Crossing {
    pub(crate) time: EventTime,
    pub(crate) time_uncertainty_us: u32,
    pub(crate) clock_uncertainty_us: u32,
    pub(crate) speed_ms: f64,
    pub(crate) speed_sigma_ms: f64,
}

impl Crossing {
    pub(crate) fn new(time: EventTime, clock_uncertainty_us: u32, of: &PassingVehicle) -> Self {
        Self {
            time,
            time_uncertainty_us: of.time_uncertainty_us,
            clock_uncertainty_us,
            speed_ms: of.speed_ms,
            speed_sigma_ms: of.speed_sigma_ms,
        }
    }

    /// 95% interval of the spot speed.
    pub(crate) fn spot(&self) -> Interval {
        let margin = COVERAGE * self.speed_sigma_ms;
        let (value, low) = (self.speed_ms, (self.speed_ms - margin).max(0.0));
        Interval { value, low, high: self.speed_ms + margin }
    }
}

/// Half-width of the 95% interval of the difference of two crossings, seconds: of both crossings
/// within their cameras' times and of both clocks, microseconds, added by squares.
#[must_use]
pub fn travel_time_uncertainty_s(half_widths_us: [u32; 4]) -> f64 {
    let squares = half_widths_us.map(|us| (f64::from(us) / 1e6) * (f64::from(us) / 1e6));
    squares.iter().sum::<f64>().sqrt()
}

/// The mean speed over `length_m` (standard deviation `length_sigma_m`) in `seconds` with a half-width
/// of `uncertainty_s`, metres a second; none where the time may be 0 or less.
#[must_use]
pub fn mean_speed(
    length_m: f64,
    length_sigma_m: f64,
    seconds: f64,
    uncertainty_s: f64,
) -> Option<Interval> {
    let (shortest, longest) = (seconds - uncertainty_s, seconds + uncertainty_s);
    let margin_m = COVERAGE * length_sigma_m;
    (shortest > 0.0 && margin_m < length_m).then(|| Interval {
        value: length_m / seconds,
        low: (length_m - margin_m) / longest,
        high: (length_m + margin_m) / shortest,
    })
}

/// Travel time and mean speed from one crossing to the other; none where the clocks are too uncertain
/// to tell.
pub(crate) fn between(
    entry: &Crossing,
    exit: &Crossing,
    length_m: f64,
    length_sigma_m: f64,
) -> Option<(Interval, Interval)> {
    let seconds = exit.time.since_s(entry.time);
    let uncertainty = travel_time_uncertainty_s([
        entry.time_uncertainty_us,
        exit.time_uncertainty_us,
        entry.clock_uncertainty_us,
        exit.clock_uncertainty_us,
    ]);
    let speed = mean_speed(length_m, length_sigma_m, seconds, uncertainty)?;
    let time = Interval { value: seconds, low: seconds - uncertainty, high: seconds + uncertainty };
    Some((time, speed))
}

/// The spot speeds of both ends as one estimate: weighted by the inverse of their variances. A
/// standard deviation of less than 0.1 m/s counts as that.
pub(crate) fn spot_estimate_ms(entry: &Crossing, exit: &Crossing) -> f64 {
    let weight = |crossing: &Crossing| {
        let sigma = crossing.speed_sigma_ms.max(0.1);
        1.0 / (sigma * sigma)
    };
    let (a, b) = (weight(entry), weight(exit));
    (entry.speed_ms * a + exit.speed_ms * b) / (a + b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_contains_that_of_first_order() {
        let (length, sigma, seconds) = (1_200.0, 1.2, 54.0);
        let uncertainty = travel_time_uncertainty_s([30_000, 40_000, 2_000, 50_000]);
        assert!((uncertainty - 0.070_738).abs() < 1e-6);
        let speed = mean_speed(length, sigma, seconds, uncertainty).expect("a speed");
        let (d, t) = (1.96 * sigma / length, uncertainty / seconds);
        let first_order = speed.value * (d * d + t * t).sqrt();
        assert!(speed.low <= speed.value - first_order);
        assert!(speed.high >= speed.value + first_order);
        assert!(speed.high - speed.low < 0.2, "{speed:?}");
    }

    #[test]
    fn a_time_that_may_be_nothing_has_no_speed() {
        assert_eq!(mean_speed(100.0, 0.2, 2.0, 2.0), None);
        assert_eq!(mean_speed(100.0, 0.2, -2.0, 0.1), None);
    }

    #[test]
    fn the_better_spot_speed_weighs_more() {
        let at = |speed_ms, speed_sigma_ms| Crossing {
            time: EventTime(0),
            time_uncertainty_us: 0,
            clock_uncertainty_us: 0,
            speed_ms,
            speed_sigma_ms,
        };
        let estimate = spot_estimate_ms(&at(20.0, 1.0), &at(26.0, 2.0));
        assert!((estimate - 21.2).abs() < 1e-9, "{estimate}");
        let estimate = spot_estimate_ms(&at(20.0, 0.0), &at(22.0, 0.0));
        assert!((estimate - 21.0).abs() < 1e-9, "no standard deviation is no certainty");
    }
}
