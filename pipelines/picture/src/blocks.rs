//! Mean luma over rectangles and over a grid of blocks, to see whether something moves.

use crate::{Picture, PictureError, PixelRect};

/// Steps of a block's mean in one step of luma.
pub const MEAN_STEPS: u16 = 16;

/// Mean luma of each block of a grid over a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockMeans {
    /// Side of a block, pixels; blocks at the right and bottom border may be smaller.
    pub block_px: u32,
    /// Blocks in a row.
    pub columns: u32,
    /// Rows of blocks.
    pub rows: u32,
    /// Means, row by row, in steps of 1 / [`MEAN_STEPS`] of luma.
    pub means: Vec<u16>,
}

impl BlockMeans {
    /// The absolute difference of each block's mean from `other`'s, in steps of 1 /
    /// [`MEAN_STEPS`] of luma, row by row.
    ///
    /// # Errors
    /// When the grids differ.
    pub fn difference(&self, other: &Self) -> Result<Vec<u16>, PictureError> {
        let grid = |b: &Self| (b.block_px, b.columns, b.rows, b.means.len());
        if grid(self) != grid(other) {
            return Err(PictureError::Grid {
                expected: (self.columns, self.rows, self.block_px),
                found: (other.columns, other.rows, other.block_px),
            });
        }
        Ok(self.means.iter().zip(&other.means).map(|(a, b)| a.abs_diff(*b)).collect())
    }
}

impl Picture {
    /// Mean luma inside `rect` (clipped and grown to even edges), 0 to 255.
    ///
    /// # Errors
    /// When nothing of the rectangle is inside the picture.
    pub fn mean_luma(&self, rect: PixelRect) -> Result<f32, PictureError> {
        let rect = self.clip(rect)?;
        let sum: u64 = rect
            .rows(&self.y, self.width as usize)
            .map(|row| row.iter().map(|s| u64::from(*s)).sum::<u64>())
            .sum();
        Ok((sum as f64 / (f64::from(rect.width) * f64::from(rect.height))) as f32)
    }

    /// Mean luma of each block of `block_px` x `block_px` pixels (8 or 16 serve well; at least 1,
    /// at most 256).
    #[must_use]
    pub fn block_means(&self, block_px: u32) -> BlockMeans {
        let block_px = block_px.clamp(1, 256);
        let (block, width) = (block_px as usize, self.width as usize);
        let columns = self.width.div_ceil(block_px);
        let rows = self.height.div_ceil(block_px);
        let mut means = Vec::with_capacity(columns as usize * rows as usize);
        let mut sums = vec![0u32; columns as usize];
        for band in self.y.chunks(block * width) {
            sums.fill(0);
            for row in band.chunks_exact(width) {
                for (sum, part) in sums.iter_mut().zip(row.chunks(block)) {
                    *sum += part.iter().map(|s| u32::from(*s)).sum::<u32>();
                }
            }
            let height = (band.len() / width) as u32;
            means.extend(sums.iter().enumerate().map(|(column, sum)| {
                let count = height * block_px.min(self.width - column as u32 * block_px);
                ((sum * u32::from(MEAN_STEPS) + count / 2) / count) as u16
            }));
        }
        BlockMeans { block_px, columns, rows, means }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Matrix;

    #[test]
    fn one_bright_block_stands_out() {
        let dark = Picture::filled(40, 24, [20, 128, 128], Matrix::Bt601).unwrap();
        let mut lit = dark.clone();
        let y = std::sync::Arc::make_mut(&mut lit.y);
        for row in 16..24 {
            y[row * 40 + 32..row * 40 + 40].fill(120);
        }
        let (a, b) = (dark.block_means(16), lit.block_means(16));
        assert_eq!((a.columns, a.rows), (3, 2));
        assert_eq!(a.difference(&b).unwrap(), [0, 0, 0, 0, 0, 100 * MEAN_STEPS]);
        let error = a.difference(&dark.block_means(8)).unwrap_err();
        insta::assert_snapshot!(error, @"a grid of 5x3 blocks of 8 pixels cannot be compared with 3x2 blocks of 16 pixels");
        let corner = PixelRect { x: 32, y: 16, width: 100, height: 100 };
        assert_eq!(lit.mean_luma(corner).unwrap(), 120.0);
    }

    proptest! {
        #[test]
        fn means_of_one_value_are_that_value(
            half_w in 1u32..30, half_h in 1u32..30, block in 0u32..70, value in any::<u8>(),
        ) {
            let picture =
                Picture::filled(2 * half_w, 2 * half_h, [value, 0, 0], Matrix::Bt601).unwrap();
            let grid = picture.block_means(block);
            prop_assert_eq!(grid.means.len() as u32, grid.columns * grid.rows);
            prop_assert!(grid.means.iter().all(|m| *m == u16::from(value) * MEAN_STEPS));
        }
    }
}
