//! A picture as means of cells of 8 x 8 pixels: small enough to keep for each picture of a clip.

use wayside_proto::BoxPx;

use super::half::Half;

/// Side of a cell, samples of a half picture.
pub(super) const CELL: usize = 4;

/// Side of a cell, pixels.
pub(super) const CELL_PX: f32 = 8.0;

/// Mean luma and chrominance of each cell. Cells at the right and lower border may be smaller.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    pub columns: usize,
    pub rows: usize,
    pub yuv: Vec<[u8; 3]>,
}

impl Cells {
    pub(super) fn of(half: &Half) -> Self {
        let (columns, rows) = (half.width.div_ceil(CELL), half.height.div_ceil(CELL));
        let mut yuv = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let (y0, y1) = (row * CELL, ((row + 1) * CELL).min(half.height));
            for column in 0..columns {
                let (x0, x1) = (column * CELL, ((column + 1) * CELL).min(half.width));
                let count = ((y1 - y0) * (x1 - x0)) as u32;
                let mean = |plane: &[u8]| {
                    let sum: u32 = (y0..y1)
                        .flat_map(|y| &plane[y * half.width + x0..y * half.width + x1])
                        .map(|v| u32::from(*v))
                        .sum();
                    ((sum + count / 2) / count) as u8
                };
                yuv.push([mean(&half.y), mean(&half.u), mean(&half.v)]);
            }
        }
        Self { columns, rows, yuv }
    }

    /// The cells whose middle lies in `b`, as ranges of columns and rows.
    pub(super) fn within(&self, b: &BoxPx) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let range = |low: f32, high: f32, count: usize| {
            let first = (low / CELL_PX - 0.5).ceil().clamp(0.0, count as f32) as usize;
            let last = (high / CELL_PX + 0.5).floor().clamp(0.0, count as f32) as usize;
            first..last.max(first)
        };
        (range(b.x0, b.x1, self.columns), range(b.y0, b.y1, self.rows))
    }
}
