//! The limit against which a quantity is judged, from the site file.

use wayside_site::model::Rules;

/// The limit of a rule's quantity in the quantity's own unit (seconds, metres, metres a second), and
/// what it is called; none where the quantity only describes.
pub(crate) fn limit_of(rules: &Rules, rule: &str, quantity: &str) -> Option<(f64, &'static str)> {
    match (rule, quantity) {
        ("red_light", "time_into_red") => {
            rules.red_light.as_ref().map(|r| (r.grace_s, "grace time"))
        }
        ("stop_line", "overrun") => {
            rules.stop_line.as_ref().map(|r| (r.overrun_m_min, "tolerated up to"))
        }
        ("wrong_way", "distance") => {
            rules.wrong_way.as_ref().map(|r| (r.distance_m_min, "counts from"))
        }
        ("wrong_way", "duration") => {
            rules.wrong_way.as_ref().map(|r| (r.duration_s_min, "counts from"))
        }
        ("box_junction", "dwell") => {
            rules.box_junction.as_ref().map(|r| (r.dwell_s_max, "tolerated up to"))
        }
        ("reserved_lane", "distance") => {
            rules.reserved_lane.as_ref().map(|r| (r.distance_m_min, "counts from"))
        }
        ("no_stopping", "dwell") => {
            rules.no_stopping.as_ref().map(|r| (r.dwell_s_max, "tolerated up to"))
        }
        ("crossing_yield", "speed") => {
            rules.crossing_yield.as_ref().map(|r| (r.speed_ms_min, "counts from"))
        }
        _ => None,
    }
}
