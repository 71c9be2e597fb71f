//! How much each block differs from the reference when nothing moves.

use super::grid::STEPS;

/// Steps of a tracked difference in one step of a mean.
const FINE: i32 = 16;

/// The median follows by so much a picture; up to this, noise is followed within a second or two.
const FOLLOW: u16 = 10;

/// The largest median difference that counts as noise, grey levels: dense traffic must not pass for it.
const MEDIAN_LUMA_MAX: f32 = 1.5;

/// Standard deviations in a median of absolute differences, of a normal distribution.
const MEDIANS_PER_DEVIATION: f32 = 1.4826;

/// The median absolute difference of each block.
#[derive(Debug, Default)]
pub(super) struct Noise {
    medians: Vec<u16>,
    known: bool,
}

impl Noise {
    pub(super) fn new(blocks: usize) -> Self {
        Self { medians: vec![0; blocks], known: false }
    }

    /// Starts every block at the median of all, from the first picture that can be compared.
    pub(super) fn start(&mut self, differences: impl Iterator<Item = u16>) {
        if self.known {
            return;
        }
        let mut sorted: Vec<u16> = differences.collect();
        sorted.sort_unstable();
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
        self.medians.fill(fine(median));
        self.known = true;
    }

    /// The difference above which a block has changed, steps of a mean.
    #[inline(always)]
    pub(super) fn threshold(&self, block: usize, floor: u16, factor_q8: u32) -> u16 {
        let median = u32::from(self.medians[block]);
        ((median * factor_q8) >> 12).clamp(u32::from(floor), u32::from(u16::MAX)) as u16
    }

    /// Learns what a block differs by now.
    #[inline(always)]
    pub(super) fn learn(&mut self, block: usize, difference: u16) {
        let median = &mut self.medians[block];
        let (up, down) = (median.saturating_add(FOLLOW), median.saturating_sub(FOLLOW));
        let limit = (MEDIAN_LUMA_MAX * (STEPS * FINE) as f32) as u16;
        *median = if fine(difference) > *median { up.min(limit) } else { down };
    }

    /// A number of standard deviations as a factor on medians, steps of 1 / 256.
    pub(super) fn factor_q8(deviations: f32) -> u32 {
        (deviations.clamp(0.0, 100.0) * MEDIANS_PER_DEVIATION * 256.0) as u32
    }
}

fn fine(difference: u16) -> u16 {
    difference.saturating_mul(FINE as u16)
}
