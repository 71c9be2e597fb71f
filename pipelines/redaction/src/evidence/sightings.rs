//! What detectors saw in one picture.

use wayside_picture::Detection;
use wayside_proto::{BoxPx, EventTime};

use super::error::NotRedactable;
use super::look::Look;
use super::outline::Outline;

/// Most boxes that are taken from one picture; the strongest stay.
const BOXES_MAX: usize = 512;

/// What detectors saw in one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameSightings {
    /// Capture instant of the picture.
    pub time: EventTime,
    /// Road users at a low score, all classes: hiding too much is cheap. The offending vehicle's own
    /// boxes may be among them.
    pub road_users: Look<Detection>,
    /// Faces, wherever they are.
    pub faces: Look<BoxPx>,
    /// Which pixels are the offending vehicle's, where a model that fits the footage looked.
    pub outline: Option<Outline>,
}

impl FrameSightings {
    /// The same without boxes that have no area or are not numbers, and not more than are kept.
    pub(super) fn checked(mut self) -> Self {
        self.road_users = self.road_users.map(|mut seen| {
            seen.retain(|seen| usable(&seen.box_px) && seen.score.is_finite());
            seen.sort_by(|a, b| b.score.total_cmp(&a.score));
            seen.truncate(BOXES_MAX);
            seen
        });
        self.faces = self.faces.map(|mut faces| {
            faces.retain(usable);
            faces.truncate(BOXES_MAX);
            faces
        });
        self
    }
}

/// Whether every picture was looked at, or lies no further than `gap_us` from one that was.
pub(super) fn looked_often(
    times: &[EventTime],
    looked: &[bool],
    gap_us: i64,
) -> Result<(), NotRedactable> {
    let mut last: Option<EventTime> = None;
    let mut following = times.iter().zip(looked).filter(|(_, looked)| **looked).peekable();
    for (time, here) in times.iter().zip(looked) {
        while following.next_if(|(at, _)| *at < time).is_some() {}
        if *here {
            last = Some(*time);
            continue;
        }
        let near = |at: EventTime| at.0.saturating_sub(time.0).saturating_abs() <= gap_us;
        let next = following.peek().map(|(at, _)| **at);
        if !last.is_some_and(near) && !next.is_some_and(near) {
            return Err(NotRedactable::NotLooked { time: *time, gap_us });
        }
    }
    Ok(())
}

/// Whether a box is one: finite with an area.
pub(super) fn usable(b: &BoxPx) -> bool {
    let finite = [b.x0, b.y0, b.x1, b.y1].iter().all(|v| v.is_finite() && v.abs() < 1e6);
    finite && b.x1 > b.x0 && b.y1 > b.y0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_far_from_any_look_is_an_error() {
        let times: Vec<EventTime> = (0..10).map(|n| EventTime(n * 100_000)).collect();
        let check = |at: &[usize], gap_us| {
            let looked: Vec<bool> = (0..10).map(|n| at.contains(&n)).collect();
            looked_often(&times, &looked, gap_us)
        };
        assert_eq!(check(&(0..10).collect::<Vec<_>>(), 0), Ok(()));
        assert_eq!(check(&[2, 7], 250_000), Ok(()));
        let not =
            |n: i64, gap_us| Err(NotRedactable::NotLooked { time: EventTime(n * 100_000), gap_us });
        assert_eq!(check(&[2, 6], 250_000), not(9, 250_000));
        assert_eq!(check(&[2, 9], 300_000), Ok(()));
        assert_eq!(check(&[1, 8], 300_000), Ok(()));
        assert_eq!(check(&[1, 8], 200_000), not(4, 200_000));
        assert_eq!(check(&[], i64::MAX), not(0, i64::MAX));
    }
}
