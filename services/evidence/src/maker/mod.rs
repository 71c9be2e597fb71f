//! Makes the package of one violation: does what `steps` says, one step after the other.

mod keep;
mod look;
mod sites;

use std::sync::Arc;
use std::time::{Duration, Instant};

use wayside_package::{ChainLink, Draft, KeyRing, SigningKey};
use wayside_proto::{
    EventTime, Evidence, EvidenceFailure, EvidenceResult, Outcome, SealedPackage, SiteId,
};

use crate::case::{self, Window};
use crate::draft::{self, About, ContentCredentials};
use crate::footage::{Footage, Pace};
use crate::sources::{SourceError, Sources};
use crate::steps::{Found, Known, Link, Step};
use crate::store::Store;
use sites::Sites;

/// How packages are made.
#[derive(Clone, Debug)]
pub struct MakeOptions {
    /// How much around the event is shown.
    pub window: Window,
    /// How long pictures are asked for before the failure is recorded.
    pub footage_max: Duration,
    /// How long the store is tried before the failure is recorded.
    pub store_max: Duration,
    /// How long after its last instant a window is waited for that the camera has not reached.
    pub window_max: Duration,
    /// Violations older than this are recorded as past their retention, seconds; none for no such bound.
    pub age_s_max: Option<f64>,
}

impl Default for MakeOptions {
    fn default() -> Self {
        Self {
            window: Window::default(),
            footage_max: Duration::from_secs(60),
            store_max: Duration::from_secs(600),
            window_max: Duration::from_secs(10),
            age_s_max: Some(30.0 * 86_400.0),
        }
    }
}

/// A point at which a process may die; tests make it die there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// Redacted pictures have come.
    Fetched,
    /// The package is sealed, in memory.
    Sealed,
    /// It is stored.
    Stored,
    /// Its number is marked.
    Marked,
    /// It is about to be published, together with the position.
    Publishing,
    /// It is published, and the position stored.
    Published,
}

impl Point {
    /// Every point, in order.
    pub const ALL: [Self; 6] = [
        Self::Fetched,
        Self::Sealed,
        Self::Stored,
        Self::Marked,
        Self::Publishing,
        Self::Published,
    ];
}

/// Called at each point with the violation's site; true where the process is to stop there as if it had been
/// killed.
pub type Hook = Arc<dyn Fn(Point, &SiteId) -> bool + Send + Sync>;

/// What time it is, where evidence of an event is made: the clock of this machine, or, in a replay, the
/// event's own time.
pub type Clock = Arc<dyn Fn(&Outcome) -> EventTime + Send + Sync>;

/// What is needed to make packages. One serves all threads.
pub struct Maker {
    store: Arc<Store>,
    footage: Arc<dyn Footage>,
    key: SigningKey,
    /// Whose packages are adopted.
    trusted: KeyRing,
    credentials: Option<Arc<dyn ContentCredentials>>,
    about: About,
    options: MakeOptions,
    clock: Clock,
    sites: Sites,
    hook: Option<Hook>,
}

/// One violation on its way to a package.
pub struct Job {
    outcome: Outcome,
    known: Known,
    draft: Option<Draft>,
    sealed: Option<(Vec<u8>, Found)>,
    began: Instant,
    /// Since when pictures, or the store, are tried in vain.
    failing: Option<Instant>,
    pace: Pace,
    /// How long fetching took, redaction included.
    pub(crate) fetch: Duration,
}

/// How far a job has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Advance {
    /// This is to be published.
    Done(Box<Evidence>),
    /// It is to be tried again after this time.
    Wait {
        /// How long.
        wait: Duration,
        /// What is waited for, or what failed.
        why: String,
    },
    /// The process was killed, as a test asked.
    Killed,
}

/// What one step gave.
enum Stepped {
    On,
    Wait(Duration, String),
    Killed,
    Failed(EvidenceFailure, String),
}

impl Job {
    /// A violation of which nothing is known.
    #[must_use]
    pub fn new(outcome: Outcome) -> Self {
        Self {
            pace: Pace::of(outcome.id.0.as_str()),
            outcome,
            known: Known::default(),
            draft: None,
            sealed: None,
            began: Instant::now(),
            failing: None,
            fetch: Duration::ZERO,
        }
    }

    /// The violation.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Whether pictures are in memory.
    #[must_use]
    pub fn holds_pictures(&self) -> bool {
        self.draft.is_some()
    }

    fn evidence(&self, result: EvidenceResult) -> Advance {
        Advance::Done(Box::new(Evidence {
            violation: self.outcome.id.clone(),
            site: self.outcome.site.clone(),
            camera: self.outcome.camera.clone(),
            event_time: self.outcome.event_time,
            result,
        }))
    }

    /// Tries again within `most` of the first failure, else gives up.
    fn again(&mut self, most: Duration, cause: EvidenceFailure, why: String) -> Stepped {
        let since = *self.failing.get_or_insert_with(Instant::now);
        if since.elapsed() >= most {
            return Stepped::Failed(cause, why);
        }
        let left = most.saturating_sub(since.elapsed());
        Stepped::Wait(self.pace.wait().min(left), why)
    }
}

impl Maker {
    /// With a store, footage, and the key that signs. Packages under `trusted` keys are adopted, too.
    #[must_use]
    pub fn new(
        store: Arc<Store>,
        footage: Arc<dyn Footage>,
        key: SigningKey,
        mut trusted: KeyRing,
        about: About,
        options: MakeOptions,
        clock: Clock,
    ) -> Self {
        trusted.add(wayside_package::keys::RingKey::new(key.verifying(), ""));
        let sites = Sites::default();
        Self {
            store,
            footage,
            key,
            trusted,
            credentials: None,
            about,
            options,
            clock,
            sites,
            hook: None,
        }
    }

    /// Adds content credentials to what it makes from now on.
    pub fn with_credentials(&mut self, credentials: Arc<dyn ContentCredentials>) {
        self.credentials = Some(credentials);
    }

    /// Calls this at each point; for tests.
    pub fn with_hook(&mut self, hook: Hook) {
        self.hook = Some(hook);
    }

    /// A package is published, so the chain of its site ends beyond its number.
    pub fn published(&self, site: &SiteId, package: &SealedPackage) {
        self.sites.published(site, package.chain_number);
    }

    pub(crate) fn dies(&self, point: Point, site: &SiteId) -> bool {
        self.hook.as_ref().is_some_and(|hook| hook(point, site))
    }

    /// Goes on with a job until it is done or has to wait.
    pub fn advance(&self, job: &mut Job, sources: &dyn Sources) -> Advance {
        let (ends, published) = self.sites.of(&job.outcome.site);
        // From the end of the chain to the mark, one package of a site at a time.
        let mut held = None;
        loop {
            let step = job.known.next(&job.outcome.id);
            if matches!(step, Step::Fetch) {
                held = None;
            } else if held.is_none() {
                let mut entered = Sites::enter(&ends);
                if let Some(number) = published {
                    entered.published(&job.outcome.site, number);
                }
                held = Some(entered);
            }
            let done = match step {
                Step::Publish(package) => {
                    if let Some(ends) = &mut held {
                        ends.published(&job.outcome.site, package.chain_number);
                    }
                    return job.evidence(EvidenceResult::Sealed(package));
                }
                Step::Fail { cause, detail } => Stepped::Failed(cause, detail),
                Step::Fetch => self.fetch(job, sources),
                Step::Seal { link } => self.seal(job, link),
                Step::FindEnd => match &mut held {
                    Some(ends) => match ends.find(&self.store, &job.outcome.site) {
                        Ok(end) => {
                            job.known.end(end);
                            Stepped::On
                        }
                        Err(error) => self.store_failed(job, &error),
                    },
                    None => Stepped::On,
                },
                Step::Look { attempt } => self.look(job, attempt),
                Step::ReadMark { number } => self.read_mark(job, number),
                Step::Put { attempt } => self.put(job, attempt),
                Step::PutMark { .. } => self.put_mark(job),
            };
            match done {
                Stepped::On => {}
                Stepped::Wait(wait, why) => {
                    job.known.rest();
                    return Advance::Wait { wait, why };
                }
                Stepped::Killed => return Advance::Killed,
                Stepped::Failed(cause, detail) => {
                    return job
                        .evidence(EvidenceResult::Failed { cause, detail: sentence(&detail) });
                }
            }
        }
    }

    fn fetch(&self, job: &mut Job, sources: &dyn Sources) -> Stepped {
        let outcome = &job.outcome;
        let now = (self.clock)(outcome);
        let age_s = now.since_s(outcome.event_time);
        if self.options.age_s_max.is_some_and(|most| age_s > most) {
            let why = format!("it happened {:.1} days ago", age_s / 86_400.0);
            return Stepped::Failed(EvidenceFailure::Retention, why);
        }
        let (_, to) = self.options.window.around(outcome.event_time);
        let gathered = match sources.gather(outcome, to) {
            Ok(gathered) => gathered,
            // Nothing can be published either while the bus is away.
            Err(SourceError::Passing(why)) => return Stepped::Wait(job.pace.wait(), why),
            Err(error @ SourceError::NoSite(_)) => {
                return Stepped::Failed(EvidenceFailure::NoTrack, error.to_string());
            }
        };
        let late = now.since_s(to) >= self.options.window_max.as_secs_f64();
        let waited = job.began.elapsed() >= self.options.footage_max;
        if !gathered.is_whole && !late && !waited {
            let why = format!("the camera has not come to {to} yet");
            // Looked at again when the window is over by this machine's clock: each look reads minutes.
            let left_s = to.since_s(now).clamp(0.25, 10.0);
            return Stepped::Wait(Duration::from_secs_f64(left_s), why);
        }
        let Some(request) = case::request(outcome, &gathered.observations, self.options.window)
        else {
            let why = format!(
                "track {} has no box in the {} observations of camera {} around the event",
                outcome.track,
                gathered.observations.len(),
                outcome.camera
            );
            return Stepped::Failed(EvidenceFailure::NoTrack, why);
        };
        let began = Instant::now();
        let worker = sources.worker(outcome);
        let mut clip = match self.footage.fetch(&request, worker.as_deref()) {
            Ok(clip) => clip,
            Err(error) if error.passes => {
                return job.again(self.options.footage_max, error.cause, error.detail);
            }
            Err(error) => return Stepped::Failed(error.cause, error.detail),
        };
        if let Some(credentials) = &self.credentials
            && let Err(error) = credentials.add(&mut clip, outcome, gathered.is_simulated)
        {
            // The seal covers every byte without them.
            tracing::error!("violation {}: no content credentials: {error}", outcome.id);
        }
        job.fetch = began.elapsed();
        job.draft = Some(draft::draft(outcome, gathered, clip, &self.about));
        job.known.fetched();
        job.failing = None;
        if self.dies(Point::Fetched, &job.outcome.site) { Stepped::Killed } else { Stepped::On }
    }

    fn seal(&self, job: &mut Job, link: Link) -> Stepped {
        let now = (self.clock)(&job.outcome);
        let Some(draft) = &job.draft else {
            return Stepped::Failed(
                EvidenceFailure::NoPictures,
                "its pictures are gone".to_owned(),
            );
        };
        let chain = ChainLink { number: link.number, previous: link.previous };
        let sealed = match draft.seal(&self.key, &chain, now) {
            Ok(sealed) => sealed,
            Err(error) => return Stepped::Failed(draft::cause(&error), error.to_string()),
        };
        if !sealed.follows {
            tracing::warn!(
                "violation {}: it does not follow from the observations that were at hand; the package says so",
                job.outcome.id
            );
        }
        let package = SealedPackage {
            uri: String::new(),
            sha256: sealed.sha256,
            size_bytes: sealed.bytes.len() as u64,
            key_id: self.key.verifying().id().to_string(),
            chain_number: link.number,
            sealed_at: now,
        };
        let found = Found { link, manifest_sha256: sealed.manifest_sha256, package };
        job.sealed = Some((sealed.bytes, found));
        job.known.sealed(link);
        if self.dies(Point::Sealed, &job.outcome.site) { Stepped::Killed } else { Stepped::On }
    }
}

/// One line that fits into a message.
fn sentence(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let line: String = text.chars().map(plain).take(1_000).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
