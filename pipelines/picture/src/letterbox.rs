//! How a rectangle of a picture sits in a detector's input.

use wayside_proto::BoxPx;

use crate::PixelRect;

/// Value of the input outside the picture, as YOLOX was trained with.
pub const PAD: f32 = 114.0;

/// A rectangle of a picture scaled into the top left of a fixed input, aspect kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LetterBox {
    /// The rectangle in the picture.
    pub rect: PixelRect,
    /// Width of the scaled part, pixels, even.
    pub width: u32,
    /// Height of the scaled part, pixels, even.
    pub height: u32,
}

impl LetterBox {
    /// Fits `rect` into `width` x `height` pixels. None when either is without area (an input
    /// needs at least two pixels each way).
    ///
    /// Sides are rounded to even, at most one pixel, so the two scales may differ a little;
    /// [`LetterBox::to_picture`] knows both.
    #[must_use]
    pub fn fit(rect: PixelRect, width: u32, height: u32) -> Option<Self> {
        if rect.width == 0 || rect.height == 0 || width < 2 || height < 2 {
            return None;
        }
        let (rw, rh) = (u64::from(rect.width), u64::from(rect.height));
        let (w, h) = (u64::from(width), u64::from(height));
        // The side that touches is taken whole; the other follows, rounded to the nearest even.
        let even = |n: u64, d: u64, most: u64| ((n + d) / (2 * d) * 2).clamp(2, most & !1) as u32;
        let (width, height) = if w * rh <= h * rw {
            (even(w, 1, w), even(w * rh, rw, h))
        } else {
            (even(h * rw, rh, w), even(h, 1, h))
        };
        Some(Self { rect, width, height })
    }

    /// A box in the input as a box in the picture, clipped to the rectangle.
    #[must_use]
    pub fn to_picture(self, input: &BoxPx) -> BoxPx {
        let inside = self.rect.to_box();
        let sx = self.rect.width as f32 / self.width as f32;
        let sy = self.rect.height as f32 / self.height as f32;
        let x = |value: f32| (inside.x0 + value * sx).clamp(inside.x0, inside.x1);
        let y = |value: f32| (inside.y0 + value * sy).clamp(inside.y0, inside.y1);
        BoxPx { x0: x(input.x0), y0: y(input.y0), x1: x(input.x1), y1: y(input.y1) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wide_picture_fills_the_width() {
        let rect = PixelRect { x: 0, y: 0, width: 1920, height: 1080 };
        let fit = LetterBox::fit(rect, 416, 416).unwrap();
        assert_eq!((fit.width, fit.height), (416, 234));
        let whole = BoxPx { x0: 0.0, y0: 0.0, x1: 416.0, y1: 234.0 };
        assert_eq!(fit.to_picture(&whole), rect.to_box());
    }

    proptest! {
        #[test]
        fn it_always_fits(w in 1u32..5000, h in 1u32..5000, iw in 2u32..700, ih in 2u32..700) {
            let rect = PixelRect { x: 0, y: 0, width: w, height: h };
            let fit = LetterBox::fit(rect, iw, ih).unwrap();
            prop_assert!(fit.width <= iw && fit.height <= ih);
            prop_assert!(fit.width >= 2 && fit.height >= 2);
            prop_assert!(fit.width.is_multiple_of(2) && fit.height.is_multiple_of(2));
            prop_assert!(fit.width + 1 >= iw || fit.height + 1 >= ih);
        }
    }
}
