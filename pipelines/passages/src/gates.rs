//! The section ends that one camera sees.

use wayside_proto::{Content, EventTime, Observation, SectionEnd, SectionId};
use wayside_site::Site;

use crate::action::{Action, Appearance, Counted, Look, Refusal};
use crate::end::End;
use crate::gate::Gate;

/// The section ends of one camera, for one run. `V` is how a vehicle looked in one picture.
#[derive(Clone, Debug)]
pub struct Gates<V> {
    ends: Vec<End<V>>,
    last: Option<Observation>,
}

impl<V: Appearance> Gates<V> {
    /// The ends of sections that this camera of the site sees.
    #[must_use]
    pub fn new(site: &Site, camera: &str) -> Self {
        let size_px = site.camera(camera).map_or((0, 0), |found| (found.width_px, found.height_px));
        let end = |section: &wayside_site::model::Section, end: SectionEnd| {
            let gate = site.section_gate(&section.id, end).filter(|gate| gate.camera == camera)?;
            let id = SectionId(section.id.clone());
            Some(End::new(id, end, Gate::new(site, &gate), size_px, section.expiry_s))
        };
        let ends = site
            .file()
            .sections
            .iter()
            .flat_map(|section| SectionEnd::ALL.into_iter().filter_map(move |of| end(section, of)))
            .collect();
        Self { ends, last: None }
    }

    /// Whether the camera sees no end of a section: then there is never anything to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Section and end of each gate.
    pub fn ends(&self) -> impl Iterator<Item = (&SectionId, SectionEnd)> {
        self.ends.iter().map(|end| (&end.section, end.end))
    }

    /// Takes the next observation of the camera. Looks are at the picture of its frame. One that is not
    /// later than the one before changes nothing.
    pub fn observe(&mut self, observation: &Observation) -> Vec<Action> {
        let mut out = Vec::new();
        if self.ends.is_empty() || self.is_old(observation.time) {
            return out;
        }
        for (index, end) in self.ends.iter_mut().enumerate() {
            match &observation.content {
                Content::Tracks { tracks, skipped_still } => {
                    end.tracks(observation, tracks, *skipped_still, index, &mut out);
                }
                Content::Gap(gap) => end.gap(observation, gap, &mut out),
            }
        }
        self.last = Some(Observation {
            content: Content::Tracks { tracks: Vec::new(), skipped_still: false },
            ..observation.clone()
        });
        out
    }

    /// What came of a look: the vector, or why there is none.
    pub fn looked(&mut self, look: &Look, answer: Result<V, Refusal>) {
        if let Some(end) = self.ends.get_mut(look.end) {
            end.looked(look, answer);
        }
    }

    /// The last words of each end: the run is over.
    pub fn finish(&mut self) -> Vec<Action> {
        let mut out = Vec::new();
        if let Some(last) = self.last.take() {
            for end in &mut self.ends {
                end.finish(&last, &mut out);
            }
        }
        out
    }

    /// What was counted at each end since the last call.
    pub fn take_counts(&mut self) -> Vec<Counted> {
        self.ends
            .iter_mut()
            .map(|end| (end.section.clone(), end.end, std::mem::take(&mut end.counts)))
            .collect()
    }

    fn is_old(&self, time: EventTime) -> bool {
        // A gap ends at the time of the frame after it.
        self.last.as_ref().is_some_and(|last| time < last.time)
    }
}
