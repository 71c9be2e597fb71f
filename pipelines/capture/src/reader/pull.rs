//! Waiting for the pipeline: never for ever.

use std::time::{Duration, Instant};

use gst::prelude::*;
use gstreamer as gst;

use super::Reader;
use crate::CaptureError;

/// What came out of the pipeline.
pub(super) enum Pulled {
    Sample(gst::Sample),
    End,
}

impl Reader {
    pub(super) fn pull(&mut self) -> Result<Pulled, CaptureError> {
        let started = Instant::now();
        let sink = self.graph.sink.clone();
        loop {
            let wait = gst::ClockTime::from_mseconds(20);
            if let Some(sample) = sink.try_pull_sample(wait) {
                return Ok(Pulled::Sample(sample));
            }
            self.heard.listen(&self.bus);
            if self.heard.failure.is_some() {
                // What was decoded before the error comes first.
                if let Some(sample) = sink.try_pull_sample(gst::ClockTime::ZERO) {
                    return Ok(Pulled::Sample(sample));
                }
                return Err(self.failed());
            }
            let seen = self.graph.shared.seen().clone();
            if let Some(refusal) = self.heard.refusal(&self.source, &seen) {
                return Err(refusal);
            }
            if sink.is_eos() {
                return Ok(Pulled::End);
            }
            let waited = started.elapsed();
            if waited > self.options.stall_timeout {
                self.stalled = true;
                return Err(CaptureError::Stalled {
                    path: self.source.path().to_owned(),
                    frame: self.next_index,
                    time: self.last_pts.unwrap_or_default(),
                    waited,
                });
            }
        }
    }

    fn failed(&mut self) -> CaptureError {
        let seen = self.graph.shared.seen().clone();
        let text = self.heard.failure.as_ref().map(|f| f.text.clone()).unwrap_or_default();
        if self.layout.is_none()
            && let Some(refusal) = self.heard.refusal(&self.source, &seen)
        {
            return refusal;
        }
        let fps = self.info.fps.filter(|fps| *fps > 0.0);
        let step = fps.map_or(Duration::ZERO, |fps| Duration::from_secs_f64(1.0 / fps));
        let (cause, hint) = match self.damage {
            Some(damage) => (damage.cause(), damage.hint().to_owned()),
            None => (text, "The rest of the recording cannot be read".to_owned()),
        };
        CaptureError::Undecodable {
            path: self.source.path().to_owned(),
            frame: self.next_index,
            time: self.last_pts.map_or(Duration::ZERO, |last| last + step),
            until: self.info.duration,
            cause,
            hint,
            fatal: true,
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let (pipeline, feeder) = (self.graph.pipeline.clone(), self.graph.feeder.take());
        let stop = move || {
            // Stopping can only fail in ways that leave nothing to do.
            let _ = pipeline.set_state(gst::State::Null);
            if let Some(feeder) = feeder {
                let _ = feeder.join();
            }
        };
        if self.stalled {
            // What hangs must not hang its owner.
            let _ = std::thread::Builder::new().spawn(stop);
        } else {
            stop();
        }
    }
}
