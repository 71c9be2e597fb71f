//! The section ends that a camera sees: looks at vehicles that pass, and says so.
//!
//! [`Ends`] takes each observation with its picture, asks the pure core (`wayside_passages`) whom to look
//! at, runs the embedder on the crops at once, and returns what is to be published. A crop never leaves
//! this call, and a vector lives in the core until its vehicle has passed or gone (PV-1, PV-3). An
//! embedder that fails is counted and told once; the passage is then left out, and its end says so.
//!
//! One embedder serves all cameras of a worker, behind a lock ([`shared`]): a look takes a third of a
//! millisecond and a vehicle has eight at the most, so that a thousand vehicles a minute take 5 % of a core,
//! while an embedder for each camera would take 10 MB each.

mod counts;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use wayside_inference::{Embedder, Embedding, Refused, Vehicle};
use wayside_passages::{Action, Appearance, Gates, Look, Refusal};
use wayside_picture::Picture;
use wayside_proto::{CameraId, Observation, Passage, SiteId};
use wayside_site::Site;

/// A function that turns vehicles in a picture into vectors, in their order. Threads share it.
pub type Embed = Arc<
    dyn Fn(&Picture, &[Vehicle]) -> Result<Vec<Result<Embedding, Refused>>, String> + Send + Sync,
>;

/// One embedder for all who have a clone.
#[must_use]
pub fn shared(embedder: Embedder) -> Embed {
    let embedder = Mutex::new(embedder);
    Arc::new(move |picture, vehicles| {
        let mut embedder = embedder.lock().unwrap_or_else(PoisonError::into_inner);
        embedder.embed(picture, vehicles).map_err(|error| error.report())
    })
}

/// Whether a camera sees the end of a section, so that it needs an embedder.
#[must_use]
pub fn sees_end(site: &Site, camera: &str) -> bool {
    !Gates::<Seen>::new(site, camera).is_empty()
}

/// How a vehicle looked in one picture.
#[derive(Clone, Debug)]
struct Seen(Embedding);

impl Appearance for Seen {
    fn mean(looks: &[Self]) -> Option<Vec<f32>> {
        let mean = Embedding::mean(looks.iter().map(|look| &look.0))?;
        Some(mean.as_array().to_vec())
    }
}

/// The section ends of one camera, for one run.
#[derive(Clone)]
pub struct Ends {
    gates: Gates<Seen>,
    embed: Embed,
    site: SiteId,
    camera: CameraId,
    /// Whether it was told that the embedder fails.
    told: bool,
}

impl std::fmt::Debug for Ends {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ends").field("camera", &self.camera).finish_non_exhaustive()
    }
}

impl Ends {
    /// The ends that this camera sees; none where it sees none.
    #[must_use]
    pub fn new(site: &Site, camera: &str, embed: Embed) -> Option<Self> {
        let gates = Gates::new(site, camera);
        let camera = CameraId(camera.to_owned());
        (!gates.is_empty()).then(|| Self { gates, embed, site: site.id(), camera, told: false })
    }

    /// Takes the next observation, with the picture of its frame where that is at hand, and returns what
    /// is to be published.
    pub fn observe(
        &mut self,
        observation: &Observation,
        picture: Option<&Picture>,
    ) -> Vec<Passage> {
        let mut looks = Vec::new();
        let mut passages = Vec::new();
        for action in self.gates.observe(observation) {
            match action {
                Action::Look(look) => looks.push(look),
                Action::Publish(passage) => passages.push(passage),
            }
        }
        if !looks.is_empty() {
            self.look(&looks, picture);
        }
        self.count();
        passages
    }

    /// The run is over: the last words.
    pub fn finish(&mut self) -> Vec<Passage> {
        let said = self.gates.finish().into_iter().filter_map(|action| match action {
            Action::Publish(passage) => Some(passage),
            Action::Look(_) => None,
        });
        let said = said.collect();
        self.count();
        said
    }

    fn look(&mut self, looks: &[Look], picture: Option<&Picture>) {
        let Some(picture) = picture else {
            looks.iter().for_each(|look| self.gates.looked(look, Err(Refusal::NoPicture)));
            return;
        };
        let vehicle = |look: &Look| Vehicle { class: look.class, box_px: look.box_px };
        let vehicles: Vec<Vehicle> = looks.iter().map(vehicle).collect();
        let began = Instant::now();
        let answer = (self.embed)(picture, &vehicles);
        counts::took(began.elapsed(), looks.len());
        let mut answers = match answer {
            Ok(answers) => answers,
            Err(cause) => {
                if !std::mem::replace(&mut self.told, true) {
                    let camera = format!("{}/{}", self.site, self.camera);
                    tracing::error!("camera {camera}: the embedder failed: {cause}");
                }
                Vec::new()
            }
        }
        .into_iter();
        for look in looks {
            let seen = answers.next().and_then(Result::ok).map(Seen);
            self.gates.looked(look, seen.ok_or(Refusal::Model));
        }
    }

    fn count(&mut self) {
        for (section, end, counts) in self.gates.take_counts() {
            counts::add_counts((&self.site, &self.camera), (&section, end), &counts);
        }
    }
}

#[cfg(test)]
pub(crate) mod scene;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use wayside_picture::Matrix;
    use wayside_proto::PassageContent;

    use super::*;

    #[test]
    fn a_picture_that_is_gone_leaves_a_gap_and_asks_nobody() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let embed: Embed = Arc::new(move |_, _| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(Vec::new())
        });
        let mut ends = Ends::new(&scene::site(), "south", embed).expect("an end");
        let mut said = Vec::new();
        for frame in 0..60 {
            said.extend(ends.observe(&scene::drive(frame), None));
        }
        said.extend(ends.finish());
        assert_eq!(asked.load(Ordering::Relaxed), 0);
        let gaps = said.iter().filter(|said| matches!(said.content, PassageContent::Gap(_)));
        assert_eq!((gaps.count(), said.iter().filter_map(Passage::vehicle).count()), (1, 0));
    }

    #[test]
    fn an_embedder_that_answers_too_little_is_no_failure_of_the_worker() {
        let embed: Embed = Arc::new(|_, _| Ok(Vec::new()));
        let mut ends = Ends::new(&scene::site(), "south", embed).expect("an end");
        let picture = Picture::filled(64, 64, [90, 128, 128], Matrix::Bt709).expect("a picture");
        let said: Vec<_> =
            (0..60).flat_map(|frame| ends.observe(&scene::drive(frame), Some(&picture))).collect();
        assert!(said.iter().all(|said| said.vehicle().is_none()));
    }

    #[test]
    fn cameras_without_gates_have_no_ends() {
        let embed: Embed = Arc::new(|_, _| Ok(Vec::new()));
        assert!(sees_end(&scene::site(), "south") && !sees_end(&scene::site(), "north"));
        assert!(Ends::new(&scene::site(), "north", embed).is_none());
    }
}
