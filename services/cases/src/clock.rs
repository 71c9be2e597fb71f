//! What holds when a clock runs backwards.
//!
//! Acts are stamped with a time that never decreases: the later of the caller's clock and the last
//! stamp on record. A clock that is behind by at most `clock_back_s_max` is so carried over, as when
//! several processes share a database or a clock is corrected; claims then last a little longer, never
//! shorter. One that is further behind is refused, since windows and claims would stand still.

use wayside_proto::EventTime;

use crate::{Policy, Refused};

/// The stamp of an act at `now`, after an act that was stamped `last`.
///
/// # Errors
/// [`Refused::ClockBackwards`] where `now` is too far behind.
pub fn stamp(
    now: EventTime,
    last: Option<EventTime>,
    policy: &Policy,
) -> Result<EventTime, Refused> {
    let Some(last) = last.filter(|last| *last > now) else { return Ok(now) };
    let back_s_max = policy.clock_back_s_max;
    if last.since_s(now) > f64::from(back_s_max) {
        return Err(Refused::ClockBackwards { now, last, back_s_max });
    }
    Ok(last)
}
