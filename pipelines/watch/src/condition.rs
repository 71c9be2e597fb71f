//! What can be wrong with a camera's picture.

use std::fmt;

use wayside_proto::EventTime;

/// A condition in which a camera does not see what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// The picture no longer lies where it lay at the calibration.
    Moved,
    /// The picture, or a part of it, has lost its detail: dirt, water, fog, focus.
    Blurred,
    /// Too dark to see road users.
    Dark,
    /// The same picture comes again and again.
    Frozen,
    /// The camera's clock is off. Set from outside.
    Clock,
    /// The picture is not of the size that the site file tells. Set from outside.
    Size,
}

impl Condition {
    /// All, in order.
    pub const ALL: [Self; 6] =
        [Self::Moved, Self::Blurred, Self::Dark, Self::Frozen, Self::Clock, Self::Size];

    /// The name in messages and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Blurred => "blurred",
            Self::Dark => "dark",
            Self::Frozen => "frozen",
            Self::Clock => "clock",
            Self::Size => "size",
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A condition begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub condition: Condition,
    /// Whether it begins.
    pub entered: bool,
    /// Time of the picture with which it does.
    pub time: EventTime,
    /// What was seen and what to do, for people.
    pub detail: String,
}
