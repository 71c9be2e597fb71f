//! What the console knows, as answers.

use wayside_proto::{EventTime, SiteId};
use wayside_site::model::Section;

use super::limits::{EVENTS_SHOWN, SIGNALS_S};
use super::site::Book;
use super::{State, Subject, travel};
use crate::shapes::{
    EventDetail, EventJson, EventKind, EventPage, FeedJson, Overview, SiteState, SiteSummary,
    VoidCount,
};

/// Which events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventFilter {
    /// Of this junction.
    pub site: Option<String>,
    /// Of this camera.
    pub camera: Option<String>,
    /// Of this rule.
    pub rule: Option<String>,
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// Older than the event of this time and id.
    pub before: Option<(EventTime, String)>,
    /// At most so many.
    pub limit: usize,
}

impl State {
    /// All junctions at a glance.
    #[must_use]
    pub fn overview(&self, now: EventTime, event_id: String, feed: FeedJson) -> Overview {
        let filter = EventFilter { limit: EVENTS_SHOWN, ..EventFilter::default() };
        Overview {
            now: now.to_string(),
            event_id,
            feed,
            sites: self.books.values().map(|book| summary(book, now)).collect(),
            travel_times: self
                .travel
                .all()
                .map(|window| travel::shown(window, self.section(window.section.as_str())))
                .collect(),
            stood_down: self.books.values().flat_map(Book::cameras_down).collect(),
            rules_stood_down: self.books.values().flat_map(Book::rules_down).collect(),
            events: self.events(&filter).events,
        }
    }

    /// What goes on at a junction; none where it is not known.
    #[must_use]
    pub fn site_state(&self, site: &SiteId, now: EventTime, event_id: String) -> Option<SiteState> {
        let book = self.books.get(site)?;
        let filter = EventFilter {
            site: Some(site.0.clone()),
            limit: EVENTS_SHOWN,
            ..EventFilter::default()
        };
        let tracks = book
            .cameras
            .iter()
            .filter_map(|(id, camera)| camera.tracks(site.as_str(), id.as_str()));
        Some(SiteState {
            now: now.to_string(),
            event_id,
            state: book.condition(),
            cameras: book.summaries(),
            tracks: tracks.collect(),
            signals: book.signals.since(now.plus_s(-SIGNALS_S)),
            flow: book.flow.all(now),
            events: self.events(&filter).events,
        })
    }

    /// Events, newest first.
    #[must_use]
    pub fn events(&self, filter: &EventFilter) -> EventPage {
        let books: Vec<&Book> = self
            .books
            .values()
            .filter(|book| filter.site.as_ref().is_none_or(|site| *site == book.id.0))
            .collect();
        let not_kept = books.iter().map(|book| book.events.not_kept).sum();
        let wanted = |event: &EventJson| {
            filter.rule.as_ref().is_none_or(|rule| *rule == event.rule)
                && filter.camera.as_ref().is_none_or(|camera| *camera == event.camera)
        };
        let kind = filter.kind;
        let mut lists: Vec<_> = books
            .iter()
            .map(|book| {
                let of_kind = move |other| kind.is_none_or(|kind| kind == other);
                let events = book.events.newest_before(filter.before.as_ref(), of_kind);
                events.filter(|(_, kept)| wanted(kept.event())).peekable()
            })
            .collect();
        let (mut events, mut last, mut more) = (Vec::new(), None, false);
        loop {
            let next = lists
                .iter_mut()
                .enumerate()
                .filter_map(|(index, list)| list.peek().map(|(place, _)| (*place, index)))
                .max();
            let Some((place, kept)) =
                next.and_then(|(_, index)| lists.get_mut(index)).and_then(Iterator::next)
            else {
                break;
            };
            if events.len() >= filter.limit {
                more = true;
                break;
            }
            events.push(kept.shown());
            last = Some(format!("{}~{}", place.0.0, place.1));
        }
        EventPage { events, next: last.filter(|_| more), not_kept }
    }

    /// An event with what is known around it; none where it is not kept.
    #[must_use]
    pub fn event(&self, id: &str) -> Option<EventDetail> {
        self.books.values().find_map(|book| book.events.detail(id))
    }

    /// What an event is about; none where it is not kept, or is a notice.
    #[must_use]
    pub fn subject(&self, id: &str) -> Option<Subject> {
        self.books.values().find_map(|book| book.events.subject(id)).cloned()
    }

    /// Why rules abstained in the last 24 hours, in order of site, camera, rule and cause.
    #[must_use]
    pub fn voids(&self, now: EventTime) -> Vec<VoidCount> {
        self.books.iter().flat_map(|(site, book)| book.voids.all(site, now)).collect()
    }

    /// A section as a site file tells it.
    pub(super) fn section(&self, id: &str) -> Option<&Section> {
        self.books.values().find_map(|book| book.site.section(id))
    }
}

fn summary(book: &Book, now: EventTime) -> SiteSummary {
    let head = &book.site.file().site;
    let name = if head.name.is_empty() { &head.id } else { &head.name };
    SiteSummary {
        id: head.id.clone(),
        name: name.clone(),
        latitude_deg: head.position.map(|position| position.latitude_deg),
        longitude_deg: head.position.map(|position| position.longitude_deg),
        timezone: head.timezone.clone(),
        state: book.condition(),
        cameras: book.summaries(),
        violations_24h: book.violations.sum(now),
        voids_24h: book.voided.sum(now),
        waiting_review: None,
    }
}
