//! What takes the place of hidden pixels, and why it cannot be undone.
//!
//! Pixels are replaced by means of large blocks. Mosaics have been broken in two ways: recognisers that were
//! trained on mosaics name faces and read digits from them (Hill et al., "On the (In)effectiveness of
//! Mosaicing and Blurring as Tools for Document Redaction", PETS 2016; `McPherson` et al., "Defeating Image
//! Obfuscation with Deep Learning", 2016), and many frames in which the object moves against the grid of
//! blocks sample it at different phases and sharpen each other (Cavedon et al., "Getting the Face Behind the
//! Squares", WOOT 2011). Both need a face or a line of characters to spread over several blocks, and fine
//! steps of grey. So:
//!
//! - a block is at least 32 pixels wide, and at least half of its object's shorter side: a head, a seventh of a person's
//!   height, or a plate's height, a tenth of a car's, is a fraction of one block;
//! - luma and chrominance are rounded to steps of 16: what a face adds to the mean of such a block is
//!   less than a step;
//! - the grid is fixed to the picture, and a block keeps its colour for half a second whatever passes
//!   through it, which takes the many frames away;
//! - only hidden pixels enter a mean, and none of them leaves otherwise: no blur whose kernel could be
//!   inverted, no blending at the edges.

use std::collections::BTreeMap;
use std::sync::Arc;

use wayside_picture::Picture;
use wayside_proto::{BoxPx, EventTime};

use super::boxes::short_side;
use super::mask::Mask;

/// Binary logarithm of the smallest block's side, pixels.
pub(super) const LEVEL_MIN: u8 = 5;

/// That of the largest.
pub(super) const LEVEL_MAX: u8 = 8;

/// Values are rounded to multiples of this.
const STEP: u32 = 16;

/// The level of blocks that hide what is in a box: at least half of its shorter side.
pub(super) fn level_of(b: &BoxPx) -> u8 {
    let half = short_side(b) / 2.0;
    (LEVEL_MIN..LEVEL_MAX).find(|level| (1_u32 << level) as f32 >= half).unwrap_or(LEVEL_MAX)
}

/// Colours of blocks, each kept for a while.
#[derive(Debug, Default)]
pub(super) struct Mosaic {
    /// By level, column and row: the period in which it was made, and its colour.
    colours: BTreeMap<(u8, usize, usize), (i64, [u8; 3])>,
}

impl Mosaic {
    /// Replaces what `mask` hides in `picture`.
    pub(super) fn hide(
        &mut self,
        picture: &mut Picture,
        mask: &Mask,
        time: EventTime,
        hold_us: i64,
    ) {
        let period = time.0.div_euclid(hold_us.max(1));
        self.colours.retain(|_, (made, _)| *made == period);
        let sums = sums(picture, mask);
        for (block, sum) in sums {
            self.colours.entry(block).or_insert_with(|| (period, sum.colour()));
        }
        let width = picture.width as usize;
        let luma = Arc::make_mut(&mut picture.y);
        let blue = Arc::make_mut(&mut picture.u);
        let red = Arc::make_mut(&mut picture.v);
        for row in 0..mask.height {
            for column in 0..mask.width {
                let at = row * mask.width + column;
                let level = mask.level[at];
                if level == 0 {
                    continue;
                }
                let (_, [y, u, v]) = self
                    .colours
                    .get(&key(level, column, row))
                    .copied()
                    .unwrap_or((0, [16, 128, 128]));
                let pixel = 2 * row * width + 2 * column;
                luma[pixel..pixel + 2].fill(y);
                luma[pixel + width..pixel + width + 2].fill(y);
                blue[at] = u;
                red[at] = v;
            }
        }
    }
}

fn key(level: u8, column: usize, row: usize) -> (u8, usize, usize) {
    (level, (2 * column) >> level, (2 * row) >> level)
}

#[derive(Clone, Copy, Default)]
struct Sum {
    count: u32,
    yuv: [u32; 3],
}

impl Sum {
    fn colour(&self) -> [u8; 3] {
        let count = self.count.max(1);
        let round = |sum: u32, per: u32| {
            let mean = sum / (count * per);
            ((mean + STEP / 2) / STEP * STEP).min(240) as u8
        };
        [round(self.yuv[0], 4), round(self.yuv[1], 1), round(self.yuv[2], 1)]
    }
}

/// Sums over the hidden part of each block that hides something.
fn sums(picture: &Picture, mask: &Mask) -> BTreeMap<(u8, usize, usize), Sum> {
    let mut out: BTreeMap<(u8, usize, usize), Sum> = BTreeMap::new();
    let width = picture.width as usize;
    for row in 0..mask.height {
        let mut column = 0;
        while column < mask.width {
            let level = mask.level[row * mask.width + column];
            // A run of one level inside one block.
            let end = ((((2 * column) >> level) + 1) << level).div_ceil(2).min(mask.width);
            let mut sum = Sum::default();
            let start = column;
            while column < end && mask.level[row * mask.width + column] == level {
                if level > 0 {
                    let (at, pixel) = (row * mask.width + column, 2 * row * width + 2 * column);
                    let four = [pixel, pixel + 1, pixel + width, pixel + width + 1];
                    sum.yuv[0] += four.iter().map(|p| u32::from(picture.y[*p])).sum::<u32>();
                    sum.yuv[1] += u32::from(picture.u[at]);
                    sum.yuv[2] += u32::from(picture.v[at]);
                    sum.count += 1;
                }
                column += 1;
            }
            if level > 0 {
                let all = out.entry(key(level, start, row)).or_default();
                all.count += sum.count;
                (0..3).for_each(|i| all.yuv[i] += sum.yuv[i]);
            }
        }
    }
    out
}
