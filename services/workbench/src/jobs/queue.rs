//! One job at a time, on a thread of its own.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use wayside_proto::EventTime;

use super::describe::{describe, with_files};
use super::store::{OBSERVATIONS, OUT, Store};
use super::{Job, JobProblem, JobState};
use crate::engine::{Engine, Outcome, ReplayOrder, Watched, WhatifOrder};
use crate::ids::Id;

/// Jobs that may wait.
pub const QUEUED_MAX: usize = 16;
/// How often the thread looks whether it should end.
const LOOK: Duration = Duration::from_millis(500);

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// A recording under a site file.
    Replay {
        /// The site.
        site: String,
        /// The recording.
        recording: String,
        /// What it is called.
        name: String,
        /// All but the folder for results.
        order: ReplayOrder,
    },
    /// Stored observations under a draft.
    Whatif {
        /// The site.
        site: String,
        /// The order.
        order: WhatifOrder,
    },
}

/// Why a job is not taken, or not found.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Too many wait.
    #[error("{QUEUED_MAX} jobs are waiting already\n  hint: wait, or cancel one")]
    Full,
    /// No such job.
    #[error("there is no such job")]
    Unknown,
    /// It is not done.
    #[error("the job is not done, or has left nothing\n  hint: wait until it is done")]
    NotDone,
    /// No such event.
    #[error("there is no such event in the result")]
    NoEvent,
    /// Nothing to show of it.
    #[error("what the camera saw is not kept for this job\n  hint: replay the recording once more")]
    NothingSeen,
    /// The disk.
    #[error("the job cannot be kept: {0}")]
    Io(#[from] io::Error),
}

/// The queue. Ends with the value; what is under way is cancelled.
#[derive(Debug)]
pub struct Jobs {
    pub(super) shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
pub(super) struct Shared {
    store: Store,
    pub(super) engine: Arc<dyn Engine>,
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The newest first.
    jobs: Vec<Job>,
    orders: Vec<(Id, Order)>,
    running: Option<(Id, Arc<Watched>)>,
    ends: bool,
}

impl Jobs {
    /// Opens the folder and starts the thread. What was under way when the program ended has failed.
    ///
    /// # Errors
    /// Where the folder or the thread cannot be had.
    pub fn start(folder: &Path, engine: Arc<dyn Engine>) -> Result<Self, JobError> {
        let store = Store::open(folder)?;
        let mut jobs = store.load();
        let now = engine.now();
        for job in jobs.iter_mut().filter(|job| !job.state.is_final()) {
            end(job, JobState::Failed, now);
            job.problem =
                Some(JobProblem::of("the program was started again\n  hint: order it anew"));
            store.save(job)?;
        }
        store.prune(&mut jobs);
        let state = Mutex::new(State { jobs, ..State::default() });
        let shared = Arc::new(Shared { store, engine, state, news: Condvar::new() });
        let of_thread = Arc::clone(&shared);
        let thread =
            std::thread::Builder::new().name("jobs".to_owned()).spawn(move || of_thread.work())?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Takes an order of this account.
    ///
    /// # Errors
    /// Where too many wait, or the disk does not take it.
    pub fn order(&self, order: Order, account: &str) -> Result<Job, JobError> {
        let mut state = self.shared.state();
        if state.orders.len() >= QUEUED_MAX {
            return Err(JobError::Full);
        }
        let id = Id::random()?;
        let mut job = Job {
            id: id.to_string(),
            kind: String::new(),
            site: String::new(),
            recording: None,
            recording_name: None,
            from: None,
            to: None,
            observations: None,
            state: JobState::Queued,
            progress: 0.0,
            problem: None,
            account: account.to_owned(),
            created: self.shared.engine.now().to_string(),
            finished: None,
            result: None,
        };
        describe(&mut job, &order);
        self.shared.store.save(&job)?;
        state.jobs.insert(0, job.clone());
        state.orders.push((id, order));
        self.shared.store.prune(&mut state.jobs);
        self.shared.news.notify_all();
        Ok(job)
    }

    /// Every job, the newest first, without their results.
    #[must_use]
    pub fn list(&self) -> Vec<Job> {
        let state = self.shared.state();
        state.jobs.iter().map(|job| Job { result: None, ..state.seen(job) }).collect()
    }

    /// A job.
    ///
    /// # Errors
    /// Where there is none.
    pub fn get(&self, id: &str) -> Result<Job, JobError> {
        let state = self.shared.state();
        let job = state.jobs.iter().find(|job| job.id == id);
        job.map(|job| state.seen(job)).ok_or(JobError::Unknown)
    }

    /// What came of a job.
    ///
    /// # Errors
    /// Where there is no such job, or nothing came of it yet.
    pub fn result(&self, id: &str) -> Result<Outcome, JobError> {
        self.get(id)?.result.ok_or(JobError::NotDone)
    }

    /// A file of a job's result, and its media type.
    ///
    /// # Errors
    /// Where there is none.
    pub fn file(&self, id: &str, name: &str) -> Result<(PathBuf, &'static str), JobError> {
        self.shared.store.file(id, name).ok_or(JobError::Unknown)
    }

    /// The folder of a replay that has left its observations.
    ///
    /// # Errors
    /// Where there is no such job, or it has left none.
    pub fn observations(&self, id: &str) -> Result<PathBuf, JobError> {
        let job = self.get(id)?;
        let own = Id::parse(&job.id).filter(|_| job.state == JobState::Done);
        let folder = own.map(|id| self.shared.store.folder(&id));
        let left = |folder: &PathBuf| folder.join(OUT).join(OBSERVATIONS).is_file();
        folder.filter(left).ok_or(JobError::NotDone)
    }

    /// Ends a job, or forgets one that has ended, with its files.
    ///
    /// # Errors
    /// Where there is none, or the disk does not take it.
    pub fn cancel(&self, id: &str) -> Result<(), JobError> {
        let now = self.shared.engine.now();
        let mut state = self.shared.state();
        if let Some((_, watched)) = state.running.as_ref().filter(|(of, _)| of.to_string() == id) {
            watched.cancel();
        }
        state.orders.retain(|(of, _)| of.to_string() != id);
        let job = state.jobs.iter_mut().find(|job| job.id == id).ok_or(JobError::Unknown)?;
        if job.state.is_final() {
            let id = job.id.clone();
            self.shared.store.remove(&id)?;
            state.jobs.retain(|job| job.id != id);
        } else {
            end(job, JobState::Cancelled, now);
            self.shared.store.save(job)?;
        }
        Ok(())
    }

    /// Whether any job that has not ended needs this recording.
    #[must_use]
    pub fn needs(&self, recording: &Path) -> bool {
        let state = self.shared.state();
        let of = |order: &Order| match order {
            Order::Replay { order, .. } => order.recording == recording,
            Order::Whatif { .. } => false,
        };
        // What runs is not among the orders: its recording stays until it ends.
        state.running.is_some() || state.orders.iter().any(|(_, order)| of(order))
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        {
            let mut state = self.shared.state();
            state.ends = true;
            if let Some((_, watched)) = &state.running {
                watched.cancel();
            }
        }
        self.shared.news.notify_all();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so.
            let _ = thread.join();
        }
    }
}

impl State {
    /// The job with how far it is just now.
    fn seen(&self, job: &Job) -> Job {
        let mut job = job.clone();
        if let Some((id, watched)) = &self.running
            && id.to_string() == job.id
        {
            job.progress = watched.share();
        }
        job
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        loop {
            let mut state = self.state();
            while state.orders.is_empty() && !state.ends {
                state =
                    self.news.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner).0;
            }
            if state.ends {
                return;
            }
            let (id, order) = state.orders.remove(0);
            let watched = Arc::new(Watched::default());
            state.running = Some((id.clone(), Arc::clone(&watched)));
            if let Some(job) = state.jobs.iter_mut().find(|job| job.id == id.to_string()) {
                job.state = JobState::Running;
                self.told(job);
            }
            drop(state);
            let done = self.run(&id, order, &watched);
            let now = self.engine.now();
            let mut state = self.state();
            state.running = None;
            let Some(job) = state.jobs.iter_mut().find(|job| job.id == id.to_string()) else {
                continue;
            };
            match done {
                // Who cancels has said so already.
                _ if job.state.is_final() => {}
                Ok(outcome) => {
                    end(job, JobState::Done, now);
                    job.progress = 1.0;
                    job.result = Some(outcome);
                    let left = self.store.folder(&id).join(OUT).join(OBSERVATIONS).is_file();
                    if job.kind == "replay" && left {
                        job.observations = Some(job.id.clone());
                    }
                }
                Err(why) => {
                    end(job, JobState::Failed, now);
                    job.problem = Some(JobProblem::of(&why));
                }
            }
            self.told(job);
        }
    }

    fn run(&self, id: &Id, order: Order, watched: &Watched) -> Result<Outcome, String> {
        match order {
            Order::Replay { order, .. } => {
                let order = ReplayOrder { folder: self.store.folder(id), ..order };
                let outcome = self.engine.replay(&order, watched)?;
                Ok(with_files(outcome, &order.folder.join(OUT)))
            }
            Order::Whatif { order, .. } => self.engine.whatif(&order, watched),
        }
    }

    fn told(&self, job: &Job) {
        if let Err(cause) = self.store.save(job) {
            tracing::error!("job {} cannot be kept: {cause}", job.id);
        }
    }
}

fn end(job: &mut Job, state: JobState, now: EventTime) {
    job.state = state;
    job.finished = Some(now.to_string());
}
