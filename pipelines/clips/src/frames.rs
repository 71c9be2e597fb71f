//! The frames of a clip, decoded in order, each with its capture instant.

use wayside_capture::{CaptureError, Frame, Reader, ReaderOptions};
use wayside_picture::Picture;
use wayside_proto::EventTime;

use crate::error::{About, ClipError};
use crate::source::{Part, Source};

/// A file made of a ring keeps its times in coarser units than microseconds.
const TIME_TOLERANCE_US: i64 = 2_000;

/// Reads what lies between two instants, both included.
pub(crate) struct Frames<'a> {
    source: &'a Source,
    about: &'a About,
    /// What is open now, and which part of the ring it is.
    reader: Option<Reader>,
    part: usize,
    last: Option<EventTime>,
    ended: bool,
}

impl<'a> Frames<'a> {
    pub(crate) fn new(source: &'a Source, about: &'a About) -> Self {
        Self { source, about, reader: None, part: 0, last: None, ended: false }
    }

    /// The next frame; none at the end.
    ///
    /// # Errors
    /// For a frame between the two instants that cannot be decoded or has no sound time.
    pub(crate) fn next(&mut self) -> Result<Option<(EventTime, Picture)>, ClipError> {
        while !self.ended {
            let Some(reader) = &mut self.reader else {
                if !self.open()? {
                    break;
                }
                continue;
            };
            match reader.next() {
                Ok(Some(frame)) => {
                    let time = self.time(&frame)?;
                    if time > self.about.to {
                        break;
                    }
                    self.last = Some(time);
                    if time >= self.about.from {
                        return Ok(Some((time, frame.picture)));
                    }
                }
                Ok(None) => self.leave(),
                Err(error) => self.damaged(error)?,
            }
        }
        self.ended = true;
        self.reader = None;
        Ok(None)
    }

    /// Opens what comes next; false at the end.
    fn open(&mut self) -> Result<bool, ClipError> {
        let source = match (self.source, self.part) {
            (Source::Recording { source, .. }, 0) => source.clone(),
            (Source::Recording { .. }, _) => return Ok(false),
            (Source::Ring(parts), part) => match parts.get(part) {
                Some(part) => wayside_capture::Source::Memory(part.file.clone()),
                None => return Ok(false),
            },
        };
        let reader = Reader::open(&source, ReaderOptions::default());
        self.reader = Some(reader.map_err(|error| self.decode(error))?);
        Ok(true)
    }

    fn leave(&mut self) {
        self.reader = None;
        self.part += 1;
    }

    /// When the frame was taken; later than the one before.
    fn time(&self, frame: &Frame) -> Result<EventTime, ClipError> {
        let time = match (self.source, self.ring_part()) {
            (Source::Recording { start, .. }, _) => start.plus_s(frame.pts.as_secs_f64()),
            (_, part) => self.ring_time(part, frame)?,
        };
        // Two pictures of one instant are shown a microsecond apart, as in the ring's own file.
        Ok(self.last.map_or(time, |last| time.max(EventTime(last.0.saturating_add(1)))))
    }

    fn ring_part(&self) -> Option<&Part> {
        match self.source {
            Source::Ring(parts) => parts.get(self.part),
            Source::Recording { .. } => None,
        }
    }

    /// The instant that was written down, held against the time that the file gives.
    fn ring_time(&self, part: Option<&Part>, frame: &Frame) -> Result<EventTime, ClipError> {
        let times = part.map_or(&[][..], |part| &part.times);
        let first = times.first().copied().unwrap_or(self.about.from);
        let found = first.plus_s(frame.pts.as_secs_f64());
        let expected = usize::try_from(frame.index).ok().and_then(|n| times.get(n)).copied();
        match expected {
            Some(expected) if (expected.0 - found.0).abs() <= TIME_TOLERANCE_US => Ok(expected),
            other => Err(ClipError::Times {
                about: self.about.clone(),
                index: frame.index,
                found,
                expected: other.unwrap_or(self.about.to),
            }),
        }
    }

    /// Damage before or after what is wanted is passed over; any other is an error.
    fn damaged(&mut self, error: CaptureError) -> Result<(), ClipError> {
        let first = match (self.source, self.ring_part()) {
            (Source::Recording { start, .. }, _) => *start,
            (_, part) => part.and_then(|p| p.times.first().copied()).unwrap_or(self.about.from),
        };
        let CaptureError::Undecodable { time, until, .. } = &error else {
            return Err(self.decode(error));
        };
        let from = first.plus_s(time.as_secs_f64());
        let to = first.plus_s(until.unwrap_or(*time).as_secs_f64());
        if from > self.about.to {
            self.ended = true;
            return Ok(());
        }
        // What ends for good before its time leaves everything open that was to come.
        if to < self.about.from && error.is_recoverable() {
            return Ok(());
        }
        Err(self.decode(error))
    }

    fn decode(&self, cause: CaptureError) -> ClipError {
        ClipError::Decode { about: self.about.clone(), cause: Box::new(cause) }
    }
}
