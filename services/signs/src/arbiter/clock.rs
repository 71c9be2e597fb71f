//! The clock that everything goes by, and whether it can be believed.

use wayside_proto::EventTime;

use super::Why;

/// A step back that is none: two threads that look at the same clock, seconds.
const BACK_S: f64 = 0.5;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    last: Option<EventTime>,
    /// The instant of the last jump, by the new clock: what was said until then is not believed.
    jumped: Option<EventTime>,
}

impl Clock {
    /// Looks at the clock. The reason where it has jumped since the last look.
    pub(super) fn look(&mut self, now: EventTime, step_s_max: f64) -> Option<Why> {
        let Some(last) = self.last else {
            self.last = Some(now);
            return None;
        };
        let step_s = now.since_s(last);
        let why = if step_s < -BACK_S {
            Why::ClockBack
        } else if step_s > step_s_max {
            Why::ClockAhead
        } else {
            self.last = Some(last.max(now));
            return None;
        };
        self.last = Some(now);
        self.jumped = Some(now);
        Some(why)
    }

    /// Now, which never goes back without a jump.
    pub(super) fn now(&self, now: EventTime) -> EventTime {
        self.last.map_or(now, |last| last.max(now))
    }

    /// Whether something was said before the clock jumped.
    pub(super) fn is_before_jump(&self, said: EventTime) -> bool {
        self.jumped.is_some_and(|jumped| said <= jumped)
    }
}
