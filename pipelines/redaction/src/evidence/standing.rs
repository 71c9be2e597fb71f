//! Road users that stand for the whole clip: motion cannot find them, so a sighting in any picture hides
//! their place in all of them.

use wayside_picture::Detection;
use wayside_proto::BoxPx;

use super::boxes::grown;
use super::cells::Cells;
use super::settings::Settings;

/// Share of the middle of a box that must look like the background for its road user to be part of that.
const UNMOVED: f32 = 0.8;

/// By how much less than the box that middle is on each side, as a share of its size: somebody who walks fills
/// the middle, not the corners.
const RIM: f32 = 0.2;

/// Overlap from which two sightings are of one place.
const SAME_IOU: f32 = 0.45;

/// Difference of a cell's mean from the background's that counts as change: luma, chrominance.
const STEP: (i32, i32) = (7, 6);

/// Most places.
const PLACES_MAX: usize = 2048;

/// One place where something stands.
struct Place {
    box_px: BoxPx,
    best: f32,
    sum: f32,
}

/// Collects sightings of what is part of the background.
pub(super) struct Standing<'a> {
    background: &'a Cells,
    places: Vec<Place>,
    frames: usize,
}

impl<'a> Standing<'a> {
    pub(super) fn new(background: &'a Cells) -> Self {
        Self { background, places: Vec::new(), frames: 0 }
    }

    /// Takes the sightings of one picture, whose cells these are, and gives back those of who is not part
    /// of the background.
    pub(super) fn see(&mut self, cells: &Cells, seen: Vec<Detection>) -> Vec<Detection> {
        self.frames += 1;
        let (still, moving): (Vec<_>, Vec<_>) = seen
            .into_iter()
            .partition(|found| self.unmoved(cells, &grown(&found.box_px, -RIM, 0.0)) >= UNMOVED);
        for found in still {
            let same = |place: &Place| place.box_px.iou(&found.box_px) >= SAME_IOU;
            let room = self.places.len() < PLACES_MAX;
            match self.places.iter_mut().find(|place| same(place)) {
                Some(place) => {
                    place.sum += found.score;
                    if found.score > place.best {
                        (place.best, place.box_px) = (found.score, found.box_px);
                    }
                }
                None if room => self.places.push(Place {
                    box_px: found.box_px,
                    best: found.score,
                    sum: found.score,
                }),
                None => {}
            }
        }
        moving
    }

    /// Share of the box whose cells equal the background, 0 to 1; 0 where it has no cell.
    fn unmoved(&self, cells: &Cells, b: &BoxPx) -> f32 {
        let (columns, rows) = cells.within(b);
        let (mut all, mut equal) = (0_u32, 0_u32);
        for row in rows {
            for column in columns.clone() {
                let at = row * cells.columns + column;
                let ([y, u, v], [by, bu, bv]) = (cells.yuv[at], self.background.yuv[at]);
                let gap = |a: u8, b: u8| (i32::from(a) - i32::from(b)).abs();
                all += 1;
                equal +=
                    u32::from(gap(y, by) <= STEP.0 && gap(u, bu) <= STEP.1 && gap(v, bv) <= STEP.1);
            }
        }
        equal as f32 / all.max(1) as f32
    }

    /// The places to hide in every picture.
    pub(super) fn finish(self, settings: &Settings) -> Vec<BoxPx> {
        let sum_min = settings.standing_score_mean * self.frames as f32;
        self.places
            .into_iter()
            .filter(|p| p.best >= settings.standing_score_alone || p.sum >= sum_min)
            .map(|p| grown(&p.box_px, 0.1, 4.0))
            .collect()
    }
}
