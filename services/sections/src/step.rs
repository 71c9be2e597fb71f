//! What the core asks for and tells.

use wayside_proto::{
    Abstention, EventTime, Outcome, Passage, PassageId, SectionEnd, SectionId, TravelTime,
};

use crate::speed::Interval;

/// Hits that a question asks for.
pub const LIMIT: usize = 16;

/// What is to be done next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Look this up in the index, then call [`crate::SectionCore::answer`].
    Ask(Question),
    /// Do this.
    Do(Action),
}

/// Which passages look most like one of the other end.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The section.
    pub section: SectionId,
    /// The end at which to look.
    pub end: SectionEnd,
    /// First instant of the window, included.
    pub from: EventTime,
    /// Last instant of the window, included.
    pub to: EventTime,
    /// What they are to look like, of unit length.
    pub vector: Vec<f32>,
    /// So many of the most similar ones.
    pub limit: usize,
    /// The passage that is asked about; of the other end.
    pub about: PassageId,
}

/// A passage that the index found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Which one. Similarities are computed from the vectors that the core holds, so that they do not
    /// depend on the index.
    pub id: PassageId,
}

/// Something to be done or told.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Store the passage in the index, until it expires.
    Store(PassageId, Box<Passage>),
    /// A vehicle was matched.
    Matched(Match),
    /// A vehicle at the exit was not matched.
    Abstained(Abstained),
    /// The rule concluded something about a matched vehicle.
    Concluded(Box<Outcome>),
    /// A window of travel times is complete.
    Timed(TravelTime),
}

/// Two passages of one vehicle.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Where it came in.
    pub entry: PassageId,
    /// Where it left.
    pub exit: PassageId,
    /// When it came in.
    pub entered: EventTime,
    /// When it left.
    pub left: EventTime,
    /// Similarity (cosine) of the two.
    pub similarity: f64,
    /// By how much it exceeds the second best, the lesser of both ends; none where there was no second
    /// at either end.
    pub margin: Option<f64>,
    /// Seconds over the section.
    pub travel_time_s: Interval,
    /// Metres a second.
    pub mean_speed_ms: Interval,
}

/// A vehicle at the exit that was not matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abstained {
    /// The passage.
    pub exit: PassageId,
    /// When it left.
    pub left: EventTime,
    /// Why.
    pub cause: Abstention,
}
