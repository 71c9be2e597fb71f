//! One violation, one void: what the template shows of them.

use wayside_proto::{EventTime, Outcome, RoadUserClass, Verdict};
use wayside_site::Site;

use super::data::OutcomeCard;
use super::gauge::{gauge, value_words};
use super::limits::limit_of;
use super::tiles::data_uri;
use super::words;

/// A violation as the template shows it. Text is raw: the template escapes it.
pub(crate) struct CardView {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) subject: String,
    pub(crate) offset: String,
    pub(crate) date: String,
    pub(crate) clock: String,
    pub(crate) sentence: &'static str,
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) stills: Vec<StillView>,
    pub(crate) quantities: Vec<QuantityView>,
}

pub(crate) struct StillView {
    pub(crate) caption: String,
    pub(crate) uri: String,
}

pub(crate) struct QuantityView {
    pub(crate) title: String,
    pub(crate) value: String,
    /// SVG, escaped already.
    pub(crate) gauge: String,
}

/// A void as the template shows it.
pub(crate) struct VoidView {
    pub(crate) id: String,
    pub(crate) offset: String,
    pub(crate) clock: String,
    pub(crate) title: String,
    pub(crate) subject: String,
    pub(crate) place: String,
    pub(crate) reason: &'static str,
    pub(crate) detail: String,
    pub(crate) quantities: String,
}

pub(crate) fn card(site: &Site, card: &OutcomeCard, from: EventTime) -> CardView {
    let outcome = &card.outcome;
    let (date, clock) = words::date_and_time(outcome.event_time);
    let stills = card
        .stills
        .iter()
        .filter(|still| !still.jpeg.is_empty())
        .map(|still| StillView { caption: still.caption.clone(), uri: data_uri(&still.jpeg) })
        .collect();
    CardView {
        id: outcome.id.0.clone(),
        title: words::rule_title(outcome.rule),
        subject: subject(outcome),
        offset: words::offset(outcome.event_time.since_s(from)),
        date,
        clock,
        sentence: words::rule_sentence(outcome.rule),
        facts: facts(outcome),
        stills,
        quantities: quantities(site, outcome),
    }
}

fn subject(outcome: &Outcome) -> String {
    format!("{} {}", RoadUserClass::from(outcome.class).as_str(), outcome.track)
}

fn facts(outcome: &Outcome) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(signal) = &outcome.signal {
        let since = signal.since.map_or_else(
            || ", since before the recording".to_owned(),
            |since| format!(", for {:.2} s", outcome.event_time.since_s(since)),
        );
        facts.push(("Signal", format!("{} was {}{since}", signal.group, signal.state.as_str())));
    }
    if let Some(approach) = &outcome.approach {
        facts.push(("Approach", approach.clone()));
    }
    if let Some(lane) = &outcome.lane {
        facts.push(("Lane", lane.clone()));
    }
    let told = [&outcome.approach, &outcome.lane];
    if !told.iter().any(|name| name.as_ref() == Some(&outcome.place)) {
        facts.push(("Place", outcome.place.clone()));
    }
    facts.push(("Rule", format!("{}, version {}", outcome.rule, outcome.rule_version)));
    facts.push(("Event", outcome.id.0.clone()));
    facts
}

fn quantities(site: &Site, outcome: &Outcome) -> Vec<QuantityView> {
    outcome
        .quantities
        .iter()
        .map(|quantity| QuantityView {
            title: words::quantity_title(quantity.name),
            value: value_words(quantity),
            gauge: gauge(quantity, limit_of(&site.file().rules, outcome.rule, quantity.name)),
        })
        .collect()
}

/// None for a violation.
pub(crate) fn void(outcome: &Outcome, from: EventTime) -> Option<VoidView> {
    let Verdict::Void { cause, detail } = &outcome.verdict else { return None };
    let place = outcome.lane.as_ref().or(outcome.approach.as_ref()).unwrap_or(&outcome.place);
    let quantities: Vec<String> = outcome
        .quantities
        .iter()
        .map(|q| format!("{} {}", words::quantity_title(q.name).to_lowercase(), value_words(q)))
        .collect();
    Some(VoidView {
        id: outcome.id.0.clone(),
        offset: words::offset(outcome.event_time.since_s(from)),
        clock: words::date_and_time(outcome.event_time).1,
        title: words::rule_title(outcome.rule),
        subject: subject(outcome),
        place: place.clone(),
        reason: words::void_reason(*cause),
        detail: detail.clone(),
        quantities: quantities.join("; "),
    })
}
