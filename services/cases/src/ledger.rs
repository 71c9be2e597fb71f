//! The error ledger: how often people found a rule of a camera wrong, and when it stands down for that.

use std::collections::BTreeMap;

use wayside_proto::{CameraId, EventTime, RuleStandDown, SiteId};

use crate::wilson::Share;
use crate::{Policy, Reason};

/// A rule of a camera.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleOfCamera {
    /// The junction.
    pub site: SiteId,
    /// The camera.
    pub camera: CameraId,
    /// Name of the rule.
    pub rule: &'static str,
}

/// What people decided on a rule of a camera, within the window.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerLine {
    /// Which rule of which camera.
    pub what: RuleOfCamera,
    /// Decisions counted from here.
    pub since: EventTime,
    /// Rejections and withdrawals, by reason.
    pub reasons: BTreeMap<Reason, u64>,
    /// Errors of the rule, of all that were decided.
    pub errors: Share,
    /// Whether it stands down now.
    pub stood_down: bool,
}

impl LedgerLine {
    /// A line from counts: `decided` with the approved ones, `reasons` without.
    #[must_use]
    pub fn new(
        what: RuleOfCamera,
        since: EventTime,
        decided: u64,
        reasons: BTreeMap<Reason, u64>,
        stood_down: bool,
    ) -> Self {
        let wrong = reasons.iter().filter(|(reason, _)| reason.is_error_of_the_rule());
        let errors = Share::of(wrong.map(|(_, count)| count).sum(), decided);
        Self { what, since, reasons, errors, stood_down }
    }

    /// Whether the rule has to stand down: at least `decided_min` decisions, and the **lower** end of the
    /// Wilson interval above `error_rate_max`. The lower end, because a stand-down claims that the rule is
    /// worse than allowed: few decisions must not bring it down by bad luck. Until then nobody is harmed,
    /// since each of its cases is still decided by a person.
    #[must_use]
    pub fn is_too_wrong(&self, policy: &Policy) -> bool {
        self.errors.of >= u64::from(policy.decided_min) && self.errors.low > policy.error_rate_max
    }

    /// The message that it stands down, where it has to and does not yet.
    #[must_use]
    pub fn stand_down(&self, now: EventTime, policy: &Policy) -> Option<RuleStandDown> {
        if self.stood_down || !self.is_too_wrong(policy) {
            return None;
        }
        let Share { count, of, share, low, .. } = self.errors;
        let most = self
            .reasons
            .iter()
            .filter(|(reason, _)| reason.is_error_of_the_rule())
            .max_by_key(|(reason, count)| (**count, std::cmp::Reverse(**reason)));
        let most = most.map_or(String::new(), |(reason, count)| {
            format!(" Most often ({count}): {}", reason.sentence())
        });
        let why = format!(
            "People found {count} of {of} violations wrong ({:.1}%, at least {:.1}% with 95% confidence; {:.1}% are allowed).{most}",
            share * 100.0,
            low * 100.0,
            policy.error_rate_max * 100.0,
        );
        Some(self.message(true, now, why))
    }

    /// The message that it is back, for the reason that a person gives.
    #[must_use]
    pub fn reinstated(&self, now: EventTime, why: String) -> RuleStandDown {
        self.message(false, now, why)
    }

    fn message(&self, stood_down: bool, since: EventTime, why: String) -> RuleStandDown {
        let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        RuleStandDown {
            site: self.what.site.clone(),
            camera: self.what.camera.clone(),
            rule: self.what.rule,
            stood_down,
            since,
            why,
            decided: number(self.errors.of),
            errors: number(self.errors.count),
        }
    }
}

/// From when on decisions count: the window's begin, or the last reinstatement. What was decided before
/// a rule was put right says nothing about it any more.
#[must_use]
pub fn counted_from(now: EventTime, reinstated: Option<EventTime>, policy: &Policy) -> EventTime {
    let begin = now.plus_s(-f64::from(policy.ledger_window_s));
    reinstated.map_or(begin, |reinstated| reinstated.max(begin))
}
