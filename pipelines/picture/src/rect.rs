//! Rectangles of whole pixels.

use wayside_proto::BoxPx;

/// A rectangle of whole pixels inside a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PixelRect {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl PixelRect {
    /// The smallest rectangle with even edges that covers `box_px` inside a picture of `width` x
    /// `height` pixels (both even). None when the box has no area inside, or is not a number.
    #[must_use]
    pub fn covering(box_px: &BoxPx, width: u32, height: u32) -> Option<Self> {
        let (x0, x1) = cover(box_px.x0, box_px.x1, width)?;
        let (y0, y1) = cover(box_px.y0, box_px.y1, height)?;
        Self { x: x0, y: y0, width: x1 - x0, height: y1 - y0 }.clip_even(width, height)
    }

    /// The part inside a picture of `width` x `height` pixels (both even), grown to even edges so
    /// that whole chroma samples are covered. None when nothing is inside.
    #[must_use]
    pub fn clip_even(self, width: u32, height: u32) -> Option<Self> {
        let (x, right) = clip_even(self.x, self.width, width)?;
        let (y, bottom) = clip_even(self.y, self.height, height)?;
        Some(Self { x, y, width: right - x, height: bottom - y })
    }

    /// The rectangle as a box.
    #[must_use]
    pub fn to_box(self) -> BoxPx {
        let (x0, y0) = (self.x as f32, self.y as f32);
        BoxPx { x0, y0, x1: x0 + self.width as f32, y1: y0 + self.height as f32 }
    }

    /// The same rectangle on a chroma plane; edges must be even.
    pub(crate) fn halved(self) -> Self {
        Self { x: self.x / 2, y: self.y / 2, width: self.width / 2, height: self.height / 2 }
    }

    /// The rows of the rectangle on a plane of `stride` bytes a row.
    pub(crate) fn rows(self, plane: &[u8], stride: usize) -> impl Iterator<Item = &[u8]> {
        let (left, width) = (self.x as usize, self.width as usize);
        plane
            .chunks_exact(stride.max(1))
            .skip(self.y as usize)
            .take(self.height as usize)
            .map(move |row| &row[left..left + width])
    }
}

fn clip_even(start: u32, length: u32, limit: u32) -> Option<(u32, u32)> {
    let limit = limit & !1;
    let end = start.saturating_add(length).min(limit);
    if start >= end {
        return None;
    }
    Some((start & !1, end.next_multiple_of(2).min(limit)))
}

fn cover(low: f32, high: f32, limit: u32) -> Option<(u32, u32)> {
    let (low, high) = (low.max(0.0).floor(), high.min(limit as f32).ceil());
    // Also refuses values that are not numbers: every comparison with them is false.
    (low < high).then_some((low as u32, high as u32))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_clipped_rectangle_is_even_inside_and_covers(
            x in 0u32..80, y in 0u32..80, width in 0u32..80, height in 0u32..80,
            half_w in 1u32..32, half_h in 1u32..32,
        ) {
            let (w, h) = (2 * half_w, 2 * half_h);
            let rect = PixelRect { x, y, width, height };
            let overlaps = x < w && y < h && width > 0 && height > 0;
            match rect.clip_even(w, h) {
                None => prop_assert!(!overlaps),
                Some(c) => {
                    prop_assert!(overlaps);
                    prop_assert!([c.x, c.y, c.width, c.height].iter().all(|n| n % 2 == 0));
                    prop_assert!(c.width > 0 && c.x + c.width <= w);
                    prop_assert!(c.height > 0 && c.y + c.height <= h);
                    prop_assert!(c.x <= x && c.x + c.width >= (x + width).min(w));
                    prop_assert!(c.x + 1 >= x && c.x + c.width <= (x + width + 1).min(w));
                    prop_assert!(c.y <= y && c.y + c.height >= (y + height).min(h));
                }
            }
        }

        #[test]
        fn a_covering_rectangle_holds_the_box(
            x0 in -20f32..60.0, y0 in -20f32..60.0, dx in 0f32..60.0, dy in 0f32..60.0,
        ) {
            let b = BoxPx { x0, y0, x1: x0 + dx, y1: y0 + dy };
            if let Some(r) = PixelRect::covering(&b, 40, 30) {
                let held = r.to_box();
                prop_assert!(held.x0 <= x0.max(0.0) && held.x1 >= b.x1.min(40.0));
                prop_assert!(held.y0 <= y0.max(0.0) && held.y1 >= b.y1.min(30.0));
            } else {
                let inside = BoxPx { x0: 0.0, y0: 0.0, x1: 40.0, y1: 30.0 };
                prop_assert!(b.intersection(&inside) == 0.0);
            }
        }
    }

    #[test]
    fn values_that_are_not_numbers_cover_nothing() {
        let b = BoxPx { x0: f32::NAN, y0: 0.0, x1: f32::NAN, y1: 4.0 };
        // A lower edge that is not a number counts as 0, an upper one as the border: the
        // cautious reading when something is to be hidden.
        assert_eq!(
            PixelRect::covering(&b, 10, 10),
            Some(PixelRect { x: 0, y: 0, width: 10, height: 4 })
        );
        let huge = BoxPx { x0: -1e30, y0: -1e30, x1: 1e30, y1: 1e30 };
        assert_eq!(PixelRect::covering(&huge, 10, 8).map(|r| (r.width, r.height)), Some((10, 8)));
    }
}
