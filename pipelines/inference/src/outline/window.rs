//! The window around a vehicle's box, as the model was trained (`models/train/outline/window.py`).

use wayside_picture::{Picture, PixelRect};
use wayside_proto::BoxPx;

/// By how much the window is larger than the box on each side, as a share of the box's sides.
const MARGIN: f32 = 0.2;

/// Its longer side is at most so many times its shorter one.
const ASPECT_MAX: f32 = 2.0;

/// Which part of the picture goes where in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// What of the window lies in the picture.
    pub(super) rect: PixelRect,
    /// Where that begins in the input.
    pub(super) left: u32,
    pub(super) top: u32,
    /// How large it is there; both even.
    pub(super) columns: u32,
    pub(super) rows: u32,
}

impl Window {
    /// None for a box that is none, or where nothing of the window is inside the picture.
    pub(super) fn around(b: &BoxPx, picture: &Picture, side: u32) -> Option<Self> {
        let (w, h) = (b.x1 - b.x0, b.y1 - b.y0);
        // False also for what is not a number.
        if !(w > 0.0 && h > 0.0 && w < 1e5 && h < 1e5) {
            return None;
        }
        let (w, h) = (w.max(h / ASPECT_MAX), h.max(w / ASPECT_MAX));
        let (x, y) = ((b.x0 + b.x1) / 2.0, (b.y0 + b.y1) / 2.0);
        let reach = 0.5 + MARGIN;
        let whole =
            BoxPx { x0: x - w * reach, y0: y - h * reach, x1: x + w * reach, y1: y + h * reach };
        let rect = PixelRect::covering(&whole, picture.width, picture.height)?;
        let (left, columns) = part(whole.x0, whole.x1, rect.x, rect.width, side)?;
        let (top, rows) = part(whole.y0, whole.y1, rect.y, rect.height, side)?;
        Some(Self { rect, left, top, columns, rows })
    }
}

/// Where `start` to `start + length` of the window from `low` to `high` lies in `side` pixels; an even number of them.
fn part(low: f32, high: f32, start: u32, length: u32, side: u32) -> Option<(u32, u32)> {
    let scale = side as f32 / (high - low);
    let count = ((length as f32 * scale / 2.0).round() as u32 * 2).clamp(2, side & !1);
    let first = ((start as f32 - low) * scale).round().max(0.0) as u32;
    (length > 0).then_some((first.min(side - count), count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wayside_picture::Matrix;

    use super::*;

    #[test]
    fn a_window_is_two_fifths_larger_and_not_too_flat() {
        let picture = Picture::filled(640, 360, [60, 128, 128], Matrix::Bt709).expect("a picture");
        let b = BoxPx { x0: 300.0, y0: 150.0, x1: 400.0, y1: 250.0 };
        let square = Window::around(&b, &picture, 128).expect("inside");
        assert_eq!(square.rect, PixelRect { x: 280, y: 130, width: 140, height: 140 });
        assert_eq!((square.left, square.top, square.columns, square.rows), (0, 0, 128, 128));
        let flat = BoxPx { y0: 190.0, y1: 210.0, ..b };
        let flat = Window::around(&flat, &picture, 128).expect("inside");
        assert_eq!(flat.rect, PixelRect { x: 280, y: 164, width: 140, height: 72 });
        let cut = BoxPx { x0: -50.0, x1: 50.0, ..b };
        let cut = Window::around(&cut, &picture, 128).expect("inside");
        assert_eq!((cut.rect.x, cut.rect.width, cut.left, cut.columns), (0, 70, 64, 64));
        for none in [
            BoxPx { x1: f32::NAN, ..b },
            BoxPx { x1: 200.0, ..b },
            BoxPx { y0: 900.0, y1: 950.0, ..b },
        ] {
            assert_eq!(Window::around(&none, &picture, 128), None);
        }
    }

    proptest! {
        #[test]
        fn any_window_fits_into_the_input(
            x in -500f32..1500.0, y in -500f32..900.0, w in -5f32..2000.0, h in -5f32..2000.0,
        ) {
            let picture = Picture::filled(640, 360, [60, 128, 128], Matrix::Bt709).expect("even");
            let b = BoxPx { x0: x, y0: y, x1: x + w, y1: y + h };
            if let Some(got) = Window::around(&b, &picture, 128) {
                prop_assert!(got.left + got.columns <= 128 && got.top + got.rows <= 128);
                prop_assert!(got.columns % 2 == 0 && got.rows % 2 == 0 && got.columns > 0 && got.rows > 0);
                prop_assert!(got.rect.x + got.rect.width <= 640 && got.rect.y + got.rect.height <= 360);
            }
        }
    }
}
