//! What in a picture differs from the background.

use super::background::{Background, CHROMA_STEP};
use super::cells::CELL;
use super::half::Half;
use super::mask::Mask;
use super::mosaic::LEVEL_MIN;

/// Fewest changed steps of the 16 in a cell of 8 x 8 pixels.
const CELL_COUNT_MIN: u32 = 3;

/// How far what has changed is grown, steps of 2 pixels.
const MARGIN: usize = 4;

/// Gaps up to twice this are closed, steps of 2 pixels.
const CLOSE: usize = 6;

/// What differs from the background.
pub(super) struct Changed {
    /// Where it does, as measured.
    pub exact: Mask,
    /// The same with gaps closed and a margin.
    pub around: Mask,
    /// Share of the picture before that, 0 to 1.
    pub share: f64,
}

/// What differs from the background, by means of 6 x 6 pixels: drops of rain and the sensor's noise are
/// smaller, a person of 16 pixels is not.
pub(super) fn changed(background: &Background, half: &Half) -> Changed {
    let offset = brighter(background, half);
    let mut exact = Mask::clear(half.width, half.height);
    let steps = |at: usize| i32::from(background.step[at]);
    differing(&mut exact, &half.y, &background.half.y, offset, steps);
    differing(&mut exact, &half.u, &background.half.u, 0, |_| CHROMA_STEP);
    differing(&mut exact, &half.v, &background.half.v, 0, |_| CHROMA_STEP);
    lonely(&mut exact);
    let share = exact.share();
    let mut around = exact.clone();
    around.grow(MARGIN + CLOSE);
    around.shrink(CLOSE);
    Changed { exact, around, share }
}

/// Raises places where the mean difference over 3 x 3 steps, less `offset`, exceeds the place's own.
fn differing(mask: &mut Mask, new: &[u8], old: &[u8], offset: i32, step: impl Fn(usize) -> i32) {
    let (width, height) = (mask.width, mask.height);
    if width < 3 || height < 3 {
        return;
    }
    // Sums over three columns of one row each, then over three rows; borders take their neighbour's sum.
    let mut rows = vec![0_i16; new.len()];
    for ((sums, new), old) in
        rows.chunks_exact_mut(width).zip(new.chunks_exact(width)).zip(old.chunks_exact(width))
    {
        let gap = |at: usize| i16::from(new[at]) - i16::from(old[at]);
        for (x, sum) in sums.iter_mut().enumerate().take(width - 1).skip(1) {
            *sum = gap(x - 1) + gap(x) + gap(x + 1);
        }
        (sums[0], sums[width - 1]) = (sums[1], sums[width - 2]);
    }
    for y in 0..height {
        let middle = y.clamp(1, height - 2);
        for x in 0..width {
            let at = middle * width + x;
            let sum =
                i32::from(rows[at - width]) + i32::from(rows[at]) + i32::from(rows[at + width]);
            let place = y * width + x;
            if (sum - 9 * offset).abs() > 9 * step(place) {
                mask.level[place] = LEVEL_MIN;
            }
        }
    }
}

/// Clears what changed in cells where hardly anything did: noise, drops of rain.
fn lonely(mask: &mut Mask) {
    let (columns, rows) = (mask.width.div_ceil(CELL), mask.height.div_ceil(CELL));
    let mut counts = vec![0_u32; columns * rows];
    for (y, row) in mask.level.chunks_exact(mask.width.max(1)).enumerate() {
        for (x, level) in row.iter().enumerate() {
            counts[y / CELL * columns + x / CELL] += u32::from(*level > 0);
        }
    }
    let strong = |x: usize, y: usize| {
        let (x, y) = (x / CELL, y / CELL);
        (y.saturating_sub(1)..(y + 2).min(rows)).any(|row| {
            (x.saturating_sub(1)..(x + 2).min(columns))
                .any(|column| counts[row * columns + column] >= CELL_COUNT_MIN)
        })
    };
    let width = mask.width.max(1);
    for (y, row) in mask.level.chunks_exact_mut(width).enumerate() {
        for (x, level) in row.iter_mut().enumerate() {
            if *level > 0 && !strong(x, y) {
                *level = 0;
            }
        }
    }
}

/// By how much the picture is brighter than the background where nothing happens: the median difference,
/// at most 12 steps either way.
fn brighter(background: &Background, half: &Half) -> i32 {
    let mut counts = [0_u32; 511];
    for (new, old) in half.y.iter().zip(&background.half.y).step_by(3) {
        counts[(255 + i32::from(*new) - i32::from(*old)) as usize] += 1;
    }
    let total: u32 = counts.iter().sum();
    let mut sum = 0;
    for (index, count) in counts.iter().enumerate() {
        sum += count;
        if sum * 2 >= total {
            return (index as i32 - 255).clamp(-12, 12);
        }
    }
    0
}
