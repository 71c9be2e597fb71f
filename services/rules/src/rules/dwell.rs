//! How long a stand lasted against a limit. Shared by `no_stopping` and `box_junction`.

use wayside_proto::{Quantity, Unit};

use crate::scene::{Reason, Scene, quantity, straddles};
use crate::standing::Stand;

/// A stand that exceeds the limit, or may.
pub(crate) struct Dwell {
    pub(crate) quantity: Quantity,
    pub(crate) void: Option<Reason>,
}

/// None where the stand stays within the limit.
pub(crate) fn judge(scene: &Scene<'_>, stand: &Stand, limit_s: f64) -> Option<Dwell> {
    let (value, high) = stand.dwell_s();
    // Both ends of a stand may be seen late, or early.
    let lag_s = stand.lag_s();
    let low = (value - 2.0 * lag_s).max(0.0);
    let high = high.map(|high| high + 2.0 * lag_s);
    let within = value <= limit_s;
    if within && high.is_none_or(|high| high <= limit_s) {
        return None;
    }
    let unsure = if within || low <= limit_s {
        straddles(format!(
            "The stand lasted about {value:.2} s, give or take {lag_s:.2} s at each end; the limit is {limit_s} s."
        ))
    } else {
        None
    };
    // A gap voids the stand unless one part of it that no gap touches exceeds the limit by itself.
    let clear_s = scene.gaps.longest_clear_s(stand.begin(), stand.last_still) - 2.0 * lag_s;
    let (low, gap) = match scene.gap(stand.begin(), stand.last_still) {
        None => (low, None),
        Some(_) if clear_s > limit_s => (clear_s.min(low), None),
        Some(gap) => (low, Some(gap)),
    };
    let void = gap.or(unsure);
    Some(Dwell { quantity: quantity("dwell", value, Some(low), high, Unit::Second), void })
}
