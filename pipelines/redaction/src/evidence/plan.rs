//! The second pass: hides.

use wayside_picture::Picture;
use wayside_proto::{BoxPx, EventTime, MotorVehicleClass};

use super::background::Background;
use super::boxes::{grown, inside};
use super::change::{Changed, changed};
use super::error::NotRedactable;
use super::frame::Frame;
use super::half::Half;
use super::hidden::{Hidden, Totals, block_px, blocks_only_in};
use super::mask::Mask;
use super::mosaic::{LEVEL_MIN, Mosaic, level_of};
use super::region::Region;
use super::settings::{Occupants, Settings};
use super::shape::Shape;
use super::sightings::usable;

/// How far a box of a road user is grown: a share of its size, and pixels.
const MARGIN: (f32, f32) = (0.1, 4.0);

/// The same of the offending vehicle's box, inside which it stays clear.
const OWN_MARGIN: (f32, f32) = (0.03, 2.0);

/// Faces are small and their boxes tight.
const FACE_MARGIN: (f32, f32) = (0.3, 4.0);

/// From this height of the vehicle's box on a face behind its windows has more than about a dozen pixels.
const WINDOWS_HEIGHT_PX_MIN: f32 = 96.0;

/// Share of a motorcycle's box, from its top, where its rider is.
const RIDER_SHARE: f32 = 0.62;

/// Share of another vehicle's box, from its top, where its windows are.
const WINDOWS_SHARE: f32 = 0.55;

/// What the first pass learned.
pub(super) struct Learned {
    pub background: Background,
    pub standing: Vec<BoxPx>,
    pub frames: Vec<Frame>,
    pub shape: Shape,
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
                if let (Some(outline), true) = (&frame.outline, frame.shows) {
                    return Some(outline.covered(&own));
                }
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
        if !self.settings.signals.is_empty() {
            let mut found = Mask::clear(mask.width, mask.height);
            for other in &frame.others {
                found.raise(&grown(&other.box_px, MARGIN.0, MARGIN.1), level_of(&other.box_px));
            }
            for signal in self.settings.signals.iter().filter(|b| usable(b)) {
                mask.replace(signal, &found);
            }
        }
        if let Some(own) = &frame.own {
            let size = (mask.width, mask.height);
            let region = frame.outline.as_ref().map(|outline| Region::of(outline, frame, size));
            let over = self.over(index, frame, own, &exact);
            mask.replace(&grown(own, OWN_MARGIN.0, OWN_MARGIN.1), &over);
            if let Some(region) = &region {
                region.change(&mut mask, frame, own, self.class == MotorVehicleClass::Motorcycle);
            }
            if let Some(band) = self.occupied(frame, own, region.as_ref()) {
                mask.raise(&band, level_of(&band));
            }
        }
        let mut faces = 0;
        for face in frame.faces.seen() {
            mask.raise(&grown(face, FACE_MARGIN.0, FACE_MARGIN.1), level_of(face));
            faces += u32::from(frame.own.is_some_and(|own| inside(face, &own) > 0.5));
        }
        self.mosaic.hide(picture, &mask, frame.time, self.settings.hold_us);
        let hidden = Hidden {
            road_users: (frame.others.len() + self.standing.len()) as u32,
            faces,
            movers,
            outlined: frame.own.is_some() && frame.outline.is_some() && frame.shows,
            share: mask.share(),
            block_px: block_px(&mask),
            mask,
        };
        self.totals.add(&hidden);
        Ok(hidden)
    }

    /// What is hidden in the offending vehicle's box by the boxes of others.
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
        let behind = frame.others.iter().filter(|other| other.behind(own));
        for b in behind.map(|other| grown(&other.box_px, 0.05, 2.0)) {
            over.raise_where(&b, level_of(&b), |x, y| !places.holds(own, x, y));
        }
        for other in frame.others.iter().filter(|other| other.before(own)) {
            over.raise(&grown(&other.box_px, 0.05, 2.0), level_of(&other.box_px));
        }
        over
    }

    /// The part of the vehicle where its rider or the faces of its occupants are. A rider whom the outline shows is
    /// hidden by that.
    fn occupied(&self, frame: &Frame, own: &BoxPx, region: Option<&Region>) -> Option<BoxPx> {
        let height = own.y1 - own.y0;
        let part = |share: f32| BoxPx { y1: own.y0 + share * height, ..*own };
        let unknown = self.settings.occupants == Occupants::Unknown || !frame.faces.happened();
        match self.class {
            MotorVehicleClass::Motorcycle => {
                let band = part(RIDER_SHARE);
                let seen = frame.shows && region.is_some_and(|region| region.has_rider(&band));
                (!seen).then_some(band)
            }
            _ => (unknown && height >= WINDOWS_HEIGHT_PX_MIN).then(|| part(WINDOWS_SHARE)),
        }
    }
}
