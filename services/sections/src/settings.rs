//! What one section asks for.

use wayside_proto::{MotorVehicleClass, SectionEnd, SectionId};
use wayside_site::Site;
use wayside_site::model::SectionSpeed;

use crate::judge::SpeedRule;

/// How late, in event time, a message of an end may come after later ones of the same end, seconds.
pub const LATENESS_S: f64 = 10.0;
/// Length of a window of travel times, seconds.
pub const WINDOW_S: u32 = 60;

/// What one section asks for. Times are in microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The section.
    pub section: SectionId,
    /// Its length, metres.
    pub length_m: f64,
    /// Standard deviation of the length, metres.
    pub length_sigma_m: f64,
    /// The shortest travel time that physics allows.
    pub travel_time_us_min: i64,
    /// The longest travel time that is matched.
    pub travel_time_us_max: i64,
    /// Least similarity of a match.
    pub similarity_min: f64,
    /// Least margin of a match over the second best.
    pub margin_min: f64,
    /// How late a message may come.
    pub lateness_us: i64,
    /// Length of a window of travel times, seconds, 1 to 3600.
    pub window_s: u32,
    /// The rule, where the section has a limit and the site lists it.
    pub rule: Option<SpeedRule>,
}

impl Settings {
    /// What the section asks for by the site file of its exit; none where the file has no such
    /// section, or the exit is in another file. Where the site does not list the rule, travel times
    /// are measured with its default similarities.
    #[must_use]
    pub fn of(site: &Site, section: &str) -> Option<Self> {
        let section = site.section(section)?;
        if section.gate(SectionEnd::Exit).site.is_some() {
            return None;
        }
        let listed = site.file().rules.section_speed.as_ref();
        let SectionSpeed { similarity_min, margin_min, .. } = listed.cloned().unwrap_or_default();
        let limit_ms =
            |class: MotorVehicleClass| section.limit_kmh_of(class).map(|limit| limit / 3.6);
        let rule = listed.zip(limit_ms(MotorVehicleClass::Car)).map(|(listed, car)| SpeedRule {
            limit_ms: [
                car,
                limit_ms(MotorVehicleClass::Truck).unwrap_or(car),
                limit_ms(MotorVehicleClass::Bus).unwrap_or(car),
                limit_ms(MotorVehicleClass::Motorcycle).unwrap_or(car),
            ],
            tolerance_ms: listed.tolerance_kmh / 3.6,
            similarity_min: listed.violation_similarity_min,
            margin_min: listed.violation_margin_min,
            speeds_agree_share: listed.speeds_agree_share,
            class_confidence_min: listed.class_confidence_min,
        });
        let us = |seconds: f64| (seconds * 1e6).round() as i64;
        Some(Self {
            section: SectionId(section.id.clone()),
            length_m: section.length_m,
            length_sigma_m: section.length_sigma_m_or_default(),
            travel_time_us_min: us(section.travel_time_s_min()),
            travel_time_us_max: us(section.travel_time_s_max_or_default()),
            similarity_min,
            margin_min,
            lateness_us: us(LATENESS_S),
            window_s: WINDOW_S,
            rule,
        })
    }

    /// How long after a vehicle left everything is known that its match may need.
    pub(crate) fn settled_us(&self) -> i64 {
        self.travel_time_us_max + self.lateness_us
    }
}
