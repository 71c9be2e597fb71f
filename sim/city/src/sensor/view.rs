//! The picture of a camera that stands behind the junction and looks out along its arm.

use wayside_proto::BoxPx;

/// Picture.
pub(crate) const WIDTH_PX: u32 = 1_280;
pub(crate) const HEIGHT_PX: u32 = 720;
const FOCAL_PX: f64 = 900.0;
/// Where the camera stands, and how far down it looks.
const ACROSS_M: f64 = 2.0;
const OUT_M: f64 = -22.0;
const ABOVE_M: f64 = 9.0;
const DOWN_RAD: f64 = 0.2;

/// A pinhole camera over an arm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    sin: f64,
    cos: f64,
}

impl View {
    pub(crate) fn new() -> Self {
        Self { sin: libm::sin(DOWN_RAD), cos: libm::cos(DOWN_RAD) }
    }

    /// Pixels of a point of the road, and its depth in metres.
    pub(crate) fn pixel(&self, across: f64, out: f64) -> ([f64; 2], f64) {
        let ahead = out - OUT_M;
        let depth = ahead * self.cos + ABOVE_M * self.sin;
        let scale = FOCAL_PX / depth.max(0.1);
        let x = f64::from(WIDTH_PX) / 2.0 + (across - ACROSS_M) * scale;
        let y = f64::from(HEIGHT_PX) / 2.0 + (ABOVE_M * self.cos - ahead * self.sin) * scale;
        ([x, y], depth)
    }

    /// The box of somebody `width` wide and `height` high who stands there; none outside the picture.
    pub(crate) fn boxed(&self, across: f64, out: f64, width: f64, height: f64) -> Option<BoxPx> {
        let ([x, y], depth) = self.pixel(across, out);
        if depth < 1.0 {
            return None;
        }
        let scale = FOCAL_PX / depth;
        let (half, high) = (width / 2.0 * scale, height * scale);
        let clip = |value: f64, side: u32| value.clamp(0.0, f64::from(side)) as f32;
        let found = BoxPx {
            x0: clip(x - half, WIDTH_PX),
            y0: clip(y - high, HEIGHT_PX),
            x1: clip(x + half, WIDTH_PX),
            y1: clip(y, HEIGHT_PX),
        };
        (found.x1 > found.x0 && found.y1 > found.y0).then_some(found)
    }
}
