//! What was hidden, in one picture and in all.

use super::mask::Mask;
use super::mosaic::{LEVEL_MAX, LEVEL_MIN};

/// What was hidden in one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Hidden {
    /// Where.
    pub mask: Mask,
    /// Boxes of other road users, standing ones among them.
    pub road_users: u32,
    /// Faces inside the offending vehicle.
    pub faces: u32,
    /// Blocks of 32 x 32 pixels in which something moved that no detector found.
    pub movers: u32,
    /// Whether the offending vehicle's outline told what of it is clear, and not its box.
    pub outlined: bool,
    /// Share of the picture, 0 to 1.
    pub share: f64,
    /// Smallest and largest side of the blocks that replace pixels.
    pub block_px: (u32, u32),
}

/// Sums over the pictures hidden so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Pictures.
    pub frames: u32,
    /// Boxes of other road users.
    pub road_users: u64,
    /// Faces inside the offending vehicle.
    pub faces: u64,
    /// Blocks in which something moved that no detector found.
    pub movers: u64,
    /// Pictures in which the offending vehicle's outline told what of it is clear.
    pub outlined: u32,
    /// Mean share of the picture, 0 to 1.
    pub share: f64,
    /// Smallest and largest side of the blocks that replace pixels; zeros where nothing was hidden.
    pub block_px: (u32, u32),
}

impl Totals {
    pub(super) fn add(&mut self, hidden: &Hidden) {
        let all = self;
        all.frames += 1;
        all.road_users += u64::from(hidden.road_users);
        all.faces += u64::from(hidden.faces);
        all.movers += u64::from(hidden.movers);
        all.outlined += u32::from(hidden.outlined);
        all.share += hidden.share;
        let (low, high) = hidden.block_px;
        if high > 0 {
            let least = if all.block_px.0 == 0 { low } else { all.block_px.0.min(low) };
            all.block_px = (least, all.block_px.1.max(high));
        }
    }
}

/// Blocks of the smallest size in which only `moved` hides something.
pub(super) fn blocks_only_in(moved: &Mask, known: &Mask) -> u32 {
    let side = 1 << (LEVEL_MIN - 1);
    let columns = moved.width.div_ceil(side);
    let mut found = vec![false; columns * moved.height.div_ceil(side)];
    for row in 0..moved.height {
        for column in 0..moved.width {
            let at = row * moved.width + column;
            if moved.level[at] > 0 && known.level[at] == 0 {
                found[row / side * columns + column / side] = true;
            }
        }
    }
    found.iter().filter(|found| **found).count() as u32
}

pub(super) fn block_px(mask: &Mask) -> (u32, u32) {
    let used = |level: &u8| mask.level.contains(level);
    let low = (LEVEL_MIN..=LEVEL_MAX).find(|level| used(level));
    let high = (LEVEL_MIN..=LEVEL_MAX).rev().find(|level| used(level));
    (low.map_or(0, |l| 1 << l), high.map_or(0, |l| 1 << l))
}
