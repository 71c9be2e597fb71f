//! Frames of a recording, one after the other.

mod bus;
mod complaints;
mod feeder;
mod graph;
mod ledger;
mod open;
mod planes;
mod shared;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use gst::prelude::*;
use gstreamer as gst;
use wayside_picture::Picture;

use self::bus::Heard;
use self::graph::Graph;
use self::ledger::Loss;
use self::planes::Layout;
use crate::edits::Edits;
use crate::{CaptureError, Damage, Source, VideoInfo};

/// How a recording is read. None of it changes the frames of an undamaged recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderOptions {
    /// Decoded frames that wait at most, 1 to 1024.
    pub queue_frames_max: u32,
    /// Threads of the decoder, at least 1. Decoding always runs beside its caller, so 1 is two
    /// threads in all. With more, a decoder's complaints cannot be assigned to frames: pictures
    /// that it made up from damaged data pass unnoticed, only those it leaves out are reported.
    pub decoder_threads: u32,
    /// How long nothing may come before it is an error.
    pub stall_timeout: Duration,
}

impl Default for ReaderOptions {
    fn default() -> Self {
        Self { queue_frames_max: 4, decoder_threads: 1, stall_timeout: Duration::from_secs(20) }
    }
}

/// One picture and when it was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Number in the recording, from 0; frames that could not be decoded are counted.
    pub index: u64,
    /// Time since the first frame; grows strictly from frame to frame.
    pub pts: Duration,
    /// Whether the recording's own time stamp was missing, repeated or ran backwards, so that
    /// `pts` was made up.
    pub pts_repaired: bool,
    /// The picture.
    pub picture: Picture,
}

/// Reads a recording. Waits for its caller: frames are never dropped.
pub struct Reader {
    source: Source,
    graph: Graph,
    bus: gst::Bus,
    options: ReaderOptions,
    heard: Heard,
    damage: Option<Damage>,
    info: VideoInfo,
    layout: Option<(gst::Caps, Layout)>,
    pending: VecDeque<Result<Frame, CaptureError>>,
    next_index: u64,
    /// Running time of the first frame, nanoseconds.
    base_ns: Option<u64>,
    last_pts: Option<Duration>,
    repaired: u64,
    edits: Option<Edits>,
    done: bool,
    stalled: bool,
}

enum Pulled {
    Sample(gst::Sample),
    End,
}

impl Reader {
    /// Facts of the recording.
    #[must_use]
    pub fn info(&self) -> &VideoInfo {
        &self.info
    }

    /// How many time stamps were missing, repeated or ran backwards so far.
    #[must_use]
    pub fn pts_repaired(&self) -> u64 {
        self.repaired
    }

    /// The next frame; none at the end.
    ///
    /// # Errors
    /// [`CaptureError::Undecodable`] for frames that cannot be decoded: when it is recoverable
    /// ([`CaptureError::is_recoverable`]), the next call goes on behind them. After any other
    /// error the next call gives none.
    #[allow(clippy::should_implement_trait)] // An iterator of results would invite `?` past gaps.
    pub fn next(&mut self) -> Result<Option<Frame>, CaptureError> {
        let item = match self.pending.pop_front() {
            Some(item) => item.map(Some),
            None => self.advance(),
        };
        if let Err(error) = &item {
            self.done |= !error.is_recoverable();
        }
        item
    }

    fn advance(&mut self) -> Result<Option<Frame>, CaptureError> {
        if self.done {
            return Ok(None);
        }
        loop {
            let sample = match self.pull()? {
                Pulled::Sample(sample) => sample,
                Pulled::End => return self.end(),
            };
            let running_ns = running_ns(&sample);
            let (usable, loss) = self.account(&sample, running_ns);
            if !usable {
                continue;
            }
            let loss = loss.map(|loss| self.report(&loss, false));
            let frame = self.frame(&sample, running_ns);
            if let Some(loss) = loss {
                self.pending.push_back(frame);
                return Err(loss);
            }
            return frame.map(Some);
        }
    }

    /// Strikes the frame out of the ledger.
    fn account(&mut self, sample: &gst::Sample, running_ns: Option<u64>) -> (bool, Option<Loss>) {
        let corrupt = sample.buffer().is_none_or(|buffer| {
            buffer.flags().intersects(gst::BufferFlags::CORRUPTED | gst::BufferFlags::GAP)
        });
        let mut ledger = self.graph.shared.ledger();
        if self.base_ns.is_none() {
            // Frames before the first good one count too.
            self.base_ns = ledger.first_ns().into_iter().chain(running_ns).min();
        }
        let Some(running_ns) = running_ns else { return (!corrupt, None) };
        ledger.left(running_ns, corrupt)
    }

    fn frame(
        &mut self,
        sample: &gst::Sample,
        running_ns: Option<u64>,
    ) -> Result<Frame, CaptureError> {
        let (pts, pts_repaired) = self.stamp(running_ns);
        let index = self.next_index;
        let undecodable = |cause: String| CaptureError::Undecodable {
            path: self.source.path().to_owned(),
            frame: index,
            time: pts,
            until: None,
            cause,
            hint: "Convert the file to H.264 in MP4".to_owned(),
            fatal: true,
        };
        let caps = sample.caps().ok_or_else(|| undecodable("its format is unknown".to_owned()))?;
        let known = self.layout.as_ref().is_some_and(|(known, _)| known.as_ref() == caps);
        if !known {
            let layout = Layout::new(caps)
                .ok_or_else(|| undecodable(format!("its format is not supported ({caps})")))?;
            if let Some((_, old)) = &self.layout
                && old.size != layout.size
            {
                return Err(CaptureError::SizeChanged {
                    path: self.source.path().to_owned(),
                    frame: index,
                    time: pts,
                    from: old.size,
                    to: layout.size,
                });
            }
            self.layout = Some((caps.to_owned(), layout));
        }
        let picture = match (&self.layout, sample.buffer()) {
            (Some((_, layout)), Some(buffer)) => layout.picture(buffer).map_err(undecodable)?,
            _ => return Err(undecodable("the decoder gave no picture".to_owned())),
        };
        self.next_index += 1;
        self.last_pts = Some(pts);
        self.repaired += u64::from(pts_repaired);
        Ok(Frame { index, pts, pts_repaired, picture })
    }

    /// Time since the first frame; made up where the recording's own does not grow.
    fn stamp(&self, running_ns: Option<u64>) -> (Duration, bool) {
        let own = running_ns.map(|ns| self.since_base(ns));
        match (own, self.last_pts) {
            (Some(own), Some(last)) if own <= last => (last + Duration::from_micros(1), true),
            (Some(own), _) => (own, false),
            (None, None) => (Duration::ZERO, true),
            (None, Some(last)) => {
                let step = self.layout.as_ref().and_then(|(_, layout)| layout.fps());
                (
                    last + step
                        .map_or(Duration::from_micros(1), |fps| Duration::from_secs_f64(1.0 / fps)),
                    true,
                )
            }
        }
    }

    fn since_base(&self, ns: u64) -> Duration {
        Duration::from_nanos(ns.saturating_sub(self.base_ns.unwrap_or(0)))
    }

    /// A loss in words; counts its frames.
    fn report(&mut self, loss: &Loss, fatal: bool) -> CaptureError {
        let frame = self.next_index;
        self.next_index += loss.frames;
        let cause = match (&loss.cause, &self.heard.warning) {
            _ if self.last_pts.is_none() && loss.missing < loss.frames => {
                "the recording does not begin with a key frame".to_owned()
            }
            (Some(cause), _) => cause.clone(),
            (None, Some(warning)) => format!("the decoder gave no picture ({warning})"),
            (None, None) => "the decoder gave no picture, its data are damaged".to_owned(),
        };
        let until = self.since_base(loss.last_ns);
        let hint = match loss.frames {
            1 => "This one frame is left out".to_owned(),
            n => format!(
                "{n} frames are left out, up to {}; pictures predicted from a damaged one are not used",
                crate::seconds(until)
            ),
        };
        CaptureError::Undecodable {
            path: self.source.path().to_owned(),
            frame,
            time: self.since_base(loss.first_ns),
            until: Some(until),
            cause,
            hint,
            fatal,
        }
    }

    /// The end, which is an error when the file promised more.
    fn end(&mut self) -> Result<Option<Frame>, CaptureError> {
        self.done = true;
        let loss = self.graph.shared.ledger().finish();
        let reported = loss.map(|loss| {
            let (first, last) = (self.since_base(loss.first_ns), self.since_base(loss.last_ns));
            (first, last, self.report(&loss, false))
        });
        if let Some(damage) = self.damage {
            let next = self.last_pts.map_or(Duration::ZERO, |last| {
                last + self
                    .info
                    .fps
                    .map_or(Duration::ZERO, |fps| Duration::from_secs_f64(1.0 / fps))
            });
            let frame = match &reported {
                Some((_, _, CaptureError::Undecodable { frame, .. })) => *frame,
                _ => self.next_index,
            };
            return Err(CaptureError::Undecodable {
                path: self.source.path().to_owned(),
                frame,
                time: reported.as_ref().map_or(next, |(first, ..)| *first),
                until: self.info.duration.filter(|end| *end > next),
                cause: damage.cause(),
                hint: damage.hint().to_owned(),
                fatal: true,
            });
        }
        match reported {
            Some((_, _, error)) => Err(error),
            None => self.shown_to_the_end().map(|()| None),
        }
    }

    /// The demuxer leaves out the end of clips that were cut without encoding (see [`Edits`]).
    fn shown_to_the_end(&self) -> Result<(), CaptureError> {
        let (Some(edits), Some(last), Some(fps)) = (self.edits, self.last_pts, self.info.fps)
        else {
            return Ok(());
        };
        let step = Duration::from_secs_f64(1.0 / fps);
        let missing = edits.shown.saturating_sub(last + step);
        if edits.hidden <= step || missing <= step.mul_f64(0.6) {
            return Ok(());
        }
        Err(CaptureError::Undecodable {
            path: self.source.path().to_owned(),
            frame: self.next_index,
            time: last + step,
            until: Some(edits.shown),
            cause: format!(
                "the clip was cut without encoding it anew, and GStreamer leaves out its last {}",
                crate::seconds(missing)
            ),
            hint: "Encode the clip anew, or give the uncut recording".to_owned(),
            fatal: true,
        })
    }

    fn pull(&mut self) -> Result<Pulled, CaptureError> {
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

fn running_ns(sample: &gst::Sample) -> Option<u64> {
    let pts = sample.buffer()?.pts()?;
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    segment.to_running_time(pts).map(gst::ClockTime::nseconds)
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

#[cfg(test)]
mod tests;
