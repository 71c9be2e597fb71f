//! Which pixels are the offending vehicle's: what a model of outlines said of one picture, and whether to believe it.
//!
//! The model only tells which pixels to hide. Where what it says is no outline of a vehicle in this box, or jumps from
//! picture to picture, it is not believed, and boxes hide as they do without it.

use wayside_picture::PixelRect;
use wayside_proto::{BoxPx, EventTime};

use super::boxes::grown;

/// Most pixels of one outline.
const PIXELS_MAX: usize = 512 * 512;

/// From this share (of 255) on a pixel is the vehicle's, or another's, when areas are summed.
const HALF: u8 = 128;

/// A pixel is unsure where none of its three shares reaches this.
const SURE: u8 = 128;

/// Least share of the vehicle's box that must be its own.
const OWN_MIN: f64 = 0.1;

/// Least share of the box that must be of road users: a box of mostly street is not the vehicle's.
const TAKEN_MIN: f64 = 0.3;

/// Largest share of the box that may be unsure.
const UNSURE_MAX: f64 = 0.3;

/// Largest share of the vehicle's pixels that may lie outside its box grown by a tenth.
const BEYOND_MAX: f64 = 0.12;

/// Places along each side of the box at which outlines of pictures are compared.
const SIDE: usize = 12;

/// From this mean difference, as a share of the area of both, two pictures do not show the same.
const FLICKER: f64 = 0.5;

/// Pictures further apart than this are not compared, microseconds.
const APART_US_MAX: i64 = 400_000;

/// For each pixel of a part of a picture, how surely it is the vehicle's, and how surely another road user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    pub(super) rect: PixelRect,
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) own: Vec<u8>,
    pub(super) other: Vec<u8>,
}

impl Outline {
    /// `own` and `other` have `columns` x `rows` values of 0 to 255 each, row by row, evenly over `rect` of the
    /// picture. None where the lengths do not fit, or there is nothing.
    #[must_use]
    pub fn new(
        rect: PixelRect,
        (columns, rows): (usize, usize),
        own: Vec<u8>,
        other: Vec<u8>,
    ) -> Option<Self> {
        let count = columns.checked_mul(rows).filter(|count| (1..=PIXELS_MAX).contains(count))?;
        let fits = own.len() == count && other.len() == count;
        let sized = rect.width > 0 && rect.height > 0;
        (fits && sized).then_some(Self { rect, columns, rows, own, other })
    }

    /// The part of the picture that it tells of.
    pub(super) fn part(&self) -> BoxPx {
        self.rect.to_box()
    }

    /// The middle of one of its pixels, pixels of the picture.
    pub(super) fn place(&self, column: usize, row: usize) -> (f32, f32) {
        let along = |start: u32, length: u32, at: usize, count: usize| {
            start as f32 + (at as f32 + 0.5) * length as f32 / count as f32
        };
        let (x, width, y, height) = (self.rect.x, self.rect.width, self.rect.y, self.rect.height);
        (along(x, width, column, self.columns), along(y, height, row, self.rows))
    }

    /// The shares at a point of the picture, between the four nearest pixels: of the vehicle, of others, 0 to 255.
    /// None outside.
    pub(super) fn at(&self, x: f32, y: f32) -> Option<(f32, f32)> {
        let along = |v: f32, start: u32, length: u32, count: usize| {
            let v = (v - start as f32) / length as f32;
            if !(0.0..1.0).contains(&v) {
                return None;
            }
            let at = (v * count as f32 - 0.5).clamp(0.0, (count - 1) as f32);
            let low = at as usize;
            Some((low, (low + 1).min(count - 1), at - low as f32))
        };
        let (x0, x1, fx) = along(x, self.rect.x, self.rect.width, self.columns)?;
        let (y0, y1, fy) = along(y, self.rect.y, self.rect.height, self.rows)?;
        let mix = |plane: &[u8]| {
            let at = |x: usize, y: usize| f32::from(plane[y * self.columns + x]);
            let upper = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * fx;
            let lower = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * fx;
            upper + (lower - upper) * fy
        };
        Some((mix(&self.own), mix(&self.other)))
    }

    /// Whether this is the outline of a vehicle whose box is `own`.
    pub(super) fn is_plausible(&self, own: &BoxPx) -> bool {
        let near = grown(own, 0.1, 2.0);
        let (mut all, mut mine, mut taken, mut unsure) = (0_u32, 0_u32, 0_u32, 0_u32);
        let (mut everywhere, mut beyond) = (0_u32, 0_u32);
        for row in 0..self.rows {
            for column in 0..self.columns {
                let (x, y) = self.place(column, row);
                let at = row * self.columns + column;
                let (o, t) = (self.own[at], self.other[at]);
                let within = |b: &BoxPx| x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1;
                everywhere += u32::from(o >= HALF);
                beyond += u32::from(o >= HALF && !within(&near));
                if !within(own) {
                    continue;
                }
                all += 1;
                mine += u32::from(o >= HALF);
                taken += u32::from(u16::from(o) + u16::from(t) >= u16::from(HALF));
                let rest = 255_u8.saturating_sub(o.saturating_add(t));
                unsure += u32::from(o.max(t).max(rest) < SURE);
            }
        }
        let share = |part: u32, of: u32| f64::from(part) / f64::from(of.max(1));
        all > 0
            && share(mine, all) >= OWN_MIN
            && share(taken, all) >= TAKEN_MIN
            && share(unsure, all) <= UNSURE_MAX
            && share(beyond, everywhere) <= BEYOND_MAX
    }

    /// Share of the vehicle's box that others take, 0 to 1.
    pub(super) fn covered(&self, own: &BoxPx) -> f64 {
        let grid = self.grid(own, |_, other| other >= f32::from(HALF));
        let (known, taken) =
            grid.iter().fold((0_u32, 0_u32), |(known, taken), place| match place {
                Some(yes) => (known + 1, taken + u32::from(*yes)),
                None => (known, taken),
            });
        f64::from(taken) / f64::from(known.max(1))
    }

    /// Whether each of 12 x 12 places of the box is so; none outside the picture.
    fn grid(&self, own: &BoxPx, is: impl Fn(f32, f32) -> bool) -> Vec<Option<bool>> {
        let place =
            |low: f32, high: f32, n: usize| low + (high - low) * (n as f32 + 0.5) / SIDE as f32;
        (0..SIDE * SIDE)
            .map(|at| {
                let x = place(own.x0, own.x1, at % SIDE);
                let y = place(own.y0, own.y1, at / SIDE);
                self.at(x, y).map(|(o, t)| is(o, t))
            })
            .collect()
    }
}

/// Which outlines are believed when they show something: those of a vehicle in its box, and like those of the pictures
/// before or after. What an outline hides needs no belief.
pub(super) fn believed(
    times: &[EventTime],
    own: &[Option<BoxPx>],
    outlines: &[Option<Outline>],
) -> Vec<bool> {
    let grids: Vec<Option<Vec<Option<bool>>>> = outlines
        .iter()
        .zip(own)
        .map(|(outline, own)| {
            let (outline, own) = (outline.as_ref()?, own.as_ref()?);
            let plausible = outline.is_plausible(own);
            plausible.then(|| outline.grid(own, |o, _| o >= f32::from(HALF)))
        })
        .collect();
    let alike = |a: usize, b: usize| {
        let near = (times.get(a)?.0 - times.get(b)?.0).abs() <= APART_US_MAX;
        let (a, b) = (grids.get(a)?.as_ref()?, grids.get(b)?.as_ref()?);
        Some(near && difference(a, b) <= FLICKER)
    };
    (0..outlines.len())
        .map(|at| {
            let before = at.checked_sub(1).and_then(|before| alike(before, at));
            // Where nothing beside it speaks for it, it is not believed.
            before == Some(true) || alike(at, at + 1) == Some(true)
        })
        .collect()
}

/// Places that only one of the two has, as a share of their mean area, 0 to 2.
fn difference(a: &[Option<bool>], b: &[Option<bool>]) -> f64 {
    let (mut apart, mut sum) = (0_u32, 0_u32);
    for (a, b) in a.iter().zip(b) {
        if let (Some(a), Some(b)) = (a, b) {
            apart += u32::from(a != b);
            sum += u32::from(*a) + u32::from(*b);
        }
    }
    2.0 * f64::from(apart) / f64::from(sum.max(1))
}

#[cfg(test)]
mod tests;
