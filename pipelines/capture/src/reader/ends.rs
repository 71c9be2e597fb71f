//! What is missing, and the end, in words.

use std::time::Duration;

use super::ledger::Loss;
use super::{Frame, Reader};
use crate::CaptureError;

impl Reader {
    /// A loss in words; counts its frames.
    pub(super) fn report(&mut self, loss: &Loss) -> CaptureError {
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
            fatal: false,
        }
    }

    /// The end, which is an error when the file promised more.
    pub(super) fn end(&mut self) -> Result<Option<Frame>, CaptureError> {
        self.done = true;
        let loss = self.graph.shared.ledger().finish();
        let reported = loss.map(|loss| {
            let (first, last) = (self.since_base(loss.first_ns), self.since_base(loss.last_ns));
            (first, last, self.report(&loss))
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
}
