//! Writes messages for signs: what happens on the bus meets the entries of the site files.

mod people;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use wayside_bus::{Bus, BusError, Record, Topic};
use wayside_http::Clock;
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Outcome, SignContent, SignMessage, TravelTime};
use wayside_signs::{Composed, Composer, SignPlan, Stimulus};
use wayside_site::Site;

use crate::service::Counts;
use crate::tail::Tail;
use people::People;

/// How often it looks at the bus.
const EVERY: Duration = Duration::from_millis(100);
/// How often it opens the bus anew at most.
const AGAIN: Duration = Duration::from_secs(1);
/// How far back it reads at the start: what is older has no message that still holds, but for windows of
/// sections.
const BACK_S: f64 = 300.0;
/// Signs of life in the shortest time-out of a source.
const BEATS: f64 = 4.0;
/// The longest time between two signs of life, seconds.
const BEAT_S_MAX: f64 = 5.0;

/// What the feed goes by.
pub(crate) struct Feed {
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Clock,
    pub(crate) source: String,
    pub(crate) composer: Composer,
    pub(crate) sites: Vec<Arc<Site>>,
    pub(crate) counts: Arc<Counts>,
}

/// What it reads.
struct Ears {
    violations: Tail,
    travel_times: Tail,
    people: Option<People>,
}

impl Ears {
    fn open(feed: &Feed, now: EventTime) -> Result<Self, BusError> {
        let bus = feed.bus.as_ref();
        let from = Some(now.plus_s(-BACK_S));
        let needed = feed.composer.plans().iter().any(SignPlan::needs_observations);
        Ok(Self {
            violations: Tail::open(bus, Topic::Violations, from)?,
            travel_times: Tail::open(bus, Topic::TravelTimes, from)?,
            people: if needed { Some(People::open(bus, &feed.sites, now)?) } else { None },
        })
    }

    fn stimuli(&mut self, now: EventTime) -> Result<(Vec<Stimulus>, u64), BusError> {
        let mut stimuli = Vec::new();
        let violations = self.violations.take(|outcome: Outcome| {
            stimuli.extend(Stimulus::of_outcome(&outcome));
        })?;
        let times = self.travel_times.take(|measured: TravelTime| {
            stimuli.extend(Stimulus::of_travel_time(&measured));
        })?;
        let mut unreadable = violations.unreadable + times.unreadable;
        if let Some(people) = &mut self.people {
            unreadable += people.look(now, &mut stimuli)?;
        }
        Ok((stimuli, unreadable))
    }
}

impl Feed {
    /// Runs until it is asked to stop. It says that it is there only while it can read and write.
    pub(crate) fn run(mut self, stop: &AtomicBool) {
        let timeout_s = self.composer.plans().iter().map(|plan| plan.limits.source_timeout_s);
        let beat_s = (timeout_s.fold(f64::INFINITY, f64::min) / BEATS).min(BEAT_S_MAX);
        let mut ears: Option<Ears> = None;
        let mut beaten: Option<EventTime> = None;
        let mut troubled = false;
        while !stop.load(Ordering::Relaxed) {
            let now = self.clock.now();
            let worked = self.once(&mut ears, &mut beaten, beat_s, now);
            if let Err(error) = &worked {
                // What it read and could not write is read again: ids make that harmless.
                ears = None;
                if !troubled {
                    tracing::warn!("signs hear nothing and go blank: {error}");
                }
            } else if troubled {
                tracing::info!("signs hear again");
            }
            troubled = worked.is_err();
            std::thread::sleep(if troubled { AGAIN } else { EVERY });
        }
    }

    fn once(
        &mut self,
        ears: &mut Option<Ears>,
        beaten: &mut Option<EventTime>,
        beat_s: f64,
        now: EventTime,
    ) -> Result<(), BusError> {
        if ears.is_none() {
            *ears = Some(Ears::open(self, now)?);
        }
        let Some(open) = ears else { return Ok(()) };
        let (stimuli, unreadable) = open.stimuli(now)?;
        self.counts.add_unreadable(unreadable);
        let mut composed: Vec<Composed> = Vec::new();
        for stimulus in &stimuli {
            composed.extend(self.composer.take(stimulus));
        }
        let all = composed.len();
        composed.retain(|composed| now < composed.text.expires);
        self.counts.add_late((all - composed.len()) as u64);
        let records = composed.into_iter().map(|composed| self.record(composed, now)).collect();
        self.append(records)?;
        let due = beaten.is_none_or(|last| !(0.0..beat_s).contains(&now.since_s(last)));
        if due {
            self.append(self.beats(now))?;
            *beaten = Some(now);
        }
        Ok(())
    }

    fn record(&self, composed: Composed, now: EventTime) -> Record {
        let Composed { site, sign, text } = composed;
        let (id, time) = (text.id.0.clone(), text.not_before);
        let key = format!("{site}/{sign}");
        let source = self.source.clone();
        let content = SignContent::Text(text);
        let message = SignMessage { site, sign, source, time: now, content };
        // What is composed keeps the contract: a plan is only made of texts that do.
        Record { key, time: time.0, id: Some(id), value: message.to_bytes().unwrap_or_default() }
    }

    fn beats(&self, now: EventTime) -> Vec<Record> {
        let beat = |plan: &SignPlan| {
            let (site, sign) = (plan.site.clone(), plan.sign.clone());
            let key = format!("{site}/{sign}");
            let (source, content) = (self.source.clone(), SignContent::Alive);
            let message = SignMessage { site, sign, source, time: now, content };
            Record { key, time: now.0, id: None, value: message.to_bytes().unwrap_or_default() }
        };
        self.composer.plans().iter().map(beat).collect()
    }

    fn append(&self, records: Vec<Record>) -> Result<(), BusError> {
        if records.is_empty() {
            return Ok(());
        }
        let appended = self.bus.append(Topic::Signs, records)?;
        self.counts.add_written(appended.stored);
        Ok(())
    }
}
