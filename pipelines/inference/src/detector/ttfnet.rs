//! From class heat and distances to boxes in the picture.

use wayside_picture::{Detection, LetterBox};
use wayside_proto::BoxPx;

use super::steps;
use crate::manifest::{BoxKind, DISTANCES, DetectionLayout};

/// The most objects in one region, the best by score: bounds the time.
const FOUND_MAX: usize = 300;

/// What one region of the model's output holds.
#[derive(Clone, Copy)]
pub(super) struct Maps<'a> {
    /// Class by class, row by row: the score.
    pub(super) heat: &'a [f32],
    /// Distance by distance, row by row: left, top, right, bottom of the modal box, then of the
    /// amodal one, pixels of the input.
    pub(super) boxes: &'a [f32],
    /// Rows and columns of cells.
    pub(super) cells: (usize, usize),
}

/// A cell where something is.
struct Peak {
    score: f32,
    class: u32,
    cell: usize,
}

/// The road users in one region, the best first. `size` is that of the picture, to which amodal
/// boxes are clipped; modal ones end with the region, since nothing beyond it was visible.
pub(super) fn decode(
    maps: Maps<'_>,
    layout: &DetectionLayout,
    fitted: &LetterBox,
    size: (u32, u32),
) -> Vec<Detection> {
    let mut peaks = peaks(maps, layout);
    // By the score as it leaves the detector, then by place: the same on every processor.
    peaks.sort_by(|a, b| {
        let place = (a.class, a.cell).cmp(&(b.class, b.cell));
        b.score.total_cmp(&a.score).then(place)
    });
    peaks.truncate(FOUND_MAX);
    peaks.iter().filter_map(|peak| read(peak, maps, layout, fitted, size)).collect()
}

/// Cells whose heat is the largest of its 3 x 3 neighbourhood in a class that is a road user.
fn peaks(maps: Maps<'_>, layout: &DetectionLayout) -> Vec<Peak> {
    let (rows, columns) = maps.cells;
    let mut found = Vec::new();
    for &class in layout.labels.keys() {
        let from = (class as usize).saturating_mul(rows * columns);
        let Some(heat) = maps.heat.get(from..).and_then(|rest| rest.get(..rows * columns)) else {
            continue;
        };
        for (cell, &value) in heat.iter().enumerate() {
            // Most cells end here. A value that is not a number does too.
            if value.is_nan() || value < layout.score_low / 2.0 {
                continue;
            }
            let score = steps::score(value);
            if (layout.score_low..=1.5).contains(&score) && is_peak(heat, maps.cells, cell) {
                found.push(Peak { score, class, cell });
            }
        }
    }
    found
}

/// Of neighbours that are equal the first counts, so that a plateau is one object.
fn is_peak(heat: &[f32], (rows, columns): (usize, usize), cell: usize) -> bool {
    let (row, column) = (cell / columns, cell % columns);
    let around = |at: usize, most: usize| at.saturating_sub(1)..(at + 2).min(most);
    around(row, rows).all(|r| {
        around(column, columns).all(|c| {
            let (other, own) = (r * columns + c, heat[cell]);
            let value = heat[other];
            let beaten = value > own || other < cell && value == own;
            other == cell || !beaten
        })
    })
}

fn read(
    peak: &Peak,
    maps: Maps<'_>,
    layout: &DetectionLayout,
    fitted: &LetterBox,
    size: (u32, u32),
) -> Option<Detection> {
    let class = *layout.labels.get(&peak.class)?;
    let (rows, columns) = maps.cells;
    let stride = layout.strides.first().copied().unwrap_or(1) as f32;
    let first = match layout.box_kind {
        BoxKind::Modal => 0,
        BoxKind::Amodal => DISTANCES / 2,
    };
    let distance =
        |index: usize| maps.boxes.get((first + index) * rows * columns + peak.cell).copied();
    let (left, top, right, bottom) = (distance(0)?, distance(1)?, distance(2)?, distance(3)?);
    let x = ((peak.cell % columns) as f32 + 0.5) * stride;
    let y = ((peak.cell / columns) as f32 + 0.5) * stride;
    let in_input = BoxPx { x0: x - left, y0: y - top, x1: x + right, y1: y + bottom };
    let in_picture = match layout.box_kind {
        BoxKind::Modal => fitted.to_picture(&in_input),
        BoxKind::Amodal => beyond(fitted, &in_input, size),
    };
    steps::detection(class, peak.score, &in_picture)
}

/// A box in the input as a box in the picture, which may reach beyond the region.
fn beyond(fitted: &LetterBox, b: &BoxPx, (width, height): (u32, u32)) -> BoxPx {
    let region = fitted.rect.to_box();
    let sx = fitted.rect.width as f32 / fitted.width as f32;
    let sy = fitted.rect.height as f32 / fitted.height as f32;
    let x = |value: f32| (region.x0 + value * sx).clamp(0.0, width as f32);
    let y = |value: f32| (region.y0 + value * sy).clamp(0.0, height as f32);
    BoxPx { x0: x(b.x0), y0: y(b.y0), x1: x(b.x1), y1: y(b.y1) }
}

#[cfg(test)]
mod tests;
