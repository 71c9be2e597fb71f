//! Retention of packages and cases inside `wayside run`, in a thread of its own.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use wayside_bus::Bus;
use wayside_cases::Actor;
use wayside_cases::retention::RetentionPolicy;
use wayside_desk::Desk;
use wayside_evidence::Store;
use wayside_ingest::live::WorkerClock;
use wayside_proto::SiteId;
use wayside_retention::{Kept, Retention};

use super::text;
use crate::commands::retention::actor;
use crate::failure::Failure;

/// How often the end is looked for between two runs.
const LOOK: Duration = Duration::from_millis(100);

/// What is kept where, and how long.
pub(crate) struct Keeping {
    pub(crate) store: Arc<Store>,
    /// None: nobody decides, and packages go by their age alone.
    pub(crate) desk: Option<Arc<Desk>>,
    /// Packages of these junctions alone, where others may keep theirs in the same store.
    pub(crate) sites: Option<BTreeSet<SiteId>>,
    pub(crate) policy: RetentionPolicy,
    pub(crate) every: Duration,
}

/// Deletes what is over while it lives.
pub(crate) struct RetentionThread {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl RetentionThread {
    /// Deletes now, and every so often.
    pub(crate) fn start(
        keeping: Keeping,
        bus: &Arc<dyn Bus>,
        clock: WorkerClock,
    ) -> Result<Self, Failure> {
        let (stop, bus, actor) = (Arc::new(AtomicBool::new(false)), Arc::clone(bus), actor()?);
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("retention".to_owned());
        let thread = thread
            .spawn(move || {
                while !stopped.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    keeping.run(&*bus, &actor, &clock);
                    while began.elapsed() < keeping.every && !stopped.load(Ordering::Relaxed) {
                        std::thread::sleep(LOOK);
                    }
                }
            })
            .map_err(|error| Failure::failed(format!("retention has no thread: {error}")))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for RetentionThread {
    /// What is being deleted is ended; what is not begun is the next start's.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Keeping {
    fn run(&self, bus: &dyn Bus, actor: &Actor, clock: &WorkerClock) {
        let kept = Kept {
            shelf: &*self.store,
            desk: self.desk.as_deref(),
            sites: self.sites.as_ref(),
            policy: self.policy,
        };
        match (Retention { bus, kept, actor: actor.clone() }).run(clock.now().wall) {
            Ok(done) if done.is_empty() => {}
            Ok(done) => text::deleted(&done, false).lines().for_each(|l| tracing::info!("{l}")),
            // The next one goes on where this one stopped.
            Err(error) => tracing::error!("retention of packages: {error}"),
        }
    }
}
