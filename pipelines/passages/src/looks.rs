//! When a vehicle is looked at, and which looks are kept.
//!
//! The way by the gate has four parts; in each the best of at most two looks is kept, and a passage is
//! the mean of the best three, so that it has looks from several places and not three of one.

use wayside_proto::{BoxPx, MotorVehicleClass, RoadUserClass, TrackState};

use crate::action::Refusal;
use crate::gate::View;

/// The most looks at one vehicle at one gate.
pub const LOOKS_MAX: usize = SLOTS * TAKES_MAX as usize;

/// Parts of the way: up to these distances beyond the gate, metres. The last one reaches
/// [`AFTER_M`] beyond the vehicle's own length.
const SLOT_ENDS_M: [f64; SLOTS - 1] = [-18.0, -8.0, 0.0];
const SLOTS: usize = 4;
/// Where the first part begins, metres beyond the gate.
const FROM_M: f64 = -32.0;
/// How far behind the gate the rear is still looked at, metres.
pub(crate) const AFTER_M: f64 = 8.0;
/// Looks in one part.
const TAKES_MAX: u8 = 2;
/// How much better a second look in one part has to be.
const BETTER: f32 = 1.25;
/// Looks that make a passage.
pub(crate) const KEPT_MAX: usize = 3;

/// The longer side of a box that the model can tell anything from, pixels.
const SIDE_PX_MIN: f32 = 24.0;
/// From here on a larger box shows nothing more.
const SIDE_PX_FULL: f32 = 96.0;
/// How near the border a box may come, pixels.
const BORDER_PX: f32 = 2.0;
/// Share of the box that nearer vehicles may cover; of a motorcycle nearly none, because what is hidden
/// below moves its rider to where the model takes the machine to be.
const HIDDEN_MAX: f32 = 0.15;
const HIDDEN_MAX_MOTORCYCLE: f32 = 0.02;
/// Share of the box that farther vehicles may fill.
const BEHIND_MAX: f32 = 0.4;
/// Share of the box in which a person or a bicycle may be.
const PERSON_MAX: f32 = 0.01;
/// Least share of the class in the vote.
pub(crate) const CLASS_MIN: f32 = 0.6;
/// Slowest vehicle that is expected to cross, metres a second.
const SPEED_MS_MIN: f64 = 0.5;

/// What was seen of one vehicle.
#[derive(Clone, Debug)]
pub(crate) struct Looks<V> {
    kept: [Option<(f32, V)>; SLOTS],
    takes: [u8; SLOTS],
}

impl<V: Clone> Looks<V> {
    pub(crate) fn new() -> Self {
        Self { kept: [const { None }; SLOTS], takes: [0; SLOTS] }
    }

    /// Whether there are as many as a passage needs.
    pub(crate) fn is_full(&self) -> bool {
        self.kept.iter().flatten().count() >= KEPT_MAX
    }

    /// Whether a look of this score is worth taking.
    pub(crate) fn wants(&self, slot: usize, score: f32) -> bool {
        let takes = self.takes.get(slot).copied().unwrap_or(TAKES_MAX);
        let kept = self.kept.get(slot).and_then(Option::as_ref);
        takes < TAKES_MAX && kept.is_none_or(|(known, _)| score >= known * BETTER)
    }

    /// A look was asked for.
    pub(crate) fn asked(&mut self, slot: usize) {
        if let Some(takes) = self.takes.get_mut(slot) {
            *takes += 1;
        }
    }

    pub(crate) fn keep(&mut self, slot: usize, score: f32, look: V) {
        if let Some(kept) = self.kept.get_mut(slot)
            && kept.as_ref().is_none_or(|(known, _)| score > *known)
        {
            *kept = Some((score, look));
        }
    }

    /// The best looks, in the order of the way.
    pub(crate) fn best(&self) -> Vec<V> {
        let mut order: Vec<usize> =
            (0..SLOTS).filter(|slot| self.kept.get(*slot).is_some_and(Option::is_some)).collect();
        let score = |slot: &usize| {
            self.kept.get(*slot).and_then(Option::as_ref).map_or(0.0, |(score, _)| *score)
        };
        order.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.cmp(b)));
        order.truncate(KEPT_MAX);
        order.sort_unstable();
        let look = |slot: usize| self.kept.get(slot)?.as_ref().map(|(_, look)| look.clone());
        order.into_iter().filter_map(look).collect()
    }
}

/// The part of the way in which a front is; none outside, or where it is not on its way.
pub(crate) fn slot(view: &View) -> Option<usize> {
    let beyond = view.beyond_m;
    let comes = beyond >= 0.0 || view.speed_ms >= SPEED_MS_MIN;
    let inside = (FROM_M..AFTER_M + view.length_m).contains(&beyond);
    (inside && comes && view.faces)
        .then(|| SLOT_ENDS_M.iter().take_while(|end| beyond >= **end).count())
}

/// How good a look at `state` promises to be, among the `others` in a picture of this size.
pub(crate) fn score(
    state: &TrackState,
    class: MotorVehicleClass,
    box_px: &BoxPx,
    others: &[TrackState],
    size_px: (u32, u32),
) -> Result<f32, Refusal> {
    if state.class_confidence < CLASS_MIN {
        return Err(Refusal::UnsureClass);
    }
    let side = (box_px.x1 - box_px.x0).max(box_px.y1 - box_px.y0);
    // Said this way round so that what is no number is refused too.
    if !(side >= SIDE_PX_MIN && box_px.area() > 0.0) {
        return Err(Refusal::TooSmall);
    }
    let inside = box_px.x0 >= BORDER_PX
        && box_px.y0 >= BORDER_PX
        && box_px.x1 <= size_px.0 as f32 - BORDER_PX
        && box_px.y1 <= size_px.1 as f32 - BORDER_PX;
    if !inside {
        return Err(Refusal::Border);
    }
    let (mut hidden, mut behind, mut people) = (0.0, 0.0, 0.0);
    for other in others.iter().filter(|other| other.id != state.id) {
        let Some(other_box) = &other.box_px else { continue };
        let share = box_px.intersection(other_box) / box_px.area();
        if matches!(other.class, RoadUserClass::Person | RoadUserClass::Bicycle) {
            people += share;
        } else if other_box.y1 > box_px.y1 {
            hidden += share;
        } else {
            behind += share;
        }
    }
    let hidden_max = match class {
        MotorVehicleClass::Motorcycle => HIDDEN_MAX_MOTORCYCLE,
        MotorVehicleClass::Car | MotorVehicleClass::Truck | MotorVehicleClass::Bus => HIDDEN_MAX,
    };
    if people > PERSON_MAX {
        return Err(Refusal::Person);
    }
    if hidden > hidden_max || behind > BEHIND_MAX {
        return Err(Refusal::Hidden);
    }
    let size = side.min(SIDE_PX_FULL) / SIDE_PX_FULL;
    Ok(size * (1.0 - 2.0 * hidden - behind).max(0.1))
}
