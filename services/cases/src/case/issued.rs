//! Issued: what the ticketing system says became of the citation.

use super::{Case, Issue, Issued, Queued};
use crate::{Refused, Stage};

/// What a ticketing system reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CitationEvent {
    /// It reached whom it is for.
    Served,
    /// It is contested: another reviewer looks.
    Contested,
    /// It is paid. The case is closed.
    Paid,
    /// The authority dropped it. The case is closed.
    Cancelled,
}

impl CitationEvent {
    /// Every event, in the order of declaration.
    pub const ALL: [Self; 4] = [Self::Served, Self::Contested, Self::Paid, Self::Cancelled];

    /// The event's name in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::Contested => "contested",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
        }
    }

    /// The event with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == name)
    }
}

/// How far a citation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// Issued, nothing heard since.
    Issued,
    /// Served.
    Served,
    /// Contested, and upheld by another reviewer.
    Upheld,
    /// Paid: closed.
    Paid,
    /// Cancelled: closed.
    Cancelled,
}

impl Progress {
    /// Every step, in the order of declaration.
    pub const ALL: [Self; 5] =
        [Self::Issued, Self::Served, Self::Upheld, Self::Paid, Self::Cancelled];

    /// The step's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Served => "served",
            Self::Upheld => "upheld",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
        }
    }

    /// The step with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|progress| progress.as_str() == name)
    }

    /// Whether nothing more comes.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Paid | Self::Cancelled)
    }
}

/// What a report leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Contested {
    /// It goes on, or is closed.
    Goes(Case<Issued>),
    /// It is in the queue again.
    Reopened(Case<Queued>),
}

impl Case<Issued> {
    /// The issue.
    #[must_use]
    pub fn issue_of(&self) -> &Issue {
        &self.state.issue
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.state.progress
    }

    /// Takes a report. What was reported already changes nothing; a closed citation stays closed.
    ///
    /// # Errors
    /// Where the report does not follow on what is known.
    pub fn report(self, event: CitationEvent) -> Result<Contested, Refused> {
        let is = self.state.progress;
        let next = match (is, event) {
            (Progress::Paid, CitationEvent::Paid)
            | (Progress::Cancelled, CitationEvent::Cancelled)
            | (Progress::Served | Progress::Upheld, CitationEvent::Served) => is,
            (Progress::Paid | Progress::Cancelled, _) => {
                let wanted = event.as_str();
                return Err(Refused::StatusDoesNotFollow { is: is.as_str(), wanted });
            }
            (_, CitationEvent::Contested) => {
                let issue = Some(self.state.issue.clone());
                let queued = Queued { stage: Stage::Contest, issue };
                return Ok(Contested::Reopened(self.with(queued)));
            }
            (_, CitationEvent::Served) => Progress::Served,
            (_, CitationEvent::Paid) => Progress::Paid,
            (_, CitationEvent::Cancelled) => Progress::Cancelled,
        };
        let issue = self.state.issue.clone();
        Ok(Contested::Goes(self.with(Issued { issue, progress: next })))
    }
}
