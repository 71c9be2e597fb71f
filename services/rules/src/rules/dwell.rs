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
    let within = value <= limit_s;
    if within && high.is_none_or(|high| high <= limit_s) {
        return None;
    }
    let unsure = if within {
        straddles(format!(
            "The stand lasted {value:.2} s or a little longer; the limit is {limit_s} s."
        ))
    } else {
        None
    };
    let void = scene.gap(stand.begin(), stand.last_still).or(unsure);
    Some(Dwell { quantity: quantity("dwell", value, Some(value), high, Unit::Second), void })
}
