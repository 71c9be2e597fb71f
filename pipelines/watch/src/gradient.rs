//! Where a picture's edges are and which way they run, whatever the light.

use crate::small::Small;

/// The gradient that counts half: less is noise, more is an edge whatever its contrast.
/// Source: E. Haber, J. Modersitzki, Intensity gradient based registration and fusion (2006).
const HALF: i32 = 10;

/// The length of a normalised gradient, at most.
pub(crate) const UNIT: i32 = 63;

/// Normalised gradients of a small picture, with sums over any rectangle.
#[derive(Clone, Debug)]
pub(crate) struct Gradients {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Horizontal parts, within ±[`UNIT`].
    pub(crate) x: Vec<i8>,
    /// Vertical parts.
    pub(crate) y: Vec<i8>,
    /// Sums of squares of the normalised gradients above and to the left.
    squares: Vec<u32>,
    /// Sums of squares of the gradients themselves.
    energy: Vec<u64>,
}

impl Gradients {
    pub(crate) fn of(picture: &Small) -> Self {
        let (width, height) = (picture.width, picture.height);
        let luma = |x: usize, y: usize| i32::from(picture.luma[y * width + x]);
        let (mut xs, mut ys) = (vec![0i8; width * height], vec![0i8; width * height]);
        let stride = width + 1;
        let mut squares = vec![0u32; stride * (height + 1)];
        let mut energy = vec![0u64; stride * (height + 1)];
        for y in 0..height {
            let (mut row_squares, mut row_energy) = (0u32, 0u64);
            for x in 0..width {
                let inner = x > 0 && y > 0 && x + 1 < width && y + 1 < height;
                let (gx, gy) = if inner {
                    (luma(x + 1, y) - luma(x - 1, y), luma(x, y + 1) - luma(x, y - 1))
                } else {
                    (0, 0)
                };
                let square = gx * gx + gy * gy;
                let scale = UNIT as f32 / ((square + HALF * HALF) as f32).sqrt();
                let (nx, ny) = ((gx as f32 * scale).round(), (gy as f32 * scale).round());
                xs[y * width + x] = nx as i8;
                ys[y * width + x] = ny as i8;
                row_squares += (nx * nx + ny * ny) as u32;
                row_energy += square as u64;
                let at = (y + 1) * stride + x + 1;
                squares[at] = squares[at - stride] + row_squares;
                energy[at] = energy[at - stride] + row_energy;
            }
        }
        Self { width, height, x: xs, y: ys, squares, energy }
    }

    fn corners(&self, at: (usize, usize), size: (usize, usize)) -> [usize; 4] {
        let stride = self.width + 1;
        let (top, bottom) = (at.1 * stride, (at.1 + size.1) * stride);
        [top + at.0, top + at.0 + size.0, bottom + at.0, bottom + at.0 + size.0]
    }

    /// Sum of squares of the normalised gradients in a rectangle inside the picture.
    pub(crate) fn squares(&self, at: (usize, usize), size: (usize, usize)) -> u32 {
        let [a, b, c, d] = self.corners(at, size);
        (self.squares[d] - self.squares[b]) - (self.squares[c] - self.squares[a])
    }

    /// Sum of squares of the gradients, grey levels over two pixels.
    pub(crate) fn energy(&self, at: (usize, usize), size: (usize, usize)) -> u64 {
        let [a, b, c, d] = self.corners(at, size);
        (self.energy[d] - self.energy[b]) - (self.energy[c] - self.energy[a])
    }

    /// How alike the edges in a rectangle here and in one of the same size there are, -1 to 1: the cosine
    /// of the angle between the two fields. 0 where a side has none.
    pub(crate) fn likeness(
        &self,
        at: (usize, usize),
        other: &Self,
        there: (usize, usize),
        size: (usize, usize),
    ) -> f32 {
        let both = f64::from(self.squares(at, size)) * f64::from(other.squares(there, size));
        if both <= 0.0 {
            return 0.0;
        }
        let mut sum = 0i32;
        for row in 0..size.1 {
            let here = (at.1 + row) * self.width + at.0;
            let that = (there.1 + row) * other.width + there.0;
            sum += dot(&self.x[here..here + size.0], &other.x[that..that + size.0])
                + dot(&self.y[here..here + size.0], &other.y[that..that + size.0]);
        }
        (f64::from(sum) / both.sqrt()) as f32
    }
}

#[inline(always)]
fn dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}
