//! How much each block differs from the reference when nothing moves.

use std::ops::Range;

use super::grid::STEPS;

/// Steps of a tracked difference in one step of a mean.
const FINE: i32 = 16;

/// The median follows by so much a picture; noise is followed within some seconds.
const FOLLOW: u16 = 4;

/// The largest median difference that counts as noise, one and a half grey levels: dense traffic must not
/// pass for it.
const MEDIAN_MAX: u16 = (3 * STEPS * FINE / 2) as u16;

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

    /// Starts every block at the median of all, with the first picture that can be compared.
    pub(super) fn start(&mut self, median: u16) {
        if !self.known {
            self.medians.fill(fine(median).min(MEDIAN_MAX));
            self.known = true;
        }
    }

    /// The medians of these blocks, to compare with and to learn.
    pub(super) fn medians(&mut self, blocks: Range<usize>) -> &mut [u16] {
        &mut self.medians[blocks]
    }

    /// The difference above which a block of this median has changed, steps of a mean.
    #[inline(always)]
    pub(super) fn threshold(median: u16, floor: u16, factor_q8: u32) -> u16 {
        ((u32::from(median) * factor_q8) >> 12).clamp(u32::from(floor), u32::from(u16::MAX)) as u16
    }

    /// A median that has learnt one more difference.
    #[inline(always)]
    pub(super) fn learnt(median: u16, difference: u16) -> u16 {
        if fine(difference) > median {
            median.saturating_add(FOLLOW).min(MEDIAN_MAX)
        } else {
            median.saturating_sub(FOLLOW)
        }
    }

    /// So many standard deviations of a block's own noise as a factor on its median, steps of 1 / 256.
    pub(super) fn factor_q8(deviations: f32) -> u32 {
        (deviations.clamp(0.0, 100.0) * MEDIANS_PER_DEVIATION * 256.0) as u32
    }

    /// The least threshold that the noise of the whole picture asks for, given its median, steps of a mean.
    /// Where more than noise can change half of the blocks, something large moves: it asks for none.
    pub(super) fn picture_threshold(median: u16, deviations: f32) -> u16 {
        let is_noise = fine(median) <= MEDIAN_MAX;
        if is_noise { Self::deviations(median, deviations.clamp(0.0, 100.0)) } else { 0 }
    }

    /// So many standard deviations of differences whose median is `median`, steps of a mean.
    pub(super) fn deviations(median: u16, deviations: f32) -> u16 {
        (f32::from(median) * deviations * MEDIANS_PER_DEVIATION) as u16
    }
}

fn fine(difference: u16) -> u16 {
    difference.saturating_mul(FINE as u16)
}
