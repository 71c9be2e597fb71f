//! The threads that make packages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use wayside_bus::{Offset, Partition};

use crate::maker::{Advance, Job, Maker};
use crate::sources::Sources;

/// A violation for a thread.
pub(super) struct Work {
    pub(super) partition: Partition,
    pub(super) life: u64,
    pub(super) offset: Offset,
    pub(super) job: Job,
}

pub(super) struct Pool {
    give: Option<Sender<Work>>,
    done: Receiver<(Work, Advance)>,
    under_way: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Pool {
    pub(super) fn start(
        threads: usize,
        maker: &Arc<Maker>,
        sources: &Arc<dyn Sources>,
    ) -> std::io::Result<Self> {
        let (give, take) = bounded::<Work>(threads);
        // Whoever has done something never waits: there is room for all that can be under way.
        let (tell, done) = bounded(2 * threads);
        let mut handles = Vec::new();
        for number in 0..threads {
            let (take, tell) = (take.clone(), tell.clone());
            let (maker, sources) = (Arc::clone(maker), Arc::clone(sources));
            let thread = std::thread::Builder::new().name(format!("evidence-{number}"));
            handles.push(thread.spawn(move || {
                for mut work in take {
                    let advance = maker.advance(&mut work.job, &*sources);
                    if tell.send((work, advance)).is_err() {
                        return;
                    }
                }
            })?);
        }
        let under_way = Arc::new(AtomicUsize::new(0));
        Ok(Self { give: Some(give), done, under_way, threads: handles })
    }

    /// Whether a thread is free.
    pub(super) fn has_room(&self) -> bool {
        self.under_way.load(Ordering::Relaxed) < self.threads.len()
    }

    /// Whether anything is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.under_way.load(Ordering::Relaxed) > 0
    }

    /// Hands work to a thread; there must be room.
    pub(super) fn give(&self, work: Work) {
        if let Some(give) = &self.give {
            self.under_way.fetch_add(1, Ordering::Relaxed);
            if give.send(work).is_err() {
                self.under_way.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }

    /// What was done since the last call.
    pub(super) fn done(&self) -> Vec<(Work, Advance)> {
        let done: Vec<_> = self.done.try_iter().collect();
        self.under_way.fetch_sub(done.len(), Ordering::Relaxed);
        done
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // What is under way is waited for: a package that is being stored is stored.
        self.give = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
