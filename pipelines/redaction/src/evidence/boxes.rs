//! Boxes: growing, moving, comparing.

use wayside_proto::BoxPx;

/// The box grown by `share` of its size and by `px` pixels, on each side.
pub(super) fn grown(b: &BoxPx, share: f32, px: f32) -> BoxPx {
    let dx = (b.x1 - b.x0) * share + px;
    let dy = (b.y1 - b.y0) * share + px;
    BoxPx { x0: b.x0 - dx, y0: b.y0 - dy, x1: b.x1 + dx, y1: b.y1 + dy }
}

/// Between `a` (at 0) and `b` (at 1); beyond them along the same line.
pub(super) fn between(a: &BoxPx, b: &BoxPx, at: f32) -> BoxPx {
    let mix = |p: f32, q: f32| p + (q - p) * at;
    BoxPx { x0: mix(a.x0, b.x0), y0: mix(a.y0, b.y0), x1: mix(a.x1, b.x1), y1: mix(a.y1, b.y1) }
}

/// The box moved.
pub(super) fn moved(b: &BoxPx, dx: f32, dy: f32) -> BoxPx {
    BoxPx { x0: b.x0 + dx, y0: b.y0 + dy, x1: b.x1 + dx, y1: b.y1 + dy }
}

/// Share of `inner` that lies in `outer`, 0 to 1.
pub(super) fn inside(inner: &BoxPx, outer: &BoxPx) -> f32 {
    inner.intersection(outer) / inner.area().max(1e-3)
}

/// The shorter side, pixels.
pub(super) fn short_side(b: &BoxPx) -> f32 {
    (b.x1 - b.x0).min(b.y1 - b.y0).max(0.0)
}
