//! Cuts a vehicle out of a picture, as the model was trained (`models/train/embedder/crops.py`).

use std::sync::Arc;

use wayside_picture::{Picture, PictureError, PixelRect, Scaler};

/// What is added to a vehicle's box on each edge, as a share of its side.
pub(super) const RIM: f32 = 0.05;

/// Share of a motorcycle's box, from its top, that is blanked: its rider, not the vehicle.
pub(super) const RIDER_SHARE: f32 = 0.55;

/// What a blanked pixel becomes, in each plane of the input.
pub(super) const BLANK: f32 = 114.0;

/// The same in a picture: luma of limited range, and chroma without colour.
const BLANK_LUMA: u8 = 114;
const BLANK_CHROMA: u8 = 128;

/// A part of a picture, and how much of it the model may see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Source {
    /// The part, stretched to the model's input.
    pub(super) rect: PixelRect,
    /// Rows above this one (y in the picture) are blanked; none for most vehicles.
    pub(super) blank_above_px: Option<f32>,
}

impl Source {
    /// Writes the crop into `slot`: planes of blue, green, red, `width` x `height` each.
    pub(super) fn fill(
        &self,
        scaler: &mut Scaler,
        picture: &Picture,
        slot: &mut [f32],
        (width, height): (u32, u32),
    ) -> Result<(), PictureError> {
        let blanked;
        let (from, rect) = match self.blank_above_px {
            None => (picture, self.rect),
            Some(line) => {
                blanked = self.blanked(picture, line)?;
                (&blanked, blanked.rect())
            }
        };
        scaler.scale(from, rect, width, height)?.to_bgr_planar_f32(slot, width, height, BLANK)
    }

    /// The part alone, grey above `line`. This comes before scaling, whose filter would carry pixels
    /// across the line.
    fn blanked(&self, picture: &Picture, line: f32) -> Result<Picture, PictureError> {
        let mut part = picture.crop(self.rect)?;
        // A cast takes what is below 0 to 0. A pair of rows shares its colour, so pairs are blanked.
        let pairs = ((line - self.rect.y as f32) / 2.0).ceil() as usize;
        let pairs = pairs.min(part.height as usize / 2);
        let width = part.width as usize;
        Arc::make_mut(&mut part.y)[..2 * pairs * width].fill(BLANK_LUMA);
        for plane in [&mut part.u, &mut part.v] {
            Arc::make_mut(plane)[..pairs * (width / 2)].fill(BLANK_CHROMA);
        }
        Ok(part)
    }
}

#[cfg(test)]
mod tests {
    use wayside_picture::Matrix;

    use super::*;

    #[test]
    fn blank_rows_are_as_grey_as_padding() {
        for matrix in [Matrix::Bt601, Matrix::Bt709] {
            let picture = Picture::filled(64, 64, [40, 90, 160], matrix).expect("a picture");
            let rect = PixelRect { x: 2, y: 10, width: 40, height: 44 };
            let source = Source { rect, blank_above_px: Some(12.0 + 0.55 * 40.0) };
            let mut slot = vec![0.0; 3 * 64 * 64];
            source.fill(&mut Scaler::new(), &picture, &mut slot, (64, 64)).expect("a crop");
            for plane in slot.chunks_exact(64 * 64) {
                assert_eq!(plane[..34 * 64], vec![BLANK; 34 * 64]);
                assert!(plane[38 * 64..].iter().all(|value| (value - BLANK).abs() > 20.0));
            }
        }
    }

    #[test]
    fn lines_beyond_the_part_blank_nothing_or_all() {
        let picture = Picture::filled(64, 64, [40, 90, 160], Matrix::Bt709).expect("a picture");
        let rect = PixelRect { x: 0, y: 10, width: 40, height: 44 };
        let grey = |line| {
            let source = Source { rect, blank_above_px: Some(line) };
            let part = source.blanked(&picture, line).expect("a part");
            part.y.iter().filter(|luma| **luma == BLANK_LUMA).count() / 40
        };
        assert_eq!([grey(-5.0), grey(10.0), grey(10.1), grey(12.5), grey(900.0)], [0, 0, 2, 4, 44]);
    }
}
