//! A thread for each sign by the road: it does the newest order, tries again where that fails, and looks
//! whether the sign still shows what it was told.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use wayside_http::Clock;
use wayside_signs::Show;

use crate::adapter::{NextWait, Sign, SignError};
use crate::board::Board;

/// How often a sign is asked what it shows.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// What a sign is to do. A newer order takes the place of an older one that was not done yet: of a sign
/// only the newest counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders(Arc<(Mutex<Slot>, Condvar)>);

#[derive(Debug, Default)]
struct Slot {
    order: Option<Order>,
    closed: bool,
}

#[derive(Clone, Debug)]
enum Order {
    Show(Box<Show>),
    Blank,
}

impl Orders {
    pub(crate) fn show(&self, show: Show) {
        self.put(Order::Show(Box::new(show)));
    }

    pub(crate) fn blank(&self) {
        self.put(Order::Blank);
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, order: Order) {
        self.lock().order = Some(order);
        self.0.1.notify_all();
    }

    /// Nothing more comes; what is there is still done once.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.0.1.notify_all();
    }

    /// The next order, or none after `wait`; whether nothing more comes.
    fn next(&self, wait: Duration) -> (Option<Order>, bool) {
        let until = Instant::now() + wait;
        let mut slot = self.lock();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if slot.order.is_some() || slot.closed || left.is_zero() {
                return (slot.order.take(), slot.closed);
            }
            slot = self.0.1.wait_timeout(slot, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// Drives one sign.
pub(crate) struct Driver {
    pub(crate) name: String,
    pub(crate) sign: Box<dyn Sign>,
    pub(crate) orders: Orders,
    pub(crate) clock: Clock,
    pub(crate) board: Board,
}

impl Driver {
    /// Runs until its orders are closed; what was ordered last is done once more.
    pub(crate) fn run(mut self) {
        self.board.reached_at(&self.name, &self.sign.place());
        let mut wanted: Option<Order> = None;
        let mut done = true;
        let mut pause = NextWait::default();
        let mut wait = LOOK_EVERY;
        loop {
            let (order, closed) = self.orders.next(wait);
            let look = order.is_none() && done;
            if let Some(order) = order {
                wanted = Some(order);
                done = false;
            }
            if closed && (done || wanted.is_none()) {
                return;
            }
            let result = match &wanted {
                None => Ok(()),
                Some(order) if look => self.look(order),
                Some(order) => self.obey(order),
            };
            match result {
                Ok(()) => {
                    done = true;
                    wait = LOOK_EVERY;
                    pause = NextWait::default();
                    self.board.fault(&self.name, None);
                }
                Err(error) => {
                    done = false;
                    wait = pause.wait();
                    tracing::warn!(
                        "sign {}: {error}; again in {:.1} s",
                        self.name,
                        wait.as_secs_f64()
                    );
                    self.board.fault(&self.name, Some(error.to_string()));
                }
            }
            if closed {
                return;
            }
        }
    }

    fn obey(&mut self, order: &Order) -> Result<(), SignError> {
        let now = self.clock.now();
        match order {
            // Too late by now: blank until the arbiter says something else.
            Order::Show(show) if now >= show.until => self.sign.blank(),
            Order::Show(show) => match self.sign.show(show, now) {
                Ok(_) => Ok(()),
                Err(error) => {
                    // What it was told before has been superseded: it must not stand on.
                    if !matches!(error, SignError::Silent { .. }) {
                        self.sign.blank()?;
                    }
                    Err(error)
                }
            },
            Order::Blank => self.sign.blank(),
        }
    }

    /// Whether it shows what it was told; if not, it is told again.
    fn look(&mut self, order: &Order) -> Result<(), SignError> {
        let now = self.clock.now();
        let shown = self.sign.state()?;
        let meant = match order {
            Order::Show(show) if now < show.until => Some(show.text.multi.as_str()),
            Order::Show(_) | Order::Blank => None,
        };
        // A sign that went blank by its own timer a little early is right.
        if shown.is_none() || shown.as_deref() == meant {
            return Ok(());
        }
        tracing::warn!(
            "sign {} shows something else than it was told; it is told again",
            self.name
        );
        self.obey(order)
    }
}
