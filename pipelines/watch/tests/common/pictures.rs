//! What can happen to a picture.

use std::sync::Arc;

use wayside_picture::{Matrix, Picture};

/// A grey picture from its luma.
pub fn grey(width: u32, height: u32, luma: Vec<u8>) -> Picture {
    let chroma = vec![128; (width * height / 4) as usize];
    Picture::new(width, height, luma, chroma.clone(), chroma, Matrix::Bt601).expect("a picture")
}

/// Numbers that look like chance and are always the same.
#[derive(Clone, Debug)]
pub struct Noise(pub u64);

impl Noise {
    pub fn next(&mut self) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }

    /// About normal: a sum of twelve, which has a variance of one.
    pub fn normal(&mut self) -> f32 {
        let sum: u32 = (0..3)
            .map(|_| {
                let bits = self.next();
                (bits & 127) + (bits >> 7 & 127) + (bits >> 14 & 127) + (bits >> 21 & 127)
            })
            .sum();
        sum as f32 / 128.0 - 5.953
    }
}

/// Changes each sample of luma, given its column and row.
pub fn map(picture: &Picture, mut change: impl FnMut(usize, usize, u8) -> f32) -> Picture {
    let mut out = picture.clone();
    let width = picture.width as usize;
    for (i, sample) in Arc::make_mut(&mut out.y).iter_mut().enumerate() {
        *sample = change(i % width, i / width, *sample).round().clamp(0.0, 255.0) as u8;
    }
    out
}

/// The picture as a camera sees it that points elsewhere: everything lies `dx` to the right and `dy` lower; the
/// border repeats.
pub fn shifted(picture: &Picture, dx: f64, dy: f64) -> Picture {
    warped(picture, |x, y| (x - dx, y - dy))
}

/// The picture turned by `degrees` about its middle.
pub fn turned(picture: &Picture, degrees: f64) -> Picture {
    let (cx, cy) = (f64::from(picture.width) / 2.0, f64::from(picture.height) / 2.0);
    let (sin, cos) = degrees.to_radians().sin_cos();
    warped(picture, |x, y| {
        let (x, y) = (x - cx, y - cy);
        (cx + cos * x + sin * y, cy - sin * x + cos * y)
    })
}

/// Takes each sample from where `source` says, between samples.
fn warped(picture: &Picture, source: impl Fn(f64, f64) -> (f64, f64)) -> Picture {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let luma = &picture.y;
    map(picture, |x, y, _| {
        let (sx, sy) = source(x as f64, y as f64);
        let (sx, sy) = (sx.clamp(0.0, (width - 1) as f64), sy.clamp(0.0, (height - 1) as f64));
        let (x0, y0) = (sx as usize, sy as usize);
        let (x1, y1) = ((x0 + 1).min(width - 1), (y0 + 1).min(height - 1));
        let (fx, fy) = ((sx - x0 as f64) as f32, (sy - y0 as f64) as f32);
        let at = |x: usize, y: usize| f32::from(luma[y * width + x]);
        (at(x0, y0) * (1.0 - fx) + at(x1, y0) * fx) * (1.0 - fy)
            + (at(x0, y1) * (1.0 - fx) + at(x1, y1) * fx) * fy
    })
}

/// Blurred by boxes of `2 * radius + 1` samples a side where `inside` says so.
pub fn blurred(picture: &Picture, radius: usize, inside: impl Fn(usize, usize) -> bool) -> Picture {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let stride = width + 1;
    let mut sums = vec![0u64; stride * (height + 1)];
    for y in 0..height {
        let mut row = 0;
        for x in 0..width {
            row += u64::from(picture.y[y * width + x]);
            sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
        }
    }
    map(picture, |x, y, sample| {
        if !inside(x, y) {
            return f32::from(sample);
        }
        let (x0, x1) = (x.saturating_sub(radius), (x + radius + 1).min(width));
        let (y0, y1) = (y.saturating_sub(radius), (y + radius + 1).min(height));
        let sum = sums[y1 * stride + x1] + sums[y0 * stride + x0]
            - sums[y0 * stride + x1]
            - sums[y1 * stride + x0];
        sum as f32 / ((x1 - x0) * (y1 - y0)) as f32
    })
}

/// Darker: what is above black keeps only `share`.
pub fn darkened(picture: &Picture, share: f32) -> Picture {
    map(picture, |_, _, sample| 16.0 + (f32::from(sample) - 16.0) * share)
}

/// With the noise of a sensor.
pub fn noisy(picture: &Picture, deviation: f32, noise: &mut Noise) -> Picture {
    map(picture, |_, _, sample| f32::from(sample) + deviation * noise.normal())
}
