//! Frames of a recording, one after the other.

mod bus;
mod complaints;
mod ends;
mod feeder;
mod graph;
mod ledger;
mod open;
mod planes;
mod pull;
mod shared;

use std::collections::VecDeque;
use std::time::Duration;

use gstreamer as gst;
use wayside_picture::Picture;

use self::bus::Heard;
pub(crate) use self::complaints::{Listener, install, listen_on_this_thread};
use self::graph::Graph;
pub(crate) use self::graph::convert_and_sink;
pub(crate) use self::ledger::Ledger;
use self::ledger::Loss;
pub(crate) use self::planes::Layout;
use self::pull::Pulled;
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
            let loss = loss.map(|loss| self.report(&loss));
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
}

fn running_ns(sample: &gst::Sample) -> Option<u64> {
    let pts = sample.buffer()?.pts()?;
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    segment.to_running_time(pts).map(gst::ClockTime::nseconds)
}

#[cfg(test)]
mod tests;
