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

/// What differs from the background, with a margin; and its share of the picture before that.
pub(super) fn changed(background: &Background, half: &Half) -> (Mask, f64) {
    let offset = brighter(background, half);
    let (width, height) = (half.width, half.height);
    let mut mask = Mask::clear(width, height);
    for (at, level) in mask.level.iter_mut().enumerate() {
        let luma = i32::from(half.y[at]) - i32::from(background.half.y[at]) - offset;
        let blue = i32::from(half.u[at]) - i32::from(background.half.u[at]);
        let red = i32::from(half.v[at]) - i32::from(background.half.v[at]);
        let step = i32::from(background.step[at]);
        let differs = luma.abs() > step || blue.abs() > CHROMA_STEP || red.abs() > CHROMA_STEP;
        *level = u8::from(differs) * LEVEL_MIN;
    }
    lonely(&mut mask);
    let share = mask.share();
    mask.grow(MARGIN + CLOSE);
    mask.shrink(CLOSE);
    (mask, share)
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
