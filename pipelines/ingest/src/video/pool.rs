//! Detector threads. Work goes out and comes back in the order of the frames.

use std::thread::Scope;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use wayside_capture::Frame;
use wayside_picture::Detection;

use super::Detect;

/// A frame, and what the recording lost before it.
pub struct Job {
    pub frame: Frame,
    pub holes: Vec<Hole>,
    /// Nothing has moved since a frame that was looked at: the detector rests.
    pub still: bool,
}

/// A span of a recording that could not be decoded, from its first frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    pub from: Duration,
    pub to: Duration,
}

/// A job and what was found in its frame.
pub struct Detected {
    pub job: Job,
    pub detections: Result<Vec<Detection>, String>,
}

struct Lane {
    jobs: Sender<Job>,
    results: Receiver<Detected>,
}

/// Detector threads, used in turn.
pub struct Pool {
    lanes: Vec<Lane>,
    sent: u64,
    received: u64,
}

impl Pool {
    /// Starts a thread for each detector; each has room for `room` frames. They end when the pool
    /// is dropped.
    pub fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        detectors: Vec<Detect>,
        room: usize,
    ) -> Self {
        let lanes = detectors
            .into_iter()
            .map(|mut detect| {
                let (jobs, todo) = bounded::<Job>(room);
                let (done, results) = bounded::<Detected>(room);
                scope.spawn(move || {
                    for job in todo {
                        let detections =
                            if job.still { Ok(Vec::new()) } else { detect(&job.frame.picture) };
                        if done.send(Detected { job, detections }).is_err() {
                            return;
                        }
                    }
                });
                Lane { jobs, results }
            })
            .collect();
        Self { lanes, sent: 0, received: 0 }
    }

    /// How many frames are out.
    pub fn under_way(&self) -> usize {
        (self.sent - self.received) as usize
    }

    /// Sends a job to the next thread; waits where its queue is full.
    pub fn send(&mut self, job: Job) -> Result<(), ()> {
        let lane = self.lane(self.sent).ok_or(())?;
        lane.jobs.send(job).map_err(|_| ())?;
        self.sent += 1;
        Ok(())
    }

    /// The next frame in order; none where no frame is out. An error holds its number.
    pub fn receive(&mut self) -> Result<Option<Detected>, u64> {
        if self.under_way() == 0 {
            return Ok(None);
        }
        let lane = self.lane(self.received).ok_or(self.received)?;
        let detected = lane.results.recv().map_err(|_| self.received)?;
        self.received += 1;
        Ok(Some(detected))
    }

    fn lane(&self, turn: u64) -> Option<&Lane> {
        self.lanes.get((turn % self.lanes.len().max(1) as u64) as usize)
    }
}
