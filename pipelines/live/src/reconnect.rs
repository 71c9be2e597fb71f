//! When to try again to reach a camera.
//!
//! Attempts back off, with jitter, so that a worker does not hammer what is broken and a hundred
//! cameras behind one switch are not opened at the same instant. While one waits, the camera's port
//! is knocked at once a second, which costs one packet: the first answer after a silence ends the
//! wait.

/// First wait after a failed attempt, microseconds.
const WAIT_US_MIN: u64 = 500_000;
/// Longest wait, microseconds.
const WAIT_US_MAX: u64 = 30_000_000;
/// Longest wait after an attempt that brought pictures, microseconds: who was there just now is soon
/// there again.
const WAIT_US_SEEN_MAX: u64 = 2_000_000;
/// A stream that was up for this long begins again without waiting, microseconds.
const STEADY_US: u64 = 5_000_000;
/// Between two knocks, microseconds.
const KNOCK_US: u64 = 1_000_000;

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A session is open, since then.
    Open(u64),
    /// The next attempt is due then.
    Waiting(u64),
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// Open a session.
    Connect,
    /// See whether somebody listens at the camera's port.
    Knock,
}

/// How a session ended, as far as the next attempt goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There was nobody, or the stream broke off.
    Gone,
    /// Somebody was there and said no: the password, the path, the codec.
    Refused,
    /// Somebody was there and said nothing. Waiting is part of the attempt itself.
    Mute,
}

/// Times the attempts on one camera.
#[derive(Clone, Copy, Debug)]
pub struct Reconnect {
    state: State,
    failures: u32,
    /// Whether nobody answered the last knock.
    silent: bool,
    knocked_us: u64,
}

impl Reconnect {
    /// The first attempt is due `spread_us` after `now_us`.
    #[must_use]
    pub fn new(now_us: u64, spread_us: u64) -> Self {
        let state = State::Waiting(now_us.saturating_add(spread_us));
        Self { state, failures: 0, silent: false, knocked_us: now_us }
    }

    /// What is due now. [`Due::Connect`] counts as done.
    pub fn due(&mut self, now_us: u64) -> Due {
        let State::Waiting(at) = self.state else { return Due::Nothing };
        if now_us >= at {
            self.state = State::Open(now_us);
            return Due::Connect;
        }
        if self.failures > 0 && now_us.saturating_sub(self.knocked_us) >= KNOCK_US {
            self.knocked_us = now_us;
            return Due::Knock;
        }
        Due::Nothing
    }

    /// Somebody listens at the camera's port, or nobody does.
    pub fn knocked(&mut self, answered: bool, now_us: u64) {
        if let State::Waiting(at) = &mut self.state
            && answered
            && self.silent
        {
            *at = (*at).min(now_us);
        }
        self.silent = !answered;
    }

    /// The session ended. `chance` is any number: it spreads the attempts.
    pub fn ended(&mut self, failure: Failure, pictures: bool, now_us: u64, chance: u64) {
        let since = match self.state {
            State::Open(since) => since,
            State::Waiting(_) => return,
        };
        let steady = pictures && now_us.saturating_sub(since) >= STEADY_US;
        if steady {
            self.failures = 0;
        }
        let wait = match failure {
            Failure::Mute => WAIT_US_MIN / 5,
            Failure::Gone | Failure::Refused if steady => WAIT_US_MIN / 5,
            Failure::Gone | Failure::Refused => {
                let longest = if pictures { WAIT_US_SEEN_MAX } else { WAIT_US_MAX };
                WAIT_US_MIN.saturating_mul(1 << self.failures.min(8)).min(longest)
            }
        };
        self.failures = self.failures.saturating_add(1);
        // Half of it is certain, half is chance.
        let wait = wait / 2 + chance % (wait / 2 + 1);
        // Where nobody was there, the first answer to a knock is the return.
        self.silent = failure == Failure::Gone && !pictures;
        self.knocked_us = now_us;
        self.state = State::Waiting(now_us.saturating_add(wait));
    }

    /// Attempts in a row that brought nothing lasting.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Fails `n` times; the instant and the wait after each.
    fn fail(reconnect: &mut Reconnect, failure: Failure, n: usize, chance: u64) -> Vec<u64> {
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..n {
            let began = now;
            while reconnect.due(now) != Due::Connect {
                now += 10_000;
            }
            waits.push(now - began);
            reconnect.ended(failure, false, now, chance);
        }
        waits
    }

    #[test]
    fn waits_grow_to_half_a_minute() {
        let mut reconnect = Reconnect::new(0, 0);
        let waits = fail(&mut reconnect, Failure::Refused, 12, u64::MAX);
        assert_eq!(waits[0], 0);
        assert!(waits.windows(2).skip(1).all(|pair| pair[0] <= pair[1]), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= WAIT_US_MAX + 10_000), "{waits:?}");
        assert!(waits[11] >= WAIT_US_MAX / 2);
    }

    #[test]
    fn the_first_answer_after_silence_ends_the_wait() {
        let mut reconnect = Reconnect::new(0, 0);
        fail(&mut reconnect, Failure::Gone, 12, 7);
        let mut now = 200_000_000;
        reconnect.state = State::Waiting(now + WAIT_US_MAX);
        assert_eq!(reconnect.due(now), Due::Knock);
        reconnect.knocked(false, now);
        assert_eq!(reconnect.due(now), Due::Nothing);
        now += KNOCK_US;
        assert_eq!(reconnect.due(now), Due::Knock);
        reconnect.knocked(true, now);
        assert_eq!(reconnect.due(now), Due::Connect);
    }

    #[test]
    fn a_camera_that_says_no_is_not_hurried_by_an_open_port() {
        let mut reconnect = Reconnect::new(0, 0);
        fail(&mut reconnect, Failure::Refused, 8, 3);
        let State::Waiting(at) = reconnect.state else { panic!("waits") };
        reconnect.knocked(true, at - 5_000_000);
        assert_ne!(reconnect.due(at - 4_000_000), Due::Connect);
    }

    #[test]
    fn a_stream_that_breaks_again_and_again_is_opened_within_seconds() {
        let mut reconnect = Reconnect::new(0, 0);
        let mut now = 0;
        for _ in 0..20 {
            let ended = now;
            while reconnect.due(now) != Due::Connect {
                now += 10_000;
            }
            assert!(now - ended <= WAIT_US_SEEN_MAX + 10_000, "{} us", now - ended);
            now += STEADY_US / 2;
            reconnect.ended(Failure::Gone, true, now, u64::MAX);
        }
    }

    proptest! {
        #[test]
        fn a_steady_stream_that_breaks_is_opened_at_once(chance in any::<u64>()) {
            let mut reconnect = Reconnect::new(0, 0);
            prop_assert_eq!(reconnect.due(0), Due::Connect);
            reconnect.ended(Failure::Gone, true, STEADY_US, chance);
            prop_assert_eq!(reconnect.due(STEADY_US + WAIT_US_MIN / 5), Due::Connect);
        }
    }
}
