//! One explanation for each quantity of each rule. What is said here is what `wayside-rules` and
//! `wayside-sections` compute; where they change, their version changes, and so does this.

use wayside_proto::json::QuantityLine;
use wayside_proto::{EventTime, Observation, Outcome};
use wayside_site::Site;
use wayside_site::geometry::Vec2;
use wayside_site::model::RedLight;

use super::words::{beyond, clock, interval, number, with_unit};
use crate::json::states;

/// What explanations draw on.
pub(super) struct Facts<'a> {
    outcome: &'a Outcome,
    site: &'a Site,
    crossed: Option<Crossed>,
    clock_s: f64,
}

/// The two measured states between which the front crossed its stop line.
struct Crossed {
    before: (EventTime, f64),
    after: (EventTime, f64),
}

/// One quantity explained.
pub(super) struct Explained {
    pub(super) formula: &'static str,
    pub(super) words: String,
}

impl<'a> Facts<'a> {
    pub(super) fn new(outcome: &'a Outcome, site: &'a Site, observations: &[Observation]) -> Self {
        let at = observations.iter().take_while(|o| o.time <= outcome.event_time).last();
        let clock_s = at.map_or(0.0, |o| f64::from(o.clock_uncertainty_us) / 1e6);
        Self { outcome, site, crossed: crossed(outcome, site, observations), clock_s }
    }

    /// How the instant of the crossing was found.
    fn crossing(&self) -> String {
        let time = clock(self.outcome.event_time);
        let place = &self.outcome.place;
        match &self.crossed {
            Some(Crossed { before: (t1, d1), after: (t2, d2) }) => format!(
                "The front of the vehicle was {} before stop line {place} at {} and {} beyond it at {}, both \
                 measured; between them it moved evenly, so it crossed at {} + {} s * {} / ({} + {}) = {time}.",
                with_unit(-d1, "m"),
                clock(*t1),
                with_unit(*d2, "m"),
                clock(*t2),
                clock(*t1),
                number(t2.since_s(*t1)),
                number(-d1),
                number(-d1),
                number(*d2),
            ),
            None => format!(
                "The front of the vehicle crossed {place} at {time}, interpolated between the measured states \
                 before and after it."
            ),
        }
    }
}

/// Where the signed distance of the front from the stop line changes sign at the event time. The line's
/// geometry is that of the rules: beyond is the way in which its first lane ends.
fn crossed(outcome: &Outcome, site: &Site, observations: &[Observation]) -> Option<Crossed> {
    let line = site.file().stop_lines.iter().find(|line| line.id == outcome.place)?;
    let lane = site.file().lanes.iter().find(|lane| line.lanes.contains(&lane.id))?;
    let [.., before, last] = lane.centreline_m.as_slice() else { return None };
    let [a, b] = line.line_m.map(|[x, y]| Vec2::new(x, y));
    let travel = Vec2::new(last[0] - before[0], last[1] - before[1]);
    let span = b - a;
    let normal = Vec2::new(-span.y, span.x) / span.norm();
    let along = if normal.dot(&travel) >= 0.0 { normal } else { -normal };
    let beyond = |[x, y]: [f64; 2]| (Vec2::new(x, y) - a).dot(&along);
    let measured = states(outcome.track, observations).filter(|(_, state)| state.measured);
    let mut last: Option<(EventTime, f64)> = None;
    for (time, state) in measured {
        let now = (time, beyond(state.front_m));
        if let Some(was) = last
            && was.1 < 0.0
            && now.1 >= 0.0
            && (was.0..=now.0).contains(&outcome.event_time)
        {
            return Some(Crossed { before: was, after: now });
        }
        last = Some(now);
    }
    None
}

/// How a quantity of the outcome arises.
pub(super) fn explain(facts: &Facts<'_>, q: &QuantityLine) -> Explained {
    let rules = &facts.site.file().rules;
    let stands = |limit: f64, of: &str| Explained {
        formula: "dwell = t_last_still - t_onset; low = dwell - 2 * lag; high = t_moving_after - t_moving_before + 2 * lag; \
                  lag = min(sqrt(2 * 1.96 * s_front / 1 m/s2), 1.96 * s_speed / 1 m/s2)",
        words: format!(
            "The vehicle came to stand at {}: its speed fell below what its own uncertainty can tell from zero. It stood \
             within 1.5 m of that place for {}. A start or a stop may be seen late by the lag, at both ends. {}",
            clock(facts.outcome.event_time),
            interval(q),
            beyond(q, limit, of)
        ),
    };
    match (facts.outcome.rule, q.name.as_str()) {
        ("red_light" | "stop_line", "time_into_red") => time_into_red(facts, q),
        ("red_light", "speed_at_line") => Explained {
            formula: "v = v1 + (v2 - v1) * share, along the lane; share = -d1 / (d2 - d1); interval = v +- 1.96 * s_v",
            words: format!(
                "Its speed along the lane where it crossed, between the velocities of the two states around the \
                 crossing, was {}.",
                interval(q)
            ),
        },
        ("stop_line", "overrun") => Explained {
            formula: "overrun = mean signed distance of the front beyond the line over the stand; interval = overrun +- 1.96 * s_d of one state",
            words: format!(
                "It stood on red with its front beyond stop line {}, by {}. {}",
                facts.outcome.place,
                interval(q),
                beyond(
                    q,
                    rules.stop_line.as_ref().map_or(0.5, |r| r.overrun_m_min),
                    "the tolerated overrun"
                )
            ),
        },
        ("wrong_way", "distance") => Explained {
            formula: "distance = sum of the front's steps against the lane's direction; low = certain part - 1.96 * sqrt(2) * s; high = distance + 1.96 * sqrt(2) * s",
            words: format!(
                "From {} on it drove against the direction of lane {} over {}. As certain counts only what no lane of \
                 its own direction could explain. {}",
                clock(facts.outcome.event_time),
                facts.outcome.place,
                interval(q),
                beyond(q, rules.wrong_way.as_ref().map_or(5.0, |r| r.distance_m_min), "the limit")
            ),
        },
        ("wrong_way", "duration") => Explained {
            formula: "duration = t_last - t_first; low = time in certain states; high = duration + 2 * longest step",
            words: format!(
                "It did so for {}. {}",
                interval(q),
                beyond(q, rules.wrong_way.as_ref().map_or(0.5, |r| r.duration_s_min), "the limit")
            ),
        },
        ("wrong_way", "speed") => Explained {
            formula: "speed = distance / duration; interval = (distance +- 1.96 * sqrt(2) * s) / duration",
            words: format!("Its mean speed against the direction was {}.", interval(q)),
        },
        ("illegal_turn", "time_in_junction") => Explained {
            formula: "time_in_junction = t_exit - t_entry; interval = value +- (interval of t_entry + clock + half a step)",
            words: format!(
                "It crossed the stop line in lane {}, and then, at {}, exit line {}, which that lane does not list. From the one \
                 to the other it took {}.",
                facts.outcome.lane.as_deref().unwrap_or("(unknown)"),
                clock(facts.outcome.event_time),
                facts.outcome.place,
                interval(q)
            ),
        },
        ("box_junction", "dwell") => stands(
            rules.box_junction.as_ref().map_or(10.0, |r| r.dwell_s_max),
            "the tolerated time",
        ),
        ("no_stopping", "dwell") => {
            stands(rules.no_stopping.as_ref().map_or(30.0, |r| r.dwell_s_max), "the tolerated time")
        }
        ("reserved_lane", "distance") => Explained {
            formula: "distance = sum of the front's steps along the lane; low = part inside the lane for certain - 1.96 * sqrt(2) * s; high = distance + 1.96 * sqrt(2) * s",
            words: format!(
                "From {} on it drove in lane {}, which its class may not use at that hour, over {}. As certain counts \
                 only where the front was inside the lane by more than 1.96 standard deviations. {}",
                clock(facts.outcome.event_time),
                facts.outcome.place,
                interval(q),
                beyond(
                    q,
                    rules.reserved_lane.as_ref().map_or(30.0, |r| r.distance_m_min),
                    "the limit"
                )
            ),
        },
        ("crossing_yield", "distance_to_person") => Explained {
            formula: "distance = least distance from the person's point to the vehicle's footprint; interval = distance +- 1.96 * (s_person + s_vehicle)",
            words: format!(
                "It drove over crossing {} while a person was on the half that it drove over, first at {}. At the \
                 nearest they were apart by {}.",
                facts.outcome.place,
                clock(facts.outcome.event_time),
                interval(q)
            ),
        },
        ("crossing_yield", "speed") => Explained {
            formula: "speed = length of the velocity at the nearest instant; interval = speed +- 1.96 * s_v",
            words: format!("Its speed at that instant was {}.", interval(q)),
        },
        ("section_speed", "mean_speed") => Explained {
            formula: "mean_speed = distance / travel_time; the interval takes the shortest distance over the longest time and the other way round",
            words: format!(
                "Over section {} its mean speed was {}. {}",
                facts.outcome.place,
                interval(q),
                section_limit(facts, q)
            ),
        },
        ("section_speed", "travel_time") => Explained {
            formula: "travel_time = t_exit - t_entry; interval = value +- both instants' uncertainties and clocks",
            words: format!("From gate to gate it took {}.", interval(q)),
        },
        ("section_speed", "distance") => Explained {
            formula: "distance = length of the section between its gates, as the site file states it; interval = distance +- 1.96 * its standard deviation",
            words: format!("The gates are apart by {}.", interval(q)),
        },
        ("section_speed", "spot_speed_entry" | "spot_speed_exit") => Explained {
            formula: "spot speed = speed of the track at the gate; interval = speed +- 1.96 * s_v",
            words: format!(
                "At the {} gate it drove at {}: an independent estimate that must agree with the mean speed.",
                if q.name.ends_with("entry") { "entry" } else { "exit" },
                interval(q)
            ),
        },
        (_, name) => Explained {
            formula: "as the rule defines it",
            words: format!("{name} was {}.", interval(q)),
        },
    }
}

fn time_into_red(facts: &Facts<'_>, q: &QuantityLine) -> Explained {
    let rules = &facts.site.file().rules;
    let grace_s = rules.red_light.as_ref().map_or(RedLight::default().grace_s, |rule| rule.grace_s);
    let red = match &facts.outcome.signal {
        Some(signal) => match signal.since {
            Some(since) => format!(
                "Signal group {} had turned {} at {}, so the crossing came {} = {} s into it",
                signal.group,
                signal.state.as_str(),
                clock(since),
                format_args!("{} - {}", clock(facts.outcome.event_time), clock(since)),
                number(facts.outcome.event_time.since_s(since))
            ),
            None => format!(
                "Signal group {} had been {} since before the first record, so the crossing came at least as long after \
                 as that record is old",
                signal.group,
                signal.state.as_str()
            ),
        },
        None => "The signal is not on record".to_owned(),
    };
    Explained {
        formula: "time_into_red = t_line - t_red; t_line = t1 + (t2 - t1) * -d1 / (d2 - d1); low: where d + 1.96 * s_d = 0, minus slack; \
                  high: where d - 1.96 * s_d = 0, plus slack; slack = clock + min(8 m/s2 * (t2 - t1)^2 / (8 * v), (t2 - t1) / 2)",
        words: format!(
            "{} {red}: {}. The interval begins where the front may first have been on the line and ends where it was \
             beyond it for certain, each moved outwards by the clock's {} s and by what braking or gathering speed \
             between two states can change. {}",
            facts.crossing(),
            interval(q),
            number(facts.clock_s),
            beyond(q, grace_s, "the grace time")
        ),
    }
}

/// The mean speed against the limit of the section for such a vehicle.
fn section_limit(facts: &Facts<'_>, q: &QuantityLine) -> String {
    let file = facts.site.file();
    let section = file.sections.iter().find(|section| section.id == facts.outcome.place);
    let limit_kmh = section.and_then(|section| section.limit_kmh_of(facts.outcome.class));
    let tolerance_kmh = file.rules.section_speed.as_ref().map_or(0.0, |rule| rule.tolerance_kmh);
    limit_kmh.map_or_else(
        || "The site file states no limit for it.".to_owned(),
        |limit| beyond(q, (limit + tolerance_kmh) / 3.6, "the limit with what is tolerated"),
    )
}
