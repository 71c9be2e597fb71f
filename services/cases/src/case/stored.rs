//! Cases as they are kept: taken apart, and put together again under the same rules.

use wayside_proto::EventTime;

use super::claimed::withdrawal;
use super::{
    Approved, Case, Claim, Claimed, Issue, Issued, Next, Progress, Queued, Rejected, SentBack,
    Voided,
};
use crate::{CaseId, Decision, Refused, Review, Stage, Subject, Vote};

/// A case taken apart, for a database.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its id.
    pub id: CaseId,
    /// The violation and its package.
    pub subject: Subject,
    /// Whether two reviewers decide.
    pub sampled: bool,
    /// Decisions, oldest first.
    pub votes: Vec<Vote>,
    /// The state.
    pub state: StoredState,
}

/// The state of a case with what does not follow from its votes.
#[derive(Clone, Debug, PartialEq)]
pub enum StoredState {
    /// [`Queued`].
    Queued {
        /// Which review it waits for.
        stage: Stage,
        /// When the citation was issued, for [`Stage::Contest`].
        issued_at: Option<EventTime>,
    },
    /// [`Claimed`].
    Claimed {
        /// Which review it is in.
        stage: Stage,
        /// When the citation was issued, for [`Stage::Contest`].
        issued_at: Option<EventTime>,
        /// The claim.
        claim: Claim,
    },
    /// [`SentBack`].
    SentBack {
        /// Which review it was in.
        stage: Stage,
        /// When the citation was issued, for [`Stage::Contest`].
        issued_at: Option<EventTime>,
        /// Why.
        why: String,
    },
    /// [`Approved`].
    Approved {
        /// The end of the undo window.
        undo_until: EventTime,
    },
    /// [`Issued`].
    Issued {
        /// When.
        issued_at: EventTime,
        /// How far it is.
        progress: Progress,
    },
    /// [`Rejected`].
    Rejected,
    /// [`Voided`].
    Voided {
        /// When the citation was issued.
        issued_at: EventTime,
    },
}

/// A case in any state.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum AnyCase {
    Queued(Case<Queued>),
    Claimed(Case<Claimed>),
    SentBack(Case<SentBack>),
    Approved(Case<Approved>),
    Issued(Case<Issued>),
    Rejected(Case<Rejected>),
    Voided(Case<Voided>),
}

/// A stored case whose state does not follow from its votes: the database was changed by other hands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("case {id} is stored as {state}, but its {votes} decisions do not lead there")]
pub struct Damaged {
    /// The case.
    pub id: CaseId,
    /// What is stored.
    pub state: &'static str,
    /// How many votes it has.
    pub votes: usize,
}

impl StoredState {
    /// The state's name.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::Claimed { .. } => "claimed",
            Self::SentBack { .. } => "sent_back",
            Self::Approved { .. } => "approved",
            Self::Issued { .. } => "issued",
            Self::Rejected => "rejected",
            Self::Voided { .. } => "voided",
        }
    }
}

impl AnyCase {
    /// Puts a case together. An approval is made from the votes, as it was the first time: a row that says
    /// "issued" without people's votes is no case (CT-1).
    ///
    /// # Errors
    /// Where the state does not follow from the votes.
    pub fn restore(stored: Stored) -> Result<Self, Damaged> {
        let Stored { id, subject, sampled, votes, state } = stored;
        let damaged = Damaged { id: id.clone(), state: state.as_str(), votes: votes.len() };
        let review = Review::of(&votes, sampled);
        let contest = votes.iter().rev().find(|vote| vote.stage == Stage::Contest).cloned();
        let issue = |at: EventTime| match &review {
            Review::Approved(approval) => Some(Issue { approval: approval.clone(), at }),
            _ => None,
        };
        // A contest needs its citation; any other review needs to be the one that is open.
        let open = |stage: Stage, issued_at: Option<EventTime>| match (stage, issued_at) {
            (Stage::Contest, Some(at)) => issue(at).map(Some),
            (Stage::Contest, None) | (_, Some(_)) => None,
            (stage, None) => (review == Review::Open(stage)).then_some(None),
        };
        let case = Case { id, subject, sampled, votes, state: () };
        let restored = match state {
            StoredState::Queued { stage, issued_at } => {
                open(stage, issued_at).map(|issue| Self::Queued(case.with(Queued { stage, issue })))
            }
            StoredState::Claimed { stage, issued_at, claim } => open(stage, issued_at)
                .map(|issue| Self::Claimed(case.with(Claimed { stage, issue, claim }))),
            StoredState::SentBack { stage, issued_at, why } => open(stage, issued_at)
                .map(|issue| Self::SentBack(case.with(SentBack { stage, issue, why }))),
            StoredState::Approved { undo_until } => match review {
                Review::Approved(approval) => {
                    Some(Self::Approved(case.with(Approved { approval, undo_until })))
                }
                _ => None,
            },
            StoredState::Issued { issued_at, progress } => {
                issue(issued_at).map(|issue| Self::Issued(case.with(Issued { issue, progress })))
            }
            StoredState::Rejected => match review {
                Review::Rejected(reason) => Some(Self::Rejected(case.with(Rejected { reason }))),
                _ => None,
            },
            StoredState::Voided { issued_at } => {
                issue(issued_at).zip(contest).and_then(|(issue, vote)| match vote.ballot.decision {
                    Decision::Reject { reason } => {
                        let decision = withdrawal(&vote, reason);
                        Some(Self::Voided(case.with(Voided { issue, reason, decision })))
                    }
                    Decision::Approve => None,
                })
            }
        };
        restored.ok_or(damaged)
    }

    /// Takes the case apart.
    #[must_use]
    pub fn stored(&self) -> Stored {
        fn apart<S>(case: &Case<S>, state: StoredState) -> Stored {
            Stored {
                id: case.id.clone(),
                subject: case.subject.clone(),
                sampled: case.sampled,
                votes: case.votes.clone(),
                state,
            }
        }
        let at = |issue: &Option<Issue>| issue.as_ref().map(|issue| issue.at);
        match self {
            Self::Queued(case) => {
                let Queued { stage, issue } = &case.state;
                apart(case, StoredState::Queued { stage: *stage, issued_at: at(issue) })
            }
            Self::Claimed(case) => {
                let Claimed { stage, issue, claim } = &case.state;
                let (issued_at, claim) = (at(issue), claim.clone());
                apart(case, StoredState::Claimed { stage: *stage, issued_at, claim })
            }
            Self::SentBack(case) => {
                let SentBack { stage, issue, why } = &case.state;
                let (issued_at, why) = (at(issue), why.clone());
                apart(case, StoredState::SentBack { stage: *stage, issued_at, why })
            }
            Self::Approved(case) => {
                apart(case, StoredState::Approved { undo_until: case.state.undo_until })
            }
            Self::Issued(case) => {
                let Issued { issue, progress } = &case.state;
                apart(case, StoredState::Issued { issued_at: issue.at, progress: *progress })
            }
            Self::Rejected(case) => apart(case, StoredState::Rejected),
            Self::Voided(case) => {
                apart(case, StoredState::Voided { issued_at: case.state.issue.at })
            }
        }
    }

    /// The votes, whatever the state.
    #[must_use]
    pub fn votes(&self) -> &[Vote] {
        match self {
            Self::Queued(case) => case.votes(),
            Self::Claimed(case) => case.votes(),
            Self::SentBack(case) => case.votes(),
            Self::Approved(case) => case.votes(),
            Self::Issued(case) => case.votes(),
            Self::Rejected(case) => case.votes(),
            Self::Voided(case) => case.votes(),
        }
    }

    /// The state's name.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match self {
            Self::Queued(_) => "queued",
            Self::Claimed(_) => "claimed",
            Self::SentBack(_) => "sent_back",
            Self::Approved(_) => "approved",
            Self::Issued(_) => "issued",
            Self::Rejected(_) => "rejected",
            Self::Voided(_) => "voided",
        }
    }

    /// The claimed case, for a step that needs one.
    ///
    /// # Errors
    /// Who decided it already, or in which state it is.
    pub fn claimed(self, act: &'static str) -> Result<Case<Claimed>, Refused> {
        match self {
            Self::Claimed(case) => Ok(case),
            Self::Queued(_) => Err(Refused::NotClaimed),
            other => Err(other.refusal(act)),
        }
    }

    /// Why a step that needs another state is refused.
    #[must_use]
    pub fn refusal(&self, act: &'static str) -> Refused {
        let decided = matches!(
            self,
            Self::Approved(_) | Self::Issued(_) | Self::Rejected(_) | Self::Voided(_)
        );
        match self.votes().last() {
            Some(vote) if decided => Refused::AlreadyDecided { by: vote.by.clone(), at: vote.at },
            _ => Refused::WrongState { act, state: self.state() },
        }
    }
}

impl From<Next> for AnyCase {
    fn from(next: Next) -> Self {
        match next {
            Next::Queued(case) => Self::Queued(case),
            Next::Approved(case) => Self::Approved(case),
            Next::Rejected(case) => Self::Rejected(case),
            Next::Upheld(case) => Self::Issued(case),
            Next::Voided(case) => Self::Voided(case),
        }
    }
}
