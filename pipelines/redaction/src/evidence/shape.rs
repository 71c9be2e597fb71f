//! The offending vehicle's outline in its own box, learned where nobody else is near: what shows behind it in the
//! corners of the box is not it.

use wayside_proto::BoxPx;

use super::cells::{CELL_PX, Cells};

/// Places along each side of the box.
const SIDE: usize = 16;

/// Frames on each side whose outlines are summed: one to two seconds.
const WINDOW: usize = 20;

/// Share of the frames in which a place must have been covered for it to be the vehicle's.
const COVERED: (u32, u32) = (1, 3);

/// Difference of a cell's mean that counts as covered: luma, chrominance.
const STEP: (i32, i32) = (5, 4);

/// How often each place of the box was looked at, and was covered.
#[derive(Clone, Debug)]
struct Outline {
    seen: [u32; SIDE * SIDE],
    covered: [u32; SIDE * SIDE],
}

/// Outlines of all frames of a clip.
#[derive(Debug, Default)]
pub(super) struct Shape {
    frames: Vec<Option<Box<Outline>>>,
}

impl Shape {
    /// Takes the next frame: where the vehicle is, and the boxes of others.
    pub(super) fn learn(
        &mut self,
        background: &Cells,
        cells: &Cells,
        own: Option<&BoxPx>,
        others: &[BoxPx],
    ) {
        let Some(own) = own else {
            self.frames.push(None);
            return;
        };
        let mut outline = Box::new(Outline { seen: [0; SIDE * SIDE], covered: [0; SIDE * SIDE] });
        let (columns, rows) = cells.within(own);
        for row in rows {
            for column in columns.clone() {
                let (x, y) = ((column as f32 + 0.5) * CELL_PX, (row as f32 + 0.5) * CELL_PX);
                let taken = |b: &BoxPx| x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1;
                let (Some(place), false) = (place(own, x, y), others.iter().any(taken)) else {
                    continue;
                };
                let at = row * cells.columns + column;
                let ([a, b, c], [d, e, f]) = (cells.yuv[at], background.yuv[at]);
                let gap = |a: u8, b: u8| (i32::from(a) - i32::from(b)).abs();
                let differs = gap(a, d) > STEP.0 || gap(b, e) > STEP.1 || gap(c, f) > STEP.1;
                outline.seen[place] += 1;
                outline.covered[place] += u32::from(differs);
            }
        }
        self.frames.push(Some(outline));
    }

    /// For each place of the vehicle's box in a frame, whether it is the vehicle's. Places of which nothing is
    /// known are not.
    pub(super) fn at(&self, frame: usize) -> OwnPlaces {
        let mut sums = Outline { seen: [0; SIDE * SIDE], covered: [0; SIDE * SIDE] };
        let end = (frame + WINDOW + 1).min(self.frames.len());
        for outline in self.frames[frame.saturating_sub(WINDOW).min(end)..end].iter().flatten() {
            for place in 0..SIDE * SIDE {
                // A place takes what its neighbours say too: cells are coarser than places.
                let (x, y) = (place % SIDE, place / SIDE);
                for (x, y) in [(x, y), (x.saturating_sub(1), y), ((x + 1).min(SIDE - 1), y)] {
                    sums.seen[place] += outline.seen[y * SIDE + x];
                    sums.covered[place] += outline.covered[y * SIDE + x];
                }
            }
        }
        let mut own = [false; SIDE * SIDE];
        for (place, own) in own.iter_mut().enumerate() {
            *own = sums.seen[place] > 0
                && sums.covered[place] * COVERED.1 >= sums.seen[place] * COVERED.0;
        }
        OwnPlaces { own }
    }
}

/// Which places of the vehicle's box are the vehicle's.
pub(super) struct OwnPlaces {
    own: [bool; SIDE * SIDE],
}

impl OwnPlaces {
    /// Whether the pixel is the vehicle's, whose box is `own`; false outside the box.
    pub(super) fn holds(&self, own: &BoxPx, x: f32, y: f32) -> bool {
        place(own, x, y).is_some_and(|place| self.own[place])
    }
}

fn place(own: &BoxPx, x: f32, y: f32) -> Option<usize> {
    let along = |v: f32, low: f32, high: f32| {
        let share = (v - low) / (high - low).max(1.0);
        (0.0..1.0).contains(&share).then_some((share * SIDE as f32) as usize)
    };
    let (x, y) = (along(x, own.x0, own.x1)?, along(y, own.y0, own.y1)?);
    Some(y.min(SIDE - 1) * SIDE + x.min(SIDE - 1))
}
