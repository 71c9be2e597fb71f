//! Follows the bus without a group, on one thread.
//!
//! A [`Feed`] reads the partitions in which the known sites have records. At start it looks back: a day of
//! outcomes, evidence and citations, an hour of observations, a quarter of an hour of health and signals, each
//! up to a number of records; then it follows the end. What it reads of the past is folded into the state and
//! not told; when that is done, every client is told to ask again. Reading errors are tried again with growing
//! pauses, and until then the overview says that the bus is away.
//!
//! `beat` is a thread beside it that hands out tracks and the clock, so that the clock goes on while the bus
//! does not.

mod beat;
mod decode;
mod follow;
mod pause;
mod source;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use wayside_bus::Bus;

pub use source::LookBack;

use crate::shared::Shared;
use crate::signs::SignStates;
use crate::sites::Sites;
use follow::Follower;

/// Follows the bus while it lives.
#[derive(Debug)]
pub struct Feed {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Feed {
    /// Starts the two threads.
    ///
    /// # Errors
    /// Where the system has no thread.
    pub fn start(
        bus: Arc<dyn Bus>,
        sites: Arc<Sites>,
        shared: Arc<Shared>,
        signs: Option<Arc<dyn SignStates>>,
        look_back: LookBack,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut feed = Self { stop: Arc::clone(&stop), threads: Vec::new() };
        let (ending, with) = (Arc::clone(&stop), Arc::clone(&shared));
        feed.spawn("console-feed", move || {
            Follower::new(bus, sites, with, look_back).run(&ending);
        })?;
        feed.spawn("console-beat", move || beat::run(&shared, signs.as_deref(), &stop))?;
        Ok(feed)
    }

    fn spawn(&mut self, name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
        let thread = std::thread::Builder::new().name(name.to_owned());
        self.threads.push(thread.spawn(work)?);
        Ok(())
    }

    /// The thread that ended before its time, if one has.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        let ended = self.threads.iter().find(|thread| thread.is_finished());
        let name = |thread: &JoinHandle<()>| thread.thread().name().unwrap_or("?").to_owned();
        ended.map(|thread| format!("the thread {} ended before its time", name(thread)))
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
