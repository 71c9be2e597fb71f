//! Making a part of a picture unrecognisable.
//!
//! Both ways read only samples inside the rectangle, so nothing hidden leaks into what stays, and
//! nothing outside changes.

use std::sync::Arc;

use crate::{Picture, PictureError, PixelRect};

impl Picture {
    /// Replaces each block of `block_px` x `block_px` pixels inside `rect` by its mean, on all
    /// planes. Blocks start at the top left of the rectangle; `block_px` is grown to even, at
    /// least 2. The rectangle is clipped and grown to even edges.
    ///
    /// # Errors
    /// When nothing of the rectangle is inside the picture.
    pub fn pixelate(&mut self, rect: PixelRect, block_px: u32) -> Result<(), PictureError> {
        let rect = self.clip(rect)?;
        let block = (block_px.clamp(2, 1 << 16) as usize).next_multiple_of(2);
        let stride = self.width as usize;
        pixelate(Arc::make_mut(&mut self.y).as_mut_slice(), stride, rect, block);
        for plane in [&mut self.u, &mut self.v] {
            pixelate(Arc::make_mut(plane).as_mut_slice(), stride / 2, rect.halved(), block / 2);
        }
        Ok(())
    }

    /// Blurs the part inside `rect` three times with a box of `2 * radius_px + 1` pixels, which is
    /// close to a Gaussian of standard deviation `radius_px`. At the border of the rectangle the
    /// box covers only the part inside. The rectangle is clipped and grown to even edges.
    ///
    /// # Errors
    /// When nothing of the rectangle is inside the picture.
    pub fn blur(&mut self, rect: PixelRect, radius_px: u32) -> Result<(), PictureError> {
        let rect = self.clip(rect)?;
        let (stride, radius) = (self.width as usize, radius_px.min(1 << 16) as usize);
        blur(Arc::make_mut(&mut self.y).as_mut_slice(), stride, rect, radius);
        for plane in [&mut self.u, &mut self.v] {
            blur(
                Arc::make_mut(plane).as_mut_slice(),
                stride / 2,
                rect.halved(),
                radius.div_ceil(2),
            );
        }
        Ok(())
    }
}

fn pixelate(plane: &mut [u8], stride: usize, rect: PixelRect, block: usize) {
    let (left, top) = (rect.x as usize, rect.y as usize);
    let (right, bottom) = (left + rect.width as usize, top + rect.height as usize);
    for y0 in (top..bottom).step_by(block) {
        let y1 = (y0 + block).min(bottom);
        for x0 in (left..right).step_by(block) {
            let x1 = (x0 + block).min(right);
            let count = ((x1 - x0) * (y1 - y0)) as u64;
            let sum: u64 = (y0..y1)
                .map(|y| {
                    plane[y * stride + x0..y * stride + x1]
                        .iter()
                        .map(|s| u64::from(*s))
                        .sum::<u64>()
                })
                .sum();
            let mean = ((sum + count / 2) / count) as u8;
            for y in y0..y1 {
                plane[y * stride + x0..y * stride + x1].fill(mean);
            }
        }
    }
}

fn blur(plane: &mut [u8], stride: usize, rect: PixelRect, radius: usize) {
    let (width, height) = (rect.width as usize, rect.height as usize);
    let (left, top) = (rect.x as usize, rect.y as usize);
    let mut line = Vec::with_capacity(width.max(height));
    for _ in 0..3 {
        for y in top..top + height {
            let row = &mut plane[y * stride + left..y * stride + left + width];
            line.clear();
            line.extend_from_slice(row);
            box_mean(&line, radius, row.iter_mut());
        }
        for x in left..left + width {
            let column = || (top..top + height).map(|y| y * stride + x);
            line.clear();
            line.extend(column().map(|at| plane[at]));
            let rows = plane.chunks_exact_mut(stride).skip(top).take(height);
            box_mean(&line, radius, rows.map(|row| &mut row[x]));
        }
    }
}

/// Running mean over `radius` samples each side, fewer at the ends.
fn box_mean<'a>(line: &[u8], radius: usize, out: impl Iterator<Item = &'a mut u8>) {
    let mut sum: u32 = line.iter().take(radius).map(|s| u32::from(*s)).sum();
    let mut count = radius.min(line.len()) as u32;
    for (at, out) in out.enumerate() {
        if let Some(entering) = line.get(at + radius) {
            sum += u32::from(*entering);
            count += 1;
        }
        if let Some(leaving) = at.checked_sub(radius + 1).and_then(|i| line.get(i)) {
            sum -= u32::from(*leaving);
            count -= 1;
        }
        *out = ((sum + count / 2) / count.max(1)) as u8;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Matrix;

    fn ramp(width: u32, height: u32) -> Picture {
        let plane = |n: u32, k: u32| (0..n).map(|i| (i * k % 251) as u8).collect::<Vec<u8>>();
        let n = width * height;
        Picture::new(width, height, plane(n, 7), plane(n / 4, 5), plane(n / 4, 3), Matrix::Bt601)
            .unwrap()
    }

    fn outside_is_untouched(before: &Picture, after: &Picture, rect: PixelRect) -> bool {
        let kept = |a: &[u8], b: &[u8], width: u32, r: PixelRect| {
            a.iter().zip(b).enumerate().all(|(i, (a, b))| {
                let (x, y) = (i as u32 % width, i as u32 / width);
                let inside = x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
                inside || a == b
            })
        };
        kept(&before.y, &after.y, before.width, rect)
            && kept(&before.u, &after.u, before.width / 2, rect.halved())
            && kept(&before.v, &after.v, before.width / 2, rect.halved())
    }

    #[test]
    fn each_block_is_its_mean() {
        let mut picture = ramp(8, 4);
        let want = (u32::from(picture.y[0]) + 7 + 8 * 7 + 9 * 7 + 2) / 4;
        picture.pixelate(PixelRect { x: 0, y: 0, width: 8, height: 4 }, 2).unwrap();
        assert_eq!(u32::from(picture.y[0]), want);
        assert_eq!(picture.y[0], picture.y[9]);
        assert_ne!(picture.y[0], picture.y[2]);
    }

    #[test]
    fn a_blur_keeps_one_colour_and_flattens_an_edge() {
        let mut flat = Picture::filled(16, 16, [90, 100, 110], Matrix::Bt601).unwrap();
        let before = flat.clone();
        flat.blur(flat.rect(), 3).unwrap();
        assert_eq!(flat, before);

        let mut edge = Picture::filled(32, 32, [16, 128, 128], Matrix::Bt601).unwrap();
        for row in Arc::make_mut(&mut edge.y).chunks_exact_mut(32) {
            row[16..].fill(235);
        }
        edge.blur(edge.rect(), 4).unwrap();
        let row = &edge.y[..32];
        assert!(row.windows(2).all(|w| w[0] <= w[1] && w[1] - w[0] < 40), "{row:?}");
    }

    proptest! {
        #[test]
        fn only_the_rectangle_changes(
            x in 0u32..30, y in 0u32..30, w in 1u32..40, h in 1u32..40, size in 0u32..20,
        ) {
            let picture = ramp(26, 22);
            let rect = PixelRect { x, y, width: w, height: h };
            let Ok(clipped) = picture.clip(rect) else {
                prop_assert!(picture.clone().pixelate(rect, size).is_err());
                return Ok(());
            };
            let mut hidden = picture.clone();
            hidden.pixelate(rect, size).unwrap();
            prop_assert!(outside_is_untouched(&picture, &hidden, clipped));
            let mut blurred = picture.clone();
            blurred.blur(rect, size).unwrap();
            prop_assert!(outside_is_untouched(&picture, &blurred, clipped));
        }
    }
}
