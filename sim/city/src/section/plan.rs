//! Where a section is.

use wayside_proto::{SectionId, SiteId};

use crate::names::site_name;
use crate::rng::Rng;

/// Where gates lie on an arm, metres from the middle of the junction.
pub(crate) const GATE_OUT_M: f64 = 70.0;
/// Lengths, metres.
const LENGTH_M: (f64, f64) = (500.0, 2_000.0);
/// Speed limit, kilometres an hour.
const LIMIT_KMH: f64 = 50.0;
/// Slowest mean speed that is matched, kilometres an hour.
const SLOW_KMH: f64 = 25.0;

/// A section from one site to the next: in by the way out of the first one's northern arm, out by the way
/// in of the second one's.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionPlan {
    /// Its number, from 0.
    pub number: u32,
    /// Its id: `section-0003`.
    pub id: SectionId,
    /// The sites of its entry and its exit.
    pub sites: [SiteId; 2],
    /// Length, metres.
    pub length_m: f64,
    /// Speed limit, kilometres an hour.
    pub limit_kmh: f64,
    /// The longest travel time that is matched, seconds.
    pub travel_time_s_max: f64,
    /// How long a passage is kept, seconds.
    pub expiry_s: f64,
}

impl SectionPlan {
    /// Section `number` of a seed's city: between the sites 2 `number` and 2 `number` + 1.
    #[must_use]
    pub fn new(seed: u64, number: u32) -> Self {
        let mut rng = Rng::new(seed, &[0x5ec7, u64::from(number)]);
        // Whole decimetres, so that the site file has the very number.
        let length_m = (rng.between(LENGTH_M.0, LENGTH_M.1) * 10.0).round() / 10.0;
        let travel_time_s_max = (length_m / SLOW_KMH * 3.6).ceil();
        let first = number.saturating_mul(2);
        Self {
            number,
            id: SectionId(format!("section-{number:04}")),
            sites: [first, first.saturating_add(1)].map(|site| SiteId(site_name(site))),
            length_m,
            limit_kmh: LIMIT_KMH,
            travel_time_s_max,
            // Twice the longest travel time and what a restart needs.
            expiry_s: (2.0 * travel_time_s_max + 100.0).max(300.0),
        }
    }

    /// Speed limit, metres a second.
    #[must_use]
    pub fn limit_ms(&self) -> f64 {
        self.limit_kmh / 3.6
    }
}
