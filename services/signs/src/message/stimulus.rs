//! Something that happened at a junction, as far as a sign may know of it.
//!
//! Of a violation its rule, its place and its time; of people on a crossing that there was one; of a
//! section figures over three vehicles or more. Whose vehicle it was is not taken over.

use wayside_proto::{
    EventTime, Outcome, SectionId, SiteId, TRAVEL_TIME_MATCHED_MIN, TravelTime, Verdict,
};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Stimulus {
    /// Where; none for a section, which may lie between two junctions.
    pub site: Option<SiteId>,
    /// When, in event time.
    pub time: EventTime,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A rule was broken.
    Violation {
        /// Name of the rule.
        rule: &'static str,
        /// Place, approach and lane, as far as they are known.
        places: Vec<String>,
    },
    /// Somebody stepped on a crossing on red.
    PedestrianOnRed {
        /// The crossing.
        crossing: String,
    },
    /// Vehicles took this long over a section.
    Section {
        /// The section.
        section: SectionId,
        /// Median over the vehicles of the window, seconds.
        travel_time_s: f64,
        /// Median of their mean speeds, kilometres an hour.
        speed_kmh: f64,
    },
}

impl Stimulus {
    /// That of a violation; none of a void, which says that nothing is certain.
    #[must_use]
    pub fn of_outcome(outcome: &Outcome) -> Option<Self> {
        if !matches!(outcome.verdict, Verdict::Violation) {
            return None;
        }
        let places = [Some(&outcome.place), outcome.approach.as_ref(), outcome.lane.as_ref()];
        let places = places.into_iter().flatten().cloned().collect();
        Some(Self {
            site: Some(outcome.site.clone()),
            time: outcome.event_time,
            what: What::Violation { rule: outcome.rule, places },
        })
    }

    /// That of a window of a section; none where fewer than three vehicles were measured.
    #[must_use]
    pub fn of_travel_time(measured: &TravelTime) -> Option<Self> {
        if measured.matched < TRAVEL_TIME_MATCHED_MIN {
            return None;
        }
        let (time, speed) = (measured.travel_time_s?, measured.mean_speed_ms?);
        Some(Self {
            site: None,
            time: measured.time,
            what: What::Section {
                section: measured.section.clone(),
                travel_time_s: time.median,
                speed_kmh: speed.median * 3.6,
            },
        })
    }

    /// That of somebody who stepped on a crossing on red.
    #[must_use]
    pub fn of_pedestrian(site: SiteId, crossing: String, time: EventTime) -> Self {
        Self { site: Some(site), time, what: What::PedestrianOnRed { crossing } }
    }
}
