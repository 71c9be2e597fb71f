//! The threads: one writes messages, one has them shown, one for each sign by the road.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use axum::Router;
use serde::Serialize;
use wayside_bus::Bus;
use wayside_http::Clock;
use wayside_signs::{Action, Composer, SignPlan};
use wayside_site::model::{Sign as SignKeys, SignSnmp};

use crate::adapter::SnmpSign;
use crate::board::Board;
use crate::error::DmsError;
use crate::feed::Feed;
use crate::options::{Options, SiteFile};
use crate::pages;
use crate::show::{Driver, Orders, Panel, Showing};
use crate::state::SignState;

/// Bytes that a secret may have.
const SECRET_BYTES_MAX: u64 = 1_024;

/// Drives the signs of some sites while it lives. Dropping it has every sign go blank.
pub struct Service {
    board: Board,
    clock: Clock,
    counts: Arc<Counts>,
    options: Options,
    /// One for each half, so that the feed may be stopped alone.
    stops: Vec<Arc<AtomicBool>>,
    orders: Vec<Orders>,
    threads: Vec<JoinHandle<()>>,
}

impl Service {
    /// Starts to drive the signs of these sites, on this bus.
    ///
    /// # Errors
    /// Where no site has a sign, two signs have one name, a message does not fit its sign, a secret
    /// cannot be read, or a thread cannot be had.
    pub fn start(
        bus: Arc<dyn Bus>,
        sites: &[SiteFile],
        options: Options,
    ) -> Result<Self, DmsError> {
        let plans = plans(sites, &options)?;
        // A bus that does not answer at the start is a mistake; later it is a cause to be blank.
        bus.partitions(wayside_bus::Topic::Signs)?;
        let board = Board::new(&plans, options.pages_url.clone());
        let counts = Arc::new(Counts::default());
        let mut service = Self {
            board: board.clone(),
            clock: options.clock.clone(),
            counts: Arc::clone(&counts),
            options: options.clone(),
            stops: Vec::new(),
            orders: Vec::new(),
            threads: Vec::new(),
        };
        let stop = Arc::new(AtomicBool::new(false));
        let mut panels = BTreeMap::new();
        for plan in &plans {
            let reached = reach(sites, plan).filter(|_| options.tell);
            let orders = reached.map(|(keys, snmp, folder)| {
                let sign = open(keys, snmp, folder)?;
                let orders = Orders::default();
                let driver = Driver {
                    name: plan.sign.0.clone(),
                    sign: Box::new(sign),
                    orders: orders.clone(),
                    clock: options.clock.clone(),
                    board: board.clone(),
                };
                service.orders.push(orders.clone());
                service.spawn("signs-snmp", move || driver.run())?;
                Ok::<_, DmsError>(orders)
            });
            panels.insert(plan.sign.0.clone(), Panel::new(plan, orders.transpose()?));
        }
        let showing = Showing {
            bus: Arc::clone(&bus),
            clock: options.clock.clone(),
            board,
            signs: panels,
            counts: Arc::clone(&counts),
            broken: options.broken,
        };
        service.stops.push(Arc::clone(&stop));
        service.spawn("signs-show", move || showing.run(&stop))?;
        if options.feed {
            let feed = Feed {
                bus,
                clock: options.clock,
                source: options.source,
                composer: Composer::new(plans),
                sites: sites.iter().map(|file| Arc::clone(&file.site)).collect(),
                counts,
            };
            let stop = Arc::new(AtomicBool::new(false));
            service.stops.push(Arc::clone(&stop));
            service.spawn("signs-feed", move || feed.run(&stop))?;
        }
        Ok(service)
    }

    fn spawn(
        &mut self,
        name: &str,
        run: impl FnOnce() + Send + 'static,
    ) -> Result<(), std::io::Error> {
        self.threads.push(std::thread::Builder::new().name(name.to_owned()).spawn(run)?);
        Ok(())
    }

    /// How every sign is, in order of name.
    #[must_use]
    pub fn states(&self) -> Vec<SignState> {
        self.board.states(self.clock.now())
    }

    /// What every sign shows, to be kept beyond the borrow.
    #[must_use]
    pub fn board(&self) -> Board {
        self.board.clone()
    }

    /// The public pages: `/signs/{sign}`, and what they need. They show messages of signs and nothing else.
    pub fn router(&self) -> Router {
        pages::router(self.board.clone(), self.clock.clone(), self.options.origin.clone())
    }

    /// What was counted.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.counts.totals()
    }

    /// Why signs are not driven any more; none while they are.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        let ended = self.threads.iter().find(|thread| thread.is_finished())?;
        let name = ended.thread().name().unwrap_or("signs");
        Some(format!("the thread {name} ended before its time"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // The feed first: while it says that it is there, nobody else would blank the signs.
        for stop in self.stops.iter().rev() {
            stop.store(true, Ordering::Relaxed);
        }
        let named = |thread: &JoinHandle<()>| thread.thread().name() != Some("signs-snmp");
        let (threads, drivers): (Vec<_>, Vec<_>) = self.threads.drain(..).partition(named);
        for thread in threads {
            let _ = thread.join();
        }
        // By now each driver was told to blank its sign.
        self.orders.iter().for_each(Orders::close);
        for driver in drivers {
            let _ = driver.join();
        }
    }
}

fn plans(sites: &[SiteFile], options: &Options) -> Result<Vec<SignPlan>, DmsError> {
    let mut plans: Vec<SignPlan> = Vec::new();
    for file in sites {
        for plan in SignPlan::of_site(&file.site, &options.templates)? {
            if let Some(other) = plans.iter().find(|other| other.sign == plan.sign) {
                return Err(DmsError::Twice {
                    sign: plan.sign.0.clone(),
                    first: other.site.0.clone(),
                    second: plan.site.0.clone(),
                });
            }
            plans.push(plan);
        }
    }
    if plans.is_empty() {
        return Err(DmsError::NoSign);
    }
    Ok(plans)
}

/// How a sign by the road is reached, and the folder of its site file.
fn reach<'a>(
    sites: &'a [SiteFile],
    plan: &SignPlan,
) -> Option<(&'a SignKeys, &'a SignSnmp, &'a Path)> {
    let file = sites.iter().find(|file| file.site.id() == plan.site)?;
    let keys = file.site.file().signs.iter().find(|sign| sign.id == plan.sign.0)?;
    Some((keys, keys.snmp.as_ref()?, file.folder.as_path()))
}

fn open(keys: &SignKeys, snmp: &SignSnmp, folder: &Path) -> Result<SnmpSign, DmsError> {
    let secret = |name: &Option<String>| {
        let Some(name) = name else { return Ok(None) };
        let file = folder.join(name);
        let wrong =
            |cause: String| DmsError::Secret { sign: keys.id.clone(), file: file.clone(), cause };
        let bytes = std::fs::metadata(&file).map_err(|error| wrong(error.to_string()))?.len();
        if bytes > SECRET_BYTES_MAX {
            return Err(wrong(format!("{bytes} bytes are no secret")));
        }
        let text = std::fs::read_to_string(&file).map_err(|error| wrong(error.to_string()))?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(wrong("it is empty".to_owned()));
        }
        Ok(Some(text.as_bytes().to_vec()))
    };
    let community = secret(&snmp.community_file)?.unwrap_or_default();
    let auth = secret(&snmp.auth_file)?.unwrap_or_default();
    let privacy = secret(&snmp.privacy_file)?;
    Ok(SnmpSign::new(snmp, &community, &auth, privacy.as_deref(), "wayside"))
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Messages and signs of life that were written.
    pub written: u64,
    /// Messages that were over before they could be written.
    pub late: u64,
    /// Messages and signs of life that were taken.
    pub taken: u64,
    /// Those that were not, by cause.
    pub refused: BTreeMap<&'static str, u64>,
    /// Records that could not be read.
    pub unreadable: u64,
    /// How often a sign was told to show something.
    pub shown: u64,
    /// How often a sign went blank, by cause.
    pub blanked: BTreeMap<&'static str, u64>,
}

/// Counts, shared between threads.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    written: AtomicU64,
    late: AtomicU64,
    taken: AtomicU64,
    unreadable: AtomicU64,
    shown: AtomicU64,
    refused: Mutex<BTreeMap<&'static str, u64>>,
    blanked: Mutex<BTreeMap<&'static str, u64>>,
}

fn count(map: &Mutex<BTreeMap<&'static str, u64>>, name: &'static str) {
    *map.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
}

impl Counts {
    pub(crate) fn add_written(&self, by: u64) {
        self.written.fetch_add(by, Ordering::Relaxed);
    }

    pub(crate) fn add_late(&self, by: u64) {
        self.late.fetch_add(by, Ordering::Relaxed);
    }

    pub(crate) fn add_taken(&self) {
        self.taken.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_unreadable(&self, by: u64) {
        self.unreadable.fetch_add(by, Ordering::Relaxed);
    }

    pub(crate) fn add_refused(&self, why: &'static str) {
        count(&self.refused, why);
    }

    pub(crate) fn add_action(&self, action: &Action) {
        match action {
            Action::Show(_) => {
                self.shown.fetch_add(1, Ordering::Relaxed);
            }
            Action::Blank(why) => count(&self.blanked, why.as_str()),
        }
    }

    fn totals(&self) -> Totals {
        let map = |map: &Mutex<BTreeMap<&'static str, u64>>| {
            map.lock().unwrap_or_else(PoisonError::into_inner).clone()
        };
        Totals {
            written: self.written.load(Ordering::Relaxed),
            late: self.late.load(Ordering::Relaxed),
            taken: self.taken.load(Ordering::Relaxed),
            refused: map(&self.refused),
            unreadable: self.unreadable.load(Ordering::Relaxed),
            shown: self.shown.load(Ordering::Relaxed),
            blanked: map(&self.blanked),
        }
    }
}
