//! The evidence service in a thread of its own.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use wayside_bus::{Bus, BusError, Partition, Reader, Start, Topic};
use wayside_evidence::{
    About, BusSources, Footage, MakeOptions, Maker, Service, ServiceOptions, ServiceProgress, Store,
};
use wayside_proto::convert::Message;
use wayside_proto::{EventTime, Evidence, Outcome, json};
use wayside_telemetry::EvidenceMetrics;

use super::{Sealing, texts};
use crate::failure::Failure;
use crate::sites::{Loaded, Sites};

/// How long new violations are waited for.
const WAIT: Duration = Duration::from_millis(200);
/// How often the state is told to the metrics.
const TELL_EVERY: Duration = Duration::from_secs(1);
/// How long the bus may fail before the process gives up.
const FAIL_MAX: Duration = Duration::from_secs(60);
/// Records read at once, to tell of them.
const RECORDS_MAX: usize = 256;
/// Bytes read at once.
const BYTES_MAX: usize = 4 << 20;

/// Everything that packages are made with.
pub(crate) struct Making {
    pub(crate) store: Arc<Store>,
    pub(crate) footage: Arc<dyn Footage>,
    pub(crate) sealing: Sealing,
    pub(crate) about: About,
    pub(crate) options: MakeOptions,
    pub(crate) service: ServiceOptions,
    /// Whether each result is printed as a JSON line.
    pub(crate) json: bool,
}

/// The thread.
pub(crate) struct EvidenceThread {
    sources: Arc<BusSources>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
    failure: Arc<Mutex<Option<String>>>,
}

/// The clock of this machine.
pub(super) fn now() -> EventTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EventTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl EvidenceThread {
    /// Starts it over a bus, for these sites.
    pub(crate) fn start(
        making: Making,
        sites: &Sites,
        bus: &Arc<dyn Bus>,
    ) -> Result<Self, Failure> {
        let texts = texts::texts(sites.all())?;
        let sources = Arc::new(BusSources::new(Arc::clone(bus), texts, now));
        let Making { store, footage, sealing, about, options, service, json } = making;
        let clock = Arc::new(|_: &Outcome| now());
        let mut maker =
            Maker::new(store, footage, sealing.key, sealing.trusted, about, options, clock);
        if let Some(credentials) = sealing.credentials {
            maker.with_credentials(credentials);
        }
        let of_service: Arc<dyn wayside_evidence::Sources> = sources.clone();
        let service =
            Service::join(Arc::clone(bus), maker, of_service, service).map_err(Failure::failed)?;
        let teller = if json { Some(Teller::new(&**bus).map_err(Failure::failed)?) } else { None };
        let (stop, failure) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(None)));
        let (stopped, told) = (Arc::clone(&stop), Arc::clone(&failure));
        let thread = std::thread::Builder::new().name("evidence".to_owned());
        let thread = thread
            .spawn(move || {
                if let Err(why) = make(service, teller, &stopped) {
                    told.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
                }
            })
            .map_err(|error| Failure::failed(format!("evidence has no thread: {error}")))?;
        Ok(Self { sources, stop, thread, failure })
    }

    /// Another site file holds from now on.
    pub(crate) fn replace(&self, loaded: &Loaded) {
        match texts::text(loaded) {
            Ok(text) => self.sources.replace_site(text),
            Err(failure) => tracing::error!("the site file before holds for evidence: {failure}"),
        }
    }

    /// Why evidence cannot go on; none while it can.
    pub(crate) fn failure(&self) -> Option<String> {
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| {
            self.thread.is_finished().then(|| "the evidence thread ended before its time".into())
        })
    }

    /// Ends it; what is on its way is begun again by the next start.
    pub(crate) fn stop(self) -> Option<String> {
        self.stop.store(true, Ordering::Relaxed);
        let ended = self.thread.join();
        let told = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.or_else(|| ended.err().map(|_| "the evidence thread failed".to_owned()))
    }
}

fn make(mut service: Service, mut teller: Option<Teller>, stop: &AtomicBool) -> Result<(), String> {
    let metrics = EvidenceMetrics::new();
    let (mut failing, mut told): (Option<Instant>, _) = (None, Instant::now());
    while !stop.load(Ordering::Relaxed) {
        let done = service.run_once(WAIT);
        if let Some(teller) = &mut teller {
            teller.tell();
        }
        match done {
            Ok(progress) => {
                failing = None;
                progress.took_s.iter().for_each(|(all, fetch)| metrics.took(*all, *fetch));
                if told.elapsed() >= TELL_EVERY {
                    told = Instant::now();
                    tell(&metrics, &service, &progress);
                }
            }
            Err(error) => {
                let since = *failing.get_or_insert_with(Instant::now);
                if since.elapsed() > FAIL_MAX {
                    return Err(error.to_string());
                }
                tracing::error!("{error}");
                std::thread::sleep(WAIT);
            }
        }
    }
    Ok(())
}

fn tell(metrics: &EvidenceMetrics, service: &Service, progress: &ServiceProgress) {
    let totals = service.totals();
    metrics.state(progress.lag, progress.pending);
    metrics.so_far([totals.sealed, totals.sealed_bytes, totals.retries]);
    totals.failed.iter().for_each(|(cause, count)| metrics.failed(*cause, *count));
}

/// Prints what was published, once it is durable.
struct Teller(Vec<Box<dyn Reader>>);

impl Teller {
    fn new(bus: &dyn Bus) -> Result<Self, BusError> {
        let readers = (0..bus.partitions(Topic::Evidence)?)
            .map(|number| bus.read_from(Topic::Evidence, Partition(number), Start::End))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self(readers))
    }

    fn tell(&mut self) {
        for reader in &mut self.0 {
            let records = match reader.read(RECORDS_MAX, BYTES_MAX, Duration::ZERO) {
                Ok(records) => records,
                Err(error) => {
                    tracing::error!("evidence cannot be told: {error}");
                    continue;
                }
            };
            for stored in &records {
                match Evidence::from_bytes(&stored.value) {
                    Ok(evidence) => {
                        let mut out = std::io::stdout().lock();
                        // Whoever closed standard output does not want the lines; the bus has them.
                        let line = json::evidence_line(&evidence);
                        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
                    }
                    Err(error) => tracing::error!("evidence {}: {error}", stored.offset),
                }
            }
        }
    }
}
