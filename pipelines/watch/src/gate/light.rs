//! The change of light between two pictures, which is no movement.

use super::grid::{Grid, STEPS};

/// The largest change that is followed, steps; larger differences count at the ends.
const CHANGE_MAX: i32 = 64 * STEPS;

/// Every how many blocks one is asked: medians of some thousands are exact enough.
const STRIDE: usize = 3;

/// How much brightness follows brightness at most: exposure changes of a factor of two.
const SLOPE_MAX: i32 = 128;

/// The common change of brightness as a line: `at_dark` at luma `dark`, `slope` / 256 of a step a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Light {
    luma: i32,
    change: i32,
    slope: i32,
    /// The median distance of changes from the middle one of their half, steps: noise, where exposure is
    /// about the same.
    pub(super) noise: u16,
}

impl Light {
    /// What a block of this past mean is expected to have changed by, steps.
    #[inline(always)]
    pub(super) fn change(&self, past: u16) -> i32 {
        self.change + (((i32::from(past) - self.luma) * self.slope) >> 8)
    }

    /// Fits the line through the medians of the darker and the brighter half: exposure multiplies, fog and
    /// black level add. A road user is a minority of each half, or shows in what does not fit.
    pub(super) fn between(grid: &Grid, past: &[u16], now: &[u16], scratch: &mut Scratch) -> Self {
        scratch.clear();
        for range in grid.ranges() {
            for mean in past[range].iter().step_by(STRIDE) {
                scratch.luma[usize::from(*mean >> 4).min(255)] += 1;
            }
        }
        let half = rank(&scratch.luma, 2, 1) as i32;
        let (low, high) = (rank(&scratch.luma, 4, 1) as i32, rank(&scratch.luma, 4, 3) as i32);
        for range in grid.ranges() {
            let pairs = past[range.clone()].iter().zip(&now[range]).step_by(STRIDE);
            for (past, now) in pairs {
                let change = i32::from(*now) - i32::from(*past);
                let bin = (change.clamp(-CHANGE_MAX, CHANGE_MAX) + CHANGE_MAX) as usize;
                let bright = i32::from(*past >> 4) >= half;
                scratch.changes[usize::from(bright)][bin] += 1;
            }
        }
        let [dark, bright] =
            [0, 1].map(|half| rank(&scratch.changes[half], 2, 1) as i32 - CHANGE_MAX);
        let counts = [0, 1].map(|half| scratch.changes[half].iter().sum::<u32>());
        let noise = median_distance(&scratch.changes, [dark, bright]);
        let middle = STEPS / 2;
        if counts[0] == 0 || high - low < 8 {
            let change = if counts[0] > counts[1] { dark } else { bright };
            return Self { luma: half * STEPS + middle, change, slope: 0, noise };
        }
        let slope = (bright - dark) * 256 / ((high - low) * STEPS);
        Self {
            luma: low * STEPS + middle,
            change: dark,
            slope: slope.clamp(-SLOPE_MAX, SLOPE_MAX),
            noise,
        }
    }
}

/// Histograms, kept from call to call.
#[derive(Debug)]
pub(super) struct Scratch {
    luma: Vec<u32>,
    changes: [Vec<u32>; 2],
}

impl Scratch {
    pub(super) fn new() -> Self {
        let changes = || vec![0; (2 * CHANGE_MAX + 1) as usize];
        Self { luma: vec![0; 256], changes: [changes(), changes()] }
    }

    fn clear(&mut self) {
        self.luma.fill(0);
        self.changes.iter_mut().for_each(|histogram| histogram.fill(0));
    }
}

/// The median distance of changes from the middle one of their half.
fn median_distance(changes: &[Vec<u32>; 2], middles: [i32; 2]) -> u16 {
    let all: u32 = changes.iter().flatten().sum();
    let at = |half: usize, change: i32| {
        let bin = usize::try_from(change + CHANGE_MAX).ok();
        bin.and_then(|bin| changes[half].get(bin)).copied().unwrap_or(0)
    };
    let mut within = 0;
    let place = (0..=2 * CHANGE_MAX).find(|distance| {
        for (half, middle) in middles.into_iter().enumerate() {
            within += at(half, middle + distance);
            if *distance > 0 {
                within += at(half, middle - distance);
            }
        }
        2 * within > all
    });
    place.unwrap_or(0) as u16
}

/// The value below which `part` of `parts` lie.
fn rank(histogram: &[u32], parts: u64, part: u64) -> usize {
    let all: u64 = histogram.iter().map(|n| u64::from(*n)).sum();
    let mut below = 0;
    histogram
        .iter()
        .position(|n| {
            below += u64::from(*n);
            below * parts > all * part
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposure_and_black_level_are_followed_and_a_vehicle_is_not() {
        let grid = Grid::new(160, 160, &[]);
        let past: Vec<u16> = (0..1600u16).map(|i| 16 * (30 + (i % 40) * 4 + i / 40 % 2)).collect();
        let mut now: Vec<u16> = past.iter().map(|p| p / 10 * 9 + 80).collect();
        now[200..500].fill(4000);
        let light = Light::between(&grid, &past, &now, &mut Scratch::new());
        for (past, now) in past.iter().zip(&now).take(200) {
            let left = i32::from(*now) - i32::from(*past) - light.change(*past);
            assert!(left.abs() <= 2 * STEPS, "{left} at {past}");
        }
        let left = 4000 - i32::from(past[300]) - light.change(past[300]);
        assert!(left > 1000, "{left}");
        assert!(light.noise <= 3 * STEPS as u16, "{}", light.noise);
    }
}
