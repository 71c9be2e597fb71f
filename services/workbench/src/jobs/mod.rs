//! Long work: replays of recordings, drafts over stored observations. One at a time, in order, since each
//! takes the whole machine; what waits is bounded. Jobs and their results survive a restart, work that was
//! under way does not and says so.

mod compare;
mod describe;
mod look;
mod queue;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use compare::{Compared, compare};
pub use queue::{JobError, Jobs, Order};

use crate::engine::Outcome;

/// How a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits for those before it.
    Queued,
    /// It is under way.
    Running,
    /// It is done.
    Done,
    /// It did not work.
    Failed,
    /// A person ended it.
    Cancelled,
}

impl JobState {
    /// Whether nothing more will come of it.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// `replay` or `whatif`.
    pub kind: String,
    /// The site it is about.
    pub site: String,
    /// The recording that is replayed: its id.
    pub recording: Option<String>,
    /// What that is called.
    pub recording_name: Option<String>,
    /// Beginning of what a draft is tried on.
    pub from: Option<String>,
    /// Its end.
    pub to: Option<String>,
    /// The replay whose observations are there: its own, or the one that a draft is tried on.
    #[serde(default)]
    pub observations: Option<String>,
    /// How it is.
    pub state: JobState,
    /// How far it is, 0 to 1.
    pub progress: f64,
    /// Why it failed.
    pub problem: Option<JobProblem>,
    /// Who ordered it.
    pub account: String,
    /// When, RFC 3339.
    pub created: String,
    /// When it ended.
    pub finished: Option<String>,
    /// What came of it.
    pub result: Option<Outcome>,
}

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobProblem {
    /// In one sentence.
    pub title: String,
    /// The whole of what was said.
    pub detail: Option<String>,
    /// What may help.
    pub hint: Option<String>,
}

impl JobProblem {
    /// Out of a message, whose first line says what is wrong.
    #[must_use]
    pub fn of(message: &str) -> Self {
        let message = &crate::spoken::without_folders(message);
        let (said, hint) = match message.split_once("\n  hint: ") {
            Some((said, hint)) => (said, Some(hint.trim().to_owned())),
            None => (message.as_str(), None),
        };
        let (title, detail) = match said.split_once('\n') {
            Some((title, detail)) => (title, Some(detail.trim().to_owned())),
            None => (said, None),
        };
        Self { title: title.trim().to_owned(), detail, hint }
    }
}
