//! Text: glyphs of DejaVu Sans Condensed Bold as coverage masks, with a halo.
//!
//! The font comes as bytes inside the crate `dejavu` (crate: MIT or Apache-2.0; the DejaVu fonts:
//! free under the Bitstream Vera licence, changes public domain).

use std::collections::BTreeMap;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use tiny_skia::{Pixmap, PremultipliedColorU8};

use super::palette::{INK, Rgba};

/// Radius of the halo, pixels.
const HALO_PX: i32 = 2;
/// Longest text that is drawn, characters; more is cut with an ellipsis.
const CHARS_MAX: usize = 120;
/// Glyphs that are kept; more than a report ever shows in one script.
const GLYPHS_MAX: usize = 1024;

/// One glyph at one size: coverage of the letter and of its halo over the same rectangle.
struct Glyph {
    /// From the pen to the left edge of the masks, pixels.
    left: i32,
    /// From the baseline to the top edge of the masks, pixels, y down.
    top: i32,
    width: i32,
    height: i32,
    letter: Vec<u8>,
    halo: Vec<u8>,
}

/// Draws text into pixmaps; keeps the glyphs that it has drawn.
pub(crate) struct Texter {
    font: Option<FontRef<'static>>,
    glyphs: BTreeMap<(u16, u16), Glyph>,
}

impl Texter {
    pub(crate) fn new() -> Self {
        let font = FontRef::try_from_slice(dejavu::sans_condensed::bold()).ok();
        Self { font, glyphs: BTreeMap::new() }
    }

    /// Width and height of a line of text at a size, pixels, halo included.
    pub(crate) fn size(&self, text: &str, size_px: u16) -> [f32; 2] {
        let Some(font) = &self.font else { return [0.0, 0.0] };
        let scaled = font.as_scaled(PxScale::from(f32::from(size_px)));
        let width: f32 =
            text.chars().take(CHARS_MAX).map(|c| scaled.h_advance(font.glyph_id(c))).sum();
        let halo = HALO_PX as f32;
        [width.ceil() + 2.0 * halo, scaled.height().ceil() + 2.0 * halo]
    }

    /// The longest beginning of `text` that fits into `width_px`, with an ellipsis where cut.
    pub(crate) fn fit(&self, text: &str, size_px: u16, width_px: f32) -> String {
        let clean: String =
            text.chars().take(CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let whole = clean.chars().count() == text.chars().count();
        if whole && self.size(&clean, size_px)[0] <= width_px {
            return clean;
        }
        let mut kept = clean;
        while !kept.is_empty() {
            kept.pop();
            let cut = format!("{}…", kept.trim_end());
            if self.size(&cut, size_px)[0] <= width_px {
                return cut;
            }
        }
        String::new()
    }

    /// Draws one line with its top left corner (halo included) at `at`; clipped to the pixmap.
    pub(crate) fn draw(
        &mut self,
        pixmap: &mut Pixmap,
        text: &str,
        at: [f32; 2],
        size_px: u16,
        colour: Rgba,
        halo: bool,
    ) {
        let Some(font) = self.font.clone() else { return };
        if !at[0].is_finite() || !at[1].is_finite() {
            return;
        }
        let scaled = font.as_scaled(PxScale::from(f32::from(size_px)));
        let baseline = (at[1] + HALO_PX as f32 + scaled.ascent()).round() as i32;
        let mut pen = at[0] + HALO_PX as f32;
        let mut placed = Vec::new();
        for c in text.chars().take(CHARS_MAX) {
            let id = font.glyph_id(c);
            self.load(&font, id, size_px);
            placed.push(((id.0, size_px), pen.round() as i32));
            pen += scaled.h_advance(id);
        }
        if halo {
            for (key, x) in &placed {
                if let Some(glyph) = self.glyphs.get(key) {
                    glyph.blit(pixmap, [*x, baseline], &glyph.halo, [INK[0], INK[1], INK[2], 215]);
                }
            }
        }
        for (key, x) in &placed {
            if let Some(glyph) = self.glyphs.get(key) {
                glyph.blit(pixmap, [*x, baseline], &glyph.letter, colour);
            }
        }
    }

    fn load(&mut self, font: &FontRef<'static>, id: ab_glyph::GlyphId, size_px: u16) {
        let key = (id.0, size_px);
        if self.glyphs.contains_key(&key) {
            return;
        }
        if self.glyphs.len() >= GLYPHS_MAX {
            self.glyphs.clear();
        }
        let scale = PxScale::from(f32::from(size_px));
        let glyph = id.with_scale_and_position(scale, point(0.0, 0.0));
        // Blanks have no outline.
        let Some(outline) = font.outline_glyph(glyph) else { return };
        let bounds = outline.px_bounds();
        let (w, h) = (bounds.width() as i32 + 2 * HALO_PX, bounds.height() as i32 + 2 * HALO_PX);
        if w <= 0 || h <= 0 || w > 512 || h > 512 {
            return;
        }
        let mut letter = vec![0u8; (w * h) as usize];
        outline.draw(|x, y, coverage| {
            let index = (y as i32 + HALO_PX) * w + x as i32 + HALO_PX;
            if let Some(pixel) = letter.get_mut(index as usize) {
                *pixel = (coverage.clamp(0.0, 1.0) * 255.0).round() as u8;
            }
        });
        let halo = dilate(&letter, w, h);
        let (left, top) = (bounds.min.x as i32 - HALO_PX, bounds.min.y as i32 - HALO_PX);
        self.glyphs.insert(key, Glyph { left, top, width: w, height: h, letter, halo });
    }
}

/// The largest coverage within the halo's radius.
fn dilate(mask: &[u8], w: i32, h: i32) -> Vec<u8> {
    let mut out = vec![0u8; mask.len()];
    for y in 0..h {
        for x in 0..w {
            let mut most = 0;
            for dy in -HALO_PX..=HALO_PX {
                for dx in -HALO_PX..=HALO_PX {
                    let (sx, sy) = (x + dx, y + dy);
                    let inside = (0..w).contains(&sx) && (0..h).contains(&sy);
                    if inside && dx * dx + dy * dy <= HALO_PX * HALO_PX + 1 {
                        most = most.max(mask[(sy * w + sx) as usize]);
                    }
                }
            }
            out[(y * w + x) as usize] = most;
        }
    }
    out
}

impl Glyph {
    fn blit(&self, pixmap: &mut Pixmap, pen: [i32; 2], mask: &[u8], colour: Rgba) {
        let (width, height) = (pixmap.width() as i32, pixmap.height() as i32);
        let (x0, y0) = (pen[0].saturating_add(self.left), pen[1].saturating_add(self.top));
        let pixels = pixmap.pixels_mut();
        for row in 0..self.height {
            let y = y0.saturating_add(row);
            if !(0..height).contains(&y) {
                continue;
            }
            for column in 0..self.width {
                let x = x0.saturating_add(column);
                let coverage = mask[(row * self.width + column) as usize];
                if coverage > 0 && (0..width).contains(&x) {
                    over(&mut pixels[(y * width + x) as usize], colour, coverage);
                }
            }
        }
    }
}

/// Source-over of a colour with a coverage.
fn over(pixel: &mut PremultipliedColorU8, colour: Rgba, coverage: u8) {
    let scale = |a: u8, b: u8| ((u32::from(a) * u32::from(b) + 127) / 255) as u8;
    let alpha = scale(colour[3], coverage);
    let rest = 255 - alpha;
    let mix = |new: u8, old: u8| scale(new, alpha).saturating_add(scale(old, rest));
    let a = alpha.saturating_add(scale(pixel.alpha(), rest));
    let r = mix(colour[0], pixel.red()).min(a);
    let g = mix(colour[1], pixel.green()).min(a);
    let b = mix(colour[2], pixel.blue()).min(a);
    if let Some(mixed) = PremultipliedColorU8::from_rgba(r, g, b, a) {
        *pixel = mixed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_is_there_and_draws() {
        let mut texter = Texter::new();
        let mut pixmap = Pixmap::new(80, 24).expect("a pixmap");
        texter.draw(&mut pixmap, "car 12", [2.0, 2.0], 16, [255; 4], true);
        let drawn = pixmap.pixels().iter().filter(|p| p.alpha() > 0).count();
        assert!(drawn > 200, "{drawn} pixels");
    }

    #[test]
    fn long_texts_are_cut_to_the_width() {
        let texter = Texter::new();
        assert_eq!(texter.fit("short", 14, 200.0), "short");
        let cut = texter.fit("a name that is much too long for this", 14, 60.0);
        assert!(cut.ends_with('…') && texter.size(&cut, 14)[0] <= 60.0, "{cut}");
        assert_eq!(texter.fit("x", 14, 1.0), "");
    }

    #[test]
    fn text_outside_the_pixmap_is_clipped() {
        let mut texter = Texter::new();
        let mut pixmap = Pixmap::new(2, 2).expect("a pixmap");
        for at in [[-1e9, 3.0], [1e9, -1e9], [f32::NAN, 0.0], [1.0, 1.0]] {
            texter.draw(&mut pixmap, "wide", at, 30, [255; 4], true);
        }
    }
}
