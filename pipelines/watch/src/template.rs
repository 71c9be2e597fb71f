//! A reference prepared for comparison: its edges, and the blocks in which there are enough.

use crate::gradient::{Gradients, UNIT};
use crate::small::Small;

/// Side of a block, pixels of the small picture.
pub(crate) const BLOCK: usize = 24;

/// Blocks keep off the border by this, so that they can be looked for a little beside their place.
const MARGIN: usize = 4;

/// The least mean gradient energy of a textured block, square grey levels over two pixels.
const ENERGY_MIN: u64 = 40;

/// The least strength of edges across the weaker direction, as a share of a block full of edges: a block with
/// parallel edges only cannot be placed along them.
const CORNER_MIN: f64 = 0.02;

/// A place that can be recognised.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// Upper left corner, pixels of the small picture.
    pub(crate) at: (usize, usize),
    /// Gradient energy in the reference, at least what a textured block has.
    pub(crate) energy: u64,
    /// Whether it has edges across both directions.
    pub(crate) corner: bool,
}

/// A prepared reference.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) gradients: Gradients,
    pub(crate) coarse: Gradients,
    pub(crate) blocks: Vec<Block>,
    pub(crate) mean_luma: f64,
}

impl Template {
    pub(crate) fn new(picture: &Small) -> Self {
        let gradients = Gradients::of(picture);
        let mut blocks = Vec::new();
        let along = |length: usize| {
            let count = length.saturating_sub(2 * MARGIN) / BLOCK;
            let rest = length.saturating_sub(count * BLOCK);
            (0..count).map(move |i| rest / 2 + i * BLOCK)
        };
        for y in along(picture.height) {
            for x in along(picture.width) {
                let energy = gradients.energy((x, y), (BLOCK, BLOCK));
                if energy >= ENERGY_MIN * (BLOCK * BLOCK) as u64 {
                    let corner = weaker_direction(&gradients, (x, y)) >= CORNER_MIN;
                    blocks.push(Block { at: (x, y), energy, corner });
                }
            }
        }
        let coarse = Gradients::of(&quarter(picture));
        Self { gradients, coarse, blocks, mean_luma: picture.mean() }
    }
}

/// The smaller eigenvalue of a block's structure tensor, as a share of a block full of edges.
fn weaker_direction(gradients: &Gradients, at: (usize, usize)) -> f64 {
    let (mut xx, mut yy, mut xy) = (0i32, 0i32, 0i32);
    for y in at.1..at.1 + BLOCK {
        let row = y * gradients.width + at.0;
        for i in row..row + BLOCK {
            let (gx, gy) = (i32::from(gradients.x[i]), i32::from(gradients.y[i]));
            xx += gx * gx;
            yy += gy * gy;
            xy += gx * gy;
        }
    }
    let (xx, yy, xy) = (f64::from(xx), f64::from(yy), f64::from(xy));
    let root = ((xx - yy) * (xx - yy) + 4.0 * xy * xy).sqrt();
    let full = f64::from(UNIT * UNIT) * (BLOCK * BLOCK) as f64;
    (xx + yy - root) / 2.0 / full
}

/// The picture at a quarter of its size, for a first guess of large displacements.
pub(crate) fn quarter(picture: &Small) -> Small {
    let (width, height) = (picture.width / 4, picture.height / 4);
    let mut luma = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let sum: u32 = (0..4)
                .flat_map(|dy| {
                    let at = (4 * y + dy) * picture.width + 4 * x;
                    &picture.luma[at..at + 4]
                })
                .map(|sample| u32::from(*sample))
                .sum();
            luma.push(((sum + 8) / 16) as u8);
        }
    }
    Small { width, height, luma }
}
