//! The picture itself and its one invariant: planes as long as the size says.

use std::sync::Arc;

use crate::{Matrix, PixelRect};

/// A decoded picture in planar YUV 4:2:0 without padding. Width and height are even.
///
/// Planes are shared: a clone is cheap, and writing to a shared plane copies it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
    /// Luma, `width * height` bytes.
    pub y: Arc<Vec<u8>>,
    /// Blue difference, `width / 2 * height / 2` bytes.
    pub u: Arc<Vec<u8>>,
    /// Red difference, as `u`.
    pub v: Arc<Vec<u8>>,
    /// Which matrix leads to RGB.
    pub matrix: Matrix,
}

/// Why an operation on a picture is impossible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Zero or odd width or height.
    #[error(
        "a picture of {width}x{height} pixels is not possible: both must be even and at least 2"
    )]
    Size {
        /// Width, pixels.
        width: u32,
        /// Height, pixels.
        height: u32,
    },
    /// A buffer is not as long as the size says.
    #[error("{what} of {width}x{height} pixels has {expected} values, not {found}")]
    Length {
        /// Which buffer.
        what: &'static str,
        /// Width, pixels.
        width: u32,
        /// Height, pixels.
        height: u32,
        /// Length that the size asks for.
        expected: usize,
        /// Length found.
        found: usize,
    },
    /// A rectangle without a common pixel with the picture.
    #[error(
        "the rectangle {}x{} at ({}, {}) has no pixel in a picture of {width}x{height}",
        rect.width, rect.height, rect.x, rect.y
    )]
    Outside {
        /// The rectangle.
        rect: PixelRect,
        /// Width, pixels.
        width: u32,
        /// Height, pixels.
        height: u32,
    },
    /// Two pictures that should be of one size are not, or one does not fit into the other.
    #[error("a picture of {}x{} pixels does not fit {}x{}", found.0, found.1, expected.0, expected.1)]
    Mismatch {
        /// Size asked for, pixels.
        expected: (u32, u32),
        /// Size found, pixels.
        found: (u32, u32),
    },
    /// Two grids of blocks that differ.
    #[error(
        "a grid of {}x{} blocks of {} pixels cannot be compared with {}x{} blocks of {} pixels",
        found.0, found.1, found.2, expected.0, expected.1, expected.2
    )]
    Grid {
        /// Columns, rows and pixels of a block asked for.
        expected: (u32, u32, u32),
        /// Those found.
        found: (u32, u32, u32),
    },
}

/// Length of the luma plane and of one chroma plane.
pub(crate) fn plane_lengths(width: u32, height: u32) -> Result<(usize, usize), PictureError> {
    if width == 0 || height == 0 || !width.is_multiple_of(2) || !height.is_multiple_of(2) {
        return Err(PictureError::Size { width, height });
    }
    let luma = width as usize * height as usize;
    Ok((luma, luma / 4))
}

impl Picture {
    /// Takes planes without padding.
    ///
    /// # Errors
    /// When the size is zero or odd, or a plane is not as long as the size says.
    pub fn new(
        width: u32,
        height: u32,
        y: Vec<u8>,
        u: Vec<u8>,
        v: Vec<u8>,
        matrix: Matrix,
    ) -> Result<Self, PictureError> {
        let (luma, chroma) = plane_lengths(width, height)?;
        for (what, expected, found) in [
            ("the luma plane", luma, y.len()),
            ("the blue difference plane", chroma, u.len()),
            ("the red difference plane", chroma, v.len()),
        ] {
            if expected != found {
                return Err(PictureError::Length { what, width, height, expected, found });
            }
        }
        Ok(Self { width, height, y: Arc::new(y), u: Arc::new(u), v: Arc::new(v), matrix })
    }

    /// A picture of one colour, given as its three samples.
    ///
    /// # Errors
    /// When the size is zero or odd.
    pub fn filled(
        width: u32,
        height: u32,
        yuv: [u8; 3],
        matrix: Matrix,
    ) -> Result<Self, PictureError> {
        let (luma, chroma) = plane_lengths(width, height)?;
        let [y, u, v] = yuv;
        Self::new(width, height, vec![y; luma], vec![u; chroma], vec![v; chroma], matrix)
    }

    /// The whole picture as a rectangle.
    #[must_use]
    pub fn rect(&self) -> PixelRect {
        PixelRect { x: 0, y: 0, width: self.width, height: self.height }
    }

    /// `rect` clipped to the picture and grown to even edges.
    ///
    /// # Errors
    /// When nothing of it is inside.
    pub fn clip(&self, rect: PixelRect) -> Result<PixelRect, PictureError> {
        rect.clip_even(self.width, self.height).ok_or(PictureError::Outside {
            rect,
            width: self.width,
            height: self.height,
        })
    }

    /// A copy of the part inside `rect`, which is clipped and grown to even edges first.
    ///
    /// # Errors
    /// When nothing of the rectangle is inside the picture.
    pub fn crop(&self, rect: PixelRect) -> Result<Self, PictureError> {
        let rect = self.clip(rect)?;
        let half = rect.halved();
        let (width, half_width) = (self.width as usize, self.width as usize / 2);
        Self::new(
            rect.width,
            rect.height,
            copy_rect(&self.y, width, rect),
            copy_rect(&self.u, half_width, half),
            copy_rect(&self.v, half_width, half),
            self.matrix,
        )
    }
}

fn copy_rect(plane: &[u8], stride: usize, rect: PixelRect) -> Vec<u8> {
    let mut out = Vec::with_capacity(rect.width as usize * rect.height as usize);
    for row in rect.rows(plane, stride) {
        out.extend_from_slice(row);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_sizes_are_refused() {
        let size = Picture::filled(3, 2, [16, 128, 128], Matrix::Bt709).unwrap_err();
        insta::assert_snapshot!(size, @"a picture of 3x2 pixels is not possible: both must be even and at least 2");
        let length =
            Picture::new(4, 2, vec![0; 8], vec![0; 3], vec![0; 2], Matrix::Bt601).unwrap_err();
        insta::assert_snapshot!(length, @"the blue difference plane of 4x2 pixels has 2 values, not 3");
        assert!(Picture::filled(0, 2, [0; 3], Matrix::Bt601).is_err());
    }

    #[test]
    fn a_crop_keeps_the_samples() {
        let y: Vec<u8> = (0..64).collect();
        let u: Vec<u8> = (100..116).collect();
        let v: Vec<u8> = (200..216).collect();
        let picture = Picture::new(8, 8, y, u, v, Matrix::Bt601).unwrap();
        let part = picture.crop(PixelRect { x: 3, y: 4, width: 2, height: 9 }).unwrap();
        assert_eq!((part.width, part.height), (4, 4));
        assert_eq!(part.y[..4], [34, 35, 36, 37]);
        assert_eq!(*part.u, [109, 110, 113, 114]);
        assert_eq!(*part.v, [209, 210, 213, 214]);
        let outside = picture.crop(PixelRect { x: 8, y: 0, width: 4, height: 4 }).unwrap_err();
        insta::assert_snapshot!(outside, @"the rectangle 4x4 at (8, 0) has no pixel in a picture of 8x8");
    }
}
