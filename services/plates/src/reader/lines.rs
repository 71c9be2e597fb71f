//! Windows as the recogniser's input: 48 pixels high, aspect kept, blue first, from -1 to 1.

use image::RgbImage;
use wayside_inference::{LINE_HEIGHT_PX, LINE_WIDTH_PX_MAX, LINES_MAX};

use super::search::Window;

/// Lines of one run.
pub(super) struct Batch {
    /// Lines x 3 x 48 x `width_px`.
    pub input: Vec<f32>,
    /// Where each line is.
    pub windows: Vec<Window>,
    /// Width of the widest.
    pub width_px: usize,
}

/// The windows in runs of lines of about one width.
pub(super) fn batches(vehicle: &RgbImage, windows: &[Window]) -> Vec<Batch> {
    let mut ordered: Vec<(usize, Window)> = windows
        .iter()
        .map(|window| {
            let wide = LINE_HEIGHT_PX as f32 * window.width / window.height.max(1.0);
            ((wide.round() as usize).clamp(LINE_HEIGHT_PX, LINE_WIDTH_PX_MAX), *window)
        })
        .collect();
    ordered.sort_by_key(|(width, _)| *width);
    ordered
        .chunks(LINES_MAX)
        .map(|chunk| {
            // The recogniser halves the width three times.
            let widest = chunk.iter().map(|(width, _)| *width).max().unwrap_or(LINE_HEIGHT_PX);
            let width_px = widest.next_multiple_of(8);
            let values = 3 * LINE_HEIGHT_PX * width_px;
            let mut input = vec![0.0; chunk.len() * values];
            for (slot, (width, window)) in input.chunks_exact_mut(values).zip(chunk) {
                fill(slot, vehicle, *window, *width, width_px);
            }
            Batch { input, windows: chunk.iter().map(|(_, window)| *window).collect(), width_px }
        })
        .collect()
}

/// Bilinear; where several pixels fall on one, a mean of four places.
fn fill(slot: &mut [f32], picture: &RgbImage, window: Window, width: usize, row: usize) {
    let plane = LINE_HEIGHT_PX * row;
    let (sx, sy) = (window.width / width as f32, window.height / LINE_HEIGHT_PX as f32);
    for y in 0..LINE_HEIGHT_PX {
        for x in 0..width {
            let mut sum = [0.0; 3];
            for (ox, oy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let value = sample(
                    picture,
                    window.x + (x as f32 + ox) * sx - 0.5,
                    window.y + (y as f32 + oy) * sy - 0.5,
                );
                sum.iter_mut().zip(value).for_each(|(sum, value)| *sum += value * 0.25);
            }
            for (colour, value) in [sum[2], sum[1], sum[0]].into_iter().enumerate() {
                slot[colour * plane + y * row + x] = value / 127.5 - 1.0;
            }
        }
    }
}

fn sample(picture: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (right, bottom) = (picture.width() - 1, picture.height() - 1);
    let (x, y) = (x.clamp(0.0, right as f32), y.clamp(0.0, bottom as f32));
    let (x0, y0) = (x as u32, y as u32);
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let at = |x: u32, y: u32| picture.get_pixel(x.min(right), y.min(bottom)).0.map(f32::from);
    let (a, b, c, d) = (at(x0, y0), at(x0 + 1, y0), at(x0, y0 + 1), at(x0 + 1, y0 + 1));
    std::array::from_fn(|i| {
        (a[i] * (1.0 - fx) + b[i] * fx) * (1.0 - fy) + (c[i] * (1.0 - fx) + d[i] * fx) * fy
    })
}
