//! The second pass: hides.

use wayside_picture::Picture;
use wayside_proto::{BoxPx, EventTime, MotorVehicleClass};

use super::background::Background;
use super::boxes::{grown, inside};
use super::change::changed;
use super::error::NotRedactable;
use super::half::Half;
use super::mask::Mask;
use super::mosaic::{LEVEL_MAX, LEVEL_MIN, Mosaic, level_of};
use super::settings::{Occupants, Settings};
use super::subject::is_own;
use super::tracks::Track;

/// How far a box of a road user is grown: a share of its size, and pixels.
const MARGIN: (f32, f32) = (0.1, 4.0);

/// Faces are small and their boxes tight.
const FACE_MARGIN: (f32, f32) = (0.3, 4.0);

/// From this height of the vehicle's box on a face behind its windows has more than about a dozen pixels.
const WINDOWS_HEIGHT_PX_MIN: f32 = 96.0;

/// What is known of one picture.
#[derive(Debug)]
pub(super) struct Frame {
    time: EventTime,
    own: Option<BoxPx>,
    /// Other road users.
    others: Vec<BoxPx>,
    faces: Vec<BoxPx>,
}

impl Frame {
    /// All frames of a clip; a track that is the offending vehicle's in most frames in which both are
    /// known is left out.
    pub(super) fn all(
        times: &[EventTime],
        own: Vec<Option<BoxPx>>,
        tracks: &[Track],
        faces: Vec<Vec<BoxPx>>,
    ) -> Vec<Self> {
        let mut frames: Vec<Self> = times
            .iter()
            .zip(own)
            .zip(faces)
            .map(|((time, own), faces)| Self { time: *time, own, others: Vec::new(), faces })
            .collect();
        for track in tracks {
            let (mut both, mut same) = (0, 0);
            for (frame, seen) in &track.seen {
                if let Some(own) = frames.get(*frame).and_then(|f| f.own) {
                    both += 1;
                    same += usize::from(is_own(&own, seen));
                }
            }
            if both > 0 && same * 2 > both {
                continue;
            }
            for (frame, box_px) in track.boxes(times) {
                if let Some(frame) = frames.get_mut(frame) {
                    frame.others.push(box_px);
                }
            }
        }
        frames
    }
}

/// What was hidden in one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Hidden {
    /// Where.
    pub mask: Mask,
    /// Boxes of other road users, standing ones among them.
    pub road_users: u32,
    /// Faces inside the offending vehicle.
    pub faces: u32,
    /// Blocks of 32 x 32 pixels in which something moved that no detector found.
    pub movers: u32,
    /// Share of the picture, 0 to 1.
    pub share: f64,
    /// Smallest and largest side of the blocks that replace pixels.
    pub block_px: (u32, u32),
}

/// Sums over the pictures hidden so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Pictures.
    pub frames: u32,
    /// Boxes of other road users.
    pub road_users: u64,
    /// Faces inside the offending vehicle.
    pub faces: u64,
    /// Blocks in which something moved that no detector found.
    pub movers: u64,
    /// Mean share of the picture, 0 to 1.
    pub share: f64,
    /// Smallest and largest side of the blocks that replace pixels; zeros where nothing was hidden.
    pub block_px: (u32, u32),
}

/// Decides for each picture of a clip what is hidden.
#[derive(Debug)]
pub struct Plan {
    pub(super) settings: Settings,
    size: (u32, u32),
    class: MotorVehicleClass,
    background: Background,
    /// Hidden in every picture: standing road users, and where the background is not sure.
    always: Mask,
    standing: Vec<BoxPx>,
    frames: Vec<Frame>,
    mosaic: Mosaic,
    next: usize,
    totals: Totals,
}

impl Plan {
    pub(super) fn new(
        settings: Settings,
        size: (u32, u32),
        class: MotorVehicleClass,
        background: Background,
        standing: Vec<BoxPx>,
        frames: Vec<Frame>,
    ) -> Self {
        let mut always = Mask::clear(background.half.width, background.half.height);
        for (level, unsure) in always.level.iter_mut().zip(&background.unsure) {
            *level = u8::from(*unsure) * LEVEL_MIN;
        }
        // Single unsure places are noise; what stood somewhere is a patch.
        always.shrink(1);
        always.grow(5);
        for place in &standing {
            always.raise(place, level_of(place));
        }
        Self {
            settings,
            size,
            class,
            background,
            always,
            standing,
            frames,
            mosaic: Mosaic::default(),
            next: 0,
            totals: Totals::default(),
        }
    }

    /// Number of pictures of the clip.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames.len()
    }

    /// Sums over the pictures hidden so far.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let frames = f64::from(self.totals.frames.max(1));
        Totals { share: self.totals.share / frames, ..self.totals }
    }

    /// Mean share of the offending vehicle's box that others cover, 0 to 1.
    pub(super) fn subject_covered(&self) -> f64 {
        let known: Vec<f64> = self
            .frames
            .iter()
            .filter_map(|frame| {
                let own = frame.own?;
                let most = frame.others.iter().map(|other| inside(&own, other)).fold(0.0, f32::max);
                Some(f64::from(most))
            })
            .collect();
        known.iter().sum::<f64>() / known.len().max(1) as f64
    }

    /// Hides in picture `index` (from 0) all that must be. Pictures come in order, each once, the same as
    /// in the first pass.
    ///
    /// # Errors
    /// For pictures out of order or of another size, and where the scene changed at once. What was in
    /// `picture` must not be kept then.
    pub fn apply(&mut self, index: usize, picture: &mut Picture) -> Result<Hidden, NotRedactable> {
        let (true, Some(frame)) = (index == self.next, self.frames.get(index)) else {
            let time = self.frames.get(index).map_or(EventTime(0), |frame| frame.time);
            return Err(NotRedactable::Order { index, time });
        };
        let found = (picture.width, picture.height);
        if found != self.size {
            return Err(NotRedactable::Size { time: frame.time, expected: self.size, found });
        }
        self.next += 1;
        let (mut mask, share) = changed(&self.background, &Half::of(picture));
        if share > self.settings.changed_share_max {
            return Err(NotRedactable::SceneChanged { time: frame.time, share });
        }
        let mut known = self.always.clone();
        let mut over = Mask::clear(mask.width, mask.height);
        for other in &frame.others {
            known.raise(&grown(other, MARGIN.0, MARGIN.1), level_of(other));
        }
        let movers = blocks_only_in(&mask, &known);
        mask.join(&known);
        let mut faces = 0;
        for face in &frame.faces {
            over.raise(&grown(face, FACE_MARGIN.0, FACE_MARGIN.1), level_of(face));
            faces += u32::from(frame.own.is_some_and(|own| inside(face, &own) > 0.5));
        }
        if let Some(own) = frame.own {
            for other in frame.others.iter().chain(&self.standing) {
                over.raise(&grown(other, 0.02, 1.0), level_of(other));
            }
            if let Some(band) = self.occupied(&own) {
                over.raise(&band, level_of(&band));
            }
            let (columns, rows) = mask.span(&grown(&own, 0.03, 2.0));
            for row in rows {
                let line = row * mask.width;
                mask.level[line + columns.start..line + columns.end].fill(0);
            }
        }
        mask.join(&over);
        self.mosaic.hide(picture, &mask, frame.time, self.settings.hold_us);
        let hidden = Hidden {
            road_users: (frame.others.len() + self.standing.len()) as u32,
            faces,
            movers,
            share: mask.share(),
            block_px: block_px(&mask),
            mask,
        };
        self.count(&hidden);
        Ok(hidden)
    }

    /// The part of the vehicle where its rider or the faces of its occupants are.
    fn occupied(&self, own: &BoxPx) -> Option<BoxPx> {
        let height = own.y1 - own.y0;
        let part = |share: f32| Some(BoxPx { y1: own.y0 + share * height, ..*own });
        match (self.class, self.settings.occupants) {
            (MotorVehicleClass::Motorcycle, _) => part(0.62),
            (_, Occupants::Unknown) if height >= WINDOWS_HEIGHT_PX_MIN => part(0.55),
            _ => None,
        }
    }

    fn count(&mut self, hidden: &Hidden) {
        let all = &mut self.totals;
        all.frames += 1;
        all.road_users += u64::from(hidden.road_users);
        all.faces += u64::from(hidden.faces);
        all.movers += u64::from(hidden.movers);
        all.share += hidden.share;
        let (low, high) = hidden.block_px;
        if high > 0 {
            let least = if all.block_px.0 == 0 { low } else { all.block_px.0.min(low) };
            all.block_px = (least, all.block_px.1.max(high));
        }
    }
}

/// Blocks of the smallest size in which only `moved` hides something.
fn blocks_only_in(moved: &Mask, known: &Mask) -> u32 {
    let side = 1 << (LEVEL_MIN - 1);
    let columns = moved.width.div_ceil(side);
    let mut found = vec![false; columns * moved.height.div_ceil(side)];
    for row in 0..moved.height {
        for column in 0..moved.width {
            let at = row * moved.width + column;
            if moved.level[at] > 0 && known.level[at] == 0 {
                found[row / side * columns + column / side] = true;
            }
        }
    }
    found.iter().filter(|found| **found).count() as u32
}

fn block_px(mask: &Mask) -> (u32, u32) {
    let used = |level: &u8| mask.level.contains(level);
    let low = (LEVEL_MIN..=LEVEL_MAX).find(|level| used(level));
    let high = (LEVEL_MIN..=LEVEL_MAX).rev().find(|level| used(level));
    (low.map_or(0, |l| 1 << l), high.map_or(0, |l| 1 << l))
}
