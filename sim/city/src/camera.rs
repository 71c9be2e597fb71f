//! One camera: an arm's traffic, seen frame by frame.

use wayside_proto::{
    CameraId, ClockSource, Content, EventTime, Gap, GapCause, Observation, RunId, SiteId,
};

use crate::cycle::Cycle;
use crate::rng::Rng;
use crate::sensor::{View, see};
use crate::traffic::{Arm, Broken};

/// Traffic runs this long before anything is seen, so that the first frames are not empty.
const WARM_UP_US: i64 = -60_000_000;
/// Shortest and longest gap, seconds.
const GAP_S: (f64, f64) = (0.5, 5.0);

/// A camera of a site.
#[derive(Clone, Debug)]
pub(crate) struct Camera {
    site: SiteId,
    pub(crate) id: CameraId,
    run: RunId,
    arm: usize,
    start: EventTime,
    sequence: u64,
    /// When its frames come within a frame interval, microseconds.
    pub(crate) phase_us: i64,
    clock_offset_us: i64,
    clock_source: ClockSource,
    clock_uncertainty_us: u32,
    traffic: Arm,
    view: View,
    rng: Rng,
    gap_mean_s: Option<f64>,
    gap_us: (i64, i64),
    missed: Option<Gap>,
}

/// What a camera is made of.
pub(crate) struct Make<'a> {
    pub(crate) site: &'a SiteId,
    pub(crate) id: &'a str,
    pub(crate) run: &'a RunId,
    pub(crate) arm: usize,
    pub(crate) start: EventTime,
    pub(crate) interval_us: i64,
    pub(crate) offenders: f64,
    pub(crate) gaps_per_hour: f64,
}

impl Camera {
    pub(crate) fn new(make: &Make<'_>, cycle: &Cycle, mut rng: Rng) -> Self {
        // Most cameras tell their time; that of the others is known by arrival only.
        let (clock_source, clock_uncertainty_us) = if rng.chance(0.8) {
            (ClockSource::Rtcp, 2_000 + rng.below(8_000) as u32)
        } else {
            (ClockSource::Arrival, 40_000)
        };
        let slack_us = (make.interval_us / 16).min(i64::from(clock_uncertainty_us));
        let clock_offset_us = rng.below(2 * slack_us.unsigned_abs() + 1) as i64 - slack_us;
        let traffic_rng = Rng::new(rng.bits(), &[]);
        let mut traffic = Arm::new(make.arm, make.offenders, WARM_UP_US, traffic_rng);
        // What happened before the beginning was seen by nobody.
        traffic.advance(0, cycle, &mut Vec::new());
        let mut camera = Self {
            site: make.site.clone(),
            id: CameraId::from(make.id),
            run: make.run.clone(),
            arm: make.arm,
            start: make.start,
            sequence: 0,
            phase_us: make.interval_us * make.arm as i64 / 4 + make.interval_us / 16,
            clock_offset_us,
            clock_source,
            clock_uncertainty_us,
            traffic,
            view: View::new(),
            rng,
            gap_mean_s: (make.gaps_per_hour > 0.0).then(|| 3_600.0 / make.gaps_per_hour),
            gap_us: (i64::MAX, i64::MAX),
            missed: None,
        };
        camera.plan_gap(0);
        camera
    }

    fn plan_gap(&mut self, from_us: i64) {
        if let Some(mean_s) = self.gap_mean_s {
            let begin_us = from_us + (self.rng.wait(mean_s) * 1e6) as i64;
            let length_us = (self.rng.between(GAP_S.0, GAP_S.1) * 1e6) as i64;
            self.gap_us = (begin_us, begin_us + length_us);
        }
    }

    /// What the camera's clock says at an instant, microseconds from the beginning.
    pub(crate) fn clock_us(&self, at_us: i64) -> i64 {
        at_us + self.clock_offset_us
    }

    /// The frame at `at_us`, microseconds from the beginning: `out` gets the gap before it, where one
    /// ended, and what is seen.
    pub(crate) fn frame(
        &mut self,
        at_us: i64,
        cycle: &Cycle,
        broken: &mut Vec<Broken>,
        mut out: impl FnMut(Observation),
    ) {
        self.traffic.advance(at_us, cycle, broken);
        let time = EventTime(self.start.0 + self.clock_us(at_us));
        if at_us >= self.gap_us.0 {
            if at_us < self.gap_us.1 {
                let gap = self.missed.get_or_insert(Gap {
                    from: time,
                    to: time,
                    cause: GapCause::Lost,
                    frames: 0,
                });
                gap.to = time;
                gap.frames += 1;
                return;
            }
            if let Some(gap) = self.missed.take() {
                out(self.observation(gap.to, Content::Gap(gap)));
            }
            self.plan_gap(at_us);
        }
        let mut tracks = Vec::with_capacity(self.traffic.movers.len());
        for mover in &mut self.traffic.movers {
            mover.noise.step(&mut self.rng);
            tracks.push(see(mover, self.arm, &self.view));
        }
        out(self.observation(time, Content::Tracks { tracks, skipped_still: false }));
    }

    fn observation(&mut self, time: EventTime, content: Content) -> Observation {
        let sequence = self.sequence;
        self.sequence += 1;
        Observation {
            site: self.site.clone(),
            camera: self.id.clone(),
            run: self.run.clone(),
            sequence,
            time,
            clock_source: self.clock_source,
            clock_uncertainty_us: self.clock_uncertainty_us,
            content,
        }
    }

    /// Judges what goes on at the end.
    pub(crate) fn finish(&mut self, broken: &mut Vec<Broken>) {
        self.traffic.finish(broken);
    }
}
