//! Records of outcomes, and what is wrong with times.

use wayside_bus::{Record, Topic, unwritable};
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Outcome};

use crate::options::Options;

/// An outcome as a record; as a dead letter where it breaks the contract.
pub(crate) fn outcome(outcome: &Outcome, consumer: &str) -> (Topic, Record) {
    match outcome.to_bytes() {
        Ok(value) => {
            let (key, id) = (outcome.site.0.clone(), Some(outcome.id.0.clone()));
            (Topic::Violations, Record { key, time: outcome.event_time.0, id, value })
        }
        Err(error) => {
            let error = format!("an outcome of {} cannot be written: {error}", outcome.rule);
            let what = (outcome.site.as_str(), outcome.id.0.as_str(), outcome.event_time);
            unwritable(Topic::Violations, what, None, error, consumer)
        }
    }
}

/// What is wrong with an event time that lies ahead of every clock.
pub(crate) fn ahead(time: EventTime, options: &Options) -> String {
    format!(
        "its time, {time}, lies more than {} s ahead of this machine's clock: the clock of the camera, \
         or of whoever wrote it, is wrong",
        options.ahead_s_max
    )
}
