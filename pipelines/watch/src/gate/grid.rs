//! Mean luma of small blocks inside the regions.

use std::ops::Range;

use wayside_picture::{Picture, PixelRect};

/// Steps of a mean in one grey level.
pub(super) const STEPS: i32 = 16;

/// The most pixels for which blocks have four pixels a side: a far vehicle, 12 pixels high, covers three.
const FINE_PIXELS_MAX: u64 = 1920 * 1088;

/// Which blocks of a picture are watched.
#[derive(Debug)]
pub(super) struct Grid {
    size: (u32, u32),
    pub(super) block_px: u32,
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// Watched columns of each row of blocks.
    pub(super) spans: Vec<Vec<Range<usize>>>,
    pub(super) watched: usize,
}

impl Grid {
    /// The blocks that touch `regions`; all of them without regions. A strip at the right and lower
    /// border that is narrower than a block is left out.
    pub(super) fn new(width: u32, height: u32, regions: &[PixelRect]) -> Self {
        let pixels = u64::from(width) * u64::from(height);
        let block_px = if pixels <= FINE_PIXELS_MAX { 4 } else { 8 };
        let (columns, rows) = ((width / block_px) as usize, (height / block_px) as usize);
        let whole = [PixelRect { x: 0, y: 0, width, height }];
        let regions = if regions.is_empty() { &whole[..] } else { regions };
        let block = block_px as usize;
        let mut spans = Vec::with_capacity(rows);
        let mut watched = 0;
        for row in 0..rows {
            let (top, bottom) = (row * block, (row + 1) * block);
            let mut parts: Vec<Range<usize>> = regions
                .iter()
                .filter(|r| {
                    let (y0, y1) = (r.y as usize, r.y as usize + r.height as usize);
                    r.width > 0 && r.height > 0 && y0 < bottom && y1 > top
                })
                .map(|r| {
                    let right = r.x as usize + r.width as usize;
                    (r.x as usize / block).min(columns)..right.div_ceil(block).min(columns)
                })
                .filter(|part| !part.is_empty())
                .collect();
            parts.sort_by_key(|part| part.start);
            let mut merged: Vec<Range<usize>> = Vec::new();
            for part in parts {
                match merged.last_mut() {
                    Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
                    _ => merged.push(part),
                }
            }
            watched += merged.iter().map(ExactSizeIterator::len).sum::<usize>();
            spans.push(merged);
        }
        Self { size: (width, height), block_px, columns, rows, spans, watched }
    }

    /// Whether a picture is of the size that the grid is for.
    pub(super) fn fits(&self, picture: &Picture) -> bool {
        (picture.width, picture.height) == self.size && self.watched > 0
    }

    /// Watched spans as ranges of block numbers, row by row.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.spans.iter().enumerate().flat_map(move |(row, spans)| {
            let at = row * self.columns;
            spans.iter().map(move |span| at + span.start..at + span.end)
        })
    }

    /// Mean luma of the watched blocks in steps of 1 / [`STEPS`] of a grey level; others keep their value.
    pub(super) fn means(&self, picture: &Picture, out: &mut Vec<u16>) {
        out.resize(self.columns * self.rows, 0);
        if out.is_empty() {
            return;
        }
        if self.block_px == 4 {
            self.sums::<4>(picture, out);
        } else {
            self.sums::<8>(picture, out);
        }
    }

    fn sums<const B: usize>(&self, picture: &Picture, out: &mut [u16]) {
        let width = picture.width as usize;
        let mut columns = vec![0u16; self.columns * B];
        let bands = picture.y.chunks_exact(width * B);
        for ((band, spans), out) in bands.zip(&self.spans).zip(out.chunks_exact_mut(self.columns)) {
            for span in spans {
                let columns = &mut columns[span.start * B..span.end * B];
                columns.fill(0);
                for row in band.chunks_exact(width) {
                    let row = &row[span.start * B..span.end * B];
                    for (sum, sample) in columns.iter_mut().zip(row) {
                        *sum += u16::from(*sample);
                    }
                }
                for (mean, part) in out[span.clone()].iter_mut().zip(columns.chunks_exact(B)) {
                    let sum: u32 = part.iter().map(|s| u32::from(*s)).sum();
                    // Sixteen pixels sum up to sixteenths of a level already.
                    *mean = (sum * 16 / (B * B) as u32) as u16;
                }
            }
        }
    }

    /// The pixels of the blocks in these columns and rows, ends included.
    pub(super) fn rect(&self, columns: (usize, usize), rows: (usize, usize)) -> PixelRect {
        let px = |blocks: usize| blocks as u32 * self.block_px;
        PixelRect {
            x: px(columns.0),
            y: px(rows.0),
            width: px(columns.1 + 1 - columns.0),
            height: px(rows.1 + 1 - rows.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wayside_picture::Matrix;

    use super::*;

    proptest! {
        #[test]
        fn a_block_is_watched_where_a_region_touches_it(
            half_w in 1u32..60, half_h in 1u32..60,
            rects in prop::collection::vec((0u32..130, 0u32..130, 0u32..130, 0u32..130), 0..4),
            value in any::<u8>(),
        ) {
            let (width, height) = (2 * half_w, 2 * half_h);
            let regions: Vec<PixelRect> = rects
                .iter()
                .map(|&(x, y, width, height)| PixelRect { x, y, width, height })
                .collect();
            let grid = Grid::new(width, height, &regions);
            let mut watched = vec![false; grid.columns * grid.rows];
            for range in grid.ranges() {
                watched[range].fill(true);
            }
            for row in 0..grid.rows {
                for column in 0..grid.columns {
                    let block = grid.rect((column, column), (row, row));
                    let touched = regions.is_empty() || regions.iter().any(|r| {
                        r.x < block.x + 4 && r.x + r.width > block.x
                            && r.y < block.y + 4 && r.y + r.height > block.y
                            && r.width > 0 && r.height > 0
                    });
                    prop_assert_eq!(watched[row * grid.columns + column], touched);
                }
            }
            prop_assert_eq!(watched.iter().filter(|w| **w).count(), grid.watched);
            let picture = Picture::filled(width, height, [value, 0, 0], Matrix::Bt601).unwrap();
            let mut means = Vec::new();
            grid.means(&picture, &mut means);
            for (mean, watched) in means.iter().zip(watched) {
                prop_assert_eq!(i32::from(*mean), if watched { i32::from(value) * STEPS } else { 0 });
            }
        }
    }
}
