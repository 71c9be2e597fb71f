//! Pictures of a camera that sees the end of a section, until their tracks are known.
//!
//! A frame goes to the detector, and its tracks come back later; only then is it known whom to look at. Its
//! picture waits here meanwhile (the planes are shared, not copied). Cameras that see no section keep none.

use std::collections::VecDeque;

use wayside_live::Observed;
use wayside_picture::Picture;
use wayside_proto::{EventTime, Passage};

use crate::sections::Ends;

/// Pictures that wait, at the most: one with each of some detector threads, and the one that waits for
/// them. Beyond it the oldest goes, and is counted where a look is due in it.
const PICTURES_MAX: usize = 8;

/// The ends of sections that a live camera sees, and the pictures for them.
pub(super) struct Passing {
    ends: Ends,
    pictures: VecDeque<(EventTime, Picture)>,
}

impl Passing {
    pub(super) fn new(ends: Ends) -> Self {
        Self { ends, pictures: VecDeque::with_capacity(PICTURES_MAX) }
    }

    /// A frame goes to the detector.
    pub(super) fn keep(&mut self, time: EventTime, picture: &Picture) {
        if self.pictures.len() >= PICTURES_MAX {
            self.pictures.pop_front();
        }
        self.pictures.push_back((time, picture.clone()));
    }

    /// What came of a frame or a gap. Pictures up to it are let go.
    pub(super) fn observe(&mut self, observed: &Observed) -> Vec<Passage> {
        let time = observed.observation.time;
        let mut picture = None;
        while let Some((at, kept)) = self.pictures.pop_front() {
            if at > time {
                self.pictures.push_front((at, kept));
                break;
            }
            picture = (at == time).then_some(kept);
        }
        self.ends.observe(&observed.observation, picture.as_ref())
    }

    /// The run is over.
    pub(super) fn finish(&mut self) -> Vec<Passage> {
        self.pictures.clear();
        self.ends.finish()
    }
}
