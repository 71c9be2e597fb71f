//! How long things hold.

use wayside_proto::EventTime;

/// A session ends after so long without a request, seconds.
pub const SESSION_IDLE_S: f64 = 30.0 * 60.0;
/// A session ends after so long whatever happens, seconds.
pub const SESSION_MAX_S: f64 = 12.0 * 3_600.0;
/// The link for the first account, seconds.
pub const SETUP_S: f64 = 24.0 * 3_600.0;
/// An invitation, seconds.
pub const INVITE_S: f64 = 72.0 * 3_600.0;
/// The time to touch a passkey, seconds.
pub const CEREMONY_S: f64 = 5.0 * 60.0;
/// The time to sign in at a provider of OpenID Connect, seconds.
pub const OIDC_S: f64 = 10.0 * 60.0;

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SessionLife {
    /// Without a request, seconds.
    pub idle_s: f64,
    /// At most, seconds.
    pub max_s: f64,
}

impl Default for SessionLife {
    fn default() -> Self {
        Self { idle_s: SESSION_IDLE_S, max_s: SESSION_MAX_S }
    }
}

impl SessionLife {
    /// When a session ends that began and was last used then.
    #[must_use]
    pub fn ends(&self, began: EventTime, used: EventTime) -> EventTime {
        began.plus_s(self.max_s).min(used.plus_s(self.idle_s))
    }

    /// Whether it holds. One that is used before it began (a clock was set back) does not, beyond a minute.
    #[must_use]
    pub fn holds(&self, began: EventTime, used: EventTime, now: EventTime) -> bool {
        now < self.ends(began, used) && now.since_s(began) > -60.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_idle_or_at_the_latest() {
        let life = SessionLife::default();
        let at = |s: f64| EventTime(0).plus_s(s);
        assert!(life.holds(at(0.0), at(0.0), at(1_799.0)));
        assert!(!life.holds(at(0.0), at(0.0), at(1_800.0)));
        assert!(life.holds(at(0.0), at(43_000.0), at(43_199.0)));
        assert!(!life.holds(at(0.0), at(43_199.0), at(43_200.0)));
        assert!(life.holds(at(0.0), at(0.0), at(-5.0)));
        assert!(!life.holds(at(0.0), at(0.0), at(-3_600.0)));
    }
}
