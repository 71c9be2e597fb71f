//! Whatever moves outside the vehicles that are known, found by a detector or not.

use wayside_picture::{MEAN_STEPS, Picture};
use wayside_proto::BoxPx;

/// Side of a cell, pixels.
pub const CELL_PX: u32 = 16;

/// How far the mean luma of a cell must be from the background to count as motion.
const LUMA_DIFFERENCE_MIN: i32 = 10;

/// For how many frames a cell stays hidden after it last moved: a person who pauses is still one.
const HOLD_FRAMES: u8 = 15;

/// How fast the background follows the picture: one grey level in so many frames.
const FOLLOW_FRAMES: u64 = 4;

/// A background of cell means and the cells that lately differed from it.
#[derive(Debug)]
pub struct Movers {
    columns: u32,
    background: Vec<i32>,
    hold: Vec<u8>,
    frames: u64,
}

impl Movers {
    /// For pictures of this size.
    pub fn new(width: u32, height: u32) -> Self {
        let (columns, rows) = (width.div_ceil(CELL_PX), height.div_ceil(CELL_PX));
        Self {
            columns,
            background: Vec::new(),
            hold: vec![0; (columns * rows) as usize],
            frames: 0,
        }
    }

    /// Learns the picture and returns the cells that move outside `vehicles`.
    pub fn outside(&mut self, picture: &Picture, vehicles: &[BoxPx]) -> Vec<BoxPx> {
        let steps = i32::from(MEAN_STEPS);
        let means: Vec<i32> = picture
            .block_means(CELL_PX)
            .means
            .iter()
            .map(|mean| i32::from(*mean) / steps)
            .collect();
        if self.background.is_empty() {
            self.background.clone_from(&means);
        }
        self.frames += 1;
        // Clouds and the camera's exposure change the whole picture at once; that is no motion.
        let common = median(means.iter().zip(&self.background).map(|(mean, past)| mean - past));
        let mut found = Vec::new();
        for (index, (&mean, background)) in means.iter().zip(&mut self.background).enumerate() {
            let hold = &mut self.hold[index];
            let cell = cell_box(index as u32 % self.columns, index as u32 / self.columns);
            let covers = |vehicle: &BoxPx| vehicle.intersection(&cell) >= cell.area() / 2.0;
            if vehicles.iter().any(covers) {
                // A vehicle is no background, and leaves no trail of hidden cells.
                *hold = 0;
                continue;
            }
            let moved = (mean - *background - common).abs() >= LUMA_DIFFERENCE_MIN;
            *hold = if moved { HOLD_FRAMES } else { hold.saturating_sub(1) };
            if self.frames.is_multiple_of(FOLLOW_FRAMES) {
                *background += (mean - *background).signum();
            }
            if *hold > 0 {
                found.push(cell);
            }
        }
        found
    }
}

fn median(values: impl Iterator<Item = i32>) -> i32 {
    let mut values: Vec<i32> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

fn cell_box(column: u32, row: u32) -> BoxPx {
    let (x0, y0) = ((column * CELL_PX) as f32, (row * CELL_PX) as f32);
    BoxPx { x0, y0, x1: x0 + CELL_PX as f32, y1: y0 + CELL_PX as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayside_picture::Matrix;

    /// A grey picture of 64 by 48 pixels with a bright patch of one cell at `x`.
    fn picture(x: Option<usize>) -> Picture {
        let mut y = vec![90; 64 * 48];
        for row in 16..32 {
            for column in x.into_iter().flat_map(|x| x..x + 16) {
                y[row * 64 + column] = 200;
            }
        }
        let chroma = vec![128; 32 * 24];
        Picture::new(64, 48, y, chroma.clone(), chroma, Matrix::Bt709).expect("a picture")
    }

    #[test]
    fn what_moves_is_found_and_held_and_a_known_vehicle_is_not() {
        let mut movers = Movers::new(64, 48);
        assert!(movers.outside(&picture(None), &[]).is_empty());
        assert_eq!(movers.outside(&picture(Some(16)), &[]), [cell_box(1, 1)]);
        let held = movers.outside(&picture(None), &[]);
        assert_eq!(held, [cell_box(1, 1)]);
        let vehicle = BoxPx { x0: 10.0, y0: 10.0, x1: 40.0, y1: 40.0 };
        assert!(movers.outside(&picture(Some(16)), &[vehicle]).is_empty());
        for _ in 0..HOLD_FRAMES {
            movers.outside(&picture(None), &[]);
        }
        assert!(movers.outside(&picture(None), &[]).is_empty());
    }
}
