//! Signal reports from the bus, as the rules take them.

use wayside_proto::{ReportSource, SignalReport};
use wayside_rules::signals::{SignalRecord, SignalSource};

use crate::follow::Follow;

/// The reports of a partition.
pub(crate) type Reports = Follow<SignalReport>;

pub(crate) fn record(report: SignalReport) -> SignalRecord {
    let source = match report.source {
        ReportSource::Log => SignalSource::Log,
        ReportSource::Lamp(_) => SignalSource::Lamp,
    };
    SignalRecord { time: report.time, group: report.group, state: report.state, source }
}
