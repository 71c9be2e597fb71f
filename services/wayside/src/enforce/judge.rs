//! The rules over the bus, in a thread of their own.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use wayside_bus::Bus;
use wayside_enforcement::{Enforcer, Options, Progress, Totals};
use wayside_ingest::live::WorkerClock;
use wayside_telemetry::{EnforceMetrics, span};

use super::signals::SiteSignals;
use super::tell::{Teller, Telling};
use crate::failure::Failure;
use crate::sites::{Loaded, Sites};

/// How long new records are waited for.
const WAIT: Duration = Duration::from_millis(200);
/// How often signal logs in files are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often the state is told to the metrics.
const TELL_EVERY: Duration = Duration::from_secs(1);
/// Changed site files that may wait.
const CHANGES_MAX: usize = 1_024;
/// How long the bus may fail before the process gives up.
const FAIL_MAX: Duration = Duration::from_secs(60);

/// How outcomes are judged and told.
#[derive(Clone, Debug)]
pub(crate) struct Judging {
    pub(crate) options: Options,
    pub(crate) telling: Telling,
}

/// The thread.
pub(crate) struct Judge {
    changes: Option<Sender<Loaded>>,
    thread: JoinHandle<()>,
    failure: Arc<Mutex<Option<String>>>,
}

/// What the thread has.
struct Bench {
    enforcer: Enforcer,
    signals: Vec<SiteSignals>,
    teller: Teller,
    clock: WorkerClock,
    metrics: EnforceMetrics,
    looked: Instant,
    told: Instant,
}

impl Judge {
    /// Starts the rules of every site.
    pub(crate) fn start(
        sites: &Sites,
        judging: &Judging,
        bus: &Arc<dyn Bus>,
        clock: WorkerClock,
    ) -> Result<Self, Failure> {
        let (mut signals, mut known) = (Vec::new(), Vec::new());
        for loaded in sites.all() {
            let (of_site, history) = SiteSignals::open(loaded)?;
            known.push((of_site.site().clone(), history));
            signals.push(of_site);
        }
        let teller = Teller::new(&**bus, judging.telling).map_err(Failure::failed)?;
        let enforcer = Enforcer::join(Arc::clone(bus), known, judging.options.clone())
            .map_err(Failure::failed)?;
        let metrics = EnforceMetrics::new();
        let (looked, told) = (Instant::now(), Instant::now());
        let bench = Bench { enforcer, signals, teller, clock, metrics, looked, told };
        let (changes, changed) = bounded(CHANGES_MAX);
        let failure = Arc::new(Mutex::new(None));
        let told = Arc::clone(&failure);
        let thread = std::thread::Builder::new().name("rules".to_owned());
        let thread = thread
            .spawn(move || {
                if let Err(why) = judge(bench, &changed) {
                    told.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
                }
            })
            .map_err(|error| Failure::failed(format!("the rules have no thread: {error}")))?;
        Ok(Self { changes: Some(changes), thread, failure })
    }

    /// Another site file holds from now on.
    pub(crate) fn replace(&self, loaded: &Loaded) {
        if let Some(changes) = &self.changes {
            // Where so many wait, the thread is gone, and the process ends for that.
            let _ = changes.try_send(loaded.clone());
        }
    }

    /// Why the rules cannot go on; none while they can.
    pub(crate) fn failure(&self) -> Option<String> {
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| {
            self.thread.is_finished().then(|| "the rules' thread ended before its time".to_owned())
        })
    }

    /// Judges what is on the bus and ends. What the rules wait for is judged by the next start.
    pub(crate) fn stop(mut self) -> Option<String> {
        self.changes = None;
        let ended = self.thread.join();
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| ended.err().map(|_| "the rules' thread failed".to_owned()))
    }
}

fn judge(mut bench: Bench, changes: &Receiver<Loaded>) -> Result<(), String> {
    let mut failing: Option<Instant> = None;
    loop {
        let stop = loop {
            match changes.try_recv() {
                Ok(loaded) => bench.replace(&loaded),
                Err(error) => break error.is_disconnected(),
            }
        };
        bench.look_at_signals();
        let wait = if stop { Duration::ZERO } else { WAIT };
        match bench.step(wait) {
            Ok(progress) => {
                failing = None;
                if stop && progress.lag == 0 && !progress.catching_up {
                    return Ok(());
                }
            }
            Err(why) => {
                let since = *failing.get_or_insert_with(Instant::now);
                if since.elapsed() > FAIL_MAX || stop {
                    return Err(why);
                }
                tracing::error!("{why}");
                std::thread::sleep(WAIT);
            }
        }
    }
}

impl Bench {
    fn replace(&mut self, loaded: &Loaded) {
        let id = loaded.site.id();
        match self.signals.iter_mut().find(|signals| signals.site().id() == id) {
            Some(signals) => signals.replace(loaded),
            None => self.signals.push(SiteSignals::of(loaded)),
        }
        self.enforcer.replace_site(loaded.site.as_ref().clone());
        self.looked = Instant::now() - LOOK_EVERY;
    }

    fn look_at_signals(&mut self) {
        if self.looked.elapsed() < LOOK_EVERY {
            return;
        }
        self.looked = Instant::now();
        for signals in &mut self.signals {
            let records = signals.look();
            self.enforcer.signals(&signals.site().id(), records);
        }
    }

    fn step(&mut self, wait: Duration) -> Result<Progress, String> {
        let done = span!(RulesObserve, site = "all")
            .in_scope(|| self.enforcer.run_once(self.clock.now().wall, wait));
        self.teller.tell();
        let progress = done.map_err(|error| error.to_string())?;
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            self.tell(&progress);
        }
        Ok(progress)
    }

    fn tell(&self, progress: &Progress) {
        let Totals { observed, dead_letters, cameras, tracks_alive, .. } = self.enforcer.totals();
        self.metrics.state(progress.partitions, progress.lag, cameras, tracks_alive);
        self.metrics.so_far(observed, dead_letters);
    }
}
