//! Stimuli in, messages out. The same stimuli give the same messages, with the same ids.

use std::collections::{BTreeMap, VecDeque};

use wayside_proto::{EventTime, SignId, SignMessageId, SignText, SiteId};

use super::plan::{Entry, SignPlan};
use super::stimulus::{Stimulus, What};
use super::template::Trigger;

/// Instants that are remembered where several are asked for.
const RECENT_MAX: usize = 256;

/// A message for a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The junction.
    pub site: SiteId,
    /// The sign.
    pub sign: SignId,
    /// The message.
    pub text: SignText,
}

/// Writes messages for signs.
#[derive(Clone, Debug)]
pub struct Composer {
    plans: Vec<SignPlan>,
    /// When it happened lately, and where, by sign and entry.
    recent: BTreeMap<(usize, usize), VecDeque<(EventTime, String)>>,
}

impl Composer {
    /// For these signs.
    #[must_use]
    pub fn new(plans: Vec<SignPlan>) -> Self {
        Self { plans, recent: BTreeMap::new() }
    }

    /// The signs.
    #[must_use]
    pub fn plans(&self) -> &[SignPlan] {
        &self.plans
    }

    /// What is to be shown because of it. A stimulus that comes again gives the same messages again, and
    /// counts once.
    pub fn take(&mut self, stimulus: &Stimulus) -> Vec<Composed> {
        let mut composed = Vec::new();
        for (index, plan) in self.plans.iter().enumerate() {
            if stimulus.site.as_ref().is_some_and(|site| *site != plan.site) {
                continue;
            }
            for (number, entry) in plan.entries.iter().enumerate() {
                if !matches(entry, &stimulus.what) || is_quiet(plan, entry, stimulus.time) {
                    continue;
                }
                let recent = self.recent.entry((index, number)).or_default();
                if often_enough(recent, entry, stimulus) {
                    composed.push(compose(plan, entry, stimulus));
                }
            }
        }
        composed
    }
}

fn matches(entry: &Entry, what: &What) -> bool {
    let here = |given: &[String]| {
        let places = entry.places.as_ref();
        places.is_none_or(|places| given.iter().any(|place| places.contains(place)))
    };
    let of_section = |id: &str| entry.section.as_ref().is_some_and(|(section, _)| section == id);
    match (&entry.trigger, what) {
        (Trigger::Violation { rules }, What::Violation { rule, places }) => {
            rules.contains(rule) && here(places)
        }
        (Trigger::PedestrianOnRed, What::PedestrianOnRed { crossing }) => {
            here(std::slice::from_ref(crossing))
        }
        (Trigger::TravelTime, What::Section { section, .. }) => of_section(section.as_str()),
        (Trigger::Slow { speed_kmh_max }, What::Section { section, speed_kmh, .. }) => {
            of_section(section.as_str()) && speed_kmh <= speed_kmh_max
        }
        _ => false,
    }
}

fn is_quiet(plan: &SignPlan, entry: &Entry, time: EventTime) -> bool {
    let minute = plan.zone.local_minute(time);
    minute.is_none_or(|minute| entry.quiet.iter().any(|hours| hours.contains(minute)))
}

/// Whether it happened so often within the window that ends now.
fn often_enough(
    recent: &mut VecDeque<(EventTime, String)>,
    entry: &Entry,
    stimulus: &Stimulus,
) -> bool {
    if entry.count_min <= 1 {
        return true;
    }
    let place = match &stimulus.what {
        What::Violation { places, .. } => places.join("/"),
        What::PedestrianOnRed { crossing } => crossing.clone(),
        What::Section { section, .. } => section.0.clone(),
    };
    let this = (stimulus.time, place);
    if !recent.contains(&this) {
        if recent.len() >= RECENT_MAX {
            recent.pop_front();
        }
        recent.push_back(this);
    }
    let within = |time: &EventTime| (0.0..entry.window_s).contains(&stimulus.time.since_s(*time));
    recent.iter().filter(|(time, _)| within(time)).count() >= entry.count_min
}

fn compose(plan: &SignPlan, entry: &Entry, stimulus: &Stimulus) -> Composed {
    let lines = match &stimulus.what {
        What::Section { travel_time_s, speed_kmh, .. } => entry.filled(*travel_time_s, *speed_kmh),
        What::Violation { .. } | What::PedestrianOnRed { .. } => entry.lines.clone(),
    };
    // To whole seconds, so that a hundred of a kind in a second are one message.
    let not_before = EventTime(stimulus.time.0.div_euclid(1_000_000) * 1_000_000);
    // A plan is only made of texts that fit at their longest.
    let multi = plan.face.and_then(|face| face.markup(&lines).ok()).unwrap_or_default();
    Composed {
        site: plan.site.clone(),
        sign: plan.sign.clone(),
        text: SignText {
            id: SignMessageId::of(&plan.site, &plan.sign, &entry.slot, not_before),
            slot: entry.slot.clone(),
            priority: entry.priority,
            not_before,
            expires: not_before.plus_s(entry.hold_s),
            lines,
            multi,
            pictogram: entry.pictogram,
        },
    }
}
