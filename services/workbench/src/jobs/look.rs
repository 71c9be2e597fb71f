//! An event of a job, to be seen again.

use super::{JobError, Jobs};
use crate::engine::{FoundEvent, Outcome, SceneOrder};

impl Jobs {
    /// What the camera of a job's event saw around it, from the observations that the job had.
    ///
    /// # Errors
    /// Where the job or the event is not there, or what was seen is kept no longer.
    pub fn scene(&self, id: &str, event: &str) -> Result<serde_json::Value, JobError> {
        let job = self.get(id)?;
        let result = job.result.as_ref().ok_or(JobError::NotDone)?;
        let event = events(result).find(|found| found.id == event).ok_or(JobError::NoEvent)?;
        let replay = job.observations.as_deref().ok_or(JobError::NothingSeen)?;
        let folder = self.observations(replay).map_err(|_| JobError::NothingSeen)?;
        let order = SceneOrder { folder, event: event.clone() };
        self.shared.engine.scene(&order).map_err(|why| JobError::Io(std::io::Error::other(why)))
    }
}

fn events(outcome: &Outcome) -> Box<dyn Iterator<Item = &FoundEvent> + '_> {
    match outcome {
        Outcome::Replay { violations, voids, .. } => Box::new(violations.iter().chain(voids)),
        Outcome::Whatif { appear, disappear, change, .. } => {
            Box::new(appear.iter().chain(disappear).chain(change))
        }
    }
}
