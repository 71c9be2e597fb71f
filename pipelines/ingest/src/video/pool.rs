//! Detector threads. Work goes out and comes back in the order of the frames.

use std::thread::Scope;

use crossbeam_channel::{Receiver, Sender, bounded};
use wayside_capture::Frame;
use wayside_picture::Detection;

use super::Detect;

/// A frame and what was found in it.
pub struct Detected {
    pub frame: Frame,
    pub detections: Result<Vec<Detection>, String>,
}

struct Lane {
    jobs: Sender<Frame>,
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
                let (jobs, todo) = bounded::<Frame>(room);
                let (done, results) = bounded::<Detected>(room);
                scope.spawn(move || {
                    for frame in todo {
                        let detections = detect(&frame.picture);
                        if done.send(Detected { frame, detections }).is_err() {
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

    /// Sends a frame to the next thread; waits where its queue is full.
    pub fn send(&mut self, frame: Frame) -> Result<(), ()> {
        let lane = self.lane(self.sent).ok_or(())?;
        lane.jobs.send(frame).map_err(|_| ())?;
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
