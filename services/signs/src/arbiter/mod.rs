//! What a sign shows now. Time comes in as a value; the same input gives the same actions.
//!
//! Of the messages that hold and whose source lives, the one with the highest priority is shown; among
//! equals the one that began last, then the one with the greater id. Whatever is in doubt is blank: a
//! source that went silent, a clock that jumped, a message that comes again after its time.

mod action;
mod clock;
mod held;
mod sources;

use wayside_proto::{EventTime, SignContent, SignId, SignMessage, SignText, SiteId};

pub use action::{Action, Refused, Show, Why};
pub use held::MESSAGES_MAX;
pub use sources::SOURCES_MAX;

use clock::Clock;
use held::{Held, HeldText};
use sources::Sources;

/// What an arbiter goes by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// A source that is silent for this long has its messages withdrawn, seconds.
    pub source_timeout_s: f64,
    /// How far a source's clock may be ahead before it is not believed, seconds.
    pub ahead_s_max: f64,
    /// A clock that goes on by more than this between two looks has jumped, seconds.
    pub step_s_max: f64,
    /// How long a sign may show a message without hearing anything further, seconds.
    pub lease_s: f64,
    /// A message that ends sooner is not begun, seconds; 0 for a page. A sign of NTCIP 1203 counts minutes:
    /// what ends within one could not end by itself in time.
    pub least_s: f64,
}

impl Limits {
    /// Those of a page, whose timer counts finely.
    #[must_use]
    pub fn page(source_timeout_s: f64) -> Self {
        Self { source_timeout_s, ahead_s_max: 5.0, step_s_max: 30.0, lease_s: 10.0, least_s: 0.0 }
    }

    /// Those of a sign by the road, whose timer counts minutes: it is told two of them at a time.
    #[must_use]
    pub fn minutes(source_timeout_s: f64) -> Self {
        Self { lease_s: 150.0, least_s: 70.0, ..Self::page(source_timeout_s) }
    }
}

/// What one sign shows.
#[derive(Clone, Debug)]
pub struct Arbiter {
    site: SiteId,
    sign: SignId,
    limits: Limits,
    clock: Clock,
    /// The caller's own clock at its last look.
    told: Option<EventTime>,
    sources: Sources,
    held: Held,
    shown: Option<Show>,
    why: Why,
    /// How the clock jumped, until a source is heard again.
    jump: Option<Why>,
    living: bool,
    begun: bool,
}

impl Arbiter {
    /// A sign of which nothing is known yet.
    #[must_use]
    pub fn new(site: SiteId, sign: SignId, limits: Limits) -> Self {
        Self {
            site,
            sign,
            limits,
            clock: Clock::default(),
            told: None,
            sources: Sources::default(),
            held: Held::default(),
            shown: None,
            why: Why::Nothing,
            jump: None,
            living: false,
            begun: false,
        }
    }

    /// Takes what a source says.
    ///
    /// # Errors
    /// Why it will not be shown: it has expired, was there before, is superseded, is another sign's, or
    /// its clock is not believed. Nothing changes then.
    pub fn receive(&mut self, message: &SignMessage, now: EventTime) -> Result<(), Refused> {
        let now = self.at(now);
        if message.site != self.site || message.sign != self.sign {
            return Err(Refused::OtherSign);
        }
        if self.clock.is_before_jump(message.time) {
            return Err(Refused::BeforeJump);
        }
        if message.time > now.plus_s(self.limits.ahead_s_max) {
            return Err(Refused::Ahead);
        }
        let SignContent::Text(text) = &message.content else {
            return self.sources.heard(&message.source, message.time, now, &self.limits);
        };
        if now >= text.expires {
            return Err(Refused::Expired);
        }
        self.held.take(&message.source, message.time, text)?;
        // A message is a sign of life too, where it is a fresh one.
        let _ = self.sources.heard(&message.source, message.time, now, &self.limits);
        Ok(())
    }

    /// Takes a sign of life: the source was there at `said`, by its own clock. One that comes again
    /// proves nothing new.
    ///
    /// # Errors
    /// Where it is too old, ahead of the clock, or one source too many.
    pub fn heard(&mut self, source: &str, said: EventTime, now: EventTime) -> Result<(), Refused> {
        let now = self.at(now);
        if self.clock.is_before_jump(said) {
            return Err(Refused::BeforeJump);
        }
        self.sources.heard(source, said, now, &self.limits)
    }

    /// What is to be done at this instant. Call it several times a second.
    pub fn tick(&mut self, now: EventTime) -> Vec<Action> {
        let now = self.at(now);
        self.living = self.sources.any(now, &self.limits);
        if self.living {
            self.jump = None;
        }
        self.held.settle(now);
        let best = self.best(now);
        let action = match best {
            Some((source, text)) => self.show(&source, text, now),
            None => self.blank(now),
        };
        self.begun = true;
        action.into_iter().collect()
    }

    /// What the sign shows by the last tick.
    #[must_use]
    pub fn shown(&self) -> Option<&Show> {
        self.shown.as_ref()
    }

    /// Why the sign is blank by the last tick.
    #[must_use]
    pub fn why_blank(&self) -> Option<Why> {
        self.shown.is_none().then_some(self.why)
    }

    /// Whether any source lives, by the last tick.
    #[must_use]
    pub fn has_source(&self) -> bool {
        self.living
    }

    /// The instant that everything goes by. Where the clock jumped, all is forgotten first.
    fn at(&mut self, now: EventTime) -> EventTime {
        self.told = Some(now);
        if let Some(why) = self.clock.look(now, self.limits.step_s_max) {
            self.sources.clear();
            self.held.clear();
            self.jump = Some(why);
        }
        self.clock.now(now)
    }

    fn best(&self, now: EventTime) -> Option<(String, SignText)> {
        let shown = self.shown.as_ref().map(|show| &show.text.id);
        let lasts = |text: &SignText| {
            // What the sign could not end by itself in time is not begun.
            shown == Some(&text.id) || text.expires.since_s(now) >= self.limits.least_s
        };
        let behind = |held: &&HeldText| {
            self.sources.stands_behind(&held.source, held.said, now, &self.limits)
        };
        let running = self.held.running(now).filter(behind).filter(|held| lasts(&held.text));
        let best = running
            .max_by_key(|held| (held.text.priority, held.text.not_before, held.text.id.clone()))?;
        Some((best.source.clone(), best.text.clone()))
    }

    fn show(&mut self, source: &str, text: SignText, now: EventTime) -> Option<Action> {
        let until = self.until(source, &text, now);
        if let Some(shown) = &self.shown
            && shown.text.id == text.id
        {
            let due = shown.until.since_s(now) <= self.limits.lease_s / 2.0;
            if !due || until <= shown.until {
                return None;
            }
        }
        let show = Show { source: source.to_owned(), text, until };
        self.shown = Some(show.clone());
        Some(Action::Show(show))
    }

    /// When the sign is to go blank by itself. A timer of minutes is too coarse to follow the silence of a
    /// source: that is seen here.
    fn until(&self, source: &str, text: &SignText, now: EventTime) -> EventTime {
        // By the clock that the caller has: a lease that is told in its terms is never longer than said.
        let end = text.expires.min(self.told.unwrap_or(now).plus_s(self.limits.lease_s));
        if self.limits.least_s > 0.0 {
            return end;
        }
        end.min(self.sources.silent_at(source, &self.limits).unwrap_or(now))
    }

    fn is_silent(&self, source: &str, now: EventTime) -> bool {
        self.sources.silent_at(source, &self.limits).is_none_or(|silent| now >= silent)
    }

    fn blank(&mut self, now: EventTime) -> Option<Action> {
        let shown = self.shown.take();
        self.why = match (&self.jump, &shown) {
            (Some(jump), _) => *jump,
            _ if !self.living => Why::NoSource,
            (None, Some(shown)) if now >= shown.text.expires => Why::Expired,
            (None, Some(shown)) if self.is_silent(&shown.source, now) => Why::NoSource,
            // Its last message is still the last.
            (None, None) if self.why == Why::Expired => Why::Expired,
            _ => Why::Nothing,
        };
        // Whatever a sign still shows from a former life is gone after the first look.
        (shown.is_some() || !self.begun).then_some(Action::Blank(self.why))
    }
}
