//! The newest travel times of sections.

use std::collections::BTreeMap;

use wayside_proto::{SectionId, TravelTime};
use wayside_site::model::Section;

use super::limits::SECTIONS_MAX;
use crate::shapes::{TravelTimeJson, rounded};

/// The newest window of each section.
#[derive(Debug, Default)]
pub(super) struct Travel {
    newest: BTreeMap<SectionId, TravelTime>,
    /// Windows of sections beyond the number that is kept.
    pub(super) dropped: u64,
}

impl Travel {
    /// Takes a window. False where a newer one is known.
    pub(super) fn take(&mut self, window: &TravelTime) -> bool {
        match self.newest.get(&window.section) {
            Some(known) if known.time >= window.time => return false,
            None if self.newest.len() >= SECTIONS_MAX => {
                self.dropped += 1;
                return false;
            }
            _ => {}
        }
        self.newest.insert(window.section.clone(), window.clone());
        true
    }

    /// The newest windows, in order of section.
    pub(super) fn all(&self) -> impl Iterator<Item = &TravelTime> {
        self.newest.values()
    }
}

/// A window as JSON; `section` where a site file tells of it.
pub(super) fn shown(window: &TravelTime, section: Option<&Section>) -> TravelTimeJson {
    let name = section.map(|section| section.name.as_str()).filter(|name| !name.is_empty());
    let time = window.travel_time_s;
    let seconds = |value: f64| rounded(value, 10.0);
    TravelTimeJson {
        section: window.section.0.clone(),
        name: name.unwrap_or(window.section.as_str()).to_owned(),
        time: window.time.to_string(),
        window_s: window.window_s,
        matched: window.matched,
        entered: window.entered,
        left: window.left,
        median_s: time.map(|spread| seconds(spread.median)),
        lower_quartile_s: time.map(|spread| seconds(spread.lower_quartile)),
        upper_quartile_s: time.map(|spread| seconds(spread.upper_quartile)),
        mean_speed_ms: window.mean_speed_ms.map(|spread| rounded(spread.median, 100.0)),
        length_m: section.map(|section| rounded(section.length_m, 10.0)),
        limit_ms: section
            .and_then(|section| section.limit_kmh)
            .map(|kmh| rounded(kmh / 3.6, 100.0)),
    }
}
