//! When the content of a case goes.

use wayside_proto::EventTime;

/// How long what is kept. What is rejected or void goes at once, and has no setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// After the case of a citation was closed (paid, cancelled), in seconds.
    pub closed_s: u64,
    /// After admission, where nobody has decided, in seconds.
    pub undecided_s: u64,
}

impl Default for RetentionPolicy {
    fn default() -> Self {
        Self { closed_s: 90 * 86_400, undecided_s: 180 * 86_400 }
    }
}

/// Why the content of a case goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RetentionClass {
    /// People rejected it.
    Rejected,
    /// Its citation was withdrawn.
    Void,
    /// It was closed long enough ago.
    Closed,
    /// Nobody decided it in time.
    Undecided,
}

impl RetentionClass {
    /// Every class, in the order of declaration.
    pub const ALL: [Self; 4] = [Self::Rejected, Self::Void, Self::Closed, Self::Undecided];

    /// The class's name in receipts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Void => "void",
            Self::Closed => "closed",
            Self::Undecided => "undecided",
        }
    }

    /// The class with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }
}

impl RetentionPolicy {
    /// Closed at or before this: it goes.
    #[must_use]
    pub fn closed_before(&self, now: EventTime) -> EventTime {
        now.plus_s(-(self.closed_s as f64))
    }

    /// Admitted at or before this and undecided: it goes.
    #[must_use]
    pub fn undecided_before(&self, now: EventTime) -> EventTime {
        now.plus_s(-(self.undecided_s as f64))
    }
}
