//! What comes out of an arbiter.

use wayside_proto::{EventTime, SignText};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The sign shows this.
    Show(Show),
    /// The sign is blank.
    Blank(Why),
}

/// A message that a sign shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show {
    /// Who said so.
    pub source: String,
    /// The message.
    pub text: SignText,
    /// When the sign goes blank by itself if it hears nothing further; never after the message's expiry.
    pub until: EventTime,
}

/// Why a sign is blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// There is nothing to say.
    Nothing,
    /// The last message ended.
    Expired,
    /// No source lives.
    NoSource,
    /// The clock went back.
    ClockBack,
    /// The clock jumped ahead, or nobody looked for a long time.
    ClockAhead,
}

impl Why {
    /// Every reason, in the order of declaration.
    pub const ALL: [Self; 5] =
        [Self::Nothing, Self::Expired, Self::NoSource, Self::ClockBack, Self::ClockAhead];

    /// Its name in lines and pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Expired => "expired",
            Self::NoSource => "no_source",
            Self::ClockBack => "clock_back",
            Self::ClockAhead => "clock_ahead",
        }
    }
}

/// Why a message or a sign of life is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refused {
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// It was there before.
    #[error("it was there before")]
    Duplicate,
    /// A newer one of its source and slot has begun.
    #[error("a newer one has taken its place")]
    Superseded,
    /// It belongs to another sign.
    #[error("it belongs to another sign")]
    OtherSign,
    /// The source's clock is ahead.
    #[error("the source's clock is ahead")]
    Ahead,
    /// It was said before the clock jumped.
    #[error("it was said before the clock jumped")]
    BeforeJump,
    /// A sign of life that is too old to prove anything.
    #[error("it is too old to be a sign of life")]
    Late,
    /// More messages or sources than one sign can have.
    #[error("the sign has more messages or sources than it can hold")]
    Full,
}

impl Refused {
    /// Every reason, in the order of declaration.
    pub const ALL: [Self; 8] = [
        Self::Expired,
        Self::Duplicate,
        Self::Superseded,
        Self::OtherSign,
        Self::Ahead,
        Self::BeforeJump,
        Self::Late,
        Self::Full,
    ];

    /// Its name in counts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Duplicate => "duplicate",
            Self::Superseded => "superseded",
            Self::OtherSign => "other_sign",
            Self::Ahead => "ahead",
            Self::BeforeJump => "before_jump",
            Self::Late => "late",
            Self::Full => "full",
        }
    }
}
