//! One partition of one topic, from as far back as is wanted to its end and on.

use std::collections::BTreeSet;
use std::time::Duration;

use wayside_bus::{Bus, BusError, Offset, Partition, Reader, Start, Stored, Topic};
use wayside_proto::{EventTime, SiteId};

/// How far back the console looks at start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LookBack {
    /// Outcomes, evidence, citations, seconds.
    pub outcomes_s: f64,
    /// Observations and travel times, seconds.
    pub observations_s: f64,
    /// Health and signals, seconds.
    pub health_s: f64,
    /// Records of one partition of a topic, at most.
    pub records_max: u64,
}

impl Default for LookBack {
    fn default() -> Self {
        Self {
            outcomes_s: 86_400.0,
            observations_s: 3_600.0,
            health_s: 900.0,
            records_max: 200_000,
        }
    }
}

/// The topics that the console follows, in the order in which they are read: what explains comes before what
/// is explained by it.
pub(super) const FOLLOWED: [Topic; 8] = [
    Topic::StandDowns,
    Topic::Health,
    Topic::Signals,
    Topic::Violations,
    Topic::Evidence,
    Topic::Citations,
    Topic::TravelTimes,
    Topic::Observations,
];

/// A partition that is followed.
pub(super) struct Source {
    pub(super) topic: Topic,
    pub(super) partition: Partition,
    reader: Box<dyn Reader>,
    /// What stands before this was there when it was opened.
    past: Offset,
}

/// The partitions of a topic in which these sites have records.
pub(super) fn wanted(
    bus: &dyn Bus,
    topic: Topic,
    sites: &[SiteId],
) -> Result<BTreeSet<Partition>, BusError> {
    let count = bus.partitions(topic)?;
    Ok(match topic {
        // Keyed by section, and a section may begin at another site.
        Topic::TravelTimes => (0..count).map(Partition).collect(),
        _ => sites.iter().map(|site| Partition::of(site.as_str(), count)).collect(),
    })
}

impl Source {
    /// Opens a partition as far back as is wanted.
    pub(super) fn open(
        bus: &dyn Bus,
        topic: Topic,
        partition: Partition,
        look_back: &LookBack,
        now: EventTime,
    ) -> Result<Self, BusError> {
        let back_s = match topic {
            Topic::Violations | Topic::Evidence | Topic::Citations => Some(look_back.outcomes_s),
            Topic::Observations | Topic::TravelTimes => Some(look_back.observations_s),
            // What stood down long ago may still do.
            Topic::StandDowns => None,
            _ => Some(look_back.health_s),
        };
        let start = back_s.map_or(Start::Begin, |back_s| Start::Time(now.plus_s(-back_s).0));
        let mut reader = bus.read_from(topic, partition, start)?;
        let past = reader.end()?;
        if past.0.saturating_sub(reader.next().0) > look_back.records_max {
            let from = Start::At(Offset(past.0.saturating_sub(look_back.records_max)));
            reader = bus.read_from(topic, partition, from)?;
        }
        Ok(Self { topic, partition, reader, past })
    }

    /// What is there, without waiting. With each record, whether it was there when the partition was opened.
    pub(super) fn read(
        &mut self,
        records_max: usize,
        bytes_max: usize,
        wait: Duration,
    ) -> Result<Vec<(Stored, bool)>, BusError> {
        let records = self.reader.read(records_max, bytes_max, wait)?;
        Ok(records
            .into_iter()
            .map(|stored| {
                let past = stored.offset < self.past;
                (stored, past)
            })
            .collect())
    }

    /// Whether everything is read that was there when it was opened.
    pub(super) fn is_present(&self) -> bool {
        self.reader.next() >= self.past
    }
}
