//! Whether anything moves where the detector would look.

mod config;
mod grid;
mod light;
mod noise;
mod refresh;

use std::sync::{Arc, Weak};

use wayside_picture::{Picture, PixelRect};
use wayside_proto::EventTime;

pub use config::GateConfig;
use grid::{Grid, STEPS};
use light::{Light, Scratch};
use noise::Noise;
use refresh::Refresh;

/// Mark of a block that differs by more than two thresholds.
const STRONG: u8 = 2;

/// Mark of a block that differs by more than four.
const VERY_STRONG: u8 = 3;

/// Whether a picture is worth a look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Motion {
    /// The detector should look.
    Moving {
        /// Why.
        why: Why,
        /// Share of the watched blocks that have changed since the reference, 0 to 1.
        share: f32,
        /// Where they are, pixels; none where nothing has changed.
        around: Option<PixelRect>,
    },
    /// Nothing has moved since a picture that the detector looked at.
    Still,
}

impl Motion {
    /// Whether the detector should look.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        matches!(self, Self::Moving { .. })
    }
}

/// Why the detector should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No picture to compare with: none was accepted yet, the clock ran backwards, or the picture is not
    /// of the size that the gate is for.
    First,
    /// Something has moved.
    Moved,
    /// Something moved a moment ago.
    Hold,
    /// Nobody has looked for `look_s_max`.
    Due,
}

/// Compares pictures with one that the detector has looked at.
///
/// The reference is the last accepted picture that differed from the reference before, so that slow
/// movement adds up until it shows. Means of small blocks are compared, after the common change of light
/// has been taken off, with a threshold above the noise of the picture and each block's own. What a codec's key
/// frame changes everywhere is taken into the reference. Two neighbouring blocks are
/// movement, or one that changes very strongly.
#[derive(Debug)]
pub struct Gate {
    config: GateConfig,
    grid: Grid,
    noise: Noise,
    refresh: Refresh,
    scratch: Scratch,
    reference: Vec<u16>,
    has_reference: bool,
    /// Means of the picture last looked at, and whose they are.
    latest: Vec<u16>,
    latest_of: Weak<Vec<u8>>,
    /// Means of the picture before that.
    previous: Vec<u16>,
    has_previous: bool,
    changed: Vec<u8>,
    last_time: Option<EventTime>,
    last_accept: Option<EventTime>,
    last_motion: Option<EventTime>,
    renew: bool,
}

impl Gate {
    /// A gate for pictures of `width` x `height` pixels that watches the blocks touching `regions`, or the
    /// whole picture where there are none.
    #[must_use]
    pub fn new(config: GateConfig, width: u32, height: u32, regions: &[PixelRect]) -> Self {
        let grid = Grid::new(width, height, regions);
        let blocks = grid.columns * grid.rows;
        Self {
            config,
            noise: Noise::new(blocks),
            refresh: Refresh::default(),
            scratch: Scratch::new(),
            reference: Vec::new(),
            has_reference: false,
            latest: Vec::new(),
            latest_of: Weak::new(),
            previous: Vec::new(),
            has_previous: false,
            changed: vec![0; blocks],
            last_time: None,
            last_accept: None,
            last_motion: None,
            renew: true,
            grid,
        }
    }

    /// Whether the detector should look at this picture. Pictures come in the order of their time.
    pub fn look(&mut self, time: EventTime, picture: &Picture) -> Motion {
        let backwards = self.last_time.is_some_and(|last| time < last);
        self.last_time = Some(time);
        if backwards {
            self.forget();
        }
        if !self.grid.fits(picture) {
            self.latest_of = Weak::new();
            self.has_previous = false;
            return self.moving(Why::First, 0, None);
        }
        std::mem::swap(&mut self.previous, &mut self.latest);
        self.grid.means(picture, &mut self.latest);
        self.latest_of = Arc::downgrade(&picture.y);
        let had_previous = std::mem::replace(&mut self.has_previous, true);
        if !self.has_reference {
            return self.moving(Why::First, 0, None);
        }
        if had_previous {
            let pictures = (&self.previous[..], &self.latest[..]);
            let (refresh, scratch) = (&mut self.refresh, &mut self.scratch);
            refresh.follow(time, &self.grid, pictures, &mut self.reference, scratch);
        }
        let changed = self.compare();
        let around = self.cluster();
        if around.is_some() {
            self.last_motion = Some(time);
            return self.moving(Why::Moved, changed, around);
        }
        let since = |then: Option<EventTime>| then.map_or(f64::INFINITY, |then| time.since_s(then));
        if since(self.last_accept) >= self.config.look_s_max {
            return self.moving(Why::Due, changed, None);
        }
        // What was seen still is what the reference shows: it stays, so that slow movement adds up.
        self.renew = false;
        if since(self.last_motion) < self.config.hold_s {
            let share = self.share(changed);
            return Motion::Moving { why: Why::Hold, share, around: None };
        }
        Motion::Still
    }

    /// Tells that the detector has looked at `picture`, or surely will. Without this the reference stays, and
    /// what has moved still counts as moving. Free when the picture is the one last given to
    /// [`Gate::look`].
    pub fn accept(&mut self, picture: &Picture) {
        if !self.grid.fits(picture) {
            return;
        }
        self.last_accept = self.last_time;
        if self.has_reference && !self.renew {
            return;
        }
        let same = self.latest_of.upgrade().is_some_and(|seen| Arc::ptr_eq(&seen, &picture.y));
        if !same {
            self.grid.means(picture, &mut self.latest);
            self.latest_of = Weak::new();
        }
        self.reference.clone_from(&self.latest);
        if !self.has_reference {
            // Whoever arrives with the first picture is still arriving.
            self.last_motion = self.last_time;
        }
        self.has_reference = true;
    }

    /// Forgets the reference, so that the next picture counts as moving: after a gap, or when the detector
    /// has failed on an accepted picture.
    pub fn forget(&mut self) {
        self.has_reference = false;
        self.last_accept = None;
        self.last_motion = None;
        self.has_previous = false;
        self.refresh.restart();
    }

    fn moving(&mut self, why: Why, changed: usize, around: Option<PixelRect>) -> Motion {
        self.renew = true;
        Motion::Moving { why, share: self.share(changed), around }
    }

    fn share(&self, changed: usize) -> f32 {
        changed as f32 / self.grid.watched.max(1) as f32
    }

    /// Marks the blocks that differ from the reference: by one, two or four thresholds. Returns how many.
    fn compare(&mut self) -> usize {
        let Self { grid, noise, reference, latest, changed, .. } = self;
        let light = Light::between(grid, reference, latest, &mut self.scratch);
        let difference = |past: u16, now: u16| {
            (i32::from(now) - i32::from(past) - light.change(past)).unsigned_abs() as u16
        };
        noise.start(light.noise);
        let floor = (self.config.difference_luma_min.clamp(0.0, 255.0) * STEPS as f32) as u16;
        let floor = floor.max(Noise::picture_threshold(light.noise, self.config.noise_factor));
        let factor = Noise::factor_q8(self.config.noise_factor);
        let mut count = 0;
        for range in grid.ranges() {
            let pairs = reference[range.clone()].iter().zip(&latest[range.clone()]);
            let medians = noise.medians(range.clone());
            for (((past, now), median), mark) in pairs.zip(medians).zip(&mut changed[range]) {
                let difference = difference(*past, *now);
                let threshold = Noise::threshold(*median, floor, factor);
                *median = Noise::learnt(*median, difference);
                let (difference, threshold) = (u32::from(difference), u32::from(threshold));
                *mark = u8::from(difference > threshold)
                    + u8::from(difference > 2 * threshold)
                    + u8::from(difference > 4 * threshold);
                count += usize::from(*mark > 0);
            }
        }
        count
    }

    /// The bounds of what is movement: blocks that changed with one beside, above or below; that changed
    /// strongly with any around; or that changed very strongly.
    fn cluster(&self) -> Option<PixelRect> {
        let (columns, rows) = (self.grid.columns, self.grid.rows);
        let marked = |column: usize, row: usize| {
            column < columns && row < rows && self.changed[row * columns + column] > 0
        };
        let mut bounds: Option<[usize; 4]> = None;
        for range in self.grid.ranges() {
            for block in range {
                let mark = self.changed[block];
                if mark == 0 {
                    continue;
                }
                let (column, row) = (block % columns, block / columns);
                // Columns and rows before the first wrap around to none.
                let near =
                    |dx: usize, dy: usize| marked(column.wrapping_add(dx), row.wrapping_add(dy));
                let back = usize::MAX;
                let beside = near(1, 0) || near(back, 0) || near(0, 1) || near(0, back);
                let across = || near(1, 1) || near(back, back) || near(1, back) || near(back, 1);
                let moves = mark >= VERY_STRONG || beside || (mark >= STRONG && across());
                if !moves {
                    continue;
                }
                let [left, right, top, bottom] = bounds.unwrap_or([column, column, row, row]);
                bounds = Some([left.min(column), right.max(column), top.min(row), bottom.max(row)]);
            }
        }
        bounds.map(|[left, right, top, bottom]| self.grid.rect((left, right), (top, bottom)))
    }
}
