//! Decides what must be hidden in a picture before it is stored or leaves the worker (PV-1), and
//! hides it.
//!
//! Three layers, each of which only adds: people and riders that the detector or the tracker knows
//! of; the zones of a vehicle where a plate or a face can be; and whatever else moves, found by a
//! detector or not. What is hidden is replaced by block means, which cannot be undone: a block
//! keeps one value where the picture had dozens.
//!
//! Pure: pictures and boxes in, picture out. Deliberately absent: recognition of any kind. Nothing
//! here computes a feature of a person.
//!
//! [`Redactor`] hides in live pictures; [`evidence`] in the clip of one violation, by a stricter
//! allow-list.

pub mod evidence;
mod movers;
mod zones;

use wayside_picture::{Picture, PixelRect};
use wayside_proto::{BoxPx, RoadUserClass};

pub use zones::{Zone, zones};

/// Hides people, faces and plates in the pictures of one camera, in order of time.
#[derive(Debug)]
pub struct Redactor {
    movers: movers::Movers,
}

impl Redactor {
    /// A redactor for pictures of this size.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        Self { movers: movers::Movers::new(width, height) }
    }

    /// Hides what must be hidden in `picture`. `road_users` are the boxes of all that is known to be
    /// in it, detected, tentative or predicted.
    pub fn redact(&mut self, picture: &mut Picture, road_users: &[(RoadUserClass, BoxPx)]) {
        let vehicles: Vec<BoxPx> = road_users
            .iter()
            .filter(|(class, _)| class.motor_vehicle().is_some())
            .map(|(_, box_px)| *box_px)
            .collect();
        // Looked at before anything is hidden, so that hiding does not count as motion.
        let unknown = self.movers.outside(picture, &vehicles);
        for (class, box_px) in road_users {
            for zone in zones(*class, *box_px) {
                hide(picture, &zone.box_px, zone.block_px);
            }
        }
        for box_px in unknown {
            hide(picture, &box_px, movers::CELL_PX);
        }
    }
}

fn hide(picture: &mut Picture, box_px: &BoxPx, block_px: u32) {
    if let Some(rect) = PixelRect::covering(box_px, picture.width, picture.height) {
        // A rectangle that covers part of the picture lies inside it, so this cannot be refused.
        let hidden = picture.pixelate(rect, block_px);
        debug_assert!(hidden.is_ok(), "{hidden:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayside_picture::Matrix;

    /// One grey level every second pixel, so that any block mean differs from any pixel.
    fn checkered() -> Picture {
        let y = (0..320 * 240).map(|i| if (i + i / 320) % 2 == 0 { 60 } else { 180 }).collect();
        let chroma = vec![128; 160 * 120];
        Picture::new(320, 240, y, chroma.clone(), chroma, Matrix::Bt709).expect("a picture")
    }

    fn kept(before: &Picture, after: &Picture, box_px: BoxPx) -> usize {
        let rows = box_px.y0 as usize..box_px.y1 as usize;
        let at = |row: usize, column: usize| row * 320 + column;
        rows.flat_map(|row| (box_px.x0 as usize..box_px.x1 as usize).map(move |c| at(row, c)))
            .filter(|&index| before.y[index] == after.y[index])
            .count()
    }

    #[test]
    fn no_pixel_of_a_person_is_left() {
        let before = checkered();
        let mut after = before.clone();
        let person = BoxPx { x0: 100.0, y0: 60.0, x1: 130.0, y1: 140.0 };
        Redactor::new(320, 240).redact(&mut after, &[(RoadUserClass::Person, person)]);
        assert_eq!(kept(&before, &after, person), 0);
        let elsewhere = BoxPx { x0: 200.0, y0: 60.0, x1: 230.0, y1: 140.0 };
        assert_eq!(kept(&before, &after, elsewhere), 30 * 80);
    }

    #[test]
    fn a_person_whom_no_detector_found_is_hidden_when_moving() {
        let mut redactor = Redactor::new(320, 240);
        let mut first = checkered();
        redactor.redact(&mut first, &[]);
        let mut y = checkered().y.to_vec();
        for row in 96..144 {
            y[row * 320 + 96..row * 320 + 112].fill(20);
        }
        let chroma = vec![128; 160 * 120];
        let second = Picture::new(320, 240, y, chroma.clone(), chroma, Matrix::Bt709).expect("ok");
        let mut after = second.clone();
        redactor.redact(&mut after, &[]);
        assert_eq!(redactor.movers.outside(&second, &[]).len(), 3);
    }
}
