//! Blends painted pixels into the planes of a picture.
//!
//! Painted pixels are premultiplied, so the conversion to luma and colour difference stays linear:
//! `Y' = Y (1 - a) + y(painted)`. Fixed point, 16 bits of fraction, so that every machine gets the
//! same bytes. Coefficients: ITU-R BT.601-7 and BT.709-6, limited range.

use std::sync::Arc;

use tiny_skia::PremultipliedColorU8;
use wayside_picture::{Matrix, Picture};

use super::paint::{Canvas, TILE};

/// Weights of red, green, blue for luma and both colour differences, times 65536.
struct Weights {
    y: [i32; 3],
    u: [i32; 3],
    v: [i32; 3],
}

impl Weights {
    fn of(matrix: Matrix) -> Self {
        let (kr, kb) = match matrix {
            Matrix::Bt601 => (0.299, 0.114),
            Matrix::Bt709 => (0.2126, 0.0722),
        };
        let kg = 1.0 - kr - kb;
        let fixed = |value: f64| (value * 65536.0).round() as i32;
        let (luma, chroma) = (219.0 / 255.0, 224.0 / 255.0);
        let (b, r) = (chroma / 2.0 / (1.0 - kb), chroma / 2.0 / (1.0 - kr));
        Self {
            y: [fixed(kr * luma), fixed(kg * luma), fixed(kb * luma)],
            u: [fixed(-kr * b), fixed(-kg * b), fixed((1.0 - kb) * b)],
            v: [fixed((1.0 - kr) * r), fixed(-kg * r), fixed(-kb * r)],
        }
    }

    fn apply(weights: &[i32; 3], offset: i32, rgba: [i32; 4]) -> u8 {
        let [r, g, b, a] = rgba;
        // The offset (16 or 128) is scaled by alpha too, since the pixel is premultiplied.
        let sum = weights[0] * r + weights[1] * g + weights[2] * b + offset * a * 257;
        ((sum + 32768) >> 16).clamp(0, 255) as u8
    }
}

fn mix(old: u8, new: u8, alpha: u8) -> u8 {
    let kept = (u32::from(old) * u32::from(255 - alpha) + 127) / 255;
    (kept + u32::from(new)).min(255) as u8
}

/// Painted pixels that never change, as runs in the planes.
pub(crate) struct Overlay {
    y: Plane,
    u: Plane,
    v: Plane,
}

#[derive(Default)]
struct Plane {
    /// First sample in the plane, and first sample in `alpha` and `value`.
    runs: Vec<(u32, u32)>,
    alpha: Vec<u8>,
    value: Vec<u8>,
}

impl Plane {
    fn push(&mut self, index: u32, alpha: u8, value: u8) {
        if alpha == 0 {
            return;
        }
        let here = self.alpha.len() as u32;
        let follows = self.runs.last().is_some_and(|&(at, from)| at + (here - from) == index);
        if !follows {
            self.runs.push((index, here));
        }
        self.alpha.push(alpha);
        self.value.push(value);
    }

    fn blend(&self, plane: &mut [u8]) {
        for (number, &(at, from)) in self.runs.iter().enumerate() {
            let to = self.runs.get(number + 1).map_or(self.alpha.len(), |next| next.1 as usize);
            let from = from as usize;
            let Some(samples) = plane.get_mut(at as usize..at as usize + to - from) else {
                continue;
            };
            let painted = self.alpha[from..to].iter().zip(&self.value[from..to]);
            for (sample, (&alpha, &value)) in samples.iter_mut().zip(painted) {
                *sample = mix(*sample, value, alpha);
            }
        }
    }
}

impl Overlay {
    /// What was painted on the canvas, for pictures of its size.
    pub(crate) fn new(canvas: &Canvas, matrix: Matrix) -> Self {
        let weights = Weights::of(matrix);
        let pixels = canvas.pixmap.pixels();
        let (width, height) = (canvas.pixmap.width(), canvas.pixmap.height());
        let mut out = Self { y: Plane::default(), u: Plane::default(), v: Plane::default() };
        for (index, pixel) in pixels.iter().enumerate() {
            let rgba = wide(pixel);
            out.y.push(index as u32, pixel.alpha(), Weights::apply(&weights.y, 16, rgba));
        }
        for cy in 0..height / 2 {
            for cx in 0..width / 2 {
                let rgba = quad(pixels, width, cx, cy);
                let index = cy * (width / 2) + cx;
                let alpha = rgba[3] as u8;
                out.u.push(index, alpha, Weights::apply(&weights.u, 128, rgba));
                out.v.push(index, alpha, Weights::apply(&weights.v, 128, rgba));
            }
        }
        out
    }

    /// Blends it into a picture of the canvas's size.
    pub(crate) fn blend(&self, picture: &mut Picture) {
        self.y.blend(Arc::make_mut(&mut picture.y).as_mut_slice());
        self.u.blend(Arc::make_mut(&mut picture.u).as_mut_slice());
        self.v.blend(Arc::make_mut(&mut picture.v).as_mut_slice());
    }
}

/// Blends the painted tiles of a canvas into a picture of its size.
pub(crate) fn blend_tiles(canvas: &Canvas, picture: &mut Picture) {
    let weights = Weights::of(picture.matrix);
    let pixels = canvas.pixmap.pixels();
    let (width, height) = (canvas.pixmap.width(), canvas.pixmap.height());
    let luma = Arc::make_mut(&mut picture.y);
    for [x, y] in canvas.dirty_tiles() {
        let x1 = (x + TILE).min(width);
        for row in y..(y + TILE).min(height) {
            let range = (row * width + x) as usize..(row * width + x1) as usize;
            let (Some(samples), Some(painted)) = (luma.get_mut(range.clone()), pixels.get(range))
            else {
                continue;
            };
            for (sample, pixel) in samples.iter_mut().zip(painted) {
                if pixel.alpha() > 0 {
                    let value = Weights::apply(&weights.y, 16, wide(pixel));
                    *sample = mix(*sample, value, pixel.alpha());
                }
            }
        }
    }
    let (u, v) = (Arc::make_mut(&mut picture.u), Arc::make_mut(&mut picture.v));
    for [x, y] in canvas.dirty_tiles() {
        for cy in y / 2..((y + TILE) / 2).min(height / 2) {
            for cx in x / 2..((x + TILE) / 2).min(width / 2) {
                let rgba = quad(pixels, width, cx, cy);
                let index = (cy * (width / 2) + cx) as usize;
                let (Some(us), Some(vs)) = (u.get_mut(index), v.get_mut(index)) else { continue };
                if rgba[3] > 0 {
                    let alpha = rgba[3] as u8;
                    *us = mix(*us, Weights::apply(&weights.u, 128, rgba), alpha);
                    *vs = mix(*vs, Weights::apply(&weights.v, 128, rgba), alpha);
                }
            }
        }
    }
}

fn wide(pixel: &PremultipliedColorU8) -> [i32; 4] {
    [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()].map(i32::from)
}

/// Mean of the four pixels under a chroma sample.
fn quad(pixels: &[PremultipliedColorU8], width: u32, cx: u32, cy: u32) -> [i32; 4] {
    let first = (cy * 2 * width + cx * 2) as usize;
    let mut sum = [2i32; 4];
    for index in [first, first + 1, first + width as usize, first + width as usize + 1] {
        if let Some(pixel) = pixels.get(index) {
            let rgba = wide(pixel);
            for (total, part) in sum.iter_mut().zip(rgba) {
                *total += part;
            }
        }
    }
    sum.map(|total| total / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::rgb::pixel_rgb;

    fn grey(width: u32, height: u32, matrix: Matrix) -> Picture {
        let plane = |n: u32, value: u8| Arc::new(vec![value; n as usize]);
        let chroma = (width / 2) * (height / 2);
        let (y, u, v) = (plane(width * height, 90), plane(chroma, 128), plane(chroma, 128));
        Picture { width, height, y, u, v, matrix }
    }

    #[test]
    fn an_opaque_colour_arrives_as_itself() {
        for matrix in [Matrix::Bt601, Matrix::Bt709] {
            for colour in [[230, 159, 0, 255], [0, 114, 178, 255], [255; 4], [0, 0, 0, 255]] {
                let mut canvas = Canvas::new(32, 32).expect("a canvas");
                canvas.rect(0.0, 0.0, 32.0, 32.0, colour);
                let (mut tiles, mut sparse) = (grey(32, 32, matrix), grey(32, 32, matrix));
                blend_tiles(&canvas, &mut tiles);
                Overlay::new(&canvas, matrix).blend(&mut sparse);
                assert_eq!(tiles, sparse);
                let seen = pixel_rgb(&tiles, 9, 17);
                for (a, b) in seen.iter().zip(colour) {
                    assert!(a.abs_diff(b) <= 3, "{seen:?} for {colour:?}");
                }
            }
        }
    }

    #[test]
    fn both_ways_of_blending_agree_and_spare_the_rest() {
        let mut canvas = Canvas::new(70, 54).expect("a canvas");
        canvas.disc([30.0, 20.0], 9.5, [240, 228, 66, 120]);
        let (mut tiles, mut sparse) = (grey(70, 54, Matrix::Bt709), grey(70, 54, Matrix::Bt709));
        blend_tiles(&canvas, &mut tiles);
        Overlay::new(&canvas, Matrix::Bt709).blend(&mut sparse);
        assert_eq!(tiles, sparse);
        assert_eq!(tiles.y[69], 90);
        assert_ne!(tiles.y[20 * 70 + 30], 90);
        canvas.clear();
        assert!(canvas.pixmap.pixels().iter().all(|p| p.alpha() == 0));
    }
}
