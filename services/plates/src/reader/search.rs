//! Where in a vehicle's picture a line of text may be. There is no detector of plates: a plate is a band
//! with many upright edges, evenly spread, between bands with few.

use image::RgbImage;

/// A part of a vehicle's picture, pixels; may reach beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// Shapes of plates and of their writing, width to height: from two lines' worth to the longest.
const ASPECTS: [f32; 4] = [2.2, 3.2, 4.4, 5.6];
/// Heights of a band as a share of the vehicle's height are not bounded by it alone: pixels.
const HEIGHT_PX_MIN: f32 = 8.0;
/// Each height is so many times the one before.
const HEIGHT_STEP: f32 = 1.22;
/// A plate is at most this share of the vehicle's width.
const WIDTH_SHARE_MAX: f32 = 0.7;
/// And at least this share.
const WIDTH_SHARE_MIN: f32 = 0.1;
/// Windows that overlap more than this are one.
const OVERLAP_MAX: f32 = 0.45;
/// Parts side by side that must all have edges.
const PARTS: usize = 4;

impl Window {
    /// With a margin, as shares of its height, beside it and above.
    pub(super) fn grown(self, beside: f32, above: f32) -> Self {
        let (dx, dy) = (self.height * beside, self.height * above);
        Self {
            x: self.x - dx,
            y: self.y - dy,
            width: self.width + 2.0 * dx,
            height: self.height + 2.0 * dy,
        }
    }

    /// Windows a little beside, above, larger and smaller.
    pub(super) fn jittered(self) -> Vec<Self> {
        let h = self.height;
        let moved = |dx: f32, dy: f32| Self { x: self.x + dx * h, y: self.y + dy * h, ..self };
        vec![
            moved(0.3, 0.0),
            moved(-0.3, 0.0),
            moved(0.0, 0.12),
            moved(0.0, -0.12),
            self.grown(0.25, 0.0),
            self.grown(0.0, 0.15),
            self.grown(0.0, -0.08),
            self.grown(0.5, 0.08),
        ]
    }

    fn overlap(self, other: Self) -> f32 {
        let span = |a: f32, aw: f32, b: f32, bw: f32| (a + aw).min(b + bw) - a.max(b);
        let wide = span(self.x, self.width, other.x, other.width).max(0.0);
        let high = span(self.y, self.height, other.y, other.height).max(0.0);
        let both = wide * high;
        both / (self.width * self.height + other.width * other.height - both).max(1.0)
    }
}

/// Sums of upright edges over any rectangle.
struct Edges {
    width: usize,
    height: usize,
    /// (width + 1) x (height + 1).
    sums: Vec<f32>,
}

impl Edges {
    fn of(picture: &RgbImage) -> Self {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let grey: Vec<f32> = picture
            .pixels()
            .map(|p| 0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2]))
            .collect();
        let mut sums = vec![0.0; (width + 1) * (height + 1)];
        for y in 0..height {
            let mut row = 0.0;
            for x in 0..width {
                let at = |x: usize| grey[y * width + x];
                // A strong edge counts as much as three weak ones, not as fifty.
                row += (at((x + 1).min(width - 1)) - at(x.saturating_sub(1))).abs().min(60.0);
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
            }
        }
        Self { width, height, sums }
    }

    /// Mean edge in a rectangle, cut to the picture; 0 outside.
    fn mean(&self, x: f32, y: f32, width: f32, height: f32) -> f32 {
        let cut = |value: f32, max: usize| (value.max(0.0) as usize).min(max);
        let (x0, x1) = (cut(x, self.width), cut(x + width, self.width));
        let (y0, y1) = (cut(y, self.height), cut(y + height, self.height));
        if x1 <= x0 || y1 <= y0 {
            return 0.0;
        }
        let at = |x: usize, y: usize| self.sums[y * (self.width + 1) + x];
        (at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)) / ((x1 - x0) * (y1 - y0)) as f32
    }

    /// How much a window looks like a line of text.
    fn score(&self, window: Window) -> f32 {
        let Window { x, y, width, height } = window;
        let inside = self.mean(x, y, width, height);
        let part = width / PARTS as f32;
        let least = (0..PARTS)
            .map(|index| self.mean(x + part * index as f32, y, part, height))
            .fold(f32::MAX, f32::min);
        let strip = height * 0.3;
        let around =
            self.mean(x, y - strip, width, strip).max(self.mean(x, y + height, width, strip));
        let beside =
            self.mean(x - strip, y, strip, height).max(self.mean(x + width, y, strip, height));
        inside * 0.5 + least * 0.7 - around * 0.6 - beside * 0.25
    }
}

/// The likeliest windows, best first, none twice.
pub(super) fn windows(vehicle: &RgbImage, count_max: usize) -> Vec<Window> {
    let edges = Edges::of(vehicle);
    let (width, height) = (edges.width as f32, edges.height as f32);
    let mut scored: Vec<(f32, Window)> = Vec::new();
    let mut band = HEIGHT_PX_MIN;
    while band <= height * 0.35 {
        for aspect in ASPECTS {
            let wide = band * aspect;
            if !(width * WIDTH_SHARE_MIN..=width * WIDTH_SHARE_MAX).contains(&wide) {
                continue;
            }
            let (step_x, step_y) = ((band * 0.35).max(1.0), (band * 0.2).max(1.0));
            let mut y = 0.0;
            while y + band <= height {
                let mut x = 0.0;
                while x + wide <= width {
                    let window = Window { x, y, width: wide, height: band };
                    scored.push((edges.score(window), window));
                    x += step_x;
                }
                y += step_y;
            }
        }
        band *= HEIGHT_STEP;
    }
    scored.retain(|(score, _)| *score > 0.0);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut kept: Vec<Window> = Vec::new();
    for (_, window) in scored {
        if kept.len() == count_max {
            break;
        }
        if kept.iter().all(|other| other.overlap(window) <= OVERLAP_MAX) {
            kept.push(window);
        }
    }
    kept
}
