//! A fault, and what is expected of it.

use wayside_proto::{EventTime, GapCause};

use super::FAULT_S;

/// A fault of one camera, and what it must leave behind.
pub struct Case<'a> {
    pub id: &'static str,
    /// What its gap may be called.
    pub causes: &'static [GapCause],
    /// Seconds in such gaps, at least.
    pub gap_s_min: f64,
    /// The condition that stands the camera down meanwhile.
    pub condition: Option<&'static str>,
    /// How long after the fault the camera is not believed yet, seconds.
    pub settle_s: f64,
    /// Makes the fault happen; returns when the camera is as before.
    pub happen: Box<dyn FnOnce() + Send + 'a>,
}

impl<'a> Case<'a> {
    pub fn new(
        id: &'static str,
        causes: &'static [GapCause],
        happen: impl FnOnce() + Send + 'a,
    ) -> Self {
        let happen = Box::new(happen);
        Self { id, causes, gap_s_min: FAULT_S * 0.6, condition: None, settle_s: 0.0, happen }
    }

    pub fn gap_s_min(self, gap_s_min: f64) -> Self {
        Self { gap_s_min, ..self }
    }

    pub fn condition(self, condition: &'static str) -> Self {
        Self { condition: Some(condition), ..self }
    }

    pub fn settle_s(self, settle_s: f64) -> Self {
        Self { settle_s, ..self }
    }
}

/// When a fault began and when it was over.
pub struct Happened {
    pub began: EventTime,
    pub returned: EventTime,
}
