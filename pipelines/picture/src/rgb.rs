//! Interleaved RGB and back.

use crate::colour::ToRgb;
use crate::picture::plane_lengths;
use crate::{Matrix, Picture, PictureError};

impl Picture {
    /// Interleaved full-range RGB, `height * width * 3` bytes. Each chroma sample serves its four
    /// pixels (no interpolation).
    #[must_use]
    pub fn to_rgb(&self) -> Vec<u8> {
        let (width, k) = (self.width as usize, self.matrix.yuv_to_rgb());
        let mut out = vec![0; 3 * width * self.height as usize];
        for (row, (out, y)) in
            out.chunks_exact_mut(3 * width).zip(self.y.chunks_exact(width)).enumerate()
        {
            let at = row / 2 * (width / 2);
            let (u, v) = (&self.u[at..at + width / 2], &self.v[at..at + width / 2]);
            for (((out, y), u), v) in out.chunks_exact_mut(6).zip(y.chunks_exact(2)).zip(u).zip(v) {
                let chroma = k.chroma(*u, *v);
                for (out, y) in out.chunks_exact_mut(3).zip(y) {
                    let luma = k.luma(*y);
                    for (out, chroma) in out.iter_mut().zip(chroma) {
                        *out = ToRgb::value(luma + chroma) as u8;
                    }
                }
            }
        }
        out
    }

    /// From interleaved full-range RGB. Chroma is the mean of each two by two pixels.
    ///
    /// # Errors
    /// When the size is zero or odd, or `rgb` is not `height * width * 3` bytes long.
    pub fn from_rgb(
        width: u32,
        height: u32,
        rgb: &[u8],
        matrix: Matrix,
    ) -> Result<Self, PictureError> {
        let (luma, chroma) = plane_lengths(width, height)?;
        if rgb.len() != 3 * luma {
            let (expected, found) = (3 * luma, rgb.len());
            let what = "an RGB picture";
            return Err(PictureError::Length { what, width, height, expected, found });
        }
        let k = matrix.rgb_to_yuv();
        let y = rgb.chunks_exact(3).map(|p| k.luma([p[0], p[1], p[2]])).collect();
        let (mut u, mut v) = (Vec::with_capacity(chroma), Vec::with_capacity(chroma));
        let stride = 3 * width as usize;
        for two_rows in rgb.chunks_exact(2 * stride) {
            let (top, bottom) = two_rows.split_at(stride);
            for (a, b) in top.chunks_exact(6).zip(bottom.chunks_exact(6)) {
                let sum = [0, 1, 2].map(|c| {
                    i32::from(a[c]) + i32::from(a[c + 3]) + i32::from(b[c]) + i32::from(b[c + 3])
                });
                let [blue, red] = k.chroma(sum);
                u.push(blue);
                v.push(red);
            }
        }
        Self::new(width, height, y, u, v, matrix)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn one_colour_survives_the_way_there_and_back(
            rgb in any::<[u8; 3]>(), hd in any::<bool>(), half_w in 1u32..9, half_h in 1u32..9,
        ) {
            let matrix = if hd { Matrix::Bt709 } else { Matrix::Bt601 };
            let (w, h) = (2 * half_w, 2 * half_h);
            let picture = Picture::from_rgb(w, h, &rgb.repeat((w * h) as usize), matrix).unwrap();
            let back = picture.to_rgb();
            prop_assert_eq!(back.len(), (3 * w * h) as usize);
            for pixel in back.chunks_exact(3) {
                for (got, want) in pixel.iter().zip(rgb) {
                    // A chroma step of the limited range is up to 2.1 steps of RGB.
                    prop_assert!(got.abs_diff(want) <= 3, "{:?} became {:?}", rgb, pixel);
                }
            }
        }
    }

    #[test]
    fn a_short_buffer_is_refused() {
        let error = Picture::from_rgb(2, 2, &[0; 11], Matrix::Bt601).unwrap_err();
        insta::assert_snapshot!(error, @"an RGB picture of 2x2 pixels has 12 values, not 11");
    }
}
