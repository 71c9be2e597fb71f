//! The faults there are.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// What fails.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// The camera is gone: clients are closed, the port is not bound.
    Stop,
    /// The camera hangs: connections stay open, nothing is sent, nothing is answered. Afterwards
    /// everything that was due meanwhile comes in a burst.
    Hang,
    /// The payload of RTP packets is noise. Their headers are right.
    Garbage {
        /// The noise depends on nothing else.
        seed: u64,
    },
    /// Sender reports say another time; the pictures go on as before.
    ClockJump {
        /// Added to the time, seconds.
        jump_s: f64,
    },
    /// RTP packets are lost. Sequence numbers count on, over TCP as over UDP.
    FrameLoss {
        /// Share of the packets that is lost, above 0, at most 1.
        share: f64,
        /// Which packets are lost depends on nothing else.
        seed: u64,
    },
    /// Sessions are forgotten: the connections that are open stay open, and nothing is ever sent or
    /// answered on them again. New connections are answered when the fault is over.
    HalfOpen,
    /// The camera restarts with another clip: clients are closed and may come back at once.
    Switch {
        /// The other clip.
        file: PathBuf,
    },
    /// The camera restarts with its first clip in another size, encoded anew as H.264.
    Resolution {
        /// Width, 16 to 4096, even.
        width_px: u32,
        /// Height, 16 to 4096, even.
        height_px: u32,
    },
}

impl FaultKind {
    /// As the fault file names it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Hang => "hang",
            Self::Garbage { .. } => "garbage",
            Self::ClockJump { .. } => "clock_jump",
            Self::FrameLoss { .. } => "frame_loss",
            Self::HalfOpen => "half_open",
            Self::Switch { .. } => "switch",
            Self::Resolution { .. } => "resolution",
        }
    }
}

/// A fault and how long it lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What fails.
    pub kind: FaultKind,
    /// How long; until the server ends where absent.
    pub lasts: Option<Duration>,
}

impl Fault {
    /// A fault that lasts until the server ends.
    #[must_use]
    pub fn forever(kind: FaultKind) -> Self {
        Self { kind, lasts: None }
    }

    /// A fault that is over by itself.
    #[must_use]
    pub fn lasting(kind: FaultKind, lasts: Duration) -> Self {
        Self { kind, lasts: Some(lasts) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        match &self.kind {
            FaultKind::ClockJump { jump_s } => write!(f, " by {jump_s} s")?,
            FaultKind::FrameLoss { share, .. } => write!(f, " of {:.0}%", share * 100.0)?,
            FaultKind::Switch { file } => write!(f, " to {}", file.display())?,
            FaultKind::Resolution { width_px, height_px } => {
                write!(f, " to {width_px}x{height_px}")?;
            }
            FaultKind::Stop | FaultKind::Hang | FaultKind::Garbage { .. } | FaultKind::HalfOpen => {
            }
        }
        match self.lasts {
            Some(lasts) => write!(f, " for {} s", lasts.as_secs_f64()),
            None => f.write_str(" until the end"),
        }
    }
}
