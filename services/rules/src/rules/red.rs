//! Whether a stop line was crossed on red, beyond the grace time. Shared by `red_light` and
//! `stop_line`.

use wayside_proto::{Quantity, Signal, SignalColour, Unit, VoidCause};

use crate::lines::Crossing;
use crate::map::Line;
use crate::scene::{Reason, Scene, quantity, straddles};
use crate::signals::{Known, SignalAt, UnknownCause};

/// A crossing slower than this, with an interval that reaches into the next green, is a queue
/// moving up to the line, metres a second.
const CREEP_MS: f64 = 1.0;

/// A crossing on red, or one that cannot be judged.
pub(crate) struct OnRed {
    pub(crate) time_into_red: Option<Quantity>,
    pub(crate) signal: Option<Signal>,
    pub(crate) void: Option<Reason>,
    /// The lower end of the interval lies beyond the grace time.
    pub(crate) beyond_grace: bool,
}

/// None where the crossing was lawful, or is tolerated.
pub(crate) fn judge(
    scene: &Scene<'_>,
    line: &Line,
    crossing: &Crossing,
    grace_s: f64,
) -> Option<OnRed> {
    let group = line.group.as_deref()?;
    let known = match scene.signals.state_at(group, crossing.at) {
        SignalAt::Unknown(cause) => return Some(unknown(group, cause)),
        SignalAt::Known(known) => known,
    };
    if known.state != SignalColour::Red {
        return None;
    }
    let time_into_red = time_into_red(&known, crossing);
    let high = crossing.high.map(|high| high.since_s(known.recorded));
    if high.is_some_and(|high| high <= grace_s) {
        return None;
    }
    let mut void = None;
    match crossing.high {
        Some(high) => {
            let after = scene.signals.timeline(group, crossing.at, high);
            for span in after {
                match span.state {
                    SignalAt::Known(known) if known.state == SignalColour::Red => {}
                    SignalAt::Known(_) if crossing.speed_ms < CREEP_MS => return None,
                    SignalAt::Known(_) => {
                        void = straddles("The crossing may lie after the end of red.");
                    }
                    SignalAt::Unknown(cause) => return Some(unknown(group, cause)),
                }
            }
        }
        None => void = straddles("The front was never beyond the line for certain."),
    }
    let beyond_grace = time_into_red.low.is_some_and(|low| low > grace_s);
    match time_into_red.low {
        Some(low) if low > grace_s => {}
        Some(low) => {
            let detail = format!(
                "Time into red may be {low:.3} s, which does not exceed the grace time of {grace_s} s."
            );
            void = void.or(straddles(detail));
        }
        None => {
            void = void.or(straddles("The track began too near the line to tell when it crossed."));
        }
    }
    let signal = Signal { group: group.to_owned(), state: known.state, since: known.since };
    Some(OnRed { time_into_red: Some(time_into_red), signal: Some(signal), void, beyond_grace })
}

/// With the change to red on record: crossing minus change. Without: at least the time since the
/// first record.
fn time_into_red(known: &Known, crossing: &Crossing) -> Quantity {
    let since = |time: wayside_proto::EventTime| time.since_s(known.recorded);
    let high = known.since.and(crossing.high).map(since);
    quantity("time_into_red", since(crossing.at), crossing.low.map(since), high, Unit::Second)
}

fn unknown(group: &str, cause: UnknownCause) -> OnRed {
    let void = match cause {
        UnknownCause::Disagreement => VoidCause::SignalDisagreement,
        UnknownCause::NoRecord | UnknownCause::Expired => VoidCause::SignalUnknown,
    };
    let detail = format!("Signal group {group} {}.", cause.as_text());
    OnRed { time_into_red: None, signal: None, void: Some((void, detail)), beyond_grace: false }
}
