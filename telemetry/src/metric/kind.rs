//! What kinds of metric there are.

/// How a metric is counted and shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A whole number that only grows.
    Counter,
    /// A duration that only grows: microseconds inside, seconds with six places on the page.
    SecondsCounter,
    /// A number that goes up and down. Not a number means unknown, and is not shown.
    Gauge,
    /// Values sorted into buckets with these upper bounds, ascending; one more takes the rest.
    Histogram(&'static [f64]),
}

impl Kind {
    /// The type's name in the Prometheus text format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter | Self::SecondsCounter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram(_) => "histogram",
        }
    }
}

/// What is counted or measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Seconds since 1970, UTC.
    UnixSeconds,
    /// Bytes.
    Bytes,
    /// Events or things, by their name in the plural.
    Count(&'static str),
    /// 1 for yes, 0 for no.
    Truth,
    /// Frames a second.
    FramesPerSecond,
}

impl Unit {
    /// The unit in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::UnixSeconds => "seconds since 1970",
            Self::Bytes => "bytes",
            Self::Count(what) => what,
            Self::Truth => "0 or 1",
            Self::FramesPerSecond => "frames a second",
        }
    }
}

/// Stages of one frame, from half a millisecond to two and a half seconds.
pub(super) const STAGE_S: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// The way of a frame from its capture instant to its observation. Dense around the jitter buffer's
/// 0.2 s, where a healthy camera is.
pub(super) const FRAME_S: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0,
];

/// Writes to disk.
pub(super) const DISK_S: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// From a violation to its sealed package: fetching and redacting take most of it.
pub(super) const EVIDENCE_S: &[f64] =
    &[0.5, 1.0, 2.5, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 120.0, 300.0, 600.0];

/// Frames in one batch.
pub(super) const BATCH: &[f64] = &[1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0];
