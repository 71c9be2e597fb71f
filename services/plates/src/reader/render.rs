//! Draws the tail of a vehicle with a plate on it, for tests: perspective, blur, noise, JPEG.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont};
use image::{Rgb, RgbImage};

/// The same numbers each time.
pub(super) struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// 0 to 1.
    pub fn roll(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }

    fn within(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.roll()
    }

    fn below(&mut self, count: usize) -> usize {
        ((self.roll() * count as f32) as usize).min(count - 1)
    }
}

/// A made-up plate of six to eight characters, two of them letters first.
pub(super) fn plate_text(dice: &mut Dice) -> String {
    let letters = b"ABCDEFGHJKLMNPRSTUVWXYZ";
    let mut text = String::new();
    let mut push = |set: &[u8], count: usize, dice: &mut Dice| {
        for _ in 0..count {
            text.push(char::from(set[dice.below(set.len())]));
        }
    };
    let (head, digits, tail) = (1 + dice.below(2), 3 + dice.below(2), 1 + dice.below(2));
    push(letters, head, dice);
    push(b"0123456789", digits, dice);
    push(letters, tail, dice);
    text
}

/// The plate flat: 1040 x 220 pixels, white, black letters, a blue field at the left.
fn flat(text: &str) -> RgbImage {
    let mut plate = RgbImage::from_pixel(1040, 220, Rgb([235, 235, 230]));
    for (x, y, pixel) in plate.enumerate_pixels_mut() {
        if x < 8 || y < 8 || x >= 1032 || y >= 212 {
            *pixel = Rgb([20, 20, 20]);
        } else if x < 90 {
            *pixel = Rgb([20, 60, 160]);
        }
    }
    let font = FontRef::try_from_slice(dejavu::sans_condensed::bold()).expect("a font");
    let scaled = font.as_scaled(PxScale::from(205.0));
    let gap = 10.0;
    let wide: f32 = text.chars().map(|c| scaled.h_advance(scaled.glyph_id(c)) + gap).sum();
    let squeeze = (900.0 / wide).min(1.0);
    let font_scale = PxScale { x: 205.0 * squeeze, y: 205.0 };
    let scaled = font.as_scaled(font_scale);
    let mut x = 105.0 + (910.0 - wide * squeeze) / 2.0;
    for c in text.chars() {
        let id = scaled.glyph_id(c);
        let glyph = id.with_scale_and_position(font_scale, ab_glyph::point(x, 183.0));
        x += scaled.h_advance(id) + gap * squeeze;
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let bounds = outline.px_bounds();
        outline.draw(|gx, gy, cover| {
            let (px, py) = (bounds.min.x as i32 + gx as i32, bounds.min.y as i32 + gy as i32);
            if (0..1040).contains(&px) && (0..220).contains(&py) {
                let pixel = plate.get_pixel_mut(px as u32, py as u32);
                for value in &mut pixel.0 {
                    *value = (f32::from(*value) * (1.0 - cover) + 15.0 * cover) as u8;
                }
            }
        });
    }
    plate
}

/// The tail of a vehicle whose plate is `width_px` wide.
pub(super) fn vehicle(text: &str, width_px: f32, dice: &mut Dice) -> RgbImage {
    let plate = flat(text);
    let (w, h) = ((width_px / 0.29) as u32, (width_px / 0.29 * 0.82) as u32);
    let body = [dice.within(30.0, 210.0), dice.within(30.0, 210.0), dice.within(30.0, 210.0)];
    // Corners of the plate: turned up to 25 degrees away, tilted a little, sheared by the yaw.
    let squeeze = dice.within(0.9, 1.0);
    let (pw, ph) = (width_px * squeeze, width_px * 0.2115);
    let (left, top) = (w as f32 * dice.within(0.3, 0.4), h as f32 * dice.within(0.52, 0.72));
    let roll = dice.within(-0.05, 0.05);
    let taper = dice.within(-0.06, 0.06);
    let light = dice.within(0.55, 1.1);
    let mut picture = RgbImage::new(w, h);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let mut sum = [0.0f32; 3];
        for (ox, oy) in
            (0..9).map(|i| ((i % 3) as f32 / 3.0 + 1.0 / 6.0, (i / 3) as f32 / 3.0 + 1.0 / 6.0))
        {
            let (fx, fy) = (x as f32 + ox, y as f32 + oy);
            let u = (fx - left) / pw;
            let v = ((fy - top) - (fx - left) * roll) / (ph * (1.0 + taper * (u - 0.5)));
            let colour = if (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v) {
                plate.get_pixel((u * 1039.0) as u32, (v * 219.0) as u32).0.map(f32::from)
            } else {
                tail(fx / w as f32, fy / h as f32, body)
            };
            sum.iter_mut().zip(colour).for_each(|(sum, value)| *sum += value / 9.0);
        }
        *pixel = Rgb(sum.map(|value| (value * light).clamp(0.0, 255.0) as u8));
    }
    let blur = dice.within(0.3, 0.9 + width_px / 250.0);
    let mut picture = image::imageops::blur(&picture, blur);
    let noise = dice.within(2.0, 9.0);
    for value in picture.iter_mut() {
        let shaken = f32::from(*value) + (dice.roll() + dice.roll() - 1.0) * 2.0 * noise;
        *value = shaken.clamp(0.0, 255.0) as u8;
    }
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 85);
    encoder.encode_image(&picture).expect("JPEG");
    super::crop::decode(jpeg.get_ref()).expect("a picture")
}

/// Window, lights, bumper with a grille, wheels, road.
fn tail(u: f32, v: f32, body: [f32; 3]) -> [f32; 3] {
    let dark = [25.0, 28.0, 32.0];
    if v > 0.94 {
        return [90.0, 90.0, 92.0];
    }
    if (0.14..0.38).contains(&v) && (0.15..0.85).contains(&u) {
        return [60.0 + 80.0 * v, 70.0 + 80.0 * v, 80.0 + 90.0 * v];
    }
    if (0.44..0.54).contains(&v) && !(0.2..0.8).contains(&u) {
        return [170.0, 25.0, 25.0];
    }
    if v > 0.84 {
        // Slats: upright edges that are no text.
        return if (0.25..0.75).contains(&u) && (u * 60.0) as i32 % 2 == 0 {
            [70.0; 3]
        } else {
            dark
        };
    }
    if (0.48..0.51).contains(&v) {
        return body.map(|value| value * 0.6);
    }
    body.map(|value| value * (1.05 - 0.3 * v))
}
