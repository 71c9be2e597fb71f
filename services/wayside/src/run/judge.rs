//! The rules over the log, in a thread of their own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use wayside_bus::{Log, Offset, Topic};
use wayside_enforcement::{Enforcer, Options};
use wayside_rules::signals::SignalHistory;
use wayside_site::Site;
use wayside_telemetry::span;

use super::Judging;
use super::sites::{Loaded, Sites};
use super::tell::Teller;
use crate::failure::Failure;
use crate::replay::inputs;

/// How long new records are waited for.
const WAIT: Duration = Duration::from_millis(200);
/// How often a signal log in a file is read again.
const SIGNALS_EVERY: Duration = Duration::from_secs(1);
/// Changed site files that may wait.
const CHANGES_MAX: usize = 64;
/// How long the log may fail before the worker gives up.
const FAIL_MAX: Duration = Duration::from_secs(60);

/// The thread.
pub(super) struct Judge {
    changes: Option<Sender<Loaded>>,
    thread: JoinHandle<()>,
    failure: Arc<Mutex<Option<String>>>,
}

/// A site's rules.
struct Bench {
    path: PathBuf,
    enforcer: Enforcer,
    site: Arc<Site>,
    signals: Option<(String, Instant)>,
    next: Offset,
}

impl Judge {
    /// Starts the rules of every site.
    pub(super) fn start(sites: &Sites, judging: &Judging, log: &Log) -> Result<Self, Failure> {
        let mut benches = Vec::new();
        for loaded in sites.all() {
            benches.push(Bench::new(loaded, judging)?);
        }
        let teller = Teller::new(log, judging.json);
        let (changes, changed) = bounded(CHANGES_MAX);
        let failure = Arc::new(Mutex::new(None));
        let (log, told) = (log.clone(), Arc::clone(&failure));
        let thread = std::thread::Builder::new().name("rules".to_owned());
        let thread = thread
            .spawn(move || judge(benches, &log, teller, &changed, &told))
            .map_err(|error| Failure::failed(format!("the rules have no thread: {error}")))?;
        Ok(Self { changes: Some(changes), thread, failure })
    }

    /// Another site file holds from now on.
    pub(super) fn replace(&self, loaded: &Loaded) {
        if let Some(changes) = &self.changes {
            // Where so many wait, the thread is gone, and the worker ends for that.
            let _ = changes.try_send(loaded.clone());
        }
    }

    /// Why the rules cannot go on; none while they can.
    pub(super) fn failure(&self) -> Option<String> {
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| {
            self.thread.is_finished().then(|| "the rules' thread ended before its time".to_owned())
        })
    }

    /// Judges what is on the log and ends. What the rules wait for is judged by the next start.
    pub(super) fn stop(mut self) -> Option<String> {
        self.changes = None;
        let ended = self.thread.join();
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| ended.err().map(|_| "the rules' thread failed".to_owned()))
    }
}

fn judge(
    mut benches: Vec<Bench>,
    log: &Log,
    mut teller: Teller,
    changes: &Receiver<Loaded>,
    told: &Mutex<Option<String>>,
) {
    let mut failing: Option<Instant> = None;
    loop {
        let stop = loop {
            match changes.try_recv() {
                Ok(loaded) => replace(&mut benches, &loaded),
                Err(error) => break error.is_disconnected(),
            }
        };
        let mut behind = false;
        let mut failed = None;
        for bench in &mut benches {
            bench.look_at_signals();
            let _span = span!(RulesObserve, site = %bench.site.id()).entered();
            match bench.enforcer.run_once(log) {
                Ok(progress) => {
                    bench.next = progress.next;
                    behind |= progress.lag > 0 || progress.catching_up;
                }
                Err(error) => failed = Some(error.to_string()),
            }
        }
        teller.tell(log);
        if let Some(why) = failed {
            let since = *failing.get_or_insert_with(Instant::now);
            if since.elapsed() > FAIL_MAX || stop {
                told.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
                return;
            }
            tracing::error!("{why}");
            std::thread::sleep(WAIT);
            continue;
        }
        failing = None;
        if behind {
            continue;
        }
        if stop {
            teller.tell(log);
            return;
        }
        let next = benches.iter().map(|bench| bench.next).max().unwrap_or(Offset(0));
        // Whether something came or not, it is looked at anew.
        let _ = log.wait(Topic::Observations, next, WAIT);
    }
}

fn replace(benches: &mut [Bench], loaded: &Loaded) {
    for bench in benches.iter_mut().filter(|bench| bench.site.id() == loaded.site.id()) {
        bench.site = Arc::clone(&loaded.site);
        bench.path.clone_from(&loaded.path);
        bench.signals = None;
        bench.enforcer.replace_site(loaded.site.as_ref().clone());
    }
}

impl Bench {
    fn new(loaded: &Loaded, judging: &Judging) -> Result<Self, Failure> {
        let site = Arc::clone(&loaded.site);
        let history = SignalHistory::new(&site.file().signals);
        let options = Options { lateness_s: judging.lateness_s, ..Options::default() };
        let enforcer = Enforcer::new(site.as_ref().clone(), history, options);
        let path = loaded.path.clone();
        let mut bench = Self { path, enforcer, site, signals: None, next: Offset(0) };
        if let Some(log) = bench.signal_log() {
            bench.read_signals(&log)?;
        }
        Ok(bench)
    }

    fn signal_log(&self) -> Option<PathBuf> {
        self.site.file().signals.log.as_ref().map(|log| inputs::beside(&self.path, log))
    }

    /// A controller may append to its log while the worker runs.
    fn look_at_signals(&mut self) {
        let Some(log) = self.signal_log() else { return };
        if self.signals.as_ref().is_some_and(|(_, looked)| looked.elapsed() < SIGNALS_EVERY) {
            return;
        }
        if let Err(failure) = self.read_signals(&log) {
            tracing::error!("site {}: {failure}", self.site.id());
            let digest = self.signals.take().map_or_else(String::new, |(digest, _)| digest);
            self.signals = Some((digest, Instant::now()));
        }
    }

    fn read_signals(&mut self, log: &Path) -> Result<(), Failure> {
        let digest = inputs::text(log)?.sha256;
        if self.signals.as_ref().is_none_or(|(known, _)| *known != digest) {
            let (records, _) = inputs::signal_records(&self.site, log)?;
            let signals = self.enforcer.signals();
            // What is known already is older than the last of its group, and ignored.
            records.into_iter().for_each(|record| signals.push(record));
        }
        self.signals = Some((digest, Instant::now()));
        Ok(())
    }
}
