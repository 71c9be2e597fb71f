//! A codec's refresh: with each key frame the whole picture changes a little, and nothing has moved.

use wayside_proto::EventTime;

use super::grid::{Grid, STEPS};
use super::light::{Light, Scratch};
use super::noise::Noise;

/// How long a codec corrects its picture after a key frame, seconds. Shorter than any hold, so that what
/// moves on is not lost.
const CORRECTION_S: f64 = 0.6;

/// The least time from one refresh to the next, seconds: the rest of the time all movement counts.
const APART_S: f64 = 1.5;

/// The least median change from one picture to the next that is a refresh, steps of a mean.
const MEDIAN_MIN: u16 = 4;

/// The largest one, steps: beyond, half of the picture moves.
const MEDIAN_MAX: u16 = STEPS as u16;

/// How many times the usual change a refresh is.
const UNUSUAL: u16 = 3;

/// How far a refresh reaches in a few blocks, in standard deviations of all blocks.
const REACH_DEVIATIONS: f32 = 8.0;

/// Steps of the usual change in one step of a mean.
const FINE: u16 = 16;

/// The usual change follows by so much a picture.
const FOLLOW: u16 = 4;

/// Takes refreshes into the reference, so that they do not look like movement.
#[derive(Debug, Default)]
pub(super) struct Refresh {
    /// Median change from picture to picture, fine steps.
    usual: u16,
    last: Option<EventTime>,
    limit: u16,
}

impl Refresh {
    /// Lets the reference follow what a refresh changes between two successive pictures. Larger changes
    /// stay: they are movement.
    pub(super) fn follow(
        &mut self,
        time: EventTime,
        grid: &Grid,
        (past, now): (&[u16], &[u16]),
        reference: &mut [u16],
        scratch: &mut Scratch,
    ) {
        let light = Light::between(grid, past, now, scratch);
        let median = light.noise;
        let unusual = median.saturating_mul(FINE) > self.usual.saturating_mul(UNUSUAL);
        let up = median.saturating_mul(FINE) > self.usual;
        self.usual =
            if up { self.usual.saturating_add(FOLLOW) } else { self.usual.saturating_sub(FOLLOW) };
        let since = self.last.map_or(f64::INFINITY, |last| time.since_s(last));
        if unusual && since >= APART_S && (MEDIAN_MIN..=MEDIAN_MAX).contains(&median) {
            self.limit = Noise::deviations(median, REACH_DEVIATIONS);
            self.last = Some(time);
        } else if since >= CORRECTION_S {
            return;
        }
        for range in grid.ranges() {
            let pairs = past[range.clone()].iter().zip(&now[range.clone()]);
            for ((past, now), reference) in pairs.zip(&mut reference[range]) {
                let change = i32::from(*now) - i32::from(*past) - light.change(*past);
                if change.unsigned_abs() <= u32::from(self.limit) {
                    *reference = (i32::from(*reference) + change).clamp(0, 255 * STEPS) as u16;
                }
            }
        }
    }

    /// Forgets a refresh that is under way, not what is usual.
    pub(super) fn restart(&mut self) {
        self.last = None;
    }
}
