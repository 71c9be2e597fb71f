//! Reads messages of signs and has them shown: an arbiter and perhaps an adapter each.

mod driver;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use wayside_bus::{Bus, BusError, Topic};
use wayside_http::Clock;
use wayside_proto::convert::SIGN_MESSAGE_LIFE_S_MAX;
use wayside_proto::{EventTime, SignContent, SignMessage};
use wayside_signs::multi::Face;
use wayside_signs::{Action, Arbiter, Show, SignPlan};

use crate::board::Board;
use crate::service::Counts;
use crate::tail::Tail;

pub(crate) use driver::{Driver, Orders};

/// How often arbiters are asked.
const EVERY: Duration = Duration::from_millis(100);
/// How long before it opens the bus anew, in looks.
const AGAIN: u32 = 10;

/// What it goes by.
pub(crate) struct Showing {
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Clock,
    pub(crate) board: Board,
    pub(crate) signs: BTreeMap<String, Panel>,
    pub(crate) counts: Arc<Counts>,
    pub(crate) broken: fn(&str),
}

/// One sign.
pub(crate) struct Panel {
    arbiter: Arbiter,
    face: Option<Face>,
    orders: Option<Orders>,
}

impl Panel {
    pub(crate) fn new(plan: &SignPlan, orders: Option<Orders>) -> Self {
        let arbiter = Arbiter::new(plan.site.clone(), plan.sign.clone(), plan.limits);
        Self { arbiter, face: plan.face, orders }
    }

    /// Takes a message, where the sign can show it. Returns why not otherwise.
    fn take(&mut self, mut message: SignMessage, now: EventTime) -> Result<(), &'static str> {
        if let (SignContent::Text(text), Some(face)) = (&mut message.content, self.face) {
            if text.multi.is_empty() {
                text.multi = face.markup(&text.lines).map_err(|_| "markup")?;
            }
            face.render(&text.multi).map_err(|error| {
                tracing::warn!("sign {}: {} is not shown: {error}", message.sign, text.id);
                "markup"
            })?;
        }
        self.arbiter.receive(&message, now).map_err(|refused| refused.as_str())
    }
}

impl Showing {
    /// Runs until it is asked to stop; then every sign is told to go blank.
    pub(crate) fn run(mut self, stop: &AtomicBool) {
        let mut tail: Option<Tail> = None;
        let mut wait = 0;
        let mut troubled = false;
        while !stop.load(Ordering::Relaxed) {
            if wait == 0 {
                let read = self.read(&mut tail);
                if let Err(error) = &read {
                    tail = None;
                    wait = AGAIN;
                    if !troubled {
                        tracing::warn!("messages of signs cannot be read: {error}");
                    }
                }
                troubled = read.is_err();
            } else {
                wait -= 1;
            }
            self.tick();
            std::thread::sleep(EVERY);
        }
        for panel in self.signs.values() {
            if let Some(orders) = &panel.orders {
                orders.blank();
            }
        }
    }

    fn read(&mut self, tail: &mut Option<Tail>) -> Result<(), BusError> {
        let now = self.clock.now();
        if tail.is_none() {
            // Whatever still holds was said within the life of a message.
            let from = now.plus_s(-SIGN_MESSAGE_LIFE_S_MAX - 60.0);
            *tail = Some(Tail::open(self.bus.as_ref(), Topic::Signs, Some(from))?);
        }
        let Some(open) = tail else { return Ok(()) };
        loop {
            let (signs, counts) = (&mut self.signs, &self.counts);
            let taken = open.take(|message: SignMessage| {
                if let Some(panel) = signs.get_mut(message.sign.as_str()) {
                    match panel.take(message, now) {
                        Ok(()) => counts.add_taken(),
                        Err(why) => counts.add_refused(why),
                    }
                }
            })?;
            self.counts.add_unreadable(taken.unreadable);
            if !taken.more {
                return Ok(());
            }
        }
    }

    fn tick(&mut self) {
        let now = self.clock.now();
        for (sign, panel) in &mut self.signs {
            for action in panel.arbiter.tick(now) {
                match (&action, &panel.orders) {
                    (Action::Show(show), Some(orders)) => orders.show(show.clone()),
                    (Action::Blank(_), Some(orders)) => orders.blank(),
                    (_, None) => {}
                }
                match &action {
                    Action::Show(show) => {
                        tracing::debug!("sign {sign} shows {} until {}", show.text.id, show.until);
                    }
                    Action::Blank(why) => tracing::info!("sign {sign} is blank: {}", why.as_str()),
                }
                self.counts.add_action(&action);
            }
            let shown = panel.arbiter.shown().filter(|show| ends_in_time(show, now));
            if panel.arbiter.shown().is_some() && shown.is_none() {
                (self.broken)(&format!("sign {sign}: {:?} at {now}", panel.arbiter.shown()));
                if let Some(orders) = &panel.orders {
                    orders.blank();
                }
            }
            self.board.put(sign, shown, panel.arbiter.why_blank(), now);
        }
    }
}

/// SG-1, looked at once more where it counts. The clock may have gone back by what two threads differ.
fn ends_in_time(show: &Show, now: EventTime) -> bool {
    now < show.text.expires && show.until <= show.text.expires
}
