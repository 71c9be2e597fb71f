//! The second pass: hides.

use wayside_picture::Picture;
use wayside_proto::{BoxPx, EventTime, MotorVehicleClass};

use super::background::Background;
use super::boxes::{grown, inside};
use super::change::{Changed, changed};
use super::error::NotRedactable;
use super::half::Half;
use super::mask::Mask;
use super::mosaic::{LEVEL_MAX, LEVEL_MIN, Mosaic, level_of};
use super::settings::{Occupants, Settings};
use super::shape::Shape;
use super::subject::is_part;
use super::tracks::{Track, has_person};

/// How far a box of a road user is grown: a share of its size, and pixels.
const MARGIN: (f32, f32) = (0.1, 4.0);

/// The same of the offending vehicle's box, inside which it stays clear.
const OWN_MARGIN: (f32, f32) = (0.03, 2.0);

/// A road user that is believed to stand before the offending vehicle was once seen with this score: weaker
/// ones are mostly wheels and windows of the vehicle itself.
const BEFORE_SCORE_MIN: f32 = 0.45;

/// Faces are small and their boxes tight.
const FACE_MARGIN: (f32, f32) = (0.3, 4.0);

/// From this height of the vehicle's box on a face behind its windows has more than about a dozen pixels.
const WINDOWS_HEIGHT_PX_MIN: f32 = 96.0;

/// A road user other than the offending vehicle.
#[derive(Clone, Copy, Debug)]
struct Other {
    box_px: BoxPx,
    /// Whether it is a person or has a rider.
    person: bool,
    /// Its strongest sighting's score.
    score: f32,
}

impl Other {
    /// Whether it may stand before the vehicle at `own`: people always may, vehicles do where they reach
    /// the ground nearer to the camera, lower in the picture.
    fn before(&self, own: &BoxPx) -> bool {
        let lower = self.box_px.y1 >= own.y1 - 0.06 * (own.y1 - own.y0);
        self.score >= BEFORE_SCORE_MIN && (self.person || lower)
    }
}

/// What is known of one picture.
#[derive(Debug)]
pub(super) struct Frame {
    time: EventTime,
    own: Option<BoxPx>,
    others: Vec<Other>,
    faces: Vec<BoxPx>,
}

impl Frame {
    /// All frames of a clip with the tracks of other road users.
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
        for track in tracks.iter().filter(|track| track.is_credible()) {
            let class = track.class();
            let both: Vec<_> = track
                .seen
                .iter()
                .filter_map(|(frame, seen)| Some((frames.get(*frame)?.own?, *seen)))
                .collect();
            if is_part(class, &both) {
                continue;
            }
            let person = has_person(class);
            for (frame, box_px) in track.boxes(times) {
                if let Some(frame) = frames.get_mut(frame) {
                    frame.others.push(Other { box_px, person, score: track.score() });
                }
            }
        }
        frames
    }
}

impl Frame {
    pub(super) fn own(&self) -> Option<&BoxPx> {
        self.own.as_ref()
    }

    /// The boxes of everybody else, those of `standing` road users too.
    pub(super) fn boxes(&self, standing: &[BoxPx]) -> Vec<BoxPx> {
        self.others.iter().map(|other| other.box_px).chain(standing.iter().copied()).collect()
    }
}

/// What the first pass learned.
pub(super) struct Learned {
    pub background: Background,
    pub standing: Vec<BoxPx>,
    pub frames: Vec<Frame>,
    pub shape: Shape,
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
    shape: Shape,
    mosaic: Mosaic,
    next: usize,
    totals: Totals,
}

impl Plan {
    pub(super) fn new(
        settings: Settings,
        size: (u32, u32),
        class: MotorVehicleClass,
        learned: Learned,
    ) -> Self {
        let Learned { background, standing, frames, shape } = learned;
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
            shape,
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
                let before = frame.others.iter().filter(|other| other.before(&own));
                let most = before.map(|other| inside(&own, &other.box_px)).fold(0.0, f32::max);
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
        let Changed { exact, around: mut mask, share } =
            changed(&self.background, &Half::of(picture));
        if share > self.settings.changed_share_max {
            return Err(NotRedactable::SceneChanged { time: frame.time, share });
        }
        let mut known = self.always.clone();
        for other in &frame.others {
            known.raise(&grown(&other.box_px, MARGIN.0, MARGIN.1), level_of(&other.box_px));
        }
        let movers = blocks_only_in(&mask, &known);
        mask.join(&known);
        if let Some(own) = frame.own {
            let over = self.over(index, frame, &own, &exact);
            let clear = grown(&own, OWN_MARGIN.0, OWN_MARGIN.1);
            mask.replace(&clear, &over);
        }
        let mut faces = 0;
        for face in &frame.faces {
            mask.raise(&grown(face, FACE_MARGIN.0, FACE_MARGIN.1), level_of(face));
            faces += u32::from(frame.own.is_some_and(|own| inside(face, &own) > 0.5));
        }
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

    /// What is hidden in the offending vehicle's box: occupants, and others before it.
    fn over(&self, index: usize, frame: &Frame, own: &BoxPx, exact: &Mask) -> Mask {
        let mut over = Mask::clear(exact.width, exact.height);
        // Who stands for the whole clip is part of the background: where the picture equals that, they
        // show, and where it does not, the vehicle is before them.
        for place in &self.standing {
            over.raise(place, level_of(place));
        }
        over.keep_unless(&grown(own, 0.1, 8.0), exact);
        // Who is behind shows where the vehicle's outline leaves room in its box.
        let places = self.shape.at(index);
        let behind = frame.others.iter().filter(|other| !other.before(own));
        for b in behind.map(|other| grown(&other.box_px, 0.05, 2.0)) {
            over.raise_where(&b, level_of(&b), |x, y| !places.holds(own, x, y));
        }
        for other in frame.others.iter().filter(|other| other.before(own)) {
            over.raise(&grown(&other.box_px, 0.05, 2.0), level_of(&other.box_px));
        }
        if let Some(band) = self.occupied(own) {
            over.raise(&band, level_of(&band));
        }
        over
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
