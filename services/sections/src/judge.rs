//! `section_speed`, version 1.
//!
//! The law: a speed limit holds for the whole section, so the mean speed may not exceed it. Recognised:
//! the mean speed between the gates, from the length of the road and the two crossings, is above the
//! limit of the vehicle's class and the tolerance, with its whole interval.
//!
//! Quantities: `mean_speed` (m/s), `travel_time` (s), `distance` (m), `spot_speed_entry` and
//! `spot_speed_exit` (m/s).
//!
//! Void: the interval straddles the limit while the estimate is above it; the spot speeds at both ends,
//! a second estimate that is independent of the match and of the clocks, differ from the mean speed by
//! more than a share; the two passages look alike well enough for a travel time and not for an
//! accusation; the class is not certain at both ends. Nothing at all is said of a vehicle whose
//! mean speed is not above the limit: nobody needs to know (PV-2).

use wayside_proto::{
    MotorVehicleClass, Outcome, OutcomeId, Quantity, SectionId, Unit, Verdict, VoidCause,
};
use wayside_rules::SECTION_SPEED;

use crate::end::Held;
use crate::speed::{Interval, spot_estimate_ms};

/// Thresholds of the rule.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeedRule {
    /// Speed limits of car, truck, bus, motorcycle, metres a second.
    pub limit_ms: [f64; 4],
    /// What is tolerated above the limit, metres a second.
    pub tolerance_ms: f64,
    /// Least similarity of a violation.
    pub similarity_min: f64,
    /// Least margin of a violation over the second best at either end.
    pub margin_min: f64,
    /// How far mean speed and spot speeds may differ, as a share of the mean speed.
    pub speeds_agree_share: f64,
    /// Least share of the class in the votes of both tracks.
    pub class_confidence_min: f64,
}

impl SpeedRule {
    fn limit_of(&self, class: MotorVehicleClass) -> f64 {
        let [car, truck, bus, motorcycle] = self.limit_ms;
        match class {
            MotorVehicleClass::Car => car,
            MotorVehicleClass::Truck => truck,
            MotorVehicleClass::Bus => bus,
            MotorVehicleClass::Motorcycle => motorcycle,
        }
    }
}

/// What was measured of a matched vehicle.
pub(crate) struct Measured<'a> {
    pub(crate) section: &'a SectionId,
    pub(crate) length_m: f64,
    pub(crate) length_sigma_m: f64,
    pub(crate) entry: &'a Held,
    pub(crate) exit: &'a Held,
    pub(crate) similarity: f64,
    pub(crate) margin: Option<f64>,
    pub(crate) travel_time_s: Interval,
    pub(crate) mean_speed_ms: Interval,
}

/// The outcome; none where the vehicle was not too fast.
pub(crate) fn judge(rule: &SpeedRule, measured: &Measured<'_>) -> Option<Outcome> {
    let (entry, exit, speed) = (measured.entry, measured.exit, measured.mean_speed_ms);
    let limit = rule.limit_of(exit.class) + rule.tolerance_ms;
    if speed.value <= limit {
        return None;
    }
    let verdict = match reason(rule, measured, limit) {
        Some((cause, detail)) => Verdict::Void { cause, detail },
        None => Verdict::Violation,
    };
    let at = &exit.at;
    Some(Outcome {
        id: OutcomeId::derive(
            &at.site,
            &at.camera,
            &at.run,
            exit.track,
            SECTION_SPEED.name,
            measured.section.as_str(),
            exit.crossing.time,
        ),
        rule: SECTION_SPEED.name,
        rule_version: SECTION_SPEED.version,
        site: at.site.clone(),
        camera: at.camera.clone(),
        run: at.run.clone(),
        track: exit.track,
        class: exit.class,
        event_time: exit.crossing.time,
        place: measured.section.0.clone(),
        approach: None,
        lane: exit.lane.clone(),
        quantities: quantities(measured, entry, exit),
        signal: None,
        verdict,
    })
}

/// Why the rule abstains.
fn reason(rule: &SpeedRule, measured: &Measured<'_>, limit: f64) -> Option<(VoidCause, String)> {
    let (entry, exit, speed) = (measured.entry, measured.exit, measured.mean_speed_ms);
    if speed.low <= limit {
        let detail = format!(
            "The mean speed may be {:.2} m/s, which does not exceed the limit of {limit:.2} m/s.",
            speed.low
        );
        return Some((VoidCause::IntervalStraddlesLimit, detail));
    }
    let spot = spot_estimate_ms(&entry.crossing, &exit.crossing);
    if (spot - speed.value).abs() > rule.speeds_agree_share * speed.value {
        let detail = format!(
            "The mean speed over the section is {:.2} m/s, and the speeds at its ends say {spot:.2} \
             m/s; more than {:.0}% apart.",
            speed.value,
            rule.speeds_agree_share * 100.0
        );
        return Some((VoidCause::SpeedsDisagree, detail));
    }
    let margin = measured.margin.unwrap_or(f64::INFINITY);
    if measured.similarity < rule.similarity_min || margin < rule.margin_min {
        let detail = format!(
            "The vehicles at the two ends look alike by {:.3}{}; a violation needs {} and {}.",
            measured.similarity,
            measured.margin.map_or(String::new(), |m| format!(", {m:.3} more than the next")),
            rule.similarity_min,
            rule.margin_min
        );
        return Some((VoidCause::MatchUncertain, detail));
    }
    let share = f64::from(entry.class_confidence.min(exit.class_confidence));
    if share < rule.class_confidence_min {
        let class = wayside_proto::RoadUserClass::from(exit.class).as_str();
        let detail = format!("Only {share:.2} of the votes of one of the tracks say {class}.");
        return Some((VoidCause::ClassUncertain, detail));
    }
    None
}

fn quantities(measured: &Measured<'_>, entry: &Held, exit: &Held) -> Vec<Quantity> {
    let margin = 1.96 * measured.length_sigma_m;
    let length = measured.length_m;
    let distance = Interval { value: length, low: length - margin, high: length + margin };
    [
        ("mean_speed", measured.mean_speed_ms, Unit::MetrePerSecond),
        ("travel_time", measured.travel_time_s, Unit::Second),
        ("distance", distance, Unit::Metre),
        ("spot_speed_entry", entry.crossing.spot(), Unit::MetrePerSecond),
        ("spot_speed_exit", exit.crossing.spot(), Unit::MetrePerSecond),
    ]
    .map(|(name, interval, unit)| Quantity {
        name,
        value: interval.value,
        low: Some(interval.low),
        high: Some(interval.high),
        unit,
    })
    .to_vec()
}
