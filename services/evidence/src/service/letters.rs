//! Records of evidence.

use wayside_bus::{Offset, Partition, Record, Topic, unwritable};
use wayside_proto::Evidence;
use wayside_proto::convert::Message;

use super::GROUP;

/// Evidence as a record; as a dead letter where it breaks the contract.
pub(super) fn evidence(evidence: &Evidence, offset: Offset) -> (Topic, Record) {
    let id = evidence.violation.0.clone();
    match evidence.to_bytes() {
        Ok(value) => {
            let key = format!("{}/{id}", evidence.site);
            (Topic::Evidence, Record { key, time: evidence.event_time.0, id: Some(id), value })
        }
        Err(error) => {
            let error = format!("the evidence of violation {id} cannot be written: {error}");
            let what = (evidence.site.as_str(), id.as_str(), evidence.event_time);
            unwritable(Topic::Evidence, what, Some((Partition(0), offset)), error, GROUP)
        }
    }
}
