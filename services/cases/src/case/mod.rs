//! A case and its states.

mod approved;
mod claimed;
mod issued;
mod queued;
mod stored;

use wayside_proto::{EventTime, HumanDecision};

use crate::{Approval, CaseId, Reason, Stage, Subject, Vote};

pub use claimed::{Claim, Claimed, Next};
pub use issued::{CitationEvent, Contested, Progress};
pub use stored::{AnyCase, Damaged, Stored, StoredState};

/// A case in the state `S`. Steps take it and give the next state.
#[derive(Clone, Debug, PartialEq)]
pub struct Case<S> {
    id: CaseId,
    subject: Subject,
    sampled: bool,
    votes: Vec<Vote>,
    state: S,
}

/// It waits for a reviewer.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    stage: Stage,
    /// There where the citation is contested.
    issue: Option<Issue>,
}

/// A reviewer sent it back: it waits outside the queue until somebody has seen to it.
#[derive(Clone, Debug, PartialEq)]
pub struct SentBack {
    stage: Stage,
    issue: Option<Issue>,
    why: String,
}

/// People approved; it can be undone until the window is over, and is issued then.
#[derive(Clone, Debug, PartialEq)]
pub struct Approved {
    approval: Approval,
    undo_until: EventTime,
}

/// The citation is out.
#[derive(Clone, Debug, PartialEq)]
pub struct Issued {
    issue: Issue,
    progress: Progress,
}

/// Final: people rejected it. The evidence goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    reason: Reason,
}

/// Final: the citation was contested and withdrawn. The evidence goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Voided {
    issue: Issue,
    reason: Reason,
    decision: HumanDecision,
}

/// That a citation was issued.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    approval: Approval,
    at: EventTime,
}

impl Issue {
    /// When.
    #[must_use]
    pub fn at(&self) -> EventTime {
        self.at
    }

    /// What it rests on.
    #[must_use]
    pub fn approval(&self) -> &Approval {
        &self.approval
    }
}

impl<S> Case<S> {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &CaseId {
        &self.id
    }

    /// The violation and its package.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Whether two reviewers decide.
    #[must_use]
    pub fn sampled(&self) -> bool {
        self.sampled
    }

    /// Decisions so far, oldest first.
    #[must_use]
    pub fn votes(&self) -> &[Vote] {
        &self.votes
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &S {
        &self.state
    }

    fn with<T>(self, state: T) -> Case<T> {
        let Self { id, subject, sampled, votes, .. } = self;
        Case { id, subject, sampled, votes, state }
    }
}

impl Case<Rejected> {
    /// Why.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.state.reason
    }
}
