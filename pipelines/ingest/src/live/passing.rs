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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use wayside_picture::Matrix;
    use wayside_proto::{Content, Observation, PassageContent};
    use wayside_site::Site;

    use super::*;
    use crate::sections::scene;

    /// Brightness of the pictures that were looked at, and an embedder that fails.
    fn passing() -> (Passing, Arc<Mutex<Vec<u8>>>) {
        let looked = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&looked);
        let site: Site = scene::site();
        let ends = Ends::new(
            &site,
            "south",
            Arc::new(move |picture, _| {
                told.lock().unwrap().push(picture.y[0]);
                Err("no memory".to_owned())
            }),
        );
        (Passing::new(ends.expect("an end")), looked)
    }

    fn picture(luma: u8) -> Picture {
        let mut picture =
            Picture::filled(64, 64, [90, 128, 128], Matrix::Bt709).expect("a picture");
        Arc::make_mut(&mut picture.y).fill(luma);
        picture
    }

    fn observed(observation: Observation) -> Observed {
        Observed { observation, arrived_us: None, road_users: None }
    }

    #[test]
    fn a_look_is_at_the_picture_of_its_own_frame() {
        let (mut passing, looked) = passing();
        let mut said = Vec::new();
        for frame in 0..60u8 {
            let observation = scene::drive(frame.into());
            passing.keep(observation.time, &picture(100 + frame));
            // The next frame is with the detector before this one's tracks are known.
            passing.keep(scene::drive(u32::from(frame) + 1).time, &picture(100 + frame + 1));
            said.extend(passing.observe(&observed(observation)));
            let newest = looked.lock().unwrap().last().copied();
            assert!(newest.is_none_or(|luma| luma <= 100 + frame));
        }
        said.extend(passing.finish());
        assert!(!looked.lock().unwrap().is_empty());
        assert!(passing.pictures.is_empty());
        // An embedder that fails leaves no passage, and the end says that one is missing.
        assert!(said.iter().all(|passage| passage.vehicle().is_none()));
        assert!(said.iter().any(|passage| matches!(passage.content, PassageContent::Gap(_))));
    }

    #[test]
    fn pictures_are_bounded_and_go_with_their_time() {
        let (mut passing, _) = passing();
        for frame in 0..50 {
            passing.keep(scene::drive(frame).time, &picture(100));
        }
        assert_eq!(passing.pictures.len(), PICTURES_MAX);
        let mut last = scene::drive(47);
        last.content = Content::Tracks { tracks: Vec::new(), skipped_still: true };
        passing.observe(&observed(last));
        assert_eq!(passing.pictures.len(), 2);
    }
}
