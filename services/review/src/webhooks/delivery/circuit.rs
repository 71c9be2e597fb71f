//! Whether an endpoint takes anything at all: after some failures in a row it is asked seldom, with one
//! message at a time.

use wayside_proto::EventTime;

use super::policy::Policy;

/// The circuit of one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Circuit {
    /// The endpoint is taken to be well; failures in a row.
    Closed { failures: u32 },
    /// Nothing is sent until then; how often it opened in a row.
    Open { until: EventTime, opened: u32 },
    /// One message is on its way, to see.
    Probing { opened: u32 },
}

impl Circuit {
    pub(super) fn new() -> Self {
        Self::Closed { failures: 0 }
    }

    /// A message arrived. Whether the circuit was open before.
    pub(super) fn succeeded(&mut self) -> bool {
        let was_open = !matches!(self, Self::Closed { .. });
        *self = Self::Closed { failures: 0 };
        was_open
    }

    /// A message failed. Whether the circuit has opened by it.
    pub(super) fn failed(&mut self, policy: &Policy, endpoint: &str, now: EventTime) -> bool {
        let opened = match *self {
            Self::Closed { failures } if failures + 1 < policy.circuit_failures => {
                *self = Self::Closed { failures: failures + 1 };
                return false;
            }
            Self::Closed { .. } => 1,
            Self::Probing { opened } => opened.saturating_add(1),
            // What was on its way when it opened says nothing new.
            Self::Open { .. } => return false,
        };
        let until = EventTime(now.0.saturating_add(policy.probe_us(opened, endpoint)));
        *self = Self::Open { until, opened };
        opened == 1
    }
}
