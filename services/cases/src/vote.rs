//! Decisions of reviewers, and what several of them come to.

use wayside_proto::{EventTime, HumanDecision};

use crate::{Account, Actor, ClaimToken, Reason, Refused, Role};

/// What a reviewer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// It is a violation; upholds a citation that is contested.
    Approve,
    /// It is none, or cannot be shown; withdraws a citation that is contested.
    Reject {
        /// Why.
        reason: Reason,
    },
}

impl Decision {
    /// Whether it approves.
    #[must_use]
    pub fn approves(self) -> bool {
        self == Self::Approve
    }

    /// The reason, where it rejects.
    #[must_use]
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Approve => None,
            Self::Reject { reason } => Some(reason),
        }
    }

    /// `approve` or `reject`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        if self.approves() { "approve" } else { "reject" }
    }
}

/// Which review a case waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The first.
    First,
    /// A second one by another reviewer, who does not learn what the first decided.
    Second,
    /// The two disagree: a senior decides.
    Senior,
    /// The citation is contested: a reviewer decides who has not decided in the case before.
    Contest,
}

impl Stage {
    /// Every stage, in the order of declaration.
    pub const ALL: [Self; 4] = [Self::First, Self::Second, Self::Senior, Self::Contest];

    /// The stage's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Senior => "senior",
            Self::Contest => "contest",
        }
    }

    /// The stage with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }
}

/// What a reviewer hands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// The decision.
    pub decision: Decision,
    /// For the file, at most [`wayside_proto::convert::NOTE_BYTES_MAX`] bytes; may be empty.
    pub note: String,
    /// Whether the reviewer read another plate than the reviewer before. Then two approvals disagree.
    pub plate_differs: bool,
}

impl Ballot {
    pub(crate) fn check(&self) -> Result<(), Refused> {
        if let Some(reason) = self.decision.reason().filter(|reason| !reason.is_for_reviewers()) {
            return Err(Refused::NotAReviewersReason { reason });
        }
        plain_text("note", &self.note, 0, wayside_proto::convert::NOTE_BYTES_MAX)
    }
}

pub(crate) fn plain_text(
    what: &'static str,
    text: &str,
    min: usize,
    max: usize,
) -> Result<(), Refused> {
    let plain = !text.chars().any(|c| c.is_control() && c != '\n');
    if (min..=max).contains(&text.trim().len()) && text.len() <= max && plain {
        return Ok(());
    }
    Err(Refused::BadText { what, min, max })
}

/// A decision as it is on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Who.
    pub by: Actor,
    /// In which review.
    pub stage: Stage,
    /// When.
    pub at: EventTime,
    /// By which claim.
    pub token: ClaimToken,
    /// What.
    pub ballot: Ballot,
}

/// What the votes of a case come to, contests aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Review {
    /// Another review is needed.
    Open(Stage),
    /// Approved.
    Approved(Approval),
    /// Rejected.
    Rejected(Reason),
}

impl Review {
    /// One vote decides, or two that agree where the case is in the sample; where these disagree, a third.
    /// Of two that reject, the first one's reason stands.
    #[must_use]
    pub fn of(votes: &[Vote], sampled: bool) -> Self {
        let mut votes = votes.iter().filter(|vote| vote.stage != Stage::Contest);
        let Some(first) = votes.next() else { return Self::Open(Stage::First) };
        if !sampled {
            return Self::decided(first, [first].into_iter());
        }
        let Some(second) = votes.next() else { return Self::Open(Stage::Second) };
        let agree = first.ballot.decision.approves() == second.ballot.decision.approves();
        if agree && !second.ballot.plate_differs {
            return Self::decided(first, [first, second].into_iter());
        }
        match votes.next() {
            None => Self::Open(Stage::Senior),
            Some(third) => Self::decided(third, [first, second, third].into_iter()),
        }
    }

    fn decided<'a>(deciding: &Vote, all: impl Iterator<Item = &'a Vote>) -> Self {
        if let Decision::Reject { reason } = deciding.ballot.decision {
            return Self::Rejected(reason);
        }
        let mut approving = all.filter(|vote| vote.ballot.decision.approves());
        let (first, mut last) = (approving.next(), None);
        for vote in approving {
            last = Some(vote);
        }
        let reviewer = first.unwrap_or(deciding).by.account.clone();
        Self::Approved(Approval {
            second: last.map(|vote| vote.by.account.clone()),
            at: last.unwrap_or(deciding).at,
            note: last
                .map(|vote| &vote.ballot.note)
                .filter(|note| !note.is_empty())
                .unwrap_or(&first.unwrap_or(deciding).ballot.note)
                .clone(),
            reviewer,
        })
    }
}

/// That people approved. It comes from their votes and has no other maker (CT-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    reviewer: Account,
    second: Option<Account>,
    at: EventTime,
    note: String,
}

impl Approval {
    /// Who approved first.
    #[must_use]
    pub fn reviewer(&self) -> &Account {
        &self.reviewer
    }

    /// Who approved after that.
    #[must_use]
    pub fn second(&self) -> Option<&Account> {
        self.second.as_ref()
    }

    /// When the last of them did.
    #[must_use]
    pub fn at(&self) -> EventTime {
        self.at
    }

    pub(crate) fn to_message(&self) -> HumanDecision {
        HumanDecision {
            reviewer: self.reviewer.to_string(),
            second_reviewer: self.second.as_ref().map(ToString::to_string),
            decided_at: self.at,
            reason: None,
            note: self.note.clone(),
        }
    }
}

/// Whether this actor may vote next at this stage.
pub(crate) fn may_vote(votes: &[Vote], stage: Stage, actor: &Actor) -> Result<(), Refused> {
    actor.must(Role::decides, "decide cases")?;
    if votes.iter().any(|vote| vote.by.account == actor.account) {
        return Err(Refused::OwnReview { account: actor.account.clone() });
    }
    if stage == Stage::Senior && actor.role != Role::Senior {
        return Err(Refused::NeedsSenior { actor: actor.clone() });
    }
    Ok(())
}
