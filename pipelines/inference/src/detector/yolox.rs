//! From a YOLOX output to boxes in the picture.

use wayside_picture::{Detection, LetterBox};
use wayside_proto::BoxPx;

use super::steps;
use crate::manifest::DetectionLayout;

/// The road users in one region: rows of `columns` values, a row per cell, level after level, each
/// level row by row. The class is the best of all that the model knows; a cell whose best class is
/// not a road user gives nothing.
pub(super) fn decode(
    values: &[f32],
    columns: usize,
    (width_px, height_px): (u32, u32),
    layout: &DetectionLayout,
    fitted: &LetterBox,
) -> Vec<Detection> {
    let cells = layout.strides.iter().flat_map(|&stride| {
        let (across, down) = (width_px / stride, height_px / stride);
        (0..down).flat_map(move |y| (0..across).map(move |x| (x as f32, y as f32, stride as f32)))
    });
    let rows = values.chunks_exact(columns);
    rows.zip(cells).filter_map(|(row, cell)| read(row, cell, layout, fitted)).collect()
}

fn read(
    row: &[f32],
    (column, line, stride): (f32, f32, f32),
    layout: &DetectionLayout,
    fitted: &LetterBox,
) -> Option<Detection> {
    let (&[x, y, log_w, log_h, objectness], classes) = row.split_first_chunk::<5>()?;
    // Class scores are at most 1, so most cells end here. A value that is not a number does too.
    if objectness.is_nan() || objectness < layout.score_low {
        return None;
    }
    let mut best = (0, f32::NEG_INFINITY);
    for (index, &score) in classes.iter().enumerate() {
        if score > best.1 {
            best = (index, score);
        }
    }
    let score = steps::score(objectness * best.1);
    if !(layout.score_low..=1.5).contains(&score) {
        return None;
    }
    let class = *layout.labels.get(&u32::try_from(best.0).ok()?)?;
    let (centre_x, centre_y) = ((x + column) * stride, (y + line) * stride);
    let (half_w, half_h) = (libm::expf(log_w) * stride / 2.0, libm::expf(log_h) * stride / 2.0);
    let in_picture = fitted.to_picture(&BoxPx {
        x0: centre_x - half_w,
        y0: centre_y - half_h,
        x1: centre_x + half_w,
        y1: centre_y + half_h,
    });
    steps::detection(class, score, &in_picture)
}
