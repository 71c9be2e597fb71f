//! Why a clip cannot be redacted.

use wayside_proto::EventTime;

/// Why there is no redacted clip. Nothing is hidden by halves: each of these means that no picture of the
/// clip may be kept.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotRedactable {
    /// Too few pictures to tell the background.
    #[error(
        "the clip has {found} pictures; the static background cannot be told from fewer than {needed}"
    )]
    FewFrames {
        /// Pictures seen.
        found: usize,
        /// Pictures needed.
        needed: usize,
    },
    /// More pictures than memory is set aside for.
    #[error("the clip has more than {limit} pictures; ask for a shorter clip")]
    ManyFrames {
        /// The limit.
        limit: usize,
    },
    /// A picture of another size than the first.
    #[error("the picture at {time} has {}x{} pixels, not {}x{} as the clip", found.0, found.1, expected.0, expected.1)]
    Size {
        /// Capture instant.
        time: EventTime,
        /// Size of the clip, pixels.
        expected: (u32, u32),
        /// Size found, pixels.
        found: (u32, u32),
    },
    /// A picture that is not later than the one before, or a second pass that differs from the first.
    #[error(
        "picture {index} at {time} is out of order: pictures must come in order of time, the same in both passes"
    )]
    Order {
        /// Number of the picture, from 0.
        index: usize,
        /// Capture instant.
        time: EventTime,
    },
    /// Pictures that no detector looked at, nor at any near them.
    #[error(
        "no detector looked for road users within {:.2} s of the picture at {time}: who is there is not known", *gap_us as f64 / 1e6
    )]
    NotLooked {
        /// Capture instant.
        time: EventTime,
        /// Longest time to the nearest look, microseconds.
        gap_us: i64,
    },
    /// The offending vehicle has no usable box.
    #[error(
        "the offending vehicle's track has no box in the clip's pictures: what may stay clear cannot be told"
    )]
    NoSubject,
    /// The offending vehicle is too small in the picture.
    #[error(
        "the offending vehicle is at most {found_px:.0} pixels high; below {needed_px:.0} it cannot be told from others around it"
    )]
    SmallSubject {
        /// Largest height of its box, pixels.
        found_px: f32,
        /// Least height needed, pixels.
        needed_px: f32,
    },
    /// The offending vehicle is covered by others nearly all the time.
    #[error("other road users cover {:.0}% of the offending vehicle on average; at most {:.0}% is allowed", covered * 100.0, allowed * 100.0)]
    Overlapped {
        /// Mean share of its box covered by others, 0 to 1.
        covered: f64,
        /// The share allowed.
        allowed: f64,
    },
    /// The picture differs from the background nearly everywhere.
    #[error("the picture at {time} differs from the background in {:.0}% of its area: the camera moved, or the light changed at once", share * 100.0)]
    SceneChanged {
        /// Capture instant.
        time: EventTime,
        /// Share of the picture that differs, 0 to 1.
        share: f64,
    },
    /// Too little of the picture holds still.
    #[error("only {:.0}% of the picture holds still in the clip; at least {:.0}% must, or the background cannot be told", share * 100.0, needed * 100.0)]
    NoBackground {
        /// Share that holds still, 0 to 1.
        share: f64,
        /// The share needed.
        needed: f64,
    },
}
