//! Which part of a picture is hidden, in steps of 2 x 2 pixels.

use wayside_proto::BoxPx;

/// Which part of a picture is hidden, in steps of 2 x 2 pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    pub(super) width: usize,
    pub(super) height: usize,
    /// 0 clear, otherwise hidden: the number is the binary logarithm of the least side of its block.
    pub(super) level: Vec<u8>,
}

impl Mask {
    /// Nothing hidden, `width` x `height` in steps of 2 pixels.
    pub(super) fn clear(width: usize, height: usize) -> Self {
        Self { width, height, level: vec![0; width * height] }
    }

    /// Whether the pixel is hidden; pixels outside the picture are not.
    #[must_use]
    pub fn hides(&self, x: u32, y: u32) -> bool {
        let (x, y) = (x as usize / 2, y as usize / 2);
        x < self.width && y < self.height && self.level[y * self.width + x] > 0
    }

    /// Share of the picture that is hidden, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.count() as f64 / self.level.len().max(1) as f64
    }

    /// Hidden steps of 2 x 2 pixels.
    pub(super) fn count(&self) -> usize {
        self.level.iter().filter(|level| **level > 0).count()
    }

    /// Columns and rows that a box of pixels touches.
    pub(super) fn span(&self, b: &BoxPx) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let range = |low: f32, high: f32, count: usize| {
            let first = (low / 2.0).floor().clamp(0.0, count as f32) as usize;
            let last = (high / 2.0).ceil().clamp(0.0, count as f32) as usize;
            first..last.max(first)
        };
        (range(b.x0, b.x1, self.width), range(b.y0, b.y1, self.height))
    }

    /// Raises everything in the box to at least `level`.
    pub(super) fn raise(&mut self, b: &BoxPx, level: u8) {
        let (columns, rows) = self.span(b);
        for y in rows {
            for at in &mut self.level[y * self.width + columns.start..y * self.width + columns.end]
            {
                *at = (*at).max(level);
            }
        }
    }

    /// As [`Self::raise`], only where `holds` says so of the pixel at the middle.
    pub(super) fn raise_where(&mut self, b: &BoxPx, level: u8, holds: impl Fn(f32, f32) -> bool) {
        let (columns, rows) = self.span(b);
        for y in rows {
            for x in columns.clone() {
                if holds((2 * x + 1) as f32, (2 * y + 1) as f32) {
                    let at = &mut self.level[y * self.width + x];
                    *at = (*at).max(level);
                }
            }
        }
    }

    /// Inside the box, what `other` hides is hidden and nothing else.
    pub(super) fn replace(&mut self, b: &BoxPx, other: &Self) {
        let (columns, rows) = self.span(b);
        for y in rows {
            let line = y * self.width + columns.start..y * self.width + columns.end;
            self.level[line.clone()].copy_from_slice(&other.level[line]);
        }
    }

    /// Inside the box, clears what is hidden in `other`.
    pub(super) fn keep_unless(&mut self, b: &BoxPx, other: &Self) {
        let (columns, rows) = self.span(b);
        for y in rows {
            for at in y * self.width + columns.start..y * self.width + columns.end {
                if other.level[at] > 0 {
                    self.level[at] = 0;
                }
            }
        }
    }

    /// Everything of `other` is hidden here too.
    pub(super) fn join(&mut self, other: &Self) {
        for (at, more) in self.level.iter_mut().zip(&other.level) {
            *at = (*at).max(*more);
        }
    }

    /// Grows what is hidden by `radius` steps to each side (a square), each with its highest level.
    pub(super) fn grow(&mut self, radius: usize) {
        let width = self.width.max(1);
        let mut before = self.level.clone();
        for _ in 0..radius {
            // Along rows, then down and up columns: whole rows at a time, which vectorises.
            for (row, old) in self.level.chunks_exact_mut(width).zip(before.chunks_exact(width)) {
                raise_all(&mut row[1..], old);
                raise_all(row, &old[1..]);
            }
            before.copy_from_slice(&self.level);
            let rest = self.level.len() - width.min(self.level.len());
            raise_all(&mut self.level[width..], &before);
            raise_all(&mut self.level[..rest], &before[width..]);
            before.copy_from_slice(&self.level);
        }
    }

    /// As [`Self::grow`], of what lies in the box only, and within it.
    pub(super) fn grow_in(&mut self, b: &BoxPx, radius: usize) {
        let (columns, rows) = self.span(b);
        if columns.is_empty() || rows.is_empty() {
            return;
        }
        let mut part = Self::clear(columns.len(), rows.len());
        for (to, row) in part.level.chunks_exact_mut(columns.len()).zip(rows.clone()) {
            let start = row * self.width;
            to.copy_from_slice(&self.level[start + columns.start..start + columns.end]);
        }
        part.grow(radius);
        for (from, row) in part.level.chunks_exact(columns.len()).zip(rows) {
            let start = row * self.width;
            self.level[start + columns.start..start + columns.end].copy_from_slice(from);
        }
    }

    /// Clears what is hidden within `radius` steps of what is clear: undoes `grow` except where gaps
    /// closed. The border of the picture counts as hidden.
    pub(super) fn shrink(&mut self, radius: usize) {
        let mut rest =
            Self { level: self.level.iter().map(|level| u8::from(*level == 0)).collect(), ..*self };
        rest.grow(radius);
        for (at, clear) in self.level.iter_mut().zip(&rest.level) {
            if *clear > 0 {
                *at = 0;
            }
        }
    }
}

/// Each value becomes the larger of itself and its counterpart.
fn raise_all(values: &mut [u8], by: &[u8]) {
    for (value, by) in values.iter_mut().zip(by) {
        *value = (*value).max(*by);
    }
}
