//! What is to be done, and what was counted.

use std::collections::BTreeMap;

use wayside_proto::{BoxPx, MotorVehicleClass, Passage, SectionEnd, SectionId, TrackId};

/// How a vehicle looked in one picture.
pub trait Appearance: Clone {
    /// The vector of a passage: the mean direction of its looks, of unit length. None where they have
    /// none.
    fn mean(looks: &[Self]) -> Option<Vec<f32>>;
}

/// Something to be done, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Look at a vehicle in the picture of this frame, and answer with [`crate::Gates::looked`] before
    /// the next observation.
    Look(Look),
    /// Publish, with the section's id as the key.
    Publish(Passage),
}

/// A vehicle to look at. There is no way to name a person or a bicycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The track.
    pub track: TrackId,
    /// Its class, as voted.
    pub class: MotorVehicleClass,
    /// Where it is, pixels of the camera's picture.
    pub box_px: BoxPx,
    /// How good the look promises to be, 0 to 1.
    pub(crate) score: f32,
    /// The end that asks, by its place among the camera's.
    pub(crate) end: usize,
    /// The part of the way by the gate.
    pub(crate) slot: usize,
}

/// Why a vehicle near a gate was not looked at in a frame, or the look gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// Its box is smaller than 24 pixels.
    TooSmall,
    /// It touches the border of the picture.
    Border,
    /// Another vehicle hides a part of it.
    Hidden,
    /// A person or a bicycle is in its box (PV-3).
    Person,
    /// Its class is not sure.
    UnsureClass,
    /// The picture is gone.
    NoPicture,
    /// The model failed, or refused the crop.
    Model,
}

impl Refusal {
    /// Every cause, in the order of declaration.
    pub const ALL: [Self; 7] = [
        Self::TooSmall,
        Self::Border,
        Self::Hidden,
        Self::Person,
        Self::UnsureClass,
        Self::NoPicture,
        Self::Model,
    ];
}

/// Why a vehicle's passage cannot be published as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unmatchable {
    /// It passed, and nobody had a good look at it.
    Unseen,
    /// It was followed to the gate and lost there.
    Lost,
    /// It was found right behind the gate.
    Late,
    /// It passed, and nobody can say when: it was found within the margin of the gate, and slow, or it
    /// stands there.
    Untimed,
}

impl Unmatchable {
    /// Every cause, in the order of declaration.
    pub const ALL: [Self; 4] = [Self::Unseen, Self::Lost, Self::Late, Self::Untimed];
}

/// What was done at one end since it was last asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Vehicles whose passage was published.
    pub passages: u64,
    /// Vehicles that passed, or may have, without a passage.
    pub unmatchable: BTreeMap<Unmatchable, u64>,
    /// Looks that were asked for.
    pub looks: u64,
    /// Frames in which a look was due and not taken.
    pub refused: BTreeMap<Refusal, u64>,
    /// Spans without pictures that were published.
    pub gaps: u64,
    /// Tracks that were not followed, because too many were.
    pub over_limit: u64,
}

/// The name of an end, with its counts.
pub type Counted = (SectionId, SectionEnd, Counts);
