//! From RTP timestamps to capture instants.
//!
//! A sender report (RFC 3550, 6.4.1) pairs an instant of the camera's clock with an RTP timestamp;
//! other timestamps follow at 90,000 a second. Until the first report, and while the camera's clock
//! cannot be believed, the instant of arrival stands in, marked as such.

use std::collections::VecDeque;

use wayside_proto::{ClockSource, EventTime};

/// Reports that the offset and its spread are taken over.
const REPORTS_KEPT: usize = 8;
/// Arrivals that the delay is taken over.
const ARRIVALS_KEPT: usize = 256;
/// Half-width of the 95% interval of an instant taken from arrival: exposure, encoder and network
/// delay a picture by an unknown part of this.
const ARRIVAL_UNCERTAINTY_US: i64 = 500_000;
/// How long reports must be right before the clock is believed again, microseconds of wall clock.
const SETTLE_US: i64 = 10_000_000;

/// What the camera's clock is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The worker's clock.
    Worker,
    /// The first report of the stream: only jumps and drift count.
    FirstReport,
}

/// Limits of a camera's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockConfig {
    /// How far it may be off, milliseconds.
    pub error_ms_max: f64,
    /// From what.
    pub reference: Reference,
    /// What the site file declares: half-width of the 95% interval, microseconds.
    pub declared_us: u32,
}

/// A capture instant and how good it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Capture instant.
    pub time: EventTime,
    /// Where it comes from.
    pub source: ClockSource,
    /// Half-width of its 95% interval, microseconds.
    pub uncertainty_us: u32,
}

/// What a report says of the camera's clock.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It can be believed.
    Good,
    /// It cannot, and why, in a sentence.
    Bad(String),
    /// It was wrong and now looks right; not believed yet.
    Settling,
}

/// The clock of one camera.
#[derive(Clone, Debug)]
pub struct CaptureClock {
    config: ClockConfig,
    /// Capture instant and RTP timestamp of the report that holds.
    mapping: Option<(i64, i64)>,
    /// The last report, believed or not.
    last: Option<(i64, i64)>,
    /// Camera's clock minus the reference, of the last reports, microseconds.
    offsets: VecDeque<i64>,
    /// First offset of the stream, where that is the reference.
    base_us: Option<i64>,
    /// The same of an earlier stream, until this one has reported.
    base_before_us: Option<i64>,
    /// How far the last reports were from what those before them implied, microseconds.
    residual_us: i64,
    /// Wall clock minus RTP time of the last arrivals, microseconds.
    delays: VecDeque<i64>,
    bad_until: Option<i64>,
}

impl CaptureClock {
    /// A clock that knows nothing yet.
    #[must_use]
    pub fn new(config: ClockConfig) -> Self {
        Self {
            config,
            mapping: None,
            last: None,
            offsets: VecDeque::new(),
            base_us: None,
            base_before_us: None,
            residual_us: 0,
            delays: VecDeque::new(),
            bad_until: None,
        }
    }

    /// A new stream: its RTP timestamps begin anew.
    pub fn restart(&mut self) {
        let base_before_us = self.base_us.or(self.base_before_us);
        *self = Self { bad_until: self.bad_until, base_before_us, ..Self::new(self.config) };
    }

    /// Takes in a sender report that came at `wall`.
    pub fn report(&mut self, ntp: EventTime, rtp: i64, wall: EventTime) -> Verdict {
        let raw = ntp.0.saturating_sub(wall.0);
        let base = match self.config.reference {
            Reference::Worker => 0,
            Reference::FirstReport => *self.base_us.get_or_insert(raw),
        };
        let offset = raw.saturating_sub(base);
        let step = self.last.map(|(before, at)| {
            ntp.0.saturating_sub(before).saturating_sub(span_us(rtp.saturating_sub(at)))
        });
        self.last = Some((ntp.0, rtp));
        let limit = (self.config.error_ms_max * 1e3) as i64;
        let jumped = step.filter(|step| step.saturating_abs() > limit);
        if jumped.is_some() {
            self.offsets.clear();
        }
        if self.offsets.len() >= REPORTS_KEPT {
            self.offsets.pop_front();
        }
        self.offsets.push_back(offset);
        let offset = self.offset_us().unwrap_or(offset);
        if offset.saturating_abs() > limit {
            self.bad_until = Some(wall.0.saturating_add(SETTLE_US));
            return Verdict::Bad(match jumped {
                Some(by) => format!("the camera's clock jumped by {}", seconds(by)),
                None => format!("the camera's clock is {} off", seconds(offset)),
            });
        }
        if self.bad_until.is_some_and(|until| wall.0 < until) {
            return Verdict::Settling;
        }
        self.bad_until = None;
        let step = if jumped.is_some() { None } else { step };
        self.residual_us = step.map_or(0, |step| step.saturating_abs().max(self.residual_us / 2));
        self.mapping = Some((ntp.0, rtp));
        Verdict::Good
    }

    /// Takes in the arrival of a picture's last packet.
    pub fn arrived(&mut self, rtp: i64, wall: EventTime) {
        if self.delays.len() >= ARRIVALS_KEPT {
            self.delays.pop_front();
        }
        self.delays.push_back(wall.0.saturating_sub(span_us(rtp)));
    }

    /// The capture instant of a picture; none before anything arrived.
    #[must_use]
    pub fn stamp(&self, rtp: i64) -> Option<Stamp> {
        if let Some((ntp, at)) = self.mapping {
            let time = EventTime(ntp.saturating_add(span_us(rtp.saturating_sub(at))));
            let offset = self.offset_us().map_or(0, i64::saturating_abs);
            // While the clock is not believed its last good report goes on, and may drift.
            let doubt = if self.bad_until.is_some() { ARRIVAL_UNCERTAINTY_US } else { offset };
            let uncertainty = i64::from(self.config.declared_us) + self.residual_us + doubt;
            let uncertainty_us = u32::try_from(uncertainty).unwrap_or(u32::MAX);
            return Some(Stamp { time, source: ClockSource::Rtcp, uncertainty_us });
        }
        // The quickest packet was delayed least.
        let delay = self.delays.iter().min()?;
        let spread = self.delays.iter().max()?.saturating_sub(*delay);
        let uncertainty = ARRIVAL_UNCERTAINTY_US.saturating_add(spread.min(ARRIVAL_UNCERTAINTY_US));
        Some(Stamp {
            time: self.estimate(EventTime(span_us(rtp).saturating_add(*delay))),
            source: ClockSource::Arrival,
            uncertainty_us: u32::try_from(uncertainty).unwrap_or(u32::MAX),
        })
    }

    /// The capture instant of a picture that would be taken now.
    #[must_use]
    pub fn estimate(&self, wall: EventTime) -> EventTime {
        match (self.config.reference, self.base_us.or(self.base_before_us)) {
            (Reference::FirstReport, Some(base)) => EventTime(wall.0.saturating_add(base)),
            _ => wall,
        }
    }

    /// Camera's clock minus the reference, microseconds; none before the first report. A late report
    /// makes the clock look slow, so the largest of the last ones is nearest.
    #[must_use]
    pub fn offset_us(&self) -> Option<i64> {
        self.offsets.iter().copied().max()
    }
}

/// Length of a span of RTP time, microseconds, rounded to the nearest.
fn span_us(rtp: i64) -> i64 {
    let us = i128::from(rtp) * 100;
    let rounded = if us >= 0 { (us + 4) / 9 } else { (us - 4) / 9 };
    i64::try_from(rounded).unwrap_or(if us >= 0 { i64::MAX } else { i64::MIN })
}

fn seconds(us: i64) -> String {
    format!("{:+.3} s", us as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 1_000_000;
    const T0: i64 = 1_780_297_200_000_000;

    fn clock(reference: Reference) -> CaptureClock {
        CaptureClock::new(ClockConfig { error_ms_max: 500.0, reference, declared_us: 1_000 })
    }

    /// Reports once a second, the camera's clock off by `offset`.
    fn reports(clock: &mut CaptureClock, from: i64, to: i64, offset: i64) -> Verdict {
        let mut verdict = Verdict::Good;
        for s in from..to {
            let true_time = T0 + s * SECOND;
            verdict = clock.report(
                EventTime(true_time + offset),
                s * 90_000,
                EventTime(true_time + 3_000),
            );
        }
        verdict
    }

    #[test]
    fn pictures_are_stamped_by_the_cameras_clock() {
        let mut clock = clock(Reference::Worker);
        assert_eq!(clock.stamp(0), None);
        clock.arrived(0, EventTime(T0 + 80_000));
        let arrival = clock.stamp(9_000).expect("a stamp");
        assert_eq!(arrival.time, EventTime(T0 + 180_000));
        assert_eq!(arrival.source, ClockSource::Arrival);
        assert_eq!(reports(&mut clock, 0, 3, 20_000), Verdict::Good);
        let stamp = clock.stamp(3 * 90_000 + 1).expect("a stamp");
        assert_eq!(stamp.time, EventTime(T0 + 3 * SECOND + 20_000 + 11));
        assert_eq!((stamp.source, stamp.uncertainty_us), (ClockSource::Rtcp, 18_000));
    }

    #[test]
    fn a_jump_stands_down_and_ends() {
        let mut clock = clock(Reference::Worker);
        reports(&mut clock, 0, 10, 0);
        let verdict = reports(&mut clock, 10, 11, 3_600 * SECOND);
        assert_eq!(verdict, Verdict::Bad("the camera's clock jumped by +3600.000 s".to_owned()));
        let stamp = clock.stamp(11 * 90_000).expect("a stamp");
        assert_eq!(stamp.time, EventTime(T0 + 11 * SECOND), "the last good report goes on");
        assert!(matches!(reports(&mut clock, 11, 12, 3_600 * SECOND), Verdict::Bad(_)));
        assert_eq!(reports(&mut clock, 12, 15, 0), Verdict::Settling);
        assert_eq!(reports(&mut clock, 15, 30, 0), Verdict::Good);
    }

    #[test]
    fn drift_is_noticed_and_an_old_time_is_not_where_the_first_report_counts() {
        let mut worker = clock(Reference::Worker);
        assert!(matches!(reports(&mut worker, 0, 1, -86_400 * SECOND), Verdict::Bad(_)));
        let mut first = clock(Reference::FirstReport);
        assert_eq!(reports(&mut first, 0, 5, -86_400 * SECOND), Verdict::Good);
        assert_eq!(first.stamp(0).map(|s| s.time), Some(EventTime(T0 - 86_400 * SECOND)));
        let late = EventTime(T0 + 9 * SECOND);
        assert_eq!(first.estimate(late), EventTime(late.0 - 86_400 * SECOND - 3_000));
        let mut drifting = clock(Reference::FirstReport);
        let mut seen = None;
        for s in 0..200 {
            let true_time = T0 + s * SECOND;
            let ntp = EventTime(true_time + s * 5_000);
            if let Verdict::Bad(text) = drifting.report(ntp, s * 90_000, EventTime(true_time)) {
                seen.get_or_insert((s, text));
            }
        }
        assert_eq!(seen, Some((101, "the camera's clock is +0.505 s off".to_owned())));
    }

    #[test]
    fn an_old_time_goes_on_while_the_camera_is_away() {
        let mut clock = clock(Reference::FirstReport);
        reports(&mut clock, 0, 5, -86_400 * SECOND);
        for _ in 0..2 {
            clock.restart();
            let wall = EventTime(T0 + 20 * SECOND);
            let old = EventTime(wall.0 - 86_400 * SECOND - 3_000);
            assert_eq!(clock.estimate(wall), old);
            clock.arrived(0, wall);
            let stamp = clock.stamp(0).map(|stamp| (stamp.time, stamp.source));
            assert_eq!(stamp, Some((old, ClockSource::Arrival)));
        }
    }

    proptest! {
        #[test]
        fn any_numbers_end_without_a_panic(
            reports in proptest::collection::vec((any::<i64>(), any::<i64>(), any::<i64>()), 0..20),
            rtp in any::<i64>(),
        ) {
            let mut clock = clock(Reference::FirstReport);
            for (ntp, at, wall) in reports {
                clock.report(EventTime(ntp), at, EventTime(wall));
                clock.arrived(at, EventTime(wall));
                let _ = clock.stamp(rtp);
                let _ = clock.estimate(EventTime(wall));
            }
        }

        #[test]
        fn spans_are_exact_to_half_a_microsecond(rtp in -1_000_000_000_000_i64..1_000_000_000_000) {
            let exact = rtp as f64 / 9e4 * 1e6;
            prop_assert!((span_us(rtp) as f64 - exact).abs() <= 0.51);
        }
    }
}
