//! A region as a window: what it holds, and how large that is in the model's input.

use wayside_picture::PixelRect;

use super::places::Place;
use super::worth::effective_px;

/// Sides of regions grow by this factor.
const SIDE_FACTOR: f64 = 1.2;

/// The smallest side, in sides of the input: enlarging further shows nothing new.
const SIDE_MIN: f64 = 0.625;

/// The smallest side, as a share of the picture's longer side: bounds the time for pictures that
/// are huge for the input.
const SIDE_SHARE_MIN: f64 = 0.05;

/// Regions of a side lie this share of it apart.
const SHIFT: f64 = 0.125;

/// Distance that a box keeps from an inner edge of its region, pixels of the input: what touches
/// the edge would count as cut off.
const MARGIN_INPUT_PX: f64 = 8.0;

/// A region, and the part of it in which a box is whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) rect: PixelRect,
    /// Pixels of the input for each pixel of the picture.
    pub(super) scale: f64,
    /// Left, top, right, bottom, pixels of the picture.
    whole: [f64; 4],
}

impl Window {
    /// The window of a region in a picture of this size, for a model with this input.
    pub(super) fn new(rect: PixelRect, (width, height): (u32, u32), input_px: u32) -> Self {
        let scale = f64::from(input_px) / f64::from(rect.width.max(rect.height).max(1));
        let margin = MARGIN_INPUT_PX / scale;
        let (left, top) = (f64::from(rect.x), f64::from(rect.y));
        let (right, bottom) = (left + f64::from(rect.width), top + f64::from(rect.height));
        let inner = |is_inner: bool| if is_inner { margin } else { 0.0 };
        let whole = [
            left + inner(rect.x > 0),
            top + inner(rect.y > 0),
            right - inner(rect.x.saturating_add(rect.width) < width),
            bottom - inner(rect.y.saturating_add(rect.height) < height),
        ];
        Self { rect, scale, whole }
    }

    /// Whether a road user at the place is wholly inside.
    pub(super) fn holds(&self, place: &Place) -> bool {
        let (b, w) = (&place.box_px, &self.whole);
        b[0] >= w[0] && b[1] >= w[1] && b[2] <= w[2] && b[3] <= w[3]
    }

    /// Height of a road user at the place in the model's input, pixels, where it is wholly inside;
    /// what is enlarged counts less than what was seen.
    pub(super) fn input_px(&self, place: &Place) -> Option<f64> {
        self.holds(place).then(|| effective_px(place.height_px(), self.scale))
    }
}

/// The whole picture, and squares of every size and place that fit into it. A square that is larger
/// than the picture is high is as wide as it can be: the rest of the input would stay empty.
pub(super) fn windows((width, height): (u32, u32), input_px: u32) -> Vec<Window> {
    let longest = width.max(height);
    let mut rects = vec![PixelRect { x: 0, y: 0, width, height }];
    let mut side = (f64::from(input_px) * SIDE_MIN).max(f64::from(longest) * SIDE_SHARE_MIN);
    while side < f64::from(longest) * 0.95 {
        let even = |value: f64| (value as u32) & !1;
        let (w, h) = (even(side).min(width), even(side).min(height));
        let starts = |room: u32| {
            let steps = (f64::from(room) / (side * SHIFT)).ceil() as u32;
            (0..=steps).map(move |step| (room * step).checked_div(steps).unwrap_or(0) & !1)
        };
        for y in starts(height - h) {
            rects.extend(starts(width - w).map(|x| PixelRect { x, y, width: w, height: h }));
        }
        side *= SIDE_FACTOR;
    }
    rects.into_iter().map(|rect| Window::new(rect, (width, height), input_px)).collect()
}
