//! Limited-range YUV and full-range RGB after ITU-R BT.601-7 and BT.709-6, in integers.

/// The colour matrix of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matrix {
    /// ITU-R BT.601, usual below 720 lines.
    Bt601,
    /// ITU-R BT.709, usual from 720 lines.
    #[default]
    Bt709,
}

impl Matrix {
    /// What a picture of this height uses when nothing says otherwise.
    #[must_use]
    pub fn usual(height: u32) -> Self {
        if height >= 720 { Self::Bt709 } else { Self::Bt601 }
    }

    /// Weights of red and blue in luma.
    pub(crate) const fn weights(self) -> (f64, f64) {
        match self {
            Self::Bt601 => (0.299, 0.114),
            Self::Bt709 => (0.2126, 0.0722),
        }
    }

    pub(crate) const fn yuv_to_rgb(self) -> ToRgb {
        match self {
            Self::Bt601 => BT601_TO_RGB,
            Self::Bt709 => BT709_TO_RGB,
        }
    }

    pub(crate) const fn rgb_to_yuv(self) -> FromRgb {
        match self {
            Self::Bt601 => BT601_FROM_RGB,
            Self::Bt709 => BT709_FROM_RGB,
        }
    }
}

const BT601_TO_RGB: ToRgb = ToRgb::new(Matrix::Bt601);
const BT709_TO_RGB: ToRgb = ToRgb::new(Matrix::Bt709);
const BT601_FROM_RGB: FromRgb = FromRgb::new(Matrix::Bt601);
const BT709_FROM_RGB: FromRgb = FromRgb::new(Matrix::Bt709);

const fn fixed(value: f64, shift: u32) -> i32 {
    let scaled = value * (1 << shift) as f64;
    (if scaled < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i32
}

/// Fraction bits towards RGB: the largest coefficient (2.112) still fits 16 bits.
const TO_SHIFT: u32 = 13;

/// Coefficients from YUV to RGB in steps of 2^-13.
#[derive(Clone, Copy)]
pub(crate) struct ToRgb {
    y: i32,
    r_v: i32,
    g_u: i32,
    g_v: i32,
    b_u: i32,
}

impl ToRgb {
    const fn new(matrix: Matrix) -> Self {
        let (kr, kb) = matrix.weights();
        let kg = 1.0 - kr - kb;
        let chroma = 255.0 / 224.0;
        Self {
            y: fixed(255.0 / 219.0, TO_SHIFT),
            r_v: fixed(2.0 * (1.0 - kr) * chroma, TO_SHIFT),
            g_u: fixed(-2.0 * (1.0 - kb) * kb / kg * chroma, TO_SHIFT),
            g_v: fixed(-2.0 * (1.0 - kr) * kr / kg * chroma, TO_SHIFT),
            b_u: fixed(2.0 * (1.0 - kb) * chroma, TO_SHIFT),
        }
    }

    /// What chroma adds to red, green and blue, with rounding and black level included.
    #[inline(always)]
    pub(crate) fn chroma(&self, u: u8, v: u8) -> [i32; 3] {
        let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
        let base = (1 << (TO_SHIFT - 1)) - 16 * self.y;
        [self.r_v * v + base, self.g_u * u + self.g_v * v + base, self.b_u * u + base]
    }

    /// What luma adds to each.
    #[inline(always)]
    pub(crate) fn luma(&self, y: u8) -> i32 {
        self.y * i32::from(y)
    }

    /// The sum of luma and chroma as a value from 0 to 255.
    #[inline(always)]
    pub(crate) fn value(sum: i32) -> i32 {
        (sum >> TO_SHIFT).clamp(0, 255)
    }
}

const FROM_SHIFT: u32 = 16;

/// Coefficients from RGB to YUV in steps of 2^-16.
#[derive(Clone, Copy)]
pub(crate) struct FromRgb {
    y: [i32; 3],
    u: [i32; 3],
    v: [i32; 3],
}

impl FromRgb {
    const fn new(matrix: Matrix) -> Self {
        let (kr, kb) = matrix.weights();
        let kg = 1.0 - kr - kb;
        let (luma, chroma) = (219.0 / 255.0, 224.0 / 255.0);
        let (su, sv) = (chroma / (2.0 * (1.0 - kb)), chroma / (2.0 * (1.0 - kr)));
        let s = FROM_SHIFT;
        Self {
            y: [fixed(luma * kr, s), fixed(luma * kg, s), fixed(luma * kb, s)],
            u: [fixed(-su * kr, s), fixed(-su * kg, s), fixed(su * (1.0 - kb), s)],
            v: [fixed(sv * (1.0 - kr), s), fixed(-sv * kg, s), fixed(-sv * kb, s)],
        }
    }

    #[inline(always)]
    pub(crate) fn luma(&self, rgb: [u8; 3]) -> u8 {
        let sum = dot(self.y, rgb.map(i32::from)) + (1 << (FROM_SHIFT - 1));
        ((sum >> FROM_SHIFT) + 16).clamp(0, 255) as u8
    }

    /// Chroma of the sum of four pixels.
    #[inline(always)]
    pub(crate) fn chroma(&self, sum_of_4: [i32; 3]) -> [u8; 2] {
        let round = 1 << (FROM_SHIFT + 1);
        let one = |k| (((dot(k, sum_of_4) + round) >> (FROM_SHIFT + 2)) + 128).clamp(0, 255) as u8;
        [one(self.u), one(self.v)]
    }
}

#[inline(always)]
fn dot(k: [i32; 3], x: [i32; 3]) -> i32 {
    k[0] * x[0] + k[1] * x[1] + k[2] * x[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formulas of the recommendations in floating point.
    fn reference_to_rgb(matrix: Matrix, yuv: [u8; 3]) -> [f64; 3] {
        let (kr, kb) = matrix.weights();
        let y = (f64::from(yuv[0]) - 16.0) / 219.0;
        let (pb, pr) = ((f64::from(yuv[1]) - 128.0) / 224.0, (f64::from(yuv[2]) - 128.0) / 224.0);
        let r = y + 2.0 * (1.0 - kr) * pr;
        let b = y + 2.0 * (1.0 - kb) * pb;
        let g = (y - kr * r - kb * b) / (1.0 - kr - kb);
        [r, g, b].map(|x| (255.0 * x).clamp(0.0, 255.0))
    }

    fn reference_from_rgb(matrix: Matrix, rgb: [u8; 3]) -> [f64; 3] {
        let (kr, kb) = matrix.weights();
        let [r, g, b] = rgb.map(|x| f64::from(x) / 255.0);
        let y = kr * r + (1.0 - kr - kb) * g + kb * b;
        let (pb, pr) = ((b - y) / (2.0 * (1.0 - kb)), (r - y) / (2.0 * (1.0 - kr)));
        [16.0 + 219.0 * y, 128.0 + 224.0 * pb, 128.0 + 224.0 * pr]
    }

    #[test]
    fn both_ways_stay_within_one_of_the_formulas() {
        for matrix in [Matrix::Bt601, Matrix::Bt709] {
            let (to, from) = (matrix.yuv_to_rgb(), matrix.rgb_to_yuv());
            for a in (0..=255u8).step_by(3) {
                for b in (0..=255u8).step_by(3) {
                    for c in (0..=255u8).step_by(3) {
                        let chroma = to.chroma(b, c);
                        let rgb = chroma.map(|k| ToRgb::value(to.luma(a) + k));
                        for (got, want) in rgb.iter().zip(reference_to_rgb(matrix, [a, b, c])) {
                            assert!(
                                (f64::from(*got) - want).abs() <= 1.0,
                                "{matrix:?} {a} {b} {c}"
                            );
                        }
                        let [u, v] = from.chroma([a, b, c].map(|x| 4 * i32::from(x)));
                        let yuv = [from.luma([a, b, c]), u, v];
                        for (got, want) in yuv.iter().zip(reference_from_rgb(matrix, [a, b, c])) {
                            assert!(
                                (f64::from(*got) - want).abs() <= 1.0,
                                "{matrix:?} {a} {b} {c}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn black_white_and_red_are_the_known_samples() {
        let from = Matrix::Bt601.rgb_to_yuv();
        assert_eq!(from.luma([0; 3]), 16);
        assert_eq!(from.luma([255; 3]), 235);
        assert_eq!(from.luma([255, 0, 0]), 81);
        assert_eq!(from.chroma([1020, 0, 0]), [90, 240]);
        assert_eq!(Matrix::Bt709.rgb_to_yuv().luma([255, 0, 0]), 63);
    }
}
