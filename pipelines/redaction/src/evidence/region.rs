//! What the offending vehicle's outline changes around it.
//!
//! Boxes decide first, as they do without an outline. Then the outline hides what it takes for another although no box
//! does, and shows what is surely the vehicle's although the box of somebody behind it, or of somebody who
//! covers a part of it, lies over it. Where it is of two minds, or is not believed, boxes stand.

use wayside_proto::BoxPx;

use super::boxes::grown;
use super::frame::{Frame, Other};
use super::mask::Mask;
use super::mosaic::{LEVEL_MIN, level_of};
use super::outline::Outline;

/// From this share (of 255) on a pixel that boxes leave clear is hidden, where a detector saw somebody near: it is
/// another's.
const OTHER_MIN: f32 = 70.0;

/// The same where no detector saw anybody near.
const OTHER_ALONE_MIN: f32 = 160.0;

/// How far from the box of another that is: a share of its size, and pixels.
const NEAR_SHARE: (f32, f32) = (0.25, 8.0);

/// From this share on a pixel that boxes hide is shown: it is surely the vehicle's.
const OWN_SURE: f32 = 153.0;

/// From this share on a pixel may be another's, and what is next to it is not shown by the outline.
const OTHER_MAYBE: f32 = 64.0;

/// How far that reaches, steps of 2 pixels.
const NEAR: usize = 1;

/// A box of another that may stand before the vehicle is hidden whole unless at least this share of it is others' by
/// the outline: then the outline has seen who is there.
const SEEN_MIN: f64 = 0.08;

/// A rider shows in at least this share of the upper part of an offending motorcycle's box.
const RIDER_MIN: f64 = 0.06;

/// Masks of what the outline says, in steps of 2 pixels.
pub(super) struct Region {
    /// Surely the vehicle's, and nobody else's near.
    own: Mask,
    /// Another's.
    other: Mask,
    part: BoxPx,
}

impl Region {
    /// For pictures of so many steps.
    pub(super) fn of(outline: &Outline, frame: &Frame, (width, height): (usize, usize)) -> Self {
        let part = outline.part();
        let mut near = Mask::clear(width, height);
        for other in &frame.others {
            near.raise(&grown(&other.box_px, NEAR_SHARE.0, NEAR_SHARE.1), LEVEL_MIN);
        }
        let clear = || Mask::clear(width, height);
        let (mut own, mut other, mut maybe) = (clear(), clear(), clear());
        let (columns, rows) = own.span(&part);
        for row in rows {
            for column in columns.clone() {
                let Some((o, t)) = outline.at((2 * column + 1) as f32, (2 * row + 1) as f32) else {
                    continue;
                };
                let at = row * width + column;
                let least = if near.level[at] > 0 { OTHER_MIN } else { OTHER_ALONE_MIN };
                own.level[at] = u8::from(o >= OWN_SURE) * LEVEL_MIN;
                other.level[at] = u8::from(t >= least) * LEVEL_MIN;
                maybe.level[at] = u8::from(t >= OTHER_MAYBE) * LEVEL_MIN;
            }
        }
        maybe.grow_in(&part, NEAR);
        own.keep_unless(&part, &maybe);
        Self { own, other, part }
    }

    /// Changes what boxes decided in `mask`. The box of a person stays hidden whatever the outline says, unless the
    /// vehicle may have its `rider` there, who is told by the outline alone.
    pub(super) fn change(&self, mask: &mut Mask, frame: &Frame, own: &BoxPx, rider: bool) {
        let level = level_of(own).min(LEVEL_MIN + 1);
        for (at, other) in mask.level.iter_mut().zip(&self.other.level) {
            if *other > 0 {
                *at = (*at).max(level);
            }
        }
        if !frame.shows {
            return;
        }
        mask.keep_unless(&self.part, &self.own);
        for other in frame.others.iter().filter(|other| other.before(own)) {
            if (other.person && !rider) || self.overlooks(other, own) {
                mask.raise(&grown(&other.box_px, 0.05, 2.0), level_of(&other.box_px));
            }
        }
    }

    /// Whether a detector saw somebody before the vehicle whom the outline does not have.
    fn overlooks(&self, other: &Other, own: &BoxPx) -> bool {
        let b = &other.box_px;
        let both = BoxPx {
            x0: b.x0.max(own.x0),
            y0: b.y0.max(own.y0),
            x1: b.x1.min(own.x1),
            y1: b.y1.min(own.y1),
        };
        both.x1 > both.x0 && both.y1 > both.y0 && self.share(&both) < SEEN_MIN
    }

    /// Whether the rider of an offending motorcycle shows in that part of its box.
    pub(super) fn has_rider(&self, band: &BoxPx) -> bool {
        self.share(band) >= RIDER_MIN
    }

    /// Share of a box that is others'; 1 where nothing of it was looked at.
    fn share(&self, b: &BoxPx) -> f64 {
        let (columns, rows) = self.other.span(b);
        let (mut all, mut seen) = (0_u32, 0_u32);
        for row in rows {
            for column in columns.clone() {
                all += 1;
                seen += u32::from(self.other.level[row * self.other.width + column] > 0);
            }
        }
        if all == 0 { 1.0 } else { f64::from(seen) / f64::from(all) }
    }
}

#[cfg(test)]
mod tests;
