//! Records to what the state takes.

use wayside_bus::{Stored, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{
    CameraHealth, Citation, EventTime, Evidence, Observation, Outcome, RuleStandDown, SignalReport,
    TravelTime,
};

use crate::state::Heard;

/// How far ahead of the console's clock a camera's may be, seconds: what is further is not believed.
const AHEAD_S: f64 = 300.0;

/// What a record says.
///
/// # Errors
/// One sentence on what is wrong with it.
pub(super) fn decode(topic: Topic, stored: &Stored, now: EventTime) -> Result<Heard, String> {
    if EventTime(stored.time).since_s(now) > AHEAD_S {
        return Err(format!("its time, {}, lies ahead of every clock", EventTime(stored.time)));
    }
    let bytes = &stored.value;
    match topic {
        Topic::Observations => read::<Observation>(bytes).map(Heard::Observation),
        Topic::Signals => read::<SignalReport>(bytes).map(Heard::Signal),
        Topic::Health => read::<CameraHealth>(bytes).map(|health| Heard::Health(Box::new(health))),
        Topic::Violations => {
            read::<Outcome>(bytes).map(|outcome| Heard::Outcome(Box::new(outcome)))
        }
        Topic::Evidence => read::<Evidence>(bytes).map(Heard::Evidence),
        Topic::Citations => read::<Citation>(bytes).map(|it| Heard::Citation(Box::new(it))),
        Topic::TravelTimes => read::<TravelTime>(bytes).map(Heard::TravelTime),
        Topic::StandDowns => read::<RuleStandDown>(bytes).map(Heard::StandDown),
        Topic::Passages | Topic::Signs | Topic::DeadLetter | Topic::Receipts => {
            Err("the console does not follow this topic".to_owned())
        }
    }
}

fn read<M: Message>(bytes: &[u8]) -> Result<M, String> {
    M::from_bytes(bytes).map_err(|error| error.to_string())
}
