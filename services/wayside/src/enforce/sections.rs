//! Sections over the bus, in a thread of their own.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use wayside_bus::Bus;
use wayside_enforcement::{Options, Sections, SectionsProgress, has_sections};
use wayside_ingest::live::WorkerClock;
use wayside_site::Site;
use wayside_telemetry::SectionMetrics;

use crate::commands::index_args::IndexArgs;
use crate::failure::Failure;
use crate::sites::Sites;

/// How long new passages are waited for.
const WAIT: Duration = Duration::from_millis(200);
/// How often what has expired is deleted.
const EXPIRE_EVERY: Duration = Duration::from_secs(5);
/// How long bus or index may fail before the process gives up.
const FAIL_MAX: Duration = Duration::from_secs(60);
/// Changes of site files that may wait.
const CHANGES_MAX: usize = 64;

/// The thread.
pub(crate) struct SectionWorker {
    changes: Sender<Vec<Arc<Site>>>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
    failure: Arc<Mutex<Option<String>>>,
}

impl SectionWorker {
    /// Starts, where a site file names a section.
    pub(crate) fn start(
        sites: &Sites,
        args: &IndexArgs,
        (data, instance): (&Path, Option<&str>),
        bus: &Arc<dyn Bus>,
        clock: WorkerClock,
    ) -> Result<Option<Self>, Failure> {
        let known: Vec<&Site> = sites.all().map(|loaded| &*loaded.site).collect();
        if !has_sections(&known) {
            return Ok(None);
        }
        let index = args.open(data, instance)?;
        tracing::info!("sections: {}", index.describe());
        let sections = Sections::join(Arc::clone(bus), index, &known, Options::default())
            .map_err(|error| Failure::input(error.to_string()))?;
        let (changes, changed) = bounded(CHANGES_MAX);
        let (stop, failure) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(None)));
        let (stopped, told) = (Arc::clone(&stop), Arc::clone(&failure));
        let thread = std::thread::Builder::new().name("sections".to_owned());
        let thread = thread
            .spawn(move || {
                if let Err(why) = measure(sections, clock, &changed, &stopped) {
                    told.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
                }
            })
            .map_err(|error| Failure::failed(format!("sections have no thread: {error}")))?;
        Ok(Some(Self { changes, stop, thread, failure }))
    }

    /// Other site files hold from now on.
    pub(crate) fn replace(&self, sites: &Sites) {
        let sites = sites.all().map(|loaded| Arc::clone(&loaded.site)).collect();
        // Where so many wait, the thread is gone, and the process ends for that.
        let _ = self.changes.try_send(sites);
    }

    /// Why sections cannot go on; none while they can.
    pub(crate) fn failure(&self) -> Option<String> {
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| {
            self.thread.is_finished().then(|| "the sections' thread ended before its time".into())
        })
    }

    /// Decides what is on the bus and ends.
    pub(crate) fn stop(self) -> Option<String> {
        self.stop.store(true, Ordering::Relaxed);
        let ended = self.thread.join();
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| ended.err().map(|_| "the sections' thread failed".to_owned()))
    }
}

fn measure(
    mut sections: Sections,
    clock: WorkerClock,
    changes: &Receiver<Vec<Arc<Site>>>,
    stop: &AtomicBool,
) -> Result<(), String> {
    let metrics = SectionMetrics::new();
    let (mut failing, mut expired): (Option<Instant>, _) = (None, Instant::now());
    loop {
        let stopping = stop.load(Ordering::Relaxed);
        for sites in changes.try_iter() {
            let sites: Vec<&Site> = sites.iter().map(|site| &**site).collect();
            if let Err(error) = sections.replace_sites(&sites) {
                tracing::error!("the sections before hold: {error}");
            }
        }
        let wait = if stopping { Duration::ZERO } else { WAIT };
        let done = sections.run_once(clock.now().wall, wait).and_then(|progress| {
            if expired.elapsed() >= EXPIRE_EVERY || stopping {
                expired = Instant::now();
                sections.expire(clock.now().wall)?;
                tell(&metrics, &sections, &progress);
            }
            Ok(progress)
        });
        match done {
            Ok(progress) => {
                failing = None;
                if stopping && progress.lag == 0 && !progress.catching_up {
                    return Ok(());
                }
            }
            Err(error) => {
                let since = *failing.get_or_insert_with(Instant::now);
                if since.elapsed() > FAIL_MAX || stopping {
                    return Err(error.to_string());
                }
                tracing::error!("{error}");
                std::thread::sleep(WAIT);
            }
        }
    }
}

fn tell(metrics: &SectionMetrics, sections: &Sections, progress: &SectionsProgress) {
    let totals = sections.totals();
    metrics.state(progress.lag);
    metrics.so_far([totals.passages, totals.matched, totals.abstained, totals.deleted]);
}
