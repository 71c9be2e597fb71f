//! A picture of the empty road: the median over frames of a recording.
//!
//! What moves is gone from it, so that a picture for calibration shows kerbs and lines and nobody.
//! What stood still all the time is still in it; the caller hides what a detector finds.

use std::sync::Arc;

use wayside_capture::{CaptureError, Frame};
use wayside_picture::{Picture, PictureError};

/// Frames that the median is taken over.
const FRAMES: usize = 15;
/// Frames of the recording that are looked at for them, from the wanted second on.
const WINDOW_FRAMES: usize = 450;

/// The median over frames from second `at_s` on; none where there are none.
pub fn median(
    mut frames: impl FnMut() -> Result<Option<Frame>, CaptureError>,
    at_s: f64,
) -> Result<Option<Picture>, CaptureError> {
    let step = WINDOW_FRAMES / FRAMES;
    let mut kept: Vec<Picture> = Vec::new();
    let mut seen = 0;
    let mut last = None;
    loop {
        let frame = match frames() {
            Ok(Some(frame)) => frame,
            Ok(None) => break,
            Err(error) if error.is_recoverable() => continue,
            Err(error) => return Err(error),
        };
        if frame.pts.as_secs_f64() < at_s {
            last = Some(frame.picture);
            continue;
        }
        if seen % step == 0 {
            kept.push(frame.picture);
        }
        seen += 1;
        if kept.len() == FRAMES {
            break;
        }
    }
    if kept.is_empty() {
        kept.extend(last);
    }
    Ok(of(&kept).ok().flatten())
}

fn of(pictures: &[Picture]) -> Result<Option<Picture>, PictureError> {
    let Some(first) = pictures.first() else { return Ok(None) };
    let plane = |of: fn(&Picture) -> &Arc<Vec<u8>>| -> Vec<u8> {
        let mut values = Vec::with_capacity(pictures.len());
        (0..of(first).len())
            .map(|index| {
                values.clear();
                values
                    .extend(pictures.iter().filter_map(|picture| of(picture).get(index).copied()));
                values.sort_unstable();
                values.get(values.len() / 2).copied().unwrap_or(0)
            })
            .collect()
    };
    let (y, u, v) = (plane(|p| &p.y), plane(|p| &p.u), plane(|p| &p.v));
    Picture::new(first.width, first.height, y, u, v, first.matrix).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayside_picture::Matrix;

    #[test]
    fn what_moves_is_gone() {
        let picture = |bright: usize| {
            let mut y = vec![50; 16 * 16];
            y[bright] = 250;
            Picture::new(16, 16, y, vec![128; 64], vec![128; 64], Matrix::Bt709).expect("a picture")
        };
        let pictures: Vec<Picture> = (0..5).map(picture).collect();
        let median = of(&pictures).expect("sizes").expect("a picture");
        assert!(median.y.iter().all(|value| *value == 50));
    }
}
