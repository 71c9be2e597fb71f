//! What a package needs besides pictures: observations, signals, the site file, and where the worker is.

mod bus;
mod health;

use std::collections::BTreeMap;
use std::sync::Arc;

use wayside_proto::{EventTime, Observation, Outcome, SiteId};
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;

pub use bus::BusSources;

/// What was known around an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathered {
    /// The site file's text.
    pub site_toml: String,
    /// The camera's observations in its run, in order of time.
    pub observations: Vec<Observation>,
    /// Records of the site's signals, in the order in which the rules knew them.
    pub signals: Vec<SignalRecord>,
    /// Whether the site file says that the camera's footage is simulated.
    pub is_simulated: bool,
    /// Whether the camera has gone on beyond the window, or will not any more.
    pub is_whole: bool,
}

/// Gives what was known around events.
pub trait Sources: Send + Sync {
    /// What was known around the event of `outcome`. `to` is the last instant that is shown: pictures up
    /// to it must be there before they are asked for.
    ///
    /// # Errors
    /// Where it cannot be read now; one sentence for a person.
    fn gather(&self, outcome: &Outcome, to: EventTime) -> Result<Gathered, SourceError>;

    /// Where the worker serves clips of the camera's run; none where it has not said.
    fn worker(&self, outcome: &Outcome) -> Option<String>;
}

/// Why nothing could be gathered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It may do later.
    #[error("{0}")]
    Passing(String),
    /// No site file of the junction is known.
    #[error(
        "no site file of junction {0} was given to this process\n  hint: name it on the command line"
    )]
    NoSite(SiteId),
}

/// A junction as its file says it, and records of its signals that do not come over the bus.
#[derive(Clone, Debug)]
pub struct SiteText {
    /// The site.
    pub site: Arc<Site>,
    /// The text of its file.
    pub toml: String,
    /// From the log that the file names, in order.
    pub signals: Arc<Vec<SignalRecord>>,
}

/// Junctions by id.
pub type SiteTexts = BTreeMap<SiteId, SiteText>;
